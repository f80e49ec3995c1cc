package io.cinnabar.differential;

import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A running server that the bench sends commands to.
 *
 * @param name how failures call it
 * @param host where it listens
 * @param port the port it listens on
 * @param version the version of Redis that it says it speaks, such as {@code 7.2.4}
 */
record Subject(String name, String host, int port, String version) {
  private static final Pattern VERSION = Pattern.compile("redis_version:(\\S+)");

  /** Asks the server at {@code port} of this machine for its version. */
  static Subject at(String name, int port) throws IOException {
    String host = "127.0.0.1";
    try (RespClient client = RespClient.connect(host, port, RespClient.TIMEOUT_MILLIS)) {
      Reply info = client.call(Command.of("INFO", "server")).reply();
      Matcher matcher = VERSION.matcher(info.text());
      if (!matcher.find()) {
        throw new IOException(name + " names no redis_version: " + info);
      }
      return new Subject(name, host, port, matcher.group(1));
    }
  }

  /** Whether this server speaks the version {@code major.minor} or a later one. */
  boolean isAtLeast(int major, int minor) {
    String[] parts = version.split("\\.", -1);
    int ownMajor = Integer.parseInt(parts[0]);
    return ownMajor > major || (ownMajor == major && Integer.parseInt(parts[1]) >= minor);
  }
}
