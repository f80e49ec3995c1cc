package io.cinnabar.keyspace;

import io.cinnabar.arena.Arena;
import io.cinnabar.arena.Frozen;
import io.cinnabar.structure.FrozenTable;
import io.cinnabar.structure.KeyHash;
import io.cinnabar.structure.SegmentedTable;
import io.cinnabar.structure.Slice;
import java.util.ArrayDeque;
import java.util.random.RandomGenerator;

/**
 * All databases and the arena that they lie in, which is the keyspace's alone. For the loop's
 * thread; another one reads a {@link #freeze frozen} keyspace.
 *
 * <p>Housekeeping comes in slices: each takes a budget in steps of some ten nanoseconds (a deletion
 * counts for many) and returns after about that many, so that the caller can look at its clock.
 */
public final class Keyspace {
  /** What {@code databases} is by default. */
  public static final int DEFAULT_DATABASES = 16;

  /** What giving back an element counts for. */
  private static final int RECLAIM_STEPS = 4;

  private final Arena arena;
  private final KeyHash keyHash;
  private final AccessClock accessClock;
  private final Database[] databases;
  private final ActiveExpiry activeExpiry;
  private final CompactionWalk compactionWalk;
  private final ArrayDeque<SegmentedTable> setAside = new ArrayDeque<>();
  private final Entry dying = new Entry();
  private final SegmentedTable.ElementAction reclaimer = this::reclaim;
  private long reclaimPosition;
  private int reclaimed;

  /**
   * An empty keyspace.
   *
   * @param arena an empty arena, which nobody else uses
   * @param random seeds the hash of the keys, and decides for LFU
   */
  public Keyspace(Arena arena, RandomGenerator random, int databases) {
    this.arena = arena;
    keyHash = new KeyHash(random.nextLong());
    accessClock = new AccessClock(random);
    this.databases = new Database[databases];
    for (int i = 0; i < databases; i++) {
      this.databases[i] = new Database(i, this);
    }
    activeExpiry = new ActiveExpiry(this);
    compactionWalk = new CompactionWalk(this);
  }

  /** How many databases there are. */
  public int databases() {
    return databases.length;
  }

  /** A database by its number; always the same object, also after {@link #swap}. */
  public Database database(int index) {
    return databases[index];
  }

  /** The clock that accesses are stamped with. */
  public AccessClock accessClock() {
    return accessClock;
  }

  /** The hash of a key. */
  public long hash(Slice key) {
    return keyHash.of(key);
  }

  Arena arena() {
    return arena;
  }

  SegmentedTable newTable() {
    return new SegmentedTable(arena, keyHash, Entry.KEY_OFFSET);
  }

  /** The bytes that all keys and values take, with the table; without what views hold back. */
  public long usedBytes() {
    long bytes = arena.usedBytes();
    for (Database database : databases) {
      bytes += database.table().directoryBytes();
    }
    return bytes;
  }

  /** Has two databases change their contents. Entries over them are invalid. */
  public void swap(int first, int second) {
    SegmentedTable table = databases[first].table();
    databases[first].table(databases[second].table());
    databases[second].table(table);
  }

  /** FLUSHALL: empties every database, in a time that does not depend on the number of keys. */
  public void flushAll() {
    arena.reset();
    setAside.clear();
    reclaimPosition = 0;
    compactionWalk.abandon();
    for (Database database : databases) {
      database.table(newTable());
    }
  }

  /**
   * A view of all databases as they are now, for another thread. Several may be open.
   *
   * @throws IllegalStateException when the stamps are used up (after 16 million views) and a view
   *     is still open
   */
  public FrozenKeyspace freeze() {
    if (arena.needsRestamp()) {
      restamp();
    }
    Frozen view = arena.freeze();
    FrozenTable[] tables = new FrozenTable[databases.length];
    for (int i = 0; i < tables.length; i++) {
      tables[i] = databases[i].table().freeze(view);
    }
    return new FrozenKeyspace(view, tables);
  }

  /** Takes a time of the number of keys; but not before the 16 millionth view. */
  private void restamp() {
    // What was set aside has old stamps, too: it goes before a view could be mistaken about it.
    reclaimSlice(Integer.MAX_VALUE);
    arena.restarted();
    SegmentedTable.ElementAction stamper =
        (reference, marks) -> dying.at(databases[0], reference, 0).restamp();
    for (Database database : databases) {
      database.table().restamp(stamper);
    }
  }

  // Housekeeping.

  /**
   * Hands expired entries to {@code listener}, round robin over all databases.
   *
   * @param nowMillis civil time
   * @return the steps taken; fewer than {@code budget} when nothing else has expired by then
   */
  public int expireSlice(long nowMillis, int budget, ExpiredListener listener) {
    return activeExpiry.slice(nowMillis, budget, listener);
  }

  /**
   * Moves blocks out of slabs that are nearly empty, when the arena says that it is worth it.
   * Entries are invalid afterwards.
   *
   * @return the steps taken; fewer than {@code budget} when nothing is left to do
   */
  public int compactSlice(int budget) {
    return setAside.isEmpty() ? compactionWalk.slice(budget) : 0;
  }

  void setAside(SegmentedTable table) {
    setAside.add(table);
  }

  /**
   * Gives back what {@link Database#clear} has set aside.
   *
   * @return whether something is left
   */
  public boolean reclaimSlice(int budget) {
    int steps = 0;
    while (steps < budget && !setAside.isEmpty()) {
      reclaimed = 0;
      reclaimPosition = setAside.element().dismantle(reclaimPosition, reclaimer);
      steps += 1 + reclaimed * RECLAIM_STEPS;
      if (reclaimPosition == 0) {
        setAside.remove();
      }
    }
    return !setAside.isEmpty();
  }

  private void reclaim(int reference, int marks) {
    dying.at(databases[0], reference, 0).free(true);
    reclaimed++;
  }

  /**
   * Checks the invariants of every table and of the arena; for tests.
   *
   * @throws IllegalStateException when one is broken
   */
  public void validate() {
    for (Database database : databases) {
      database.table().validate();
    }
    arena.validate();
  }
}
