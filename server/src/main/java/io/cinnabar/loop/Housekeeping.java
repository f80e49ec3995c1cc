package io.cinnabar.loop;

/** Work that never ends but can always wait: it is done in slices of bounded time between turns. */
@FunctionalInterface
public interface Housekeeping {

  /**
   * Does some of it, until about {@code deadlineNanos} of the monotonic clock.
   *
   * @return whether more could be done at once
   */
  boolean slice(long deadlineNanos);
}
