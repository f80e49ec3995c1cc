package io.cinnabar.keyspace;

import io.cinnabar.arena.Arena;
import io.cinnabar.arena.Frozen;
import io.cinnabar.structure.FrozenTable;
import io.cinnabar.structure.KeyHash;
import io.cinnabar.structure.SegmentedTable;
import io.cinnabar.structure.Slice;
import io.cinnabar.structure.TreeReclaimer;
import java.util.ArrayDeque;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

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
  private final TtlSample ttlSample;
  private final CompactionWalk compactionWalk;
  private final EvictionPool evictionPool;
  private final ArrayDeque<SegmentedTable> setAside = new ArrayDeque<>();
  private final TreeReclaimer treeReclaimer;
  private final Entry dying = new Entry();
  private final SegmentedTable.ElementAction reclaimer = this::reclaim;
  private @Nullable KeyListener newKeys;
  private @Nullable Replacement replacement;
  private long reclaimPosition;
  private int reclaimed;
  private long setAsideKeys;
  private long reclaimedKeys;

  /**
   * An empty keyspace.
   *
   * @param arena an empty arena, which nobody else uses
   * @param random seeds the hash of the keys, decides for LFU, and chooses what is evicted
   */
  public Keyspace(Arena arena, RandomGenerator random, int databases) {
    this.arena = arena;
    keyHash = new KeyHash(random.nextLong());
    accessClock = new AccessClock(random);
    treeReclaimer = new TreeReclaimer(arena);
    this.databases = new Database[databases];
    for (int i = 0; i < databases; i++) {
      this.databases[i] = new Database(i, this);
    }
    activeExpiry = new ActiveExpiry(this);
    ttlSample = new TtlSample(arena, random);
    compactionWalk = new CompactionWalk(this);
    evictionPool = new EvictionPool(this, random);
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

  /** What keys are hashed with, for other tables of the same keys. */
  public KeyHash keyHash() {
    return keyHash;
  }

  /** Has somebody told of each key that is added to a database; null for nobody. */
  public void tellNewKeys(@Nullable KeyListener listener) {
    newKeys = listener;
  }

  /** An entry was put into a table that had none of its key. */
  void added(int database, Entry entry) {
    if (newKeys != null) {
      newKeys.added(database, entry.key());
    }
  }

  /** The arena, for its figures. */
  public Arena arena() {
    return arena;
  }

  SegmentedTable newTable() {
    return new SegmentedTable(arena, keyHash, Entry.KEY_OFFSET);
  }

  /** The bytes that all keys and values take, with the tables; without what views hold back. */
  public long usedBytes() {
    return arena.usedBytes() + directoryBytes();
  }

  /** What the directories of all tables take on the heap, outside the arena. */
  public long directoryBytes() {
    long bytes = 0;
    for (int i = 0; i < databases.length; i++) {
      bytes += databases[i].table().directoryBytes();
      if (replacement != null) {
        bytes += replacement.database(i).table().directoryBytes();
      }
    }
    return bytes;
  }

  /** Has two databases change their contents. Entries over them are invalid. */
  public void swap(int first, int second) {
    SegmentedTable table = databases[first].table();
    databases[first].table(databases[second].table());
    databases[second].table(table);
  }

  /** Begins to make other contents for all databases, beside those that there are. */
  public Replacement replace() {
    if (replacement != null) {
      throw new IllegalStateException("the databases are being replaced already");
    }
    Replacement begun = new Replacement(this);
    replacement = begun;
    return begun;
  }

  void replacementEnded() {
    replacement = null;
  }

  /** FLUSHALL: empties every database, in a time that does not depend on the number of keys. */
  public void flushAll() {
    if (replacement != null) {
      for (Database database : databases) {
        database.clear();
      }
      return;
    }
    arena.reset();
    setAside.clear();
    treeReclaimer.clear();
    reclaimedKeys += setAsideKeys;
    setAsideKeys = 0;
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
    boolean mayHaveFieldExpiry = false;
    for (int i = 0; i < tables.length; i++) {
      tables[i] = databases[i].table().freeze(view);
      mayHaveFieldExpiry |= databases[i].fieldExpiryNotes() > 0;
    }
    return new FrozenKeyspace(view, tables, mayHaveFieldExpiry);
  }

  /** Takes a time of the number of keys; but not before the 16 millionth view. */
  private void restamp() {
    // What was set aside has old stamps, too: it goes before a view could be mistaken about it.
    while (isReclaiming()) {
      reclaimSlice(Integer.MAX_VALUE);
    }
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

  /** How many entries {@link #expireSlice} has looked at so far. */
  public long expiryLookedAt() {
    return activeExpiry.lookedAt();
  }

  /** How many of those had expired. */
  public long expiryFound() {
    return activeExpiry.expired();
  }

  /** About how long the entries of a database that can expire have left, on average. */
  public long averageTtlMillis(int database, long nowMillis) {
    return ttlSample.averageMillis(databases[database], nowMillis);
  }

  /**
   * Moves blocks out of slabs that are nearly empty. Entries are invalid afterwards.
   *
   * @param begin whether another walk may begin when none is under way; it is not worth it where
   *     the arena's {@link Arena#savableBytes savable bytes} are few
   * @return the steps taken; fewer than {@code budget} when nothing is left to do
   */
  public int compactSlice(int budget, boolean begin) {
    return isReclaiming() || replacement != null ? 0 : compactionWalk.slice(budget, begin);
  }

  /** Whether a walk of {@link #compactSlice} is under way. */
  public boolean isCompacting() {
    return compactionWalk.isWalking();
  }

  /** How many elements compaction has moved since the start. */
  public long compactionHits() {
    return compactionWalk.hits();
  }

  /** How many elements compaction has left where they were. */
  public long compactionMisses() {
    return compactionWalk.misses();
  }

  // Eviction.

  /** Whether there is a key that this policy lets go. */
  public boolean hasEvictable(EvictionPolicy policy) {
    return evictionPool.hasCandidates(policy);
  }

  /**
   * Moves {@code into} over the key that this policy has go next.
   *
   * @param samples how many keys of each database are looked at
   * @return false when none was met this time, which happens where few keys are {@link
   *     #hasEvictable evictable}; then it is worth another try
   */
  public boolean chooseEvictable(EvictionPolicy policy, int samples, Entry into) {
    return evictionPool.choose(policy, samples, into);
  }

  void setAside(SegmentedTable table) {
    setAside.add(table);
    setAsideKeys += table.size();
  }

  /**
   * How many keys {@link Database#clear} has set aside that are not given back yet, and large
   * values that have lost their keys.
   */
  public long setAsideKeys() {
    return setAsideKeys + treeReclaimer.pending();
  }

  private boolean isReclaiming() {
    return !setAside.isEmpty() || treeReclaimer.pending() > 0;
  }

  /** Where large values go that have lost their keys. */
  TreeReclaimer treeReclaimer() {
    return treeReclaimer;
  }

  /** How many keys were set aside and given back since the start. */
  public long reclaimedKeys() {
    return reclaimedKeys;
  }

  /**
   * Gives back what {@link Database#clear} has set aside, and what large values consist of that
   * have lost their keys; and what a view has kept back until its reader had passed or it was
   * closed.
   *
   * @return whether something is left
   */
  public boolean reclaimSlice(int budget) {
    for (Database database : databases) {
      database.table().releaseTaken();
    }
    boolean more = arena.reclaim(budget);
    int steps = RECLAIM_STEPS * treeReclaimer.slice(1 + budget / RECLAIM_STEPS);
    while (steps < budget && !setAside.isEmpty()) {
      reclaimed = 0;
      reclaimPosition = setAside.element().dismantle(reclaimPosition, reclaimer);
      steps += 1 + reclaimed * RECLAIM_STEPS;
      if (reclaimPosition == 0) {
        setAside.remove();
      }
    }
    return more || isReclaiming();
  }

  private void reclaim(int reference, int marks) {
    dying.at(databases[0], reference, 0).freeSetAside();
    reclaimed++;
    setAsideKeys--;
    reclaimedKeys++;
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
