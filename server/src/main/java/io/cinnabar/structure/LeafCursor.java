package io.cinnabar.structure;

/**
 * A cursor over the elements of a {@link CountedTree} whose leaves {@link LeafBalance} keeps: over
 * an element, or over the place where one would be.
 */
abstract class LeafCursor {
  private static final byte[] NONE = {};

  final CountedTree tree;
  final LeafBalance balance;
  private final LeafFormat format;

  // The leaf under the cursor, and the element in it, or its count.
  byte[] array = NONE;
  int leaf;
  int count;
  int index;

  LeafCursor(BlockSource blocks, LeafFormat format, boolean hasEvenKeys) {
    this.format = format;
    tree = new CountedTree(blocks, hasEvenKeys);
    balance = new LeafBalance(blocks, tree, format);
  }

  /** Moves over a tree; see {@link CountedTree#attach}. */
  public final void attach(EditableBytes root, int at) {
    tree.attach(root, at);
  }

  /** The number of elements. */
  public final long count() {
    return tree.count();
  }

  /** What it takes in the arena. */
  public final long sizeBytes() {
    return tree.sizeBytes();
  }

  /** Frees all elements. */
  public final void clear() {
    tree.clear();
  }

  /** Notes where the leaf under the tree's cursor is. */
  final void load() {
    EditableBytes bytes = tree.leaf();
    array = bytes.array();
    leaf = bytes.offset();
    count = format.count(array, leaf, bytes.length());
  }

  /** Moves over the first element of the leaf behind; false, and it stays, when there is none. */
  public final boolean nextLeaf() {
    if (!tree.next()) {
      return false;
    }
    load();
    index = 0;
    return true;
  }

  /**
   * Makes the leaf under the cursor free to be written, so that what makes it no longer needs no
   * memory.
   */
  public final void own() {
    EditableBytes bytes = tree.leaf();
    bytes.resize(bytes.length());
    load();
  }

  /** Removes the element under the cursor and those behind it in its leaf; it is over none then. */
  final void removeRun(int elements) {
    if (elements == count) {
      tree.removeLeaf();
    } else {
      format.remove(tree.leaf(), index, index + elements);
      load();
      tree.leafChanged(format.key(array, leaf, 0), -elements);
      balance.joinSmall();
    }
    count = 0;
  }

  /** Splits the leaf under the cursor before an element; the cursor keeps its place. */
  final void split(int at) {
    int sought = index;
    balance.split(at);
    if (sought > at) {
      tree.next();
      sought -= at;
    }
    load();
    index = sought;
  }

  /** Lets go of the arrays it lay in. */
  public final void release() {
    array = NONE;
    count = 0;
  }
}
