package io.cinnabar.keyspace;

import io.cinnabar.structure.SegmentedTable;
import io.cinnabar.structure.TableSampler;
import java.util.random.RandomGenerator;

/**
 * Finds the key that is to go next when memory is short, by Redis's approximation: a few keys are
 * taken at random, those that deserve it most are kept in a pool from one time to the next, and the
 * best of the pool goes. Random policies take any key, of one database after the other.
 *
 * <p>A candidate is a reference and a hash. By the time it is chosen the key may be gone, moved or
 * used again; then it is passed over.
 *
 * <p>Invariant: scores do not decrease from the first candidate to the last, which is the best.
 */
final class EvictionPool {
  private static final int CAPACITY = 16;

  /** More samples than this cost time and no longer change what is found. */
  private static final int MAX_SAMPLES = 1 << 12;

  private final Keyspace keyspace;
  private final TableSampler sampler;
  private final Entry sampled = new Entry();
  private int[] references = new int[CAPACITY];

  private final int[] poolReferences = new int[CAPACITY];
  private final int[] poolDatabases = new int[CAPACITY];
  private final long[] poolHashes = new long[CAPACITY];
  private final long[] poolScores = new long[CAPACITY];
  private int size;
  private EvictionPolicy policy = EvictionPolicy.NOEVICTION;
  private int nextDatabase;

  EvictionPool(Keyspace keyspace, RandomGenerator random) {
    this.keyspace = keyspace;
    sampler = new TableSampler(keyspace.arena(), random);
  }

  /** Whether there is a key that the policy lets go. */
  boolean hasCandidates(EvictionPolicy policy) {
    if (policy == EvictionPolicy.NOEVICTION) {
      return false;
    }
    for (int i = 0; i < keyspace.databases(); i++) {
      if (candidates(keyspace.database(i), policy) > 0) {
        return true;
      }
    }
    return false;
  }

  /**
   * Moves {@code into} over the key that goes next.
   *
   * @return false when none was met this time; whether there is one tells {@link #hasCandidates}
   */
  boolean choose(EvictionPolicy policy, int samples, Entry into) {
    if (policy != this.policy) {
      this.policy = policy;
      size = 0;
    }
    if (policy == EvictionPolicy.NOEVICTION) {
      return false;
    }
    if (policy.isRandom()) {
      return chooseAny(into);
    }
    int most = Math.min(samples, MAX_SAMPLES);
    if (most > references.length) {
      references = new int[most];
    }
    for (int i = 0; i < keyspace.databases(); i++) {
      Database database = keyspace.database(i);
      if (candidates(database, policy) > 0) {
        fill(database, most);
      }
    }
    return takeBest(into);
  }

  private static long candidates(Database database, EvictionPolicy policy) {
    return policy.isVolatile() ? database.expiringCount() : database.size();
  }

  private boolean chooseAny(Entry into) {
    for (int i = 0; i < keyspace.databases(); i++) {
      nextDatabase = nextDatabase + 1 == keyspace.databases() ? 0 : nextDatabase + 1;
      Database database = keyspace.database(nextDatabase);
      if (candidates(database, policy) > 0 && sample(database, 1) > 0) {
        over(database, references[0], into);
        return true;
      }
    }
    return false;
  }

  private int sample(Database database, int most) {
    int mark = policy.isVolatile() ? SegmentedTable.EXPIRES : 0;
    return sampler.sample(database.table(), mark, references, most);
  }

  private static void over(Database database, int reference, Entry into) {
    into.at(database, reference, 0);
    into.at(database, reference, database.hash(into.key()));
  }

  // The pool.

  private void fill(Database database, int most) {
    int found = sample(database, most);
    for (int i = 0; i < found; i++) {
      long score = score(sampled.at(database, references[i], 0));
      if ((size < CAPACITY || score > poolScores[0]) && !isPooled(references[i])) {
        add(score, database, references[i]);
      }
    }
  }

  private boolean isPooled(int reference) {
    for (int i = 0; i < size; i++) {
      if (poolReferences[i] == reference) {
        return true;
      }
    }
    return false;
  }

  /** Puts a candidate where its score belongs; a full pool loses its worst. */
  private void add(long score, Database database, int reference) {
    int place = size;
    while (place > 0 && poolScores[place - 1] > score) {
      place--;
    }
    if (size == CAPACITY) {
      place--;
      move(1, 0, place);
    } else {
      move(place, place + 1, size - place);
      size++;
    }
    poolScores[place] = score;
    poolReferences[place] = reference;
    poolDatabases[place] = database.index();
    poolHashes[place] = database.hash(sampled.key());
  }

  private void move(int from, int to, int count) {
    System.arraycopy(poolScores, from, poolScores, to, count);
    System.arraycopy(poolReferences, from, poolReferences, to, count);
    System.arraycopy(poolDatabases, from, poolDatabases, to, count);
    System.arraycopy(poolHashes, from, poolHashes, to, count);
  }

  private boolean takeBest(Entry into) {
    while (size > 0) {
      size--;
      Database database = keyspace.database(poolDatabases[size]);
      if (database.table().contains(poolHashes[size], poolReferences[size])) {
        into.at(database, poolReferences[size], poolHashes[size]);
        if (isEligible(into) && score(into) >= poolScores[size]) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean isEligible(Entry entry) {
    return !policy.isVolatile() || entry.expires();
  }

  /** How much an entry deserves to go: the higher, the more. */
  private long score(Entry entry) {
    if (policy == EvictionPolicy.VOLATILE_TTL) {
      return entry.expires() ? Long.MAX_VALUE - entry.expiryMillis() : Long.MIN_VALUE;
    }
    AccessClock clock = keyspace.accessClock();
    return policy.isLfu()
        ? AccessClock.LFU_MAX - clock.frequency(entry.clock())
        : clock.idleMillis(entry.clock());
  }
}
