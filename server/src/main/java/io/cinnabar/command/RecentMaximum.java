package io.cinnabar.command;

/** The largest of the values noted in about the last eight seconds. */
public final class RecentMaximum {

  private static final int SECONDS = 8;
  private static final int MILLIS_PER_SECOND = 1000;

  private final long[] largest = new long[SECONDS];
  private final long[] seconds = new long[SECONDS];

  void note(long nowMillis, long value) {
    long second = nowMillis / MILLIS_PER_SECOND;
    int place = (int) Math.floorMod(second, (long) SECONDS);
    if (seconds[place] != second) {
      seconds[place] = second;
      largest[place] = 0;
    }
    largest[place] = Math.max(largest[place], value);
  }

  /** 0 when nothing was noted. */
  public long get(long nowMillis) {
    long oldest = nowMillis / MILLIS_PER_SECOND - SECONDS;
    long most = 0;
    for (int i = 0; i < SECONDS; i++) {
      if (seconds[i] > oldest) {
        most = Math.max(most, largest[i]);
      }
    }
    return most;
  }
}
