package io.cinnabar.persistence;

import io.cinnabar.keyspace.Entry;
import io.cinnabar.structure.IntegerText;
import io.cinnabar.structure.Listpack;
import io.cinnabar.structure.Slice;
import io.cinnabar.value.HashValue;
import io.cinnabar.value.Thresholds;

/**
 * Reads hashes. Those with fields that expire look like this:
 *
 * <pre>
 * HASH_TIMES             8 the earliest time of all, in milliseconds since 1970
 *                          number of fields
 *                          each: its time minus the earliest plus 1, or 0: it does not expire;
 *                          field; value
 * HASH_TIMES_0             number of fields
 *                          each: its time, or 0; field; value
 * HASH_LISTPACK_TIMES    8 the earliest time of all, or 0
 *                          listpack of field, value, time or 0, ...: the earliest time first
 * HASH_LISTPACK_TIMES_0    such a listpack
 * </pre>
 */
final class HashReader {

  /** The latest time that a field can have, in milliseconds since 1970. */
  private static final long MAX_MILLIS = (1L << 48) - 1;

  /** What stands for the earliest time where there is none, and in front of older layouts. */
  private static final long NO_EARLIEST = MAX_MILLIS + 1;

  private final RdbReader in;
  private final RdbElements elements;
  private final DistinctCheck distinct;
  private final RdbString field = new RdbString();
  private final RdbString value = new RdbString();
  private final RdbString time = new RdbString();

  HashReader(RdbReader in, RdbElements elements, DistinctCheck distinct) {
    this.in = in;
    this.elements = elements;
    this.distinct = distinct;
  }

  /** Reads a hash of one of the types that are such into an empty one. */
  void read(int type, Entry into, Thresholds thresholds) throws RdbException {
    HashValue hash = into.hashValue();
    switch (type) {
      case RdbType.HASH -> readFields(hash, thresholds);
      case RdbType.HASH_ZIPMAP -> {
        elements.zipmap();
        putAll(hash, thresholds);
      }
      case RdbType.HASH_ZIPLIST -> {
        elements.ziplist();
        putAll(hash, thresholds);
      }
      case RdbType.HASH_TIMES -> readTimedFields(hash, readEarliest(), thresholds);
      // As if the earliest were 1: what is told from there on is the time.
      case RdbType.HASH_TIMES_0 -> readTimedFields(hash, 1, thresholds);
      case RdbType.HASH_LISTPACK_TIMES -> {
        readEarliest();
        readTimedListpack(into, thresholds);
      }
      case RdbType.HASH_LISTPACK_TIMES_0 -> readTimedListpack(into, thresholds);
      default -> readListpack(into, thresholds);
    }
    if (hash.count() == 0) {
      throw new RdbException.EmptyValue("has an empty hash");
    }
  }

  private void readFields(HashValue hash, Thresholds thresholds) throws RdbException {
    for (int left = in.count(2); left > 0; left--) {
      Slice name = in.string(field);
      put(hash, name, in.string(value), HashValue.NO_EXPIRY, thresholds);
    }
  }

  private long readEarliest() throws RdbException {
    long earliest = in.millis();
    if (earliest < 0 || earliest > NO_EARLIEST) {
      throw new RdbException("has a time out of range");
    }
    return earliest;
  }

  private void readTimedFields(HashValue hash, long earliest, Thresholds thresholds)
      throws RdbException {
    for (int left = in.count(3); left > 0; left--) {
      long told = in.length();
      if (told < 0 || told > MAX_MILLIS) {
        throw new RdbException("has a time out of range");
      }
      long expiryMillis = told == 0 ? HashValue.NO_EXPIRY : checked(told - 1 + earliest);
      Slice name = in.string(field);
      put(hash, name, in.string(value), expiryMillis, thresholds);
    }
  }

  private static long checked(long expiryMillis) throws RdbException {
    if (expiryMillis < 1 || expiryMillis > MAX_MILLIS) {
      throw new RdbException("has a time out of range");
    }
    return expiryMillis;
  }

  private void readTimedListpack(Entry into, Thresholds thresholds) throws RdbException {
    elements.listpack();
    int count = elements.count();
    if (count % 3 != 0) {
      throw new RdbException("has a field without a value or a time");
    }
    if (count / 3 <= thresholds.hashMaxListpackEntries
        && isInOrder(elements.packed())
        && distinct.areDistinct(elements.packed(), count, 3, into)) {
      into.hashValue().replaceWith(elements.packed(), true);
    } else {
      putTimed(into.hashValue(), thresholds);
    }
  }

  /** Whether the times of a listpack are such, and in the order that a hash has them in. */
  private static boolean isInOrder(Slice listpack) {
    byte[] array = listpack.array;
    int start = listpack.offset;
    long last = 1;
    int p = Listpack.first(array, start);
    while (p != Listpack.NONE) {
      int timeAt = Listpack.next(array, start, Listpack.next(array, start, p));
      if (!Listpack.isInteger(array, start, timeAt)) {
        return false;
      }
      long millis = Listpack.integer(array, start, timeAt);
      // Those that do not expire are behind all others.
      last = last == 0 && millis != 0 ? NO_EARLIEST : last;
      if (millis != 0 && (millis < last || millis > MAX_MILLIS)) {
        return false;
      }
      last = millis;
      p = Listpack.next(array, start, timeAt);
    }
    return true;
  }

  private void putTimed(HashValue hash, Thresholds thresholds) throws RdbException {
    while (!elements.isAtEnd()) {
      Slice name = elements.next(field);
      Slice text = elements.next(value);
      Slice millis = elements.next(time);
      if (!IntegerText.isLong(millis)) {
        throw new RdbException("has a time that is no number");
      }
      long expiryMillis = IntegerText.toLong(millis);
      put(
          hash,
          name,
          text,
          expiryMillis == 0 ? HashValue.NO_EXPIRY : checked(expiryMillis),
          thresholds);
    }
  }

  private void readListpack(Entry into, Thresholds thresholds) throws RdbException {
    elements.listpack();
    int count = elements.count();
    if (count % 2 == 0
        && count / 2 <= thresholds.hashMaxListpackEntries
        && distinct.areDistinct(elements.packed(), count, 2, into)) {
      into.hashValue().replaceWith(elements.packed(), false);
    } else {
      putAll(into.hashValue(), thresholds);
    }
  }

  private void putAll(HashValue hash, Thresholds thresholds) throws RdbException {
    if (elements.count() % 2 != 0) {
      throw new RdbException("has a field without a value");
    }
    while (!elements.isAtEnd()) {
      Slice name = elements.next(field);
      put(hash, name, elements.next(value), HashValue.NO_EXPIRY, thresholds);
    }
  }

  private static void put(
      HashValue hash, Slice name, Slice text, long expiryMillis, Thresholds thresholds)
      throws RdbException {
    if (!hash.put(name, text, expiryMillis, thresholds)) {
      throw new RdbException("has a field twice");
    }
  }

  void release() {
    field.release();
    value.release();
    time.release();
  }
}
