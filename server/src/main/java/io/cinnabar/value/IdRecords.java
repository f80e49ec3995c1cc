package io.cinnabar.value;

import io.cinnabar.arena.Bytes;

/**
 * Records with a stream ID, by the number of their owner and then by the ID.
 *
 * <pre>
 * 0     8 number of the owner
 * 8     8 milliseconds of the ID
 * 16    8 sequence number of it
 * 24  8*n values
 * </pre>
 */
final class IdRecords extends SortedRecords {
  private static final int ID = 8;
  private static final int VALUES = 24;

  /** Owners from here on, and later times, share keys. */
  private static final long MAX_KEY_OWNER = 0x7FFF;

  private static final long MAX_KEY_MS = (1L << 48) - 1;

  private final int values;
  private final int bytes;
  private final long[] newValues;
  private long owner;
  private long ms;
  private long seq;

  /** Those of {@code values} values each. */
  IdRecords(ValueBlock block, int tree, int values) {
    super(block, tree);
    this.values = values;
    bytes = VALUES + 8 * values;
    newValues = new long[values];
  }

  /** Says what is looked for. */
  IdRecords of(long owner, long ms, long seq) {
    this.owner = owner;
    this.ms = ms;
    this.seq = seq;
    return this;
  }

  /** Says a value of what is to be written. */
  IdRecords with(int index, long value) {
    newValues[index] = value;
    return this;
  }

  // The record under the cursor.

  long owner() {
    return Bytes.getLong(array(), offset());
  }

  StreamId id(StreamId into) {
    byte[] a = array();
    int at = offset() + ID;
    return into.set(Bytes.getLong(a, at), Bytes.getLong(a, at + 8));
  }

  long value(int index) {
    return Bytes.getLong(array(), offset() + VALUES + 8 * index);
  }

  /** Changes a value; {@link #makeWritable} comes before. */
  void putValue(int index, long value) {
    Bytes.putLong(array(), offset() + VALUES + 8 * index, value);
  }

  // What a record is.

  @Override
  int recordBytes(byte[] a, int at) {
    return bytes;
  }

  @Override
  int countBetween(byte[] a, int from, int end) {
    return (end - from) / bytes;
  }

  @Override
  int search(byte[] a, int from, int end) {
    int low = 0;
    int high = (end - from) / bytes;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (compareTo(a, from + middle * bytes) > 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return from + low * bytes;
  }

  @Override
  long recordKey(byte[] a, int at) {
    return keyOf(Bytes.getLong(a, at), Bytes.getLong(a, at + ID));
  }

  @Override
  public long key() {
    return keyOf(owner, ms);
  }

  /** Never decreases from one record to the next; most have one of their own. */
  private static long keyOf(long owner, long ms) {
    if (owner >= MAX_KEY_OWNER) {
      return Long.MAX_VALUE;
    }
    return owner << 48 | (Long.compareUnsigned(ms, MAX_KEY_MS) < 0 ? ms : MAX_KEY_MS);
  }

  @Override
  int compareTo(byte[] a, int at) {
    long other = Bytes.getLong(a, at);
    return owner != other
        ? Long.compare(owner, other)
        : StreamId.compare(ms, seq, Bytes.getLong(a, at + ID), Bytes.getLong(a, at + ID + 8));
  }

  @Override
  int newBytes() {
    return bytes;
  }

  @Override
  void write(byte[] a, int at) {
    Bytes.putLong(a, at, owner);
    Bytes.putLong(a, at + ID, ms);
    Bytes.putLong(a, at + ID + 8, seq);
    for (int i = 0; i < values; i++) {
      Bytes.putLong(a, at + VALUES + 8 * i, newValues[i]);
    }
  }
}
