package io.cinnabar.virtual;

import io.cinnabar.host.MonotonicClock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Both clocks, which stand still until a test moves them. */
public final class VirtualTime implements InstantSource, MonotonicClock {

  private static final Instant START = Instant.parse("2024-02-29T12:00:00Z");

  private long elapsedNanos;

  /** Civil time minus what has elapsed; a test that sets the clock moves it. */
  private Instant origin = START;

  @Override
  public Instant instant() {
    return origin.plusNanos(elapsedNanos);
  }

  @Override
  public long nanos() {
    return elapsedNanos;
  }

  public void advance(Duration duration) {
    advanceNanos(duration.toNanos());
  }

  public void advanceMillis(long millis) {
    advance(Duration.ofMillis(millis));
  }

  void advanceNanos(long nanos) {
    if (nanos < 0) {
      throw new IllegalArgumentException("time goes forward: " + nanos);
    }
    elapsedNanos += nanos;
  }

  /** Sets civil time alone, forward or back, as an operator may. */
  public void setInstant(Instant instant) {
    origin = instant.minusNanos(elapsedNanos);
  }
}
