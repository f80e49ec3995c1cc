package io.cinnabar;

import io.cinnabar.host.MonotonicClock;
import io.cinnabar.loop.Housekeeping;
import io.cinnabar.tracking.Tracking;

/**
 * Housekeeping of what is remembered of the clients' caches: keys over the limit, and its memory.
 */
final class TrackingUpkeep implements Housekeeping {

  private final Tracking tracking;
  private final MonotonicClock clock;

  TrackingUpkeep(Tracking tracking, MonotonicClock clock) {
    this.tracking = tracking;
    this.clock = clock;
  }

  @Override
  public boolean slice(long deadlineNanos) {
    boolean more = true;
    while (more && clock.nanos() - deadlineNanos < 0) {
      more = tracking.keep();
    }
    return more;
  }
}
