package io.cinnabar.observe;

/** How fast a counter has grown lately: the mean of its last sixteen samples, per second. */
final class Rate {

  private static final int SAMPLES = 16;
  private static final double NANOS_PER_SECOND = 1e9;

  private final double[] perSecond = new double[SAMPLES];
  private int next;
  private long lastValue;
  private long lastNanos;

  Rate(long nowNanos) {
    lastNanos = nowNanos;
  }

  /** Takes a sample; a counter that was reset counts from zero. */
  void sample(long value, long nowNanos) {
    long elapsedNanos = nowNanos - lastNanos;
    if (elapsedNanos > 0) {
      long grown = value >= lastValue ? value - lastValue : value;
      perSecond[next] = grown * NANOS_PER_SECOND / elapsedNanos;
      next = (next + 1) % SAMPLES;
    }
    lastValue = value;
    lastNanos = nowNanos;
  }

  double perSecond() {
    double sum = 0;
    for (double sample : perSecond) {
      sum += sample;
    }
    return sum / SAMPLES;
  }
}
