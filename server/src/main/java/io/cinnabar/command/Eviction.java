package io.cinnabar.command;

import io.cinnabar.arena.ArenaFullException;
import io.cinnabar.host.MonotonicClock;
import io.cinnabar.keyspace.Entry;
import io.cinnabar.keyspace.Keyspace;

/**
 * Keeps memory below its limit: before a command, keys go as {@code maxmemory-policy} says until
 * there is room for it. That takes no longer than {@code maxmemory-eviction-tenacity} allows; the
 * rest is housekeeping. Each key that goes is a unit of its own. During a pause none goes, nor on a
 * replica: the limit may be exceeded then as far as the heap allows.
 */
public final class Eviction {

  /** Keys between two looks at the clock. */
  private static final int KEYS = 16;

  /** Steps of giving back what FLUSHDB has left, in place of one key. */
  private static final int RECLAIM_STEPS = 64;

  /** Steps of compaction between two looks at the clock. */
  private static final int STEPS = 512;

  /** What a class of blocks has room for most of the time, so that no slab is asked for. */
  private static final long SMALL_BYTES = 64 << 10;

  /** Savable bytes that are worth a walk when the slabs take too much. */
  private static final long WORTH_A_WALK_BYTES = 1 << 20;

  private static final long NANOS_PER_TENACITY = 50_000;
  private static final int LINEAR_TENACITY = 10;
  private static final int ENDLESS_TENACITY = 100;
  private static final double TENACITY_BASE = 1.15;

  private final Memory memory;
  private final Keyspace keyspace;
  private final Unit unit;
  private final Statistics statistics;
  private final Settings settings;
  private final Pause pause;
  private final Availability availability;
  private final MonotonicClock clock;
  private final SlownessListener slowness;
  private final Entry entry = new Entry();

  /** How an attempt to make room has ended. */
  private enum Outcome {
    ROOM,
    GOES_ON,
    NOTHING_LEFT
  }

  private boolean exceeded;
  private long exceededSinceNanos;

  public Eviction(
      Memory memory,
      Keyspace keyspace,
      Unit unit,
      Statistics statistics,
      Settings settings,
      Pause pause,
      Availability availability,
      MonotonicClock clock,
      SlownessListener slowness) {
    this.memory = memory;
    this.keyspace = keyspace;
    this.unit = unit;
    this.statistics = statistics;
    this.settings = settings;
    this.pause = pause;
    this.availability = availability;
    this.clock = clock;
    this.slowness = slowness;
  }

  /**
   * Makes room for a command.
   *
   * @param bytes what it may need at most, about
   * @return false when there is none, so that no command may run that needs memory
   */
  boolean admits(long bytes) {
    return memory.hasRoom(bytes) || makeRoom(bytes);
  }

  /**
   * Makes room for what is kept for a client: beyond the limit, where it has to be, but not beyond
   * the heap.
   */
  boolean admitsKept(long bytes) {
    // What others have had kept in this batch counts already.
    memory.refreshClients();
    return admits(bytes) || memory.fitsHeap(bytes);
  }

  private boolean makeRoom(long bytes) {
    if (!memory.fits(bytes) && !evictFor(bytes)) {
      return false;
    }
    noteExceeded(false);
    if (memory.spareBytes() - bytes < memory.leastSpareBytes()) {
      compactFor(bytes);
    }
    return bytes <= SMALL_BYTES || memory.spareBytes() >= bytes;
  }

  /** Whether no key may go: a replica has what its primary has. */
  private boolean isSuspended() {
    return pause.isOn() || (availability.isFollowing() && settings.replicaIgnoresMaxMemory);
  }

  private boolean evictFor(long bytes) {
    if (isSuspended()) {
      return memory.fitsHeap(bytes);
    }
    // What will never fit shall not cost the keys that are there.
    long wanted = memory.isAttainable(bytes) ? bytes : 0;
    long startNanos = clock.nanos();
    Outcome outcome = evict(wanted, startNanos + timeLimitNanos(settings.evictionTenacity));
    long tookNanos = clock.nanos() - startNanos;
    if (tookNanos >= settings.latencyEventFromNanos) {
      slowness.delayed(LatencyEvent.EVICTION_CYCLE, tookNanos);
    }
    boolean room = outcome == Outcome.ROOM && memory.fits(bytes);
    noteExceeded(!room);
    return room || (outcome == Outcome.GOES_ON && wanted == bytes);
  }

  /** Lets keys go until so much fits, or time is over while the heap at least has room for it. */
  private Outcome evict(long bytes, long deadlineNanos) {
    for (int rounds = 1; !memory.fits(bytes); rounds++) {
      try {
        if (!giveUpSomething()) {
          return Outcome.NOTHING_LEFT;
        }
      } catch (ArenaFullException full) {
        // An open view sees the key, and there is no memory for what has to be copied.
        return Outcome.NOTHING_LEFT;
      }
      if (rounds % KEYS == 0 && clock.nanos() - deadlineNanos >= 0 && memory.fitsHeap(bytes)) {
        return Outcome.GOES_ON;
      }
    }
    return Outcome.ROOM;
  }

  /** What FLUSHDB has left goes first. False when nothing can go. */
  private boolean giveUpSomething() {
    if (keyspace.setAsideKeys() > 0) {
      keyspace.reclaimSlice(RECLAIM_STEPS);
      return true;
    }
    return evictOne() || keyspace.hasEvictable(settings.evictionPolicy);
  }

  private boolean evictOne() {
    if (!keyspace.chooseEvictable(settings.evictionPolicy, settings.evictionSamples, entry)) {
      return false;
    }
    Deletion.remove(entry, unit, KeyEvent.EVICTED, settings.lazyEviction);
    statistics.evictedKeys++;
    unit.close();
    return true;
  }

  /**
   * Gets whole slabs where there is room in holes only, and the arena is about to be full. Where it
   * is nearly so this takes all the time that it takes, since the command would fail.
   */
  private void compactFor(long bytes) {
    long deadlineNanos = clock.nanos() + timeLimitNanos(settings.evictionTenacity);
    long spareBytes = memory.spareBytes() - bytes;
    while (spareBytes < memory.leastSpareBytes()
        && (spareBytes < WORTH_A_WALK_BYTES || clock.nanos() - deadlineNanos < 0)
        && keyspace.compactSlice(STEPS, isWorthAWalk()) > 0) {
      spareBytes = memory.spareBytes() - bytes;
    }
    if (bytes > 0) {
      makeSlabFor(bytes);
    }
  }

  /** Has a whole slab to spare: the class that a command needs may have no room in its own. */
  private void makeSlabFor(long bytes) {
    while (memory.spareBytes() - bytes < WORTH_A_WALK_BYTES) {
      if (keyspace.compactSlice(STEPS, isWorthAWalk()) == 0 && !evictAgainstSprawl()) {
        return;
      }
    }
  }

  private boolean isWorthAWalk() {
    return keyspace.arena().savableBytes() >= WORTH_A_WALK_BYTES;
  }

  private static long timeLimitNanos(int tenacity) {
    if (tenacity >= ENDLESS_TENACITY) {
      return Long.MAX_VALUE / 2;
    }
    double beyond = Math.pow(TENACITY_BASE, Math.max(0, tenacity - LINEAR_TENACITY));
    return (long) (NANOS_PER_TENACITY * Math.min(tenacity, LINEAR_TENACITY) * beyond);
  }

  // Housekeeping.

  /** Housekeeping's share: goes on with what commands had no time for. */
  public boolean slice(long deadlineNanos) {
    memory.refresh();
    if (memory.hasRoom(0)) {
      noteExceeded(false);
      return false;
    }
    if (isSuspended()) {
      return false;
    }
    Outcome outcome = memory.fits(0) ? Outcome.ROOM : evict(0, deadlineNanos);
    noteExceeded(outcome != Outcome.ROOM);
    return outcome == Outcome.ROOM ? gather(deadlineNanos) : outcome == Outcome.GOES_ON;
  }

  /** Brings the slabs near what is used where they take more of the heap than the limit. */
  private boolean gather(long deadlineNanos) {
    while (clock.nanos() - deadlineNanos < 0) {
      memory.shrink();
      if (!memory.isSprawling()) {
        return false;
      }
      if (keyspace.compactSlice(STEPS, isWorthAWalk()) == 0 && !evictAgainstSprawl()) {
        return false;
      }
    }
    return true;
  }

  /** More holes make slabs that can be emptied; as long as there is some sense in it. */
  private boolean evictAgainstSprawl() {
    return keyspace.arena().canCompact() && !memory.isSlack() && evictOne();
  }

  // Figures.

  private void noteExceeded(boolean now) {
    if (now != exceeded) {
      if (now) {
        exceededSinceNanos = clock.nanos();
      } else {
        statistics.evictionExceededNanos += clock.nanos() - exceededSinceNanos;
      }
      exceeded = now;
    }
  }

  /** For how long memory has been above its limit now. */
  public long currentExceededNanos() {
    return exceeded ? clock.nanos() - exceededSinceNanos : 0;
  }

  /** For how long memory has been above its limit all in all. */
  public long totalExceededNanos() {
    return statistics.evictionExceededNanos + currentExceededNanos();
  }
}
