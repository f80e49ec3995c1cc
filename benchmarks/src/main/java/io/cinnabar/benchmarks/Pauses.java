package io.cinnabar.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How long a client waits for its PONG while another one makes the server do what takes time:
 * millions of new keys, FLUSHALL and FLUSHDB of them, a million keys that expire at once. {@code
 * benchmarks/pauses} runs it.
 *
 * <p>Arguments: port, number of keys, number of keys that expire, the safepoint log of the server's
 * JVM or a file that doesn't exist, the name to print.
 */
final class Pauses {

  private static final int PIPELINE = 64;
  private static final String VALUE = "x".repeat(64);

  /** A server may go on with what FLUSHALL left to it after it has replied. */
  private static final long AFTERMATH_MILLIS = 1500;

  private static final long EXPIRY_LIMIT_MILLIS = 20_000;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private record Phase(String name, long startNanos, long endNanos) {}

  private final RespConnection connection;
  private final int keys;
  private final int expiring;
  private final List<Phase> phases = new ArrayList<>();

  private Pauses(RespConnection connection, int keys, int expiring) {
    this.connection = connection;
    this.keys = keys;
    this.expiring = expiring;
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    int port = Integer.parseInt(arguments[0]);
    Probe probe = new Probe(port);
    try (RespConnection connection = new RespConnection(port)) {
      Pauses pauses =
          new Pauses(connection, Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]));
      pauses.run();
      probe.end();
      Path log = Path.of(arguments[3]);
      // Only a JVM writes one.
      CollectorLog collector = Files.exists(log) ? new CollectorLog(log) : CollectorLog.NONE;
      pauses.print(probe, collector, arguments[4]);
    }
  }

  private void run() throws IOException, InterruptedException {
    // Whatever is compiled at run time has been when it counts.
    grow(keys / 5);
    connection.call("FLUSHALL");
    for (String flush : new String[] {"FLUSHALL SYNC", "FLUSHALL ASYNC", "FLUSHDB SYNC"}) {
      long start = System.nanoTime();
      grow(keys);
      ended("growth", start);
      start = System.nanoTime();
      require("+OK", connection.call(flush.split(" ")));
      Thread.sleep(AFTERMATH_MILLIS);
      ended(flush, start);
    }
    expire();
  }

  private void ended(String name, long startNanos) {
    phases.add(new Phase(name, startNanos, System.nanoTime()));
  }

  private static void require(String wanted, String reply) throws IOException {
    if (!reply.equals(wanted)) {
      throw new IOException(wanted + " was expected, not " + reply);
    }
  }

  private void grow(int count) throws IOException {
    load(count, "*3\r\n", "");
    require(":" + count, connection.call("DBSIZE"));
  }

  /** SETs in pipelines: so many words each, and what comes behind the value. */
  private void load(int count, String words, String options) throws IOException {
    byte[] tail =
        ("\r\n$" + VALUE.length() + "\r\n" + VALUE + "\r\n" + options)
            .getBytes(StandardCharsets.ISO_8859_1);
    byte[] head =
        (words + "$3\r\nSET\r\n$16\r\nkey:000000000000").getBytes(StandardCharsets.ISO_8859_1);
    int pending = 0;
    for (int i = 0; i < count; i++) {
      int at = head.length;
      for (int rest = i; rest > 0; rest /= 10) {
        head[--at] = (byte) ('0' + rest % 10);
      }
      connection.write(head);
      connection.write(tail);
      if (++pending == PIPELINE || i == count - 1) {
        connection.flush();
        connection.skipLines(pending);
        pending = 0;
      }
    }
  }

  private void expire() throws IOException, InterruptedException {
    connection.call("FLUSHALL");
    long instantMillis = System.currentTimeMillis() + 2000 + expiring / 200;
    String instant = Long.toString(instantMillis);
    load(expiring, "*5\r\n", "$4\r\nPXAT\r\n$" + instant.length() + "\r\n" + instant + "\r\n");
    require(":" + expiring, connection.call("DBSIZE"));
    Thread.sleep(Math.max(0, instantMillis - System.currentTimeMillis()));
    long start = System.nanoTime();
    long limit = System.currentTimeMillis() + EXPIRY_LIMIT_MILLIS;
    while (!connection.call("DBSIZE").equals(":0")) {
      if (System.currentTimeMillis() > limit) {
        throw new IOException("keys are left: " + connection.call("DBSIZE"));
      }
      Thread.sleep(10);
    }
    ended("expiry", start);
  }

  private void print(Probe probe, CollectorLog collector, String name) {
    for (Phase phase : phases) {
      Latencies all = probe.between(phase.startNanos, phase.endNanos, CollectorLog.NONE);
      Latencies own = probe.between(phase.startNanos, phase.endNanos, collector);
      Latencies collected = collector.pausesBetween(phase.startNanos, phase.endNanos);
      System.out.printf(
          Locale.ROOT,
          "%-15s %-10s %7.2f %8d %8.2f %8.2f %8.2f %10.2f %9d %8.2f%n",
          phase.name,
          name,
          (double) (phase.endNanos - phase.startNanos) / NANOS_PER_SECOND,
          all.count(),
          all.percentileMillis(50),
          all.percentileMillis(99.9),
          all.percentileMillis(100),
          own.percentileMillis(100),
          collected.count(),
          collected.percentileMillis(100));
    }
  }
}
