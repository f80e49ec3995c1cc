package io.cinnabar.benchmarks;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/** A client on a thread of its own that says PING all the time and notes how long each took. */
final class Probe implements Runnable {

  private static final long REST_NANOS = 200_000;
  private static final byte[] PING = RespConnection.encode("PING");

  private final RespConnection connection;
  private final Thread thread = new Thread(this, "probe");
  private volatile boolean ended;
  private volatile boolean failed;

  /** Start and end of each PING, one behind the other. */
  private long[] times = new long[1 << 20];

  private int used;

  Probe(int port) throws IOException {
    connection = new RespConnection(port);
    thread.start();
  }

  @Override
  public void run() {
    try {
      while (!ended) {
        long startNanos = System.nanoTime();
        connection.write(PING);
        connection.flush();
        connection.skipLines(1);
        note(startNanos, System.nanoTime());
        LockSupport.parkNanos(REST_NANOS);
      }
    } catch (IOException e) {
      failed = true;
    }
  }

  private void note(long startNanos, long endNanos) {
    if (used == times.length) {
      times = Arrays.copyOf(times, 2 * used);
    }
    times[used++] = startNanos;
    times[used++] = endNanos;
  }

  /** Stops it. What it noted can be read when this has returned. */
  void end() throws IOException, InterruptedException {
    ended = true;
    thread.join();
    connection.close();
    if (failed) {
      throw new IOException("the probe lost its connection");
    }
  }

  /** How long those PINGs took that began in this interval, without what the collector took. */
  Latencies between(long startNanos, long endNanos, CollectorLog withoutCollector) {
    Latencies latencies = new Latencies();
    for (int i = 0; i < used; i += 2) {
      if (times[i] >= startNanos && times[i] < endNanos) {
        long paused = withoutCollector.pausedNanos(times[i], times[i + 1]);
        latencies.add(times[i + 1] - times[i] - paused);
      }
    }
    return latencies;
  }
}
