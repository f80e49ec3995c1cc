package io.cinnabar.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * How fast a server hands messages to many: one client publishes in pipelines, some subscribe to
 * its channel. {@code benchmarks/publish} runs it.
 *
 * <p>A pipeline is sent once all messages of the one before it have arrived everywhere, so that
 * nobody is cut off for reading too slowly, and what is measured is what was delivered.
 *
 * <p>Arguments: port, the server's process id, the kernel's ticks a second, milliseconds to
 * measure, number of subscribers, the name to print.
 */
final class Publish {

  private static final String CHANNEL = "news";
  private static final String TEXT = "x".repeat(64);

  /** Messages that a pipeline brings to all subscribers together, about. */
  private static final int DELIVERIES = 20_000;

  private static final int LONGEST_PIPELINE = 1_000;
  private static final int SHORTEST_PIPELINE = 20;

  /** What a JVM compiles when a load is new to it isn't meant. */
  private static final long WARM_UP_FACTOR = 2;

  private Publish() {}

  public static void main(String[] arguments) throws IOException {
    int port = Integer.parseInt(arguments[0]);
    Path statistics = Path.of("/proc", arguments[1], "stat");
    double ticksPerSecond = Double.parseDouble(arguments[2]);
    long millis = Long.parseLong(arguments[3]);
    int count = Integer.parseInt(arguments[4]);
    try (Subscribers subscribers = new Subscribers(port, count, CHANNEL);
        RespConnection publisher = new RespConnection(port)) {
      run(publisher, subscribers, WARM_UP_FACTOR * millis);
      long ticksBefore = ticks(statistics);
      long startNanos = System.nanoTime();
      long delivered = run(publisher, subscribers, millis);
      double seconds = (System.nanoTime() - startNanos) / 1e9;
      double cpuSeconds = (ticks(statistics) - ticksBefore) / ticksPerSecond;
      System.out.printf(
          Locale.ROOT,
          "%-12d %-10s %12.0f %10.3f%n",
          count,
          arguments[5],
          delivered / seconds,
          1e6 * cpuSeconds / delivered);
    }
  }

  /** Publishes for so long; how many messages have arrived. */
  private static long run(RespConnection publisher, Subscribers subscribers, long millis)
      throws IOException {
    int length =
        Math.max(SHORTEST_PIPELINE, Math.min(LONGEST_PIPELINE, DELIVERIES / subscribers.count()));
    byte[] command = RespConnection.encode("PUBLISH", CHANNEL, TEXT);
    int messageBytes = RespConnection.encode("message", CHANNEL, TEXT).length;
    long delivered = 0;
    long endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (System.nanoTime() - endNanos < 0) {
      for (int i = 0; i < length; i++) {
        publisher.write(command);
      }
      publisher.flush();
      subscribers.await((long) length * messageBytes);
      publisher.skipLines(length);
      delivered += (long) length * subscribers.count();
    }
    return delivered;
  }

  /** User and system time of a process: behind its name, which is in parentheses. */
  private static long ticks(Path statistics) throws IOException {
    String line = Files.readString(statistics);
    String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
    return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
  }
}
