package io.cinnabar.keyspace;

import io.cinnabar.arena.ArenaFullException;
import io.cinnabar.structure.Slice;
import io.cinnabar.value.HashValue;
import io.cinnabar.value.ValueType;
import java.util.ArrayList;
import java.util.List;

/**
 * Removes the expired fields of hashes without waiting for somebody to ask for them. It walks over
 * one hash after the other, a large one in several steps, and notes in it when the next of its
 * fields expires.
 */
final class FieldExpiry {
  /** The fields of one step. */
  private static final int STEP_FIELDS = 256;

  /** When to walk again over a hash to which expiries were added while the walk lasted. */
  private static final long AGAIN_MILLIS = 1000;

  private static final byte[] NO_KEY = {};

  private final Keyspace keyspace;
  private final Entry entry = new Entry();
  private final Slice text = new Slice();
  private final List<byte[]> due = new ArrayList<>();

  // The walk under way.
  private boolean isWalking;
  private byte[] key = NO_KEY;
  private int databaseIndex;
  private long cursor;
  private long notesBefore;
  private long earliest;
  private long nowMillis;

  FieldExpiry(Keyspace keyspace) {
    this.keyspace = keyspace;
  }

  /** Whether it is in the middle of a hash. */
  boolean isWalking() {
    return isWalking;
  }

  /** Begins with a hash, unless it is in the middle of another. */
  void begin(Database database, int reference) {
    if (isWalking) {
      return;
    }
    isWalking = true;
    key = entry.at(database, reference, 0).key().toByteArray();
    databaseIndex = database.index();
    cursor = 0;
    earliest = HashValue.NEVER;
    notesBefore = database.fieldExpiryNotes();
  }

  /**
   * Takes the next step of the walk.
   *
   * @return how many fields have expired
   */
  int step(long nowMillis, ExpiredListener listener) {
    this.nowMillis = nowMillis;
    Database database = keyspace.database(databaseIndex);
    text.set(key, 0, key.length);
    if (!database.find(text, database.hash(text), entry) || entry.type() != ValueType.HASH) {
      isWalking = false;
      return 0;
    }
    HashValue hash = entry.hashValue();
    due.clear();
    cursor = hash.scan(cursor, STEP_FIELDS, this::look);
    isWalking = cursor != 0;
    for (byte[] field : due) {
      if (hash.find(text.set(field, 0, field.length)) && listener.fieldExpired(entry)) {
        isWalking = false;
        return due.size();
      }
    }
    if (!isWalking) {
      noteEarliest(database, hash);
    }
    return due.size();
  }

  private void look(HashValue at) {
    long expiryMillis = at.expiryMillis();
    if (expiryMillis == HashValue.NO_EXPIRY) {
      return;
    }
    if (expiryMillis < nowMillis) {
      due.add(at.field().toByteArray());
    } else {
      earliest = Math.min(earliest, expiryMillis);
    }
  }

  private void noteEarliest(Database database, HashValue hash) {
    if (database.fieldExpiryNotes() != notesBefore) {
      earliest = Math.min(earliest, nowMillis + AGAIN_MILLIS);
    }
    try {
      hash.noteEarliestExpiry(earliest);
    } catch (ArenaFullException full) {
      // The old bound stays, and the hash is walked over once more.
      return;
    }
  }
}
