package io.cinnabar.value;

import io.cinnabar.arena.ArenaFullException;
import io.cinnabar.structure.CountedTree;
import io.cinnabar.structure.EditableBytes;

/**
 * Records in ascending order in one of a stream's trees, and a cursor over them. What a record is,
 * subclasses say; they hold what is looked for, and what is to be written.
 *
 * <p>The cursor stays where it is while other trees of the stream change.
 */
abstract class SortedRecords implements CountedTree.Order {
  /** A leaf of more bytes is split. */
  private static final int MAX_LEAF_BYTES = 2040;

  private final ValueBlock block;
  private final int tree;
  private final TreeRoots roots;
  private final CountedTree records;

  /** Where the present record begins in its leaf. */
  private int at;

  SortedRecords(ValueBlock block, int tree) {
    this.block = block;
    this.tree = tree;
    roots = new TreeRoots(block);
    records = new CountedTree(block);
  }

  // What a record is.

  /** How long the record at {@code at} is. */
  abstract int recordBytes(byte[] a, int at);

  /** The key of the record at {@code at}, see {@link CountedTree}. */
  abstract long recordKey(byte[] a, int at);

  /** Negative, 0 or positive as what is looked for comes before, is, or comes behind the record. */
  abstract int compareTo(byte[] a, int at);

  /** How long what is to be written is. */
  abstract int newBytes();

  /** Writes what is to be written. */
  abstract void write(byte[] a, int at);

  /**
   * The first record from {@code from} on that isn't less than what is looked for, or {@code end}.
   */
  int search(byte[] a, int from, int end) {
    int found = from;
    while (found < end && compareTo(a, found) > 0) {
      found += recordBytes(a, found);
    }
    return found;
  }

  /** How many records there are between two places. */
  int countBetween(byte[] a, int from, int end) {
    int count = 0;
    for (int i = from; i < end; i += recordBytes(a, i)) {
      count++;
    }
    return count;
  }

  @Override
  public final int compareToFirst(byte[] array, int offset, int length) {
    return compareTo(array, offset);
  }

  // The record under the cursor.

  final byte[] array() {
    return records.leaf().array();
  }

  /** Where the record begins in {@link #array}. */
  final int offset() {
    return records.leaf().offset() + at;
  }

  /** Makes the record free to be written. */
  final void makeWritable() {
    EditableBytes leaf = records.leaf();
    leaf.resize(leaf.length());
  }

  // Moving.

  private CountedTree attached() {
    return records.attach(roots, TreeRoots.rootAt(tree));
  }

  final long count() {
    return attached().count();
  }

  /** Moves to the record that is looked for; false when it is not there. */
  final boolean find() {
    return place() && compareTo(array(), offset()) == 0;
  }

  /** Moves to the first record that isn't less; false when there is none. */
  final boolean seek() {
    return place() || nextLeaf();
  }

  /** Moves to the last record that is less; false when there is none. */
  final boolean seekLess() {
    long rank = rank();
    if (rank == 0 || !records.seekIndex(rank - 1)) {
      return false;
    }
    EditableBytes leaf = records.leaf();
    int from = leaf.offset();
    at = 0;
    for (long left = rank - 1 - records.before(); left > 0; left--) {
      at += recordBytes(leaf.array(), from + at);
    }
    return true;
  }

  /** Moves to the first record of all; false when there is none. */
  final boolean first() {
    at = 0;
    return attached().first();
  }

  /** Moves to the next record; false when there is none. */
  final boolean next() {
    at += recordBytes(array(), offset());
    return at < records.leaf().length() || nextLeaf();
  }

  private boolean nextLeaf() {
    if (records.isEmpty() || !records.next()) {
      return false;
    }
    at = 0;
    return true;
  }

  /** How many records are less than what is looked for. */
  final long rank() {
    place();
    if (records.isEmpty()) {
      return 0;
    }
    int from = records.leaf().offset();
    return records.before() + countBetween(array(), from, from + at);
  }

  /** Moves to where what is looked for is or would be; whether there is a record in that leaf. */
  private boolean place() {
    at = 0;
    if (!attached().seek(this)) {
      return false;
    }
    EditableBytes leaf = records.leaf();
    int from = leaf.offset();
    int length = leaf.length();
    at = search(leaf.array(), from, from + length) - from;
    return at < length;
  }

  // Changing.

  /**
   * Adds what is to be written, which is not there and is what is looked for, and moves to it.
   *
   * @throws ArenaFullException and has changed nothing
   */
  final void insert() {
    int bytes = newBytes();
    place();
    if (records.isEmpty()) {
      int made = newLeaf(bytes);
      try {
        records.create(made, 1);
      } catch (ArenaFullException full) {
        records.discard(made);
        throw full;
      }
      return;
    }
    EditableBytes leaf = records.leaf();
    int length = leaf.length();
    if (length + (long) bytes > MAX_LEAF_BYTES) {
      if (at == length) {
        insertLeaf(bytes);
        return;
      }
      if (records.leafCount() > 1) {
        split();
        place();
        length = leaf.length();
      }
    }
    leaf.resize(Math.addExact(length, bytes));
    byte[] a = leaf.array();
    int from = leaf.offset();
    System.arraycopy(a, from + at, a, from + at + bytes, length - at);
    write(a, from + at);
    records.leafChanged(recordKey(a, from), 1);
  }

  private int newLeaf(int bytes) {
    int made = records.newLeaf(bytes);
    write(block.slabOf(made), CountedTree.leafOffset(made));
    return made;
  }

  private long firstKey() {
    return recordKey(array(), records.leaf().offset());
  }

  /** Puts the new record into a leaf of its own behind the present one. */
  private void insertLeaf(int bytes) {
    int made = newLeaf(bytes);
    reserve(made);
    records.insertAfter(made, recordKey(block.slabOf(made), CountedTree.leafOffset(made)), 1);
    records.next();
    at = 0;
  }

  private void reserve(int made) {
    try {
      records.reserve(firstKey());
    } catch (ArenaFullException full) {
      records.discard(made);
      throw full;
    }
  }

  private void split() {
    EditableBytes leaf = records.leaf();
    int length = leaf.length();
    int from = leaf.offset();
    byte[] a = leaf.array();
    int half = from + recordBytes(a, from);
    while (half - from < length / 2 && half + recordBytes(a, half) < from + length) {
      half += recordBytes(a, half);
    }
    int left = half - from;
    int moved = countBetween(a, half, from + length);
    int made = records.newLeaf(length - left);
    byte[] to = block.slabOf(made);
    System.arraycopy(a, half, to, CountedTree.leafOffset(made), length - left);
    reserve(made);
    records.insertAfter(made, recordKey(to, CountedTree.leafOffset(made)), moved);
    leaf.resize(left);
    records.leafChanged(firstKey(), -moved);
  }

  /**
   * Removes the record under the cursor, which is over none then.
   *
   * @throws ArenaFullException and has changed nothing; not when the record is writable
   */
  final void remove() {
    if (records.leafCount() == 1) {
      records.removeLeaf();
      return;
    }
    makeWritable();
    EditableBytes leaf = records.leaf();
    byte[] a = leaf.array();
    int from = leaf.offset();
    int length = leaf.length();
    int bytes = recordBytes(a, from + at);
    System.arraycopy(a, from + at + bytes, a, from + at, length - at - bytes);
    leaf.resize(length - bytes);
    records.leafChanged(firstKey(), -1);
  }

  /** Checks the tree, and that the records ascend; for tests. */
  final void validate() {
    attached().validate((a, offset, length, count, key) -> validate(a, offset, length, count));
  }

  private void validate(byte[] a, int offset, int length, int count) {
    if (countBetween(a, offset, offset + length) != count) {
      throw new IllegalStateException("a leaf of " + count + " records has others");
    }
  }
}
