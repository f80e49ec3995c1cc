package io.cinnabar.command;

/**
 * Lets one line a minute pass about something that may happen many times a second, such as clients
 * that all make the same mistake.
 */
public final class LogInterval {

  private static final long INTERVAL_MILLIS = 60_000;

  private long lastMillis = -INTERVAL_MILLIS;

  /** Whether the line is to be written now. */
  public boolean passes(long nowMillis) {
    boolean passes = nowMillis - lastMillis >= INTERVAL_MILLIS;
    if (passes) {
      lastMillis = nowMillis;
    }
    return passes;
  }
}
