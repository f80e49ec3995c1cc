package io.cinnabar.differential;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A redis-server that ran and ended by itself, since it could not or would not serve.
 *
 * @param status its exit status
 * @param output what it wrote to its standard output: the log
 * @param errors what it wrote to its standard error, which says 7.2.4 where its version stands
 */
record RedisRun(int status, String output, String errors) {

  private static final long TIMEOUT_SECONDS = 30;

  /** Runs it with these arguments and {@code input} as all that there is on its standard input. */
  static RedisRun of(Path folder, String input, String... arguments) throws IOException {
    List<String> line = new ArrayList<>(List.of(RealRedis.executable(folder)));
    line.addAll(List.of(arguments));
    Path output = folder.resolve("output");
    Path errors = folder.resolve("errors");
    Process process =
        new ProcessBuilder(line)
            .directory(folder.toFile())
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile())
            .start();
    process.getOutputStream().write(input.getBytes(ISO_8859_1));
    process.getOutputStream().close();
    try {
      if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException("it serves: " + line + "\n" + input);
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    } finally {
      process.destroyForcibly();
    }
    String text = Files.readString(errors, ISO_8859_1);
    return new RedisRun(
        process.exitValue(),
        Files.readString(output, ISO_8859_1),
        text.replaceFirst("\\(Redis [0-9.]+\\)", "(Redis 7.2.4)"));
  }
}
