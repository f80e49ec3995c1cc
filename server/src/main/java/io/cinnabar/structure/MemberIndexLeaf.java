package io.cinnabar.structure;

import io.cinnabar.arena.Bytes;

/**
 * A leaf of a {@link MemberIndex}: entries in the order of their keys.
 *
 * <pre>
 * entry  0  8 key: the hash of a member, moved to the order of signed numbers
 *        8  8 the member's score
 * </pre>
 */
final class MemberIndexLeaf implements LeafFormat {
  static final int ENTRY_BYTES = 16;

  /** The format, for those who split and join leaves. */
  static final LeafFormat FORMAT = new MemberIndexLeaf();

  private MemberIndexLeaf() {}

  static long key(byte[] a, int at) {
    return Bytes.getLong(a, at);
  }

  static double score(byte[] a, int at) {
    return Bytes.getDouble(a, at + 8);
  }

  static void score(byte[] a, int at, double score) {
    Bytes.putDouble(a, at + 8, score);
  }

  static void write(byte[] a, int at, long key, double score) {
    Bytes.putLong(a, at, key);
    Bytes.putDouble(a, at + 8, score);
  }

  /** The first entry whose key is not less; see {@link EvenKeys}. */
  static int lowerBound(byte[] a, int leaf, int count, long key, int guess) {
    return EvenKeys.lowerBound(a, leaf, ENTRY_BYTES, count, key, guess);
  }

  /** Reads where an entry should be; see {@link TreeTouch}. */
  static int touch(byte[] a, int leaf, int length, long key, long lower, long upper) {
    return a[leaf + EvenKeys.guess(key, lower, upper, length / ENTRY_BYTES) * ENTRY_BYTES];
  }

  static void insert(EditableBytes bytes, int index, long key, double score) {
    int length = bytes.length();
    bytes.resize(length + ENTRY_BYTES);
    byte[] a = bytes.array();
    int at = bytes.offset() + index * ENTRY_BYTES;
    System.arraycopy(a, at, a, at + ENTRY_BYTES, length - index * ENTRY_BYTES);
    write(a, at, key, score);
  }

  @Override
  public long key(byte[] a, int leaf, int index) {
    return key(a, leaf + index * ENTRY_BYTES);
  }

  @Override
  public int count(byte[] a, int leaf, int length) {
    return length / ENTRY_BYTES;
  }

  @Override
  public int bytes(byte[] a, int leaf, int length, int from, int to) {
    return (to - from) * ENTRY_BYTES;
  }

  @Override
  public void copy(byte[] a, int leaf, int length, int from, int to, byte[] target, int other) {
    System.arraycopy(a, leaf + from * ENTRY_BYTES, target, other, (to - from) * ENTRY_BYTES);
  }

  @Override
  public void remove(EditableBytes bytes, int from, int to) {
    int length = bytes.length();
    bytes.resize(length);
    byte[] a = bytes.array();
    int leaf = bytes.offset();
    int end = to * ENTRY_BYTES;
    System.arraycopy(a, leaf + end, a, leaf + from * ENTRY_BYTES, length - end);
    bytes.resize(length - (to - from) * ENTRY_BYTES);
  }

  @Override
  public void join(EditableBytes bytes, byte[] other, int otherLeaf, int otherLength) {
    int length = bytes.length();
    bytes.resize(length + otherLength);
    System.arraycopy(other, otherLeaf, bytes.array(), bytes.offset() + length, otherLength);
  }
}
