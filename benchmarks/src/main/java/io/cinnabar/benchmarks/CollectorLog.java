package io.cinnabar.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * When a JVM held all its threads still, read from its log ({@code
 * -Xlog:safepoint:file=FILE:timenanos}):
 *
 * <pre>
 * [123456789012ns] Safepoint "SerialCollect", Time since last: 5 ns, ..., Total: 1234567 ns
 *  end of the pause, by the machine's monotonic clock                     its length
 * </pre>
 *
 * <p>On Linux that clock is the one of {@link System#nanoTime} in every process.
 */
final class CollectorLog {

  private static final Pattern LINE =
      Pattern.compile("\\[(\\d+)ns\\] Safepoint .* Total: +(\\d+) ns.*");

  /** Of a server without a JVM. */
  static final CollectorLog NONE = new CollectorLog();

  private record Pause(long startNanos, long endNanos) {}

  private final List<Pause> pauses = new ArrayList<>();

  private CollectorLog() {}

  /** Reads the log. */
  CollectorLog(Path file) throws IOException {
    for (String line : Files.readAllLines(file)) {
      Matcher matcher = LINE.matcher(line);
      if (matcher.matches()) {
        long end = Long.parseLong(matcher.group(1));
        pauses.add(new Pause(end - Long.parseLong(matcher.group(2)), end));
      }
    }
  }

  /** The part of this interval that fell into pauses. */
  long pausedNanos(long startNanos, long endNanos) {
    long paused = 0;
    for (Pause pause : pauses) {
      paused +=
          Math.max(0, Math.min(endNanos, pause.endNanos) - Math.max(startNanos, pause.startNanos));
    }
    return paused;
  }

  /** The pauses that began in this interval. */
  Latencies pausesBetween(long startNanos, long endNanos) {
    Latencies lengths = new Latencies();
    for (Pause pause : pauses) {
      if (pause.startNanos >= startNanos && pause.startNanos < endNanos) {
        lengths.add(pause.endNanos - pause.startNanos);
      }
    }
    return lengths;
  }
}
