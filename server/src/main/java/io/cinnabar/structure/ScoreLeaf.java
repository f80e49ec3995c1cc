package io.cinnabar.structure;

import io.cinnabar.arena.Bytes;
import java.util.Arrays;

/**
 * A leaf of a {@link ScoreTree}: elements in the order of their scores, and among those of the same
 * score in that of their members' bytes. The scores stand together, so that a search looks at few
 * cache lines.
 *
 * <pre>
 * leaf    0   2 n, the number of elements
 *         2  8n scores, as numbers of the same order: the bits of the double, and where it is
 *               negative all but the sign inverted
 *         .. 2n where each member begins, counted from the first
 *         ..    the members
 * member  0   1 its length; 255: in the four bytes that follow
 *         ..    its bytes
 * </pre>
 *
 * <p>-0 and 0 are the same in the order, though their numbers, -1 and 0, are not: a search for
 * either begins at the first -1 or 0.
 *
 * <p>Static functions; {@code leaf} is where a leaf begins in the array {@code a}, {@code count}
 * the number of its elements.
 */
final class ScoreLeaf {
  /** The format, for those who split and join leaves. */
  static final LeafFormat FORMAT = new Format();

  private static final int SCORE_BYTES = 8;

  /** Score and offset. */
  private static final int FIXED_BYTES = 10;

  private static final int SCORES = 2;
  private static final int LONG_MEMBER = 255;

  /** A one in each of four offsets. */
  private static final long FOUR_ONES = 0x0001_0001_0001_0001L;

  private ScoreLeaf() {}

  /** The place of a score in the order, as a signed number; both zeros are the same. */
  static long key(double score) {
    return ordered(score + 0.0);
  }

  /** The first number of those with a key. */
  private static long lowest(long key) {
    return key == 0 ? -1 : key;
  }

  private static long ordered(double score) {
    return flipped(Double.doubleToRawLongBits(score));
  }

  /** To the order of signed numbers, and back. */
  private static long flipped(long bits) {
    return bits ^ ((bits >> 63) & Long.MAX_VALUE);
  }

  // Reading.

  static int count(byte[] a, int leaf) {
    return Bytes.getUnsignedShort(a, leaf);
  }

  private static int scoreAt(int leaf, int index) {
    return leaf + SCORES + SCORE_BYTES * index;
  }

  private static int offsetAt(int leaf, int count, int index) {
    return scoreAt(leaf, count) + 2 * index;
  }

  private static int members(int leaf, int count) {
    return leaf + SCORES + FIXED_BYTES * count;
  }

  private static int begin(byte[] a, int leaf, int count, int index) {
    return Bytes.getUnsignedShort(a, offsetAt(leaf, count, index));
  }

  static double score(byte[] a, int leaf, int index) {
    return Double.longBitsToDouble(flipped(Bytes.getLong(a, scoreAt(leaf, index))));
  }

  static void score(byte[] a, int leaf, int index, double score) {
    Bytes.putLong(a, scoreAt(leaf, index), ordered(score));
  }

  private static boolean hasKey(byte[] a, int leaf, int index, long key) {
    long number = Bytes.getLong(a, scoreAt(leaf, index));
    return number == key || (number == -1 && key == 0);
  }

  static void member(byte[] a, int leaf, int count, int index, Slice into) {
    int at = members(leaf, count) + begin(a, leaf, count, index);
    int length = a[at] & 0xFF;
    if (length < LONG_MEMBER) {
      into.set(a, at + 1, length);
    } else {
      into.set(a, at + 5, Bytes.getInt(a, at + 1));
    }
  }

  /** What an element takes. */
  static int addedBytes(Slice member) {
    return FIXED_BYTES + memberBytes(member);
  }

  private static int memberBytes(Slice member) {
    return Math.addExact(member.length, member.length < LONG_MEMBER ? 1 : 5);
  }

  /**
   * Compares an element in a leaf with another.
   *
   * @param edge -1 for one before all members of that score, 1 for one behind them, 0 for {@code
   *     member} itself
   * @return negative when the one in the leaf comes first
   */
  static int compare(
      byte[] a, int leaf, int count, int index, double score, Slice member, int edge) {
    double own = score(a, leaf, index);
    if (own != score) {
      return own < score ? -1 : 1;
    }
    return edge != 0 ? -edge : compareMember(a, leaf, count, index, member);
  }

  private static int compareMember(byte[] a, int leaf, int count, int index, Slice member) {
    int at = members(leaf, count) + begin(a, leaf, count, index);
    int length = a[at] & 0xFF;
    int from = at + 1;
    if (length == LONG_MEMBER) {
      from = at + 5;
      length = Bytes.getInt(a, at + 1);
    }
    return Arrays.compareUnsigned(
        a, from, from + length, member.array, member.offset, member.end());
  }

  /**
   * The first element that does not come before the one of {@link #compare}.
   *
   * @param guess where it is about
   */
  static int lowerBound(
      byte[] a, int leaf, int count, long key, Slice member, int edge, int guess) {
    if (edge > 0) {
      return firstFrom(a, leaf, count, key + 1, guess);
    }
    int low = firstFrom(a, leaf, count, lowest(key), guess);
    if (edge < 0 || low == count || !hasKey(a, leaf, low, key)) {
      return low;
    }
    int high = low + 1;
    if (high < count && hasKey(a, leaf, high, key)) {
      high = firstFrom(a, leaf, count, key + 1, high);
    }
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (compareMember(a, leaf, count, middle, member) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static int firstFrom(byte[] a, int leaf, int count, long number, int guess) {
    return EvenKeys.lowerBound(a, leaf + SCORES, SCORE_BYTES, count, number, guess);
  }

  // Changing.

  /** Bytes of a leaf of so many elements without their members. */
  static int emptyBytes(int count) {
    return members(0, count);
  }

  /** Bytes of a leaf with this element alone. */
  static int singleBytes(Slice member) {
    return SCORES + addedBytes(member);
  }

  /** Writes such a leaf. */
  static void writeSingle(byte[] a, int leaf, double score, Slice member) {
    Bytes.putShort(a, leaf, 1);
    score(a, leaf, 0, score);
    Bytes.putShort(a, offsetAt(leaf, 1, 0), 0);
    writeMember(a, members(leaf, 1), member);
  }

  private static void writeMember(byte[] a, int at, Slice member) {
    int start = at + 1;
    if (member.length < LONG_MEMBER) {
      a[at] = (byte) member.length;
    } else {
      a[at] = (byte) LONG_MEMBER;
      Bytes.putInt(a, start, member.length);
      start = at + 5;
    }
    System.arraycopy(member.array, member.offset, a, start, member.length);
  }

  static void insert(EditableBytes bytes, int index, double score, Slice member) {
    int length = bytes.length();
    int added = memberBytes(member);
    bytes.resize(length + FIXED_BYTES + added);
    byte[] a = bytes.array();
    int leaf = bytes.offset();
    int count = count(a, leaf);
    int more = count + 1;
    int members = members(leaf, count);
    int movedMembers = members(leaf, more);
    int end = leaf + length - members;
    int begin = index < count ? begin(a, leaf, count, index) : end;
    // From the end on, so that nothing is written over that is to be moved yet.
    System.arraycopy(a, members + begin, a, movedMembers + begin + added, end - begin);
    System.arraycopy(a, members, a, movedMembers, begin);
    int offset = offsetAt(leaf, more, index);
    int behind = count - index;
    System.arraycopy(a, offsetAt(leaf, count, index), a, offset + 2, 2 * behind);
    moveOffsets(a, offset + 2, behind, added);
    System.arraycopy(a, offsetAt(leaf, count, 0), a, offsetAt(leaf, more, 0), 2 * index);
    int at = scoreAt(leaf, index);
    System.arraycopy(a, at, a, at + SCORE_BYTES, SCORE_BYTES * behind);
    Bytes.putShort(a, leaf, more);
    score(a, leaf, index, score);
    Bytes.putShort(a, offset, begin);
    writeMember(a, movedMembers + begin, member);
  }

  /** Adds to offsets; none of them leaves its 16 bits. */
  private static void moveOffsets(byte[] a, int at, int offsets, int by) {
    int end = at + 2 * offsets;
    int i = at;
    for (; i + Long.BYTES <= end; i += Long.BYTES) {
      Bytes.putLong(a, i, Bytes.getLong(a, i) + by * FOUR_ONES);
    }
    for (; i < end; i += 2) {
      Bytes.putShort(a, i, Bytes.getShort(a, i) + by);
    }
  }

  /** The bytes of the members alone. */
  private static int spanBytes(byte[] a, int leaf, int length, int from, int to) {
    return end(a, leaf, length, to) - begin(a, leaf, count(a, leaf), from);
  }

  /** Where a member begins, or the last one ends, which is the end of the leaf. */
  private static int end(byte[] a, int leaf, int length, int to) {
    int count = count(a, leaf);
    return to < count ? begin(a, leaf, count, to) : leaf + length - members(leaf, count);
  }

  private static final class Format implements LeafFormat {

    @Override
    public long key(byte[] a, int leaf, int index) {
      return ScoreLeaf.key(score(a, leaf, index));
    }

    @Override
    public int count(byte[] a, int leaf, int length) {
      return ScoreLeaf.count(a, leaf);
    }

    @Override
    public int bytes(byte[] a, int leaf, int length, int from, int to) {
      return SCORES + FIXED_BYTES * (to - from) + spanBytes(a, leaf, length, from, to);
    }

    @Override
    public void copy(byte[] a, int leaf, int length, int from, int to, byte[] target, int other) {
      int count = ScoreLeaf.count(a, leaf);
      int copied = to - from;
      int begin = begin(a, leaf, count, from);
      Bytes.putShort(target, other, copied);
      System.arraycopy(a, scoreAt(leaf, from), target, scoreAt(other, 0), SCORE_BYTES * copied);
      int offsets = offsetAt(other, copied, 0);
      System.arraycopy(a, offsetAt(leaf, count, from), target, offsets, 2 * copied);
      moveOffsets(target, offsets, copied, -begin);
      System.arraycopy(
          a,
          members(leaf, count) + begin,
          target,
          members(other, copied),
          spanBytes(a, leaf, length, from, to));
    }

    @Override
    public void remove(EditableBytes bytes, int from, int to) {
      int length = bytes.length();
      bytes.resize(length);
      byte[] a = bytes.array();
      int leaf = bytes.offset();
      int count = ScoreLeaf.count(a, leaf);
      int begin = begin(a, leaf, count, from);
      int end = end(a, leaf, length, to);
      int removed = to - from;
      int kept = count - removed;
      int behind = count - to;
      int members = members(leaf, count);
      int movedMembers = members(leaf, kept);
      System.arraycopy(a, scoreAt(leaf, to), a, scoreAt(leaf, from), SCORE_BYTES * behind);
      System.arraycopy(a, offsetAt(leaf, count, 0), a, offsetAt(leaf, kept, 0), 2 * from);
      int offset = offsetAt(leaf, kept, from);
      System.arraycopy(a, offsetAt(leaf, count, to), a, offset, 2 * behind);
      moveOffsets(a, offset, behind, begin - end);
      System.arraycopy(a, members, a, movedMembers, begin);
      System.arraycopy(a, members + end, a, movedMembers + begin, leaf + length - members - end);
      Bytes.putShort(a, leaf, kept);
      bytes.resize(length - (end - begin) - FIXED_BYTES * removed);
    }

    @Override
    public void join(EditableBytes bytes, byte[] other, int otherLeaf, int otherLength) {
      int length = bytes.length();
      int added = ScoreLeaf.count(other, otherLeaf);
      int addedSpan = spanBytes(other, otherLeaf, otherLength, 0, added);
      bytes.resize(length + FIXED_BYTES * added + addedSpan);
      byte[] a = bytes.array();
      int leaf = bytes.offset();
      int count = ScoreLeaf.count(a, leaf);
      int joined = count + added;
      int members = members(leaf, count);
      int span = leaf + length - members;
      int movedMembers = members(leaf, joined);
      System.arraycopy(a, members, a, movedMembers, span);
      System.arraycopy(other, members(otherLeaf, added), a, movedMembers + span, addedSpan);
      int offsets = offsetAt(leaf, joined, 0);
      System.arraycopy(a, offsetAt(leaf, count, 0), a, offsets, 2 * count);
      int addedOffsets = offsets + 2 * count;
      System.arraycopy(other, offsetAt(otherLeaf, added, 0), a, addedOffsets, 2 * added);
      moveOffsets(a, addedOffsets, added, span);
      System.arraycopy(other, scoreAt(otherLeaf, 0), a, scoreAt(leaf, count), SCORE_BYTES * added);
      Bytes.putShort(a, leaf, joined);
    }
  }
}
