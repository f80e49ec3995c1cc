package io.cinnabar.structure;

import io.cinnabar.arena.ArenaFullException;

/**
 * Keeps the leaves of a {@link CountedTree} at a size of some hundred bytes up to two KiB: splits
 * the one under the tree's cursor, and makes it one with a neighbour.
 */
final class LeafBalance {
  /** The most bytes of a leaf of several elements: a block of 2 KiB with the tree's header. */
  static final int MAX_BYTES = 2048 - TreeNode.HEADER_BYTES;

  private static final int MIN_BYTES = MAX_BYTES / 4;

  /** Two leaves are made one up to this size, so that it is not split again at once. */
  private static final int JOINED_BYTES = MAX_BYTES - MIN_BYTES;

  private final BlockSource blocks;
  private final CountedTree tree;
  private final LeafFormat format;

  LeafBalance(BlockSource blocks, CountedTree tree, LeafFormat format) {
    this.blocks = blocks;
    this.tree = tree;
    this.format = format;
  }

  /** The array of a block of the tree's. */
  byte[] slabOf(int reference) {
    return blocks.slabOf(reference);
  }

  /**
   * Gives the elements from {@code at} on a leaf of their own, behind the one under the cursor,
   * which stays.
   *
   * @throws ArenaFullException and the tree has the same elements
   */
  void split(int at) {
    EditableBytes leaf = tree.leaf();
    byte[] a = leaf.array();
    int start = leaf.offset();
    int length = leaf.length();
    int count = format.count(a, start, length);
    long firstKey = format.key(a, start, 0);
    long madeKey = format.key(a, start, at);
    int made = tree.newLeaf(format.bytes(a, start, length, at, count));
    format.copy(a, start, length, at, count, slabOf(made), CountedTree.leafOffset(made));
    reserve(firstKey, made);
    tree.insertAfter(made, madeKey, count - at);
    format.remove(leaf, at, count);
    tree.leafChanged(firstKey, at - count);
  }

  /** Makes a leaf the first of an empty tree, or gives it back. */
  void create(int made) {
    try {
      tree.create(made, 1);
    } catch (ArenaFullException full) {
      tree.discard(made);
      throw full;
    }
  }

  /** Reserves the leaf under the cursor, or gives back the one made for its neighbour. */
  void reserve(long firstKey, int made) {
    try {
      tree.reserve(firstKey);
    } catch (ArenaFullException full) {
      tree.discard(made);
      throw full;
    }
  }

  /** Makes a small leaf one with a neighbour that has room; the cursor is over no leaf then. */
  void joinSmall() {
    if (tree.leaf().length() >= MIN_BYTES) {
      return;
    }
    if (!joinNext() && tree.previous()) {
      joinNext();
    }
  }

  private boolean joinNext() {
    EditableBytes leaf = tree.leaf();
    int length = leaf.length();
    if (!tree.next()) {
      return false;
    }
    int nextLength = leaf.length();
    if (length + nextLength > JOINED_BYTES) {
      tree.previous();
      return false;
    }
    try {
      // Free to be written before anything is changed: then removing it needs no memory.
      leaf.resize(nextLength);
      byte[] next = leaf.array();
      int nextStart = leaf.offset();
      int nextCount = tree.leafCount();
      tree.previous();
      format.join(leaf, next, nextStart, nextLength);
      tree.leafChanged(format.key(leaf.array(), leaf.offset(), 0), nextCount);
      tree.next();
      tree.removeLeaf();
    } catch (ArenaFullException full) {
      // It is only less dense than it could be.
      return true;
    }
    return true;
  }
}
