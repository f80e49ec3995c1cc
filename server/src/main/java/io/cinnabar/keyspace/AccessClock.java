package io.cinnabar.keyspace;

import java.util.random.RandomGenerator;

/**
 * What the 24 bits of access clock in an entry mean: when it was last used (LRU) or how often
 * (LFU), as {@code maxmemory-policy} has it. Figures are Redis's, so that OBJECT IDLETIME and
 * OBJECT FREQ agree.
 *
 * <pre>
 * LRU  seconds since 1970, modulo 2^24 (194 days)
 * LFU  bits 8-23: minutes since 1970 of the last decay, modulo 2^16; bits 0-7: counter, logarithmic
 * </pre>
 */
public final class AccessClock {
  /** The counter of a new entry, so that it is not evicted at once. */
  public static final int LFU_INITIAL = 5;

  /** The highest counter. */
  public static final int LFU_MAX = 255;

  private static final int LRU_MASK = (1 << 24) - 1;
  private static final int MINUTES_MASK = (1 << 16) - 1;
  private static final int MILLIS_PER_SECOND = 1000;
  private static final int MILLIS_PER_MINUTE = 60_000;

  private final RandomGenerator random;
  private boolean lfu;
  private int lfuLogFactor = 10;
  private int lfuDecayMinutes = 1;
  private long nowMillis;

  AccessClock(RandomGenerator random) {
    this.random = random;
  }

  /** One that stands still and means the same, for another thread that reads clocks. */
  public AccessClock copy() {
    AccessClock copy = new AccessClock(random);
    copy.lfu = lfu;
    copy.lfuLogFactor = lfuLogFactor;
    copy.lfuDecayMinutes = lfuDecayMinutes;
    copy.nowMillis = nowMillis;
    return copy;
  }

  /** Sets the time that accesses are stamped with; once in a turn of the loop is enough. */
  public void now(long wallClockMillis) {
    nowMillis = wallClockMillis;
  }

  /** Chooses between LFU and LRU; entries keep the bits they have. */
  public void lfu(boolean lfu) {
    this.lfu = lfu;
  }

  /** Whether it is LFU. */
  public boolean isLfu() {
    return lfu;
  }

  /** {@code lfu-log-factor}: how much harder each step of the counter is than the one before. */
  public void lfuLogFactor(int factor) {
    lfuLogFactor = factor;
  }

  /** {@code lfu-decay-time}: the minutes without use that cost one step; 0: none are lost. */
  public void lfuDecayMinutes(int minutes) {
    lfuDecayMinutes = minutes;
  }

  /** The bits of a new entry. */
  public int initial() {
    return lfu ? minutes() << 8 | LFU_INITIAL : seconds();
  }

  /** The bits of an entry that is used now. */
  public int touched(int clock) {
    return lfu ? minutes() << 8 | incremented(frequency(clock)) : seconds();
  }

  /** How long an entry has not been used, in milliseconds, by its LRU bits. */
  public long idleMillis(int clock) {
    int elapsed = seconds() - clock;
    return (long) (elapsed >= 0 ? elapsed : elapsed + LRU_MASK) * MILLIS_PER_SECOND;
  }

  /**
   * The LRU bits of an entry that has been idle for so long, one way or another beyond 194 days:
   * Redis wraps around like this.
   */
  public int idleSince(long idleSeconds) {
    long clock = seconds() - idleSeconds * MILLIS_PER_SECOND / MILLIS_PER_SECOND;
    return (int) (clock < 0 ? clock + LRU_MASK : clock) & LRU_MASK;
  }

  /** The counter of an entry, 0 to 255, by its LFU bits, less what it has lost since. */
  public int frequency(int clock) {
    int counter = clock & LFU_MAX;
    if (lfuDecayMinutes == 0) {
      return counter;
    }
    int elapsed = minutes() - (clock >>> 8);
    if (elapsed < 0) {
      elapsed += MINUTES_MASK;
    }
    return Math.max(0, counter - elapsed / lfuDecayMinutes);
  }

  /** The LFU bits of an entry with this counter, from now on. */
  public int withFrequency(int counter) {
    return minutes() << 8 | counter;
  }

  private int incremented(int counter) {
    if (counter == LFU_MAX) {
      return counter;
    }
    int above = Math.max(0, counter - LFU_INITIAL);
    return random.nextDouble() * (above * (double) lfuLogFactor + 1) < 1 ? counter + 1 : counter;
  }

  /** The LRU bits of an entry that is used now, whichever the entries hold. */
  public int lruClock() {
    return seconds();
  }

  private int seconds() {
    return (int) (nowMillis / MILLIS_PER_SECOND) & LRU_MASK;
  }

  private int minutes() {
    return (int) (nowMillis / MILLIS_PER_MINUTE) & MINUTES_MASK;
  }
}
