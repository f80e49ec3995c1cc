package io.cinnabar;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.command.Version;
import io.cinnabar.config.CommandLine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** The program, from its command line to its exit status. */
@Timeout(120)
final class MainTest {

  private static final String LINE_START =
      "\\d+:([CM] \\d\\d [A-Z][a-z]{2} \\d{4} \\d\\d:\\d\\d:\\d\\d\\.\\d{3} [*#]"
          + "|signal-handler \\(\\d{10}\\)) ";

  @TempDir private Path folder;

  private static List<String> texts(ServerProcess server) {
    return server.lines().stream().map(line -> line.replaceFirst(LINE_START, "")).toList();
  }

  @Test
  void itServesUntilItIsTerminated() throws IOException {
    try (ServerProcess server = ServerProcess.start("--port", "0", "--bind", "127.0.0.1")) {
      int port = server.awaitReady();
      try (Jedis client = new Jedis("127.0.0.1", port)) {
        assertThat(client.set("key", "value")).isEqualTo("OK");
        assertThat(client.info("server"))
            .contains("process_id:" + server.pid() + "\r\n", "tcp_port:" + port + "\r\n");
        server.terminate();
        assertThat(server.awaitExit()).isZero();
      }
      String version = Version.startLine() + ", pid=" + server.pid() + ", just started";
      assertThat(texts(server))
          .containsSubsequence(
              "oO0OoO0OoO0Oo Cinnabar is starting oO0OoO0OoO0Oo",
              version,
              "Configuration loaded",
              "Running mode=standalone, port=" + port + ".",
              "Server initialized",
              "Ready to accept connections tcp",
              "Received SIGTERM scheduling shutdown...",
              "User requested shutdown...",
              "Cinnabar is now ready to exit, bye bye...");
      assertThat(server.lines()).allMatch(line -> line.matches(LINE_START + ".*"));
      assertThat(server.lines()).allMatch(line -> line.startsWith(server.pid() + ":"));
    }
  }

  @Test
  void shutdownEndsItToo() throws IOException {
    try (ServerProcess server = ServerProcess.start("--port", "0", "--bind", "127.0.0.1")) {
      try (Jedis client = new Jedis("127.0.0.1", server.awaitReady())) {
        client.shutdown();
      }
      assertThat(server.awaitExit()).isZero();
      assertThat(texts(server))
          .contains("User requested shutdown...")
          .endsWith("Cinnabar is now ready to exit, bye bye...")
          .noneMatch(text -> text.startsWith("Received "));
    }
  }

  @Test
  void aPortThatIsTakenIsSaidAndEndsIt() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = String.valueOf(taken.getLocalPort());
      try (ServerProcess server = ServerProcess.start("--port", port, "--bind", "127.0.0.1")) {
        assertThat(server.awaitExit()).isEqualTo(1);
        assertThat(texts(server))
            .endsWith(
                "Warning: Could not create server TCP listening socket 127.0.0.1:"
                    + port
                    + ": bind: Address already in use",
                "Failed listening on port " + port + " (tcp), aborting.")
            .doesNotContain("Server initialized");
        assertThat(server.errors()).doesNotContain("Exception");
      }
    }
  }

  @Test
  void anOptionThatDoesNotExistEndsIt() throws IOException {
    try (ServerProcess server = ServerProcess.start("--port", "0", "--no-such-option", "1")) {
      assertThat(server.awaitExit()).isEqualTo(1);
      assertThat(server.errors())
          .isEqualTo(
              """

              *** FATAL CONFIG FILE ERROR (Redis %s) ***
              Reading the configuration file, at line 3
              >>> 'no-such-option "1"'
              Bad directive or wrong number of arguments
              """
                  .formatted(Version.REDIS));
      assertThat(server.lines()).isEmpty();
    }
  }

  @Test
  void aFileThatCanNotBeReadEndsIt() throws IOException {
    String path = folder.resolve("missing.conf").toString();
    try (ServerProcess server = ServerProcess.start(path)) {
      assertThat(server.awaitExit()).isEqualTo(1);
      assertThat(texts(server))
          .containsExactly(
              "Fatal error, can't open config file '" + path + "': No such file or directory");
    }
  }

  @Test
  void versionAndHelpAreShown() throws IOException {
    for (String option : new String[] {"--version", "-v"}) {
      try (ServerProcess server = ServerProcess.start(option)) {
        assertThat(server.awaitExit()).isZero();
        assertThat(server.lines()).containsExactly(Version.line());
      }
    }
    try (ServerProcess server = ServerProcess.start("--help")) {
      assertThat(server.awaitExit()).isEqualTo(1);
      assertThat(server.lines()).isEmpty();
      assertThat(server.errors()).isEqualTo(CommandLine.HELP);
    }
  }

  /** The file comes first, then standard input, then the options; the last one wins. */
  @Test
  void fileInputAndOptionsAreReadInThisOrder() throws IOException {
    Path file = folder.resolve("cinnabar.conf");
    Path logFile = folder.resolve("cinnabar.log");
    Files.writeString(
        file,
        """
        # A comment.
        bind 127.0.0.1
        port 0
        timeout 1
        tcp-keepalive 1
        maxclients 1
        requirepass "se\\x63ret"
        """);
    String input = "tcp-keepalive 2\nmaxclients 2\nlogfile \"\"";
    try (ServerProcess server =
        ServerProcess.startWithInput(input, file.toString(), "--maxclients", "3", "-")) {
      try (Jedis client = new Jedis("127.0.0.1", server.awaitReady())) {
        client.auth("secret");
        assertThat(client.configGet("timeout")).containsValue("1");
        assertThat(client.configGet("tcp-keepalive")).containsValue("2");
        assertThat(client.configGet("maxclients")).containsValue("3");
        assertThat(client.info("server")).contains("config_file:" + file + "\r\n");
      }
      assertThat(texts(server)).contains("Configuration loaded");
      assertThat(logFile).doesNotExist();
    }
  }

  @Test
  void theLogGoesToItsFile() throws IOException {
    Path logFile = folder.resolve("cinnabar.log");
    String[] options = {"--port", "0", "--bind", "127.0.0.1", "--logfile", logFile.toString()};
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      options[1] = String.valueOf(taken.getLocalPort());
      try (ServerProcess server = ServerProcess.start(options)) {
        assertThat(server.awaitExit()).isEqualTo(1);
        assertThat(server.lines()).isEmpty();
        assertThat(Files.readString(logFile)).contains(" # Failed listening on port " + options[1]);
      }
    }
    options[5] = folder.resolve("missing").resolve("log").toString();
    try (ServerProcess server = ServerProcess.start(options)) {
      assertThat(server.awaitExit()).isEqualTo(1);
      assertThat(server.errors())
          .isEqualTo(
              """

              *** FATAL CONFIG FILE ERROR (Redis %s) ***
              Can't open the log file: No such file or directory
              """
                  .formatted(Version.REDIS));
    }
  }

  @Test
  void withoutAPortItServesASocketFileAlone() throws IOException {
    Path socket = folder.resolve("socket");
    try (ServerProcess server =
        ServerProcess.start("--port", "0", "--unixsocket", socket.toString())) {
      assertThat(server.awaitReady()).isZero();
      try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
        client.write(ByteBuffer.wrap("PING\r\n".getBytes(US_ASCII)));
        ByteBuffer reply = ByteBuffer.allocate(7);
        while (reply.hasRemaining() && client.read(reply) >= 0) {
          // A reply may come in pieces.
        }
        assertThat(new String(reply.array(), US_ASCII)).isEqualTo("+PONG\r\n");
      }
      server.terminate();
      assertThat(server.awaitExit()).isZero();
      assertThat(socket).doesNotExist();
    }
  }
}
