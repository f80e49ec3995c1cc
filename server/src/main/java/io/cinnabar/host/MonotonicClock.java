package io.cinnabar.host;

/**
 * A clock that only moves forward, for durations and deadlines. Wall-clock time comes from {@link
 * java.time.InstantSource}; the two drift apart when the machine's time is set.
 */
@FunctionalInterface
public interface MonotonicClock {

  /** Nanoseconds since some fixed, arbitrary origin; never less than an earlier answer. */
  long nanos();
}
