package io.cinnabar.value;

import io.cinnabar.arena.ArenaFullException;
import io.cinnabar.structure.BlockSource;
import io.cinnabar.structure.CountedTree;
import io.cinnabar.structure.ListpackEntry;
import io.cinnabar.structure.Slice;

/**
 * Changes of a large list: a {@link CountedTree} whose leaves hold elements in their order, as many
 * as Redis has in a node of its quicklist. An element that is larger than that is alone in its
 * leaf. The tree's cursor is moved by everything here.
 *
 * <p>Each change either happens or throws {@link ArenaFullException} and leaves the same elements,
 * perhaps in other leaves.
 */
final class ListTree {
  private final BlockSource blocks;
  private final CountedTree tree;
  private final ListLeaf leaf;
  private final ListCompression compression;

  ListTree(BlockSource blocks, CountedTree tree, ListLeaf leaf) {
    this.blocks = blocks;
    this.tree = tree;
    this.leaf = leaf;
    compression = new ListCompression(tree, leaf);
  }

  // Adding.

  void push(Slice element, boolean atHead, Thresholds thresholds) {
    int maxBytes = ListLimits.leafBytes(thresholds.listMaxListpackSize);
    int maxCount = ListLimits.leafCount(thresholds.listMaxListpackSize);
    int added = ListpackEntry.encodedBytes(element);
    if (!(atHead ? tree.first() : tree.last())) {
      tree.create(leaf.create(element, added, atHead, maxBytes, maxCount), 1);
      return;
    }
    leaf.open();
    if (leaf.hasRoomAtEnd(atHead, added, maxBytes, maxCount)) {
      putIn(atHead ? 0 : leaf.used(), element, added, maxBytes);
    } else {
      putBeside(element, added, atHead, maxBytes, maxCount);
      compression.settleEnds(thresholds);
    }
  }

  /** Inserts an element into the leaf under the cursor, which has room. */
  private void putIn(int p, Slice element, int added, int maxBytes) {
    int at = leaf.splice(p, 0, added, maxBytes);
    ListpackEntry.writeEntry(leaf.array, at, element);
    tree.leafChanged(0, 1);
  }

  /** Puts an element into a leaf of its own, before or behind that under the cursor. */
  private void putBeside(Slice element, int added, boolean before, int maxBytes, int maxCount) {
    int made = leaf.create(element, added, before, maxBytes, maxCount);
    reserve(made);
    if (before) {
      tree.insertBefore(made, 0, 1);
    } else {
      tree.insertAfter(made, 0, 1);
    }
  }

  /** Makes room for a new leaf beside the one under the cursor, or gives it back. */
  private void reserve(int newLeaf) {
    try {
      tree.reserve(0);
    } catch (ArenaFullException full) {
      tree.discard(newLeaf);
      throw full;
    }
  }

  /** Inserts an element that has this index then. */
  void insert(long index, Slice element, Thresholds thresholds) {
    if (index == 0 || index == tree.count()) {
      push(element, index == 0, thresholds);
      return;
    }
    int size = thresholds.listMaxListpackSize;
    int maxBytes = ListLimits.leafBytes(size);
    int maxCount = ListLimits.leafCount(size);
    insertInside(index, element, ListpackEntry.encodedBytes(element), maxBytes, maxCount);
    compression.settle(index, thresholds);
  }

  private void insertInside(long index, Slice element, int added, int maxBytes, int maxCount) {
    int within = seek(index);
    if (leaf.hasRoom(added, 1, maxBytes, maxCount)) {
      putIn(leaf.position(within), element, added, maxBytes);
      return;
    }
    splitBefore(index);
    seek(index);
    if (leaf.hasRoom(added, 1, maxBytes, maxCount)) {
      putIn(0, element, added, maxBytes);
      return;
    }
    seek(index - 1);
    if (leaf.hasRoom(added, 1, maxBytes, maxCount)) {
      putIn(leaf.used(), element, added, maxBytes);
    } else {
      putBeside(element, added, false, maxBytes, maxCount);
    }
  }

  /** Puts another element in the place of one. */
  void set(long index, Slice element, Thresholds thresholds) {
    int maxBytes = ListLimits.leafBytes(thresholds.listMaxListpackSize);
    int added = ListpackEntry.encodedBytes(element);
    int p = leaf.position(seek(index));
    int removed = ListpackEntry.entryBytes(leaf.array, leaf.begin + p);
    if (tree.leafCount() > 1 && leaf.used() - removed + added > maxBytes) {
      splitBefore(index + 1);
      splitBefore(index);
      p = leaf.position(seek(index));
    }
    int at = leaf.splice(p, removed, added, maxBytes);
    ListpackEntry.writeEntry(leaf.array, at, element);
    leaf.tighten();
    if (removed - added > maxBytes / 4) {
      // It may have been in a leaf of its own because it was large.
      mergeAround(index, thresholds);
    }
    compression.settle(index, thresholds);
  }

  // Removing.

  /** Removes so many elements from the head and so many from the tail, together at most all. */
  void trim(long fromHead, long fromTail, Thresholds thresholds) {
    if (hasView() || thresholds.listCompressDepth > 0) {
      own(fromHead, true);
      own(fromTail, false);
    }
    boolean dropped = drop(fromHead, true);
    if (drop(fromTail, false) || dropped) {
      compression.settleEnds(thresholds);
    }
  }

  /** Removes the first element or the last, over whose leaf the cursor is; it is loaded. */
  void dropEnd(boolean atHead, Thresholds thresholds) {
    if (tree.leafCount() == 1 || !leaf.isPlain()) {
      trim(atHead ? 1 : 0, atHead ? 0 : 1, thresholds);
    } else {
      leaf.dropEnd(atHead);
      tree.leafChanged(0, -1);
    }
  }

  /** Whether it has removed a leaf. */
  private boolean drop(long count, boolean atHead) {
    boolean dropped = false;
    long left = count;
    while (left > 0 && (atHead ? tree.first() : tree.last())) {
      int inLeaf = tree.leafCount();
      if (inLeaf <= left) {
        tree.removeLeaf();
        left -= inLeaf;
        dropped = true;
      } else {
        leaf.open();
        int removed = (int) left;
        int p = leaf.position(atHead ? removed : inLeaf - removed);
        leaf.splice(atHead ? 0 : p, atHead ? p : leaf.used() - p, 0, 0);
        tree.leafChanged(0, -removed);
        left = 0;
      }
    }
    return dropped;
  }

  /** Makes what {@link #drop} changes free to be written, so that trimming is all or nothing. */
  private void own(long count, boolean atHead) {
    long left = count;
    boolean more = atHead ? tree.first() : tree.last();
    while (left > 0 && more) {
      int inLeaf = tree.leafCount();
      if (inLeaf <= left) {
        tree.ownPath();
      } else {
        own();
      }
      left -= inLeaf;
      more = atHead ? tree.next() : tree.previous();
    }
  }

  /**
   * Removes elements that are this string.
   *
   * @param most how many at most
   * @param backward whether the last ones go first
   * @return how many went
   */
  long remove(Slice element, long most, boolean backward, Thresholds thresholds) {
    if (hasView() || thresholds.listCompressDepth > 0) {
      ownMatching(element);
    }
    long removed = 0;
    boolean more = backward ? tree.last() : tree.first();
    while (more && removed < most) {
      leaf.load();
      int matches = leaf.matches(element);
      if (matches == 0) {
        more = backward ? tree.previous() : tree.next();
        continue;
      }
      int deleted = (int) Math.min(matches, most - removed);
      long before = tree.before();
      int kept = tree.leafCount() - deleted;
      if (kept == 0) {
        tree.removeLeaf();
      } else {
        leaf.open();
        leaf.deleteMatches(element, backward ? matches - deleted : 0, deleted);
        tree.leafChanged(0, -deleted);
        leaf.tighten();
      }
      removed += deleted;
      more = tree.seekIndex(backward ? before - 1 : before + kept);
    }
    if (removed > 0) {
      compression.settleAll(thresholds);
    }
    return removed;
  }

  private void ownMatching(Slice element) {
    for (boolean more = tree.first(); more; more = tree.next()) {
      leaf.load();
      if (leaf.matches(element) > 0) {
        own();
      }
    }
  }

  /** Makes the leaf under the cursor free to be written. */
  private void own() {
    leaf.open();
    tree.leaf().resize(tree.leaf().length());
  }

  private boolean hasView() {
    return blocks.arena().hasViews();
  }

  // Leaves.

  /** Moves over the leaf of an element, to change it; the element's index in it. */
  private int seek(long index) {
    tree.seekIndex(index);
    leaf.open();
    return (int) (index - tree.before());
  }

  /** Makes an element the first of its leaf. */
  private void splitBefore(long index) {
    if (index >= tree.count()) {
      return;
    }
    int kept = seek(index);
    if (kept == 0) {
      return;
    }
    int moved = tree.leafCount() - kept;
    int p = leaf.position(kept);
    int made = leaf.create(leaf.array, leaf.begin + p, leaf.end);
    reserve(made);
    leaf.load();
    leaf.splice(p, leaf.used() - p, 0, 0);
    leaf.tighten();
    tree.leafChanged(0, -moved);
    tree.insertAfter(made, 0, moved);
  }

  /** Makes the leaf of an element one with its neighbours where there is little in them. */
  private void mergeAround(long index, Thresholds thresholds) {
    merge(index, thresholds);
    tree.seekIndex(index);
    merge(tree.before() - 1, thresholds);
  }

  /** Makes the leaf of an element and the one behind it one, where there is little in them. */
  private void merge(long index, Thresholds thresholds) {
    int maxBytes = ListLimits.leafBytes(thresholds.listMaxListpackSize);
    int maxCount = ListLimits.leafCount(thresholds.listMaxListpackSize);
    if (!tree.seekIndex(index)) {
      return;
    }
    leaf.load();
    int used = leaf.used();
    long count = tree.leafCount();
    if (used > maxBytes / 2 || count > maxCount / 2 || !tree.next()) {
      return;
    }
    leaf.load();
    if (used + (long) leaf.used() > maxBytes / 2 || count + tree.leafCount() > maxCount / 2) {
      return;
    }
    try {
      // What may need memory comes before what may not fail.
      own();
      leaf.load();
      byte[] source = leaf.array;
      int from = leaf.begin;
      int moved = leaf.used();
      int movedCount = tree.leafCount();
      tree.previous();
      leaf.open();
      int at = leaf.splice(leaf.used(), 0, moved, maxBytes);
      System.arraycopy(source, from, leaf.array, at, moved);
      tree.leafChanged(0, movedCount);
      tree.next();
      tree.removeLeaf();
    } catch (ArenaFullException full) {
      // Two small leaves do as well.
      return;
    }
  }

  // The whole.

  /** Checks the invariants of the tree and of its leaves. */
  void validate(Thresholds thresholds) {
    int maxBytes = ListLimits.leafBytes(thresholds.listMaxListpackSize);
    tree.validate((array, offset, length, count, key) -> {});
    for (boolean more = tree.first(); more; more = tree.next()) {
      leaf.validate(maxBytes);
    }
    compression.validate(thresholds);
  }
}
