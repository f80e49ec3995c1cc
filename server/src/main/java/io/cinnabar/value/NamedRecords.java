package io.cinnabar.value;

import io.cinnabar.arena.Bytes;
import io.cinnabar.structure.Slice;
import java.util.Arrays;

/**
 * Records with a name, by the number of their owner and then by the name's bytes.
 *
 * <pre>
 * 0     8 number of the owner
 * 8   8*n values
 *       4 length of the name
 *       . the name
 * </pre>
 */
final class NamedRecords extends SortedRecords {
  private static final Slice NO_NAME = new Slice();

  private final int values;
  private final long[] newValues;
  private long owner;
  private Slice name = NO_NAME;

  /** Those of {@code values} values each. */
  NamedRecords(ValueBlock block, int tree, int values) {
    super(block, tree);
    this.values = values;
    newValues = new long[values];
  }

  /** Says what is looked for. */
  NamedRecords of(long owner, Slice name) {
    this.owner = owner;
    this.name = name;
    return this;
  }

  /** Says that what is looked for is the first of an owner's. */
  NamedRecords firstOf(long owner) {
    return of(owner, NO_NAME);
  }

  /** Says a value of what is to be written. */
  NamedRecords with(int index, long value) {
    newValues[index] = value;
    return this;
  }

  // The record under the cursor.

  long owner() {
    return Bytes.getLong(array(), offset());
  }

  long value(int index) {
    return Bytes.getLong(array(), offset() + valueAt(index));
  }

  /** Changes a value; {@link #makeWritable} comes before. */
  void putValue(int index, long value) {
    Bytes.putLong(array(), offset() + valueAt(index), value);
  }

  /** Moves the slice over the name. */
  Slice name(Slice into) {
    byte[] a = array();
    int at = offset() + valueAt(values);
    return into.set(a, at + 4, Bytes.getInt(a, at));
  }

  // What a record is.

  private static int valueAt(int index) {
    return 8 + 8 * index;
  }

  @Override
  int recordBytes(byte[] a, int at) {
    int length = valueAt(values);
    return length + 4 + Bytes.getInt(a, at + length);
  }

  @Override
  long recordKey(byte[] a, int at) {
    return Bytes.getLong(a, at);
  }

  @Override
  public long key() {
    return owner;
  }

  @Override
  int compareTo(byte[] a, int at) {
    long other = Bytes.getLong(a, at);
    if (owner != other) {
      return Long.compare(owner, other);
    }
    int from = at + valueAt(values);
    int length = Bytes.getInt(a, from);
    return Arrays.compareUnsigned(
        name.array, name.offset, name.end(), a, from + 4, from + 4 + length);
  }

  @Override
  int newBytes() {
    return Math.addExact(valueAt(values) + 4, name.length);
  }

  @Override
  void write(byte[] a, int at) {
    Bytes.putLong(a, at, owner);
    for (int i = 0; i < values; i++) {
      Bytes.putLong(a, at + valueAt(i), newValues[i]);
    }
    int from = at + valueAt(values);
    Bytes.putInt(a, from, name.length);
    System.arraycopy(name.array, name.offset, a, from + 4, name.length);
  }
}
