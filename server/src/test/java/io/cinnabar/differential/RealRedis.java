package io.cinnabar.differential;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * A redis-server as a process of its own: in memory only, on a free port of the loopback interface.
 * It comes from the class path, or from the path that the system property {@value #PROPERTY} names;
 * if neither works, tests fail. A server dies with this JVM at the latest.
 */
final class RealRedis implements AutoCloseable {
  static final String PROPERTY = "cinnabar.redis-server";

  /** The version whose executables the test dependency brings. */
  private static final String BUNDLED_VERSION = "7.0.15";

  private static final String READY = "Ready to accept connections";
  private static final String SENTINEL_READY = "Sentinel ID is ";

  /** Another process may take the free port before the server does. */
  private static final int ATTEMPTS = 10;

  private final Process process;
  private final Path folder;
  private final Subject subject;
  private final Thread killer;

  private RealRedis(Process process, Path folder, Subject subject) {
    this.process = process;
    this.folder = folder;
    this.subject = subject;
    this.killer = new Thread(this::kill);
    Runtime.getRuntime().addShutdownHook(killer);
  }

  /** The server that all tests of this JVM share. They empty it before they use it. */
  static Subject shared() {
    return Shared.SERVER.subject;
  }

  /** Another one, also shared, for tests of the bench itself. */
  static Subject second() {
    return Second.SERVER.subject;
  }

  private static final class Shared {
    static final RealRedis SERVER = start("redis");
  }

  private static final class Second {
    static final RealRedis SERVER = start("second redis");
  }

  /**
   * Starts a server of one's own, with further options as on its command line.
   *
   * @throws UncheckedIOException if there is no redis-server for this machine or it doesn't start
   */
  static RealRedis start(String name, String... options) {
    return start(name, READY, false, options);
  }

  /**
   * Starts one with a config file, of which nothing is overridden but address and folder; as {@link
   * #start(String, String...)} else.
   */
  static RealRedis startWithFile(Path file) {
    return start("redis with a file", READY, true, file.toString());
  }

  /** Starts a Sentinel with a config file, which it writes to; as with {@link #startWithFile}. */
  static RealRedis startSentinel(Path file) {
    return start("sentinel", SENTINEL_READY, true, file.toString(), "--sentinel");
  }

  private static RealRedis start(String name, String ready, boolean withFile, String... options) {
    try {
      Path folder = Files.createTempDirectory("redis-server");
      String executable = executable(folder);
      StringBuilder log = new StringBuilder();
      for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        int port = freePort();
        Process process = launch(executable, folder, port, withFile, options);
        if (waitUntilReady(process, ready, log)) {
          drainInBackground(process);
          return new RealRedis(process, folder, Subject.at(name, port));
        }
      }
      throw new IOException(executable + " does not start:\n" + log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Subject subject() {
    return subject;
  }

  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(killer);
    kill();
  }

  private void kill() {
    process.destroyForcibly().onExit().join();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The path of the program; if it comes from the class path, it is put into {@code folder}. */
  static String executable(Path folder) throws IOException {
    String named = System.getProperty(PROPERTY);
    if (named != null) {
      return named;
    }
    Path file = folder.resolve("redis-server");
    if (Files.exists(file)) {
      return file.toString();
    }
    String resource = "/redis-server-" + BUNDLED_VERSION + "-" + platform();
    try (InputStream bytes = RealRedis.class.getResourceAsStream(resource)) {
      if (bytes == null) {
        throw new IOException(
            "No redis-server for this machine on the class path ("
                + resource
                + "): name one with -D"
                + PROPERTY
                + "=/path/to/redis-server");
      }
      Files.copy(bytes, file);
      if (!file.toFile().setExecutable(true)) {
        throw new IOException(file + " can't be made executable");
      }
      return file.toString();
    }
  }

  /**
   * What redis-check-rdb or redis-check-aof says of a file that it finds nothing wrong with: the
   * server's executable under that name.
   */
  static String check(String name, Path file) throws IOException {
    Path programs = Files.createTempDirectory(name);
    Path program = programs.resolve(name);
    try {
      Files.createSymbolicLink(program, Path.of(executable(programs)));
      Process process =
          new ProcessBuilder(program.toString(), file.toString()).redirectErrorStream(true).start();
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      if (process.onExit().join().exitValue() != 0) {
        throw new IOException(output);
      }
      return output;
    } finally {
      try (Stream<Path> files = Files.walk(programs)) {
        for (Path left : files.sorted((a, b) -> b.compareTo(a)).toList()) {
          Files.delete(left);
        }
      }
    }
  }

  private static String platform() {
    String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    String architecture = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    return (os.startsWith("mac") ? "darwin" : os)
        + "-"
        + switch (architecture) {
          case "x86_64" -> "amd64";
          case "aarch64" -> "arm64";
          case "x86", "i386", "i486", "i586", "i686" -> "386";
          default -> architecture;
        };
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static Process launch(
      String executable, Path folder, int port, boolean withFile, String... options)
      throws IOException {
    List<String> line = new ArrayList<>(List.of(executable));
    if (withFile) {
      line.addAll(List.of(options));
    }
    line.addAll(List.of("--port", String.valueOf(port)));
    line.addAll(List.of("--bind", "127.0.0.1", "--dir", folder.toString()));
    if (!withFile) {
      line.addAll(List.of("--save", "", "--appendonly", "no", "--enable-debug-command", "yes"));
      line.addAll(List.of(options));
    }
    return new ProcessBuilder(line).redirectErrorStream(true).start();
  }

  /** Reads the server's log until it takes connections. Returns false if it ends before that. */
  private static boolean waitUntilReady(Process process, String ready, StringBuilder log)
      throws IOException {
    // Not closed: whoever drains the log later goes on reading from the same stream.
    BufferedReader reader = process.inputReader(StandardCharsets.ISO_8859_1);
    String line;
    while ((line = reader.readLine()) != null) {
      if (line.contains(ready)) {
        return true;
      }
      log.append(line).append('\n');
    }
    return false;
  }

  private static void drainInBackground(Process process) {
    Thread drain =
        new Thread(
            () -> {
              try (BufferedReader reader = process.inputReader(StandardCharsets.ISO_8859_1)) {
                while (reader.readLine() != null) {
                  // A full pipe would stop the server; nobody needs its log any more.
                }
              } catch (IOException streamClosed) {
                // The server has ended.
              }
            });
    drain.setDaemon(true);
    drain.start();
  }
}
