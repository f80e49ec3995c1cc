package io.cinnabar;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The program in a process of its own, with this JVM's class path. It dies with this at latest. */
public final class ServerProcess implements AutoCloseable {
  private static final String HEAP = "-Xmx128m";

  private static final long TIMEOUT_SECONDS = 60;
  private static final Pattern PORT = Pattern.compile("Running mode=standalone, port=(\\d+)");

  private final Process process;

  /** Where it works, and may leave files. */
  private final Path folder;

  private final BufferedReader output;
  private final CompletableFuture<String> errors;
  private final List<String> lines = new ArrayList<>();
  private final Thread killer;

  private ServerProcess(Process process, Path folder) {
    this.process = process;
    this.folder = folder;
    this.output = process.inputReader(StandardCharsets.UTF_8);
    // On a thread of its own: the common pool may have one only, which others here wait for.
    this.errors =
        CompletableFuture.supplyAsync(
            () -> text(process.getErrorStream()), task -> new Thread(task).start());
    this.killer = new Thread(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(killer);
  }

  public static ServerProcess start(String... arguments) throws IOException {
    return startWithInput("", arguments);
  }

  /** Starts it with {@code input} as all that there is on its standard input. */
  public static ServerProcess startWithInput(String input, String... arguments) throws IOException {
    return start(HEAP, input, Map.of(), arguments);
  }

  /** Starts it with a heap that is as the JVM's option says. */
  static ServerProcess startWithHeap(String option, String... arguments) throws IOException {
    return start(option, "", Map.of(), arguments);
  }

  /** Starts it with further variables of the environment. */
  static ServerProcess startIn(Map<String, String> environment, String... arguments)
      throws IOException {
    return start(HEAP, "", environment, arguments);
  }

  private static ServerProcess start(
      String heap, String input, Map<String, String> environment, String... arguments)
      throws IOException {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(List.of(heap, "-XX:+UseSerialGC", "-cp"));
    line.add(System.getProperty("java.class.path"));
    line.add(Main.class.getName());
    line.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(line);
    builder.environment().putAll(environment);
    Path folder = Files.createTempDirectory("cinnabar");
    builder.directory(folder.toFile());
    Process process = builder.start();
    process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().close();
    return new ServerProcess(process, folder);
  }

  /** Reads the log until it accepts connections; the port that the log names. */
  public int awaitReady() throws IOException {
    int port = -1;
    String line;
    while ((line = output.readLine()) != null) {
      lines.add(line);
      Matcher matcher = PORT.matcher(line);
      if (matcher.find()) {
        port = Integer.parseInt(matcher.group(1));
      }
      if (line.contains(" * Ready to accept connections ")) {
        return port;
      }
    }
    throw new IOException("it did not start: " + lines + errors());
  }

  /** Reads the log up to a line that ends like this. */
  void awaitLine(String end) throws IOException {
    String line;
    while ((line = output.readLine()) != null) {
      lines.add(line);
      if (line.endsWith(end)) {
        return;
      }
    }
    throw new IOException("it ended without '" + end + "': " + lines + errors());
  }

  /** Sends a signal: {@code INT}, {@code HUP}. */
  void signal(String name) throws IOException {
    String[] line = {"sh", "-c", "kill -" + name + " " + pid()};
    new ProcessBuilder(line).start().onExit().join();
  }

  /** Asks it to end, as an operator or a supervisor does. */
  void terminate() {
    process.toHandle().destroy(); // which leaves its output to be read
  }

  /** Waits until it has ended, however it does; its exit status. */
  public int awaitExit() throws IOException {
    output.lines().forEach(lines::add);
    try {
      if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException("it does not end: " + lines);
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
    return process.exitValue();
  }

  /** What it has written to its standard output, as far as that was waited for. */
  public List<String> lines() {
    return lines;
  }

  /** What it has written to its standard error, once it has ended. */
  public String errors() {
    return errors.join();
  }

  long pid() {
    return process.pid();
  }

  private static String text(InputStream stream) {
    try {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
    Runtime.getRuntime().removeShutdownHook(killer);
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
