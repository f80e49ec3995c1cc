package io.cinnabar.structure;

import io.cinnabar.arena.Arena;
import io.cinnabar.arena.ArenaFullException;
import io.cinnabar.arena.Bytes;

/**
 * The layout of the blocks of a {@link CountedTree}. Static functions; {@code base} is where a
 * block begins in {@code slab}.
 *
 * <pre>
 * inner node  0      4 stamp: the epoch the block was written in
 *             4      4 number of children
 *             8+16i  4 child: its reference
 *                    4 the elements below it
 *                    8 its key: no element below it has a lesser one, none before it a greater one
 * leaf        0      4 stamp
 *             4      4 length of what follows
 *             8        bytes in the format of the tree's owner
 * </pre>
 */
final class TreeNode {
  /** A full node takes a block of 1 KiB. */
  static final int MAX_CHILDREN = 63;

  static final int HEADER_BYTES = 8;

  /** Two nodes with so many children together become one. */
  private static final int JOIN_LIMIT = MAX_CHILDREN / 2;

  private static final int CHILD_BYTES = 16;

  /** Among so many children, two cache lines, a guess finds the right one nearly always. */
  private static final int GUESSED_CHILDREN = 8;

  private static final int CHILDREN_AT_FIRST = 7;

  private TreeNode() {}

  // Both.

  static int stamp(byte[] slab, int base) {
    return Bytes.getInt(slab, base);
  }

  static void stamp(byte[] slab, int base, int stamp) {
    Bytes.putInt(slab, base, stamp);
  }

  // Leaves.

  static int length(byte[] slab, int base) {
    return Bytes.getInt(slab, base + 4);
  }

  static void length(byte[] slab, int base, int length) {
    Bytes.putInt(slab, base + 4, length);
  }

  // Inner nodes.

  static int children(byte[] slab, int base) {
    return Bytes.getInt(slab, base + 4);
  }

  static void children(byte[] slab, int base, int children) {
    Bytes.putInt(slab, base + 4, children);
  }

  /** The bytes of a node with so many children and room for another few. */
  static int sizeBytes(int children) {
    int room = Math.max(CHILDREN_AT_FIRST, Math.min(MAX_CHILDREN, children + (children >> 1)));
    return HEADER_BYTES + room * CHILD_BYTES;
  }

  /** How many children a block of so many bytes has room for. */
  static int capacity(int blockBytes) {
    return Math.min(MAX_CHILDREN, (blockBytes - HEADER_BYTES) / CHILD_BYTES);
  }

  private static int at(int base, int slot) {
    return base + HEADER_BYTES + slot * CHILD_BYTES;
  }

  static int child(byte[] slab, int base, int slot) {
    return Bytes.getInt(slab, at(base, slot));
  }

  static void child(byte[] slab, int base, int slot, int reference) {
    Bytes.putInt(slab, at(base, slot), reference);
  }

  static long count(byte[] slab, int base, int slot) {
    return Bytes.getInt(slab, at(base, slot) + 4) & 0xFFFFFFFFL;
  }

  static void count(byte[] slab, int base, int slot, long count) {
    Bytes.putInt(slab, at(base, slot) + 4, (int) count);
  }

  static long key(byte[] slab, int base, int slot) {
    return Bytes.getLong(slab, at(base, slot) + 8);
  }

  /** The key of the child behind a slot, or {@code otherwise} where there is none. */
  static long keyBehind(byte[] slab, int base, int slot, long otherwise) {
    return slot + 1 < children(slab, base) ? key(slab, base, slot + 1) : otherwise;
  }

  static void key(byte[] slab, int base, int slot, long key) {
    Bytes.putLong(slab, at(base, slot) + 8, key);
  }

  /** The last child whose key is not above this one, or the first. */
  static int lastNotAbove(byte[] slab, int base, long key) {
    return lastNotAbove(slab, base, 0, children(slab, base), key);
  }

  private static int lastNotAbove(byte[] slab, int base, int from, int count, long key) {
    int low = from;
    // No branch depends on a comparison: it would be guessed wrong every other time.
    for (int left = count; left > 1; ) {
      int half = left >>> 1;
      low = key(slab, base, low + half) <= key ? low + half : low;
      left -= half;
    }
    return low;
  }

  /**
   * The same where the keys from {@code lower} to {@code upper}, between which all of the node's
   * are, are spread evenly: looks at one or two cache lines instead of five. The result is right
   * wherever they are.
   */
  static int lastNotAbove(byte[] slab, int base, long key, long lower, long upper) {
    int children = children(slab, base);
    int from = EvenKeys.guess(key, lower, upper, children) - GUESSED_CHILDREN / 2;
    from = Math.max(Math.min(from, children - GUESSED_CHILDREN), 0);
    int to = Math.min(from + GUESSED_CHILDREN, children);
    boolean isBefore = from > 0 && key(slab, base, from) > key;
    if (isBefore || (to < children && key(slab, base, to) <= key)) {
      return lastNotAbove(slab, base, key);
    }
    return lastNotAbove(slab, base, from, to - from, key);
  }

  static void put(byte[] slab, int base, int slot, int reference, long count, long key) {
    child(slab, base, slot, reference);
    count(slab, base, slot, count);
    key(slab, base, slot, key);
  }

  /** Copies children from one node to another, or within one. */
  static void copy(byte[] from, int fromBase, int slot, byte[] to, int toBase, int toSlot, int n) {
    System.arraycopy(from, at(fromBase, slot), to, at(toBase, toSlot), n * CHILD_BYTES);
  }

  /** Makes a gap before {@code slot}; the block has room. */
  static void open(byte[] slab, int base, int slot) {
    int children = children(slab, base);
    copy(slab, base, slot, slab, base, slot + 1, children - slot);
    children(slab, base, children + 1);
  }

  /** Closes the gap of a child that goes. */
  static void close(byte[] slab, int base, int slot) {
    int children = children(slab, base) - 1;
    copy(slab, base, slot + 1, slab, base, slot, children - slot);
    children(slab, base, children);
  }

  /** The elements below all children. */
  static long total(byte[] slab, int base) {
    long total = 0;
    for (int slot = children(slab, base) - 1; slot >= 0; slot--) {
      total += count(slab, base, slot);
    }
    return total;
  }

  /** Takes a block for a node with so many children, which are undefined. */
  static int allocate(Arena arena, int children) {
    int reference = arena.allocate(sizeBytes(children));
    byte[] slab = arena.slab(reference);
    int base = Arena.offset(reference);
    stamp(slab, base, arena.epoch());
    children(slab, base, children);
    return reference;
  }

  /**
   * Makes one of two neighbours that have few children together, where no view sees them and there
   * is memory for it.
   *
   * @param slab of their parent, which is free to be written
   * @param left the slot of the first of them
   */
  static void join(Arena arena, byte[] slab, int base, int left) {
    int leftNode = child(slab, base, left);
    int rightNode = child(slab, base, left + 1);
    byte[] leftSlab = arena.slab(leftNode);
    byte[] rightSlab = arena.slab(rightNode);
    int leftBase = Arena.offset(leftNode);
    int rightBase = Arena.offset(rightNode);
    int leftChildren = children(leftSlab, leftBase);
    int rightChildren = children(rightSlab, rightBase);
    if (leftChildren + rightChildren > JOIN_LIMIT
        || isFrozen(arena, leftNode)
        || isFrozen(arena, rightNode)) {
      return;
    }
    int joined;
    try {
      joined = allocate(arena, leftChildren + rightChildren);
    } catch (ArenaFullException full) {
      return;
    }
    byte[] joinedSlab = arena.slab(joined);
    int joinedBase = Arena.offset(joined);
    copy(leftSlab, leftBase, 0, joinedSlab, joinedBase, 0, leftChildren);
    copy(rightSlab, rightBase, 0, joinedSlab, joinedBase, leftChildren, rightChildren);
    long count = count(slab, base, left) + count(slab, base, left + 1);
    close(slab, base, left + 1);
    child(slab, base, left, joined);
    count(slab, base, left, count);
    free(arena, leftNode);
    free(arena, rightNode);
  }

  /** Gives a block back, a node's or a leaf's. */
  static void free(Arena arena, int reference) {
    arena.free(reference, stamp(arena.slab(reference), Arena.offset(reference)));
  }

  static boolean isFrozen(Arena arena, int reference) {
    return arena.isFrozen(stamp(arena.slab(reference), Arena.offset(reference)));
  }

  /** A copy of a block as it is, in a block of {@code sizeBytes}, with the stamp of today. */
  static int copyOf(Arena arena, int reference, int usedBytes, int sizeBytes) {
    int copy = arena.allocate(sizeBytes);
    byte[] slab = arena.slab(copy);
    int base = Arena.offset(copy);
    System.arraycopy(arena.slab(reference), Arena.offset(reference), slab, base, usedBytes);
    stamp(slab, base, arena.epoch());
    return copy;
  }

  /** The bytes in use of an inner node. */
  static int usedBytes(byte[] slab, int base) {
    return HEADER_BYTES + children(slab, base) * CHILD_BYTES;
  }
}
