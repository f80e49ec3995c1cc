package io.cinnabar.benchmarks;

import java.util.Arrays;

/** Durations in nanoseconds, and what they come to. Not thread-safe. */
final class Latencies {

  private static final double NANOS_PER_MILLI = 1e6;

  private long[] nanos = new long[1 << 16];
  private int count;

  void add(long durationNanos) {
    if (count == nanos.length) {
      nanos = Arrays.copyOf(nanos, 2 * count);
    }
    nanos[count++] = durationNanos;
  }

  int count() {
    return count;
  }

  /**
   * Milliseconds that {@code percent} of the durations don't exceed; 100 gives the longest. 0 when
   * there are none.
   */
  double percentileMillis(double percent) {
    if (count == 0) {
      return 0;
    }
    Arrays.sort(nanos, 0, count);
    int rank = (int) Math.ceil(percent / 100 * count);
    return nanos[Math.max(rank, 1) - 1] / NANOS_PER_MILLI;
  }
}
