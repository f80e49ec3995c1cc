package io.cinnabar.command;

import io.cinnabar.arena.Arena;
import io.cinnabar.host.MonotonicClock;
import io.cinnabar.keyspace.Keyspace;

/**
 * Says when the arena is compacted, and how much of the time that gets: by itself where it gives
 * back a considerable part of the memory, or as {@code activedefrag} and its thresholds say.
 */
public final class Compactor {

  /** Steps between two looks at the clock; some tens of microseconds. */
  private static final int STEPS = 512;

  private static final int PERCENT = 100;

  /** Percent of the time that the loop gives to housekeeping at most. */
  private static final int LOOP_EFFORT = 25;

  /** Share of the used memory that a walk should give back while the server has little to do. */
  private static final int CALM_OVERHEAD_PERCENT = 2;

  private static final long CALM_CHECK_NANOS = 500_000_000L;
  private static final int CALM_COMMANDS = 500;

  private final Keyspace keyspace;
  private final Arena arena;
  private final Settings settings;
  private final Statistics statistics;
  private final MonotonicClock clock;
  private boolean purging;

  /** Whether the walk under way began after the purge was asked for. */
  private boolean walksForPurge;

  private int effort;
  private long notBeforeNanos;
  private long calmCheckedNanos;
  private long commandsAtCheck;
  private boolean calm;

  public Compactor(
      Keyspace keyspace, Settings settings, Statistics statistics, MonotonicClock clock) {
    this.keyspace = keyspace;
    this.arena = keyspace.arena();
    this.settings = settings;
    this.statistics = statistics;
    this.clock = clock;
    notBeforeNanos = clock.nanos();
    calmCheckedNanos = notBeforeNanos;
  }

  /** Housekeeping's share. */
  public boolean slice(long deadlineNanos) {
    long startNanos = clock.nanos();
    if (startNanos - notBeforeNanos < 0) {
      return false;
    }
    int steps;
    int stepsInAll = 0;
    long nowNanos;
    do {
      steps = keyspace.compactSlice(STEPS, !keyspace.isCompacting() && begins());
      stepsInAll += steps;
      nowNanos = clock.nanos();
    } while (steps >= STEPS && nowNanos - deadlineNanos < 0);
    if (stepsInAll > 0) {
      long spentNanos = nowNanos - startNanos;
      statistics.compactionNanos += spentNanos;
      if (effort < LOOP_EFFORT) {
        notBeforeNanos = nowNanos + spentNanos * (PERCENT - effort) / Math.max(1, effort);
      }
    }
    if (!keyspace.isCompacting()) {
      finish();
    }
    return steps >= STEPS;
  }

  private void finish() {
    effort = 0;
    if (walksForPurge) {
      walksForPurge = false;
      purging = false;
      arena.shrinkTo(0);
    }
  }

  private boolean begins() {
    effort = effort();
    walksForPurge = purging;
    return effort > 0;
  }

  /** The part of the time that compaction is worth now, in percent; 0: it isn't worth any. */
  private int effort() {
    if (purging || !settings.activeDefrag) {
      int percent = isCalm() ? CALM_OVERHEAD_PERCENT : Arena.DEFAULT_OVERHEAD_PERCENT;
      return purging || arena.wantsCompaction(percent) ? LOOP_EFFORT : 0;
    }
    long savableBytes = arena.canCompact() ? arena.savableBytes() : 0;
    long percent = savableBytes * PERCENT / Math.max(1, arena.usedBytes());
    int lower = settings.defragLowerPercent;
    if (savableBytes < settings.defragIgnoreBytes || percent < lower) {
      return 0;
    }
    int least = settings.defragMinEffort;
    int most = Math.max(least, settings.defragMaxEffort);
    long range = Math.max(1, settings.defragUpperPercent - lower);
    return (int) Math.min(most, least + (most - least) * (percent - lower) / range);
  }

  /** Whether there has been next to nothing to do lately, so that a walk is in nobody's way. */
  private boolean isCalm() {
    long nowNanos = clock.nanos();
    if (nowNanos - calmCheckedNanos >= CALM_CHECK_NANOS) {
      long commands = statistics.commandsProcessed - commandsAtCheck;
      calm = commands >= 0 && commands < CALM_COMMANDS;
      commandsAtCheck = statistics.commandsProcessed;
      calmCheckedNanos = nowNanos;
    }
    return calm;
  }

  /**
   * MEMORY PURGE: gives empty slabs back, now and after all others that can be have been emptied.
   */
  public void purge() {
    arena.shrinkTo(0);
    purging = true;
  }

  /** Percent of the time that compaction takes; 0 while there is none, nor any asked for. */
  public int effortPercent() {
    if (purging) {
      return LOOP_EFFORT;
    }
    return keyspace.isCompacting() ? effort : 0;
  }
}
