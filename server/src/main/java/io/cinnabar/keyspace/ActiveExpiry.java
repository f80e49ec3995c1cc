package io.cinnabar.keyspace;

import io.cinnabar.structure.SegmentedTable;
import io.cinnabar.value.HashValue;

/**
 * Finds expired entries without waiting for somebody to ask for them. Every segment notes a lower
 * bound of its expiry times; only those with a bound in the past are visited, only the entries that
 * expire are looked at there, and the bound is exact afterwards.
 */
final class ActiveExpiry {
  /** What handing out an expired entry counts for: a DEL goes through the whole house. */
  private static final int EXPIRED_STEPS = 64;

  /** What a step in a hash counts for. */
  private static final int WALK_STEPS = 256;

  /** The least time between two walks over a hash whose fields expire. */
  private static final long WALK_PAUSE_MILLIS = 100;

  private final Keyspace keyspace;
  private final FieldExpiry fieldExpiry;
  private final Entry entry = new Entry();
  private final int[] references = new int[SegmentedTable.MAX_SEGMENT_ELEMENTS];
  private final int[] hashReferences = new int[SegmentedTable.MAX_SEGMENT_ELEMENTS];
  private int databaseIndex;
  private long position;
  private long lookedAt;
  private long expired;

  ActiveExpiry(Keyspace keyspace) {
    this.keyspace = keyspace;
    fieldExpiry = new FieldExpiry(keyspace);
  }

  /** How many entries that can expire it has looked at so far. */
  long lookedAt() {
    return lookedAt;
  }

  /** How many of those had expired. */
  long expired() {
    return expired;
  }

  /** See {@link Keyspace#expireSlice}. */
  int slice(long nowMillis, int budget, ExpiredListener listener) {
    int steps = 0;
    // One more than there are: the first is entered in its middle, and its beginning comes last.
    int databasesLeft = keyspace.databases() + 1;
    while (databasesLeft > 0 && steps < budget) {
      Database database = keyspace.database(databaseIndex);
      if (database.expiringCount() == 0 && !database.table().expiresWithin()) {
        position = 0;
      } else {
        steps++;
        if (database.table().earliestExpiry(position) < nowMillis) {
          steps += visit(database, nowMillis, budget - steps, listener);
          if (steps >= budget) {
            // The segment may have more: it is looked at again.
            return steps;
          }
        }
        position = database.table().nextSegment(position);
      }
      if (position == 0) {
        databaseIndex = databaseIndex + 1 == keyspace.databases() ? 0 : databaseIndex + 1;
        databasesLeft--;
      }
    }
    return steps;
  }

  /** Expires what is due in the segment of the position, or as much of it as the budget allows. */
  private int visit(Database database, long nowMillis, int budget, ExpiredListener listener) {
    int mark = database.table().expiresWithin() ? 0 : SegmentedTable.EXPIRES;
    int found = database.table().collect(position, mark, references);
    int most = budget / EXPIRED_STEPS + 1;
    int looked = 0;
    int due = 0;
    int hashes = 0;
    long earliest = Long.MAX_VALUE;
    while (looked < found && due < most) {
      int reference = references[looked++];
      entry.at(database, reference, 0);
      if (entry.isExpired(nowMillis)) {
        lookedAt++;
        references[due++] = reference;
        continue;
      }
      if (entry.expires()) {
        lookedAt++;
        earliest = Math.min(earliest, entry.expiryMillis());
      }
      long within = entry.earliestFieldExpiry();
      if (within < nowMillis) {
        hashReferences[hashes++] = reference;
      } else if (within != HashValue.NEVER) {
        earliest = Math.min(earliest, Math.max(within, nowMillis + WALK_PAUSE_MILLIS));
      }
    }
    expired += due;
    if (looked == found && hashes == 0) {
      // Otherwise the old bound stays, and with it the segment is due again.
      database.table().earliestExpiry(position, earliest);
    }
    for (int i = 0; i < due; i++) {
      expire(database, references[i], listener);
    }
    int steps = looked + due * EXPIRED_STEPS;
    for (int i = 0; i < hashes && steps < budget; i++) {
      fieldExpiry.begin(database, hashReferences[i]);
      while (fieldExpiry.isWalking() && steps < budget) {
        steps += WALK_STEPS + fieldExpiry.step(nowMillis, listener) * EXPIRED_STEPS;
      }
    }
    return steps;
  }

  private void expire(Database database, int reference, ExpiredListener listener) {
    entry.at(database, reference, 0);
    long hash = database.hash(entry.key());
    long expiryMillis = entry.expiryMillis();
    long sizeBefore = database.size();
    listener.expired(entry.at(database, reference, hash));
    if (database.size() == sizeBefore) {
      database.table().noteExpiry(hash, expiryMillis);
    }
  }
}
