package io.cinnabar.value;

import io.cinnabar.arena.ArenaFullException;
import io.cinnabar.arena.Bytes;
import io.cinnabar.structure.CountedTree;
import io.cinnabar.structure.Listpack;
import io.cinnabar.structure.ListpackEntry;
import io.cinnabar.structure.ScratchRoot;
import io.cinnabar.structure.TreeBlocks;

/** Makes a tree of a list that is a listpack, and the other way round. */
final class ListConversion {
  private final ValueBlock block;
  private final PackedBytes packed;
  private final ScratchRoot root = new ScratchRoot(TreeRoots.TREE_BYTES);
  private final CountedTree made;
  private final ListLeaf leaf;

  ListConversion(ValueBlock block, PackedBytes packed) {
    this.block = block;
    this.packed = packed;
    made = new CountedTree(block);
    leaf = new ListLeaf(block, made);
  }

  /**
   * Makes the listpack a tree of the same elements.
   *
   * @throws ArenaFullException and has changed nothing
   */
  void toTree(int size) {
    made.attach(root.reset(), 0);
    int owned = packed.ownBlock();
    try {
      fill(size);
      block.reshape(Encoding.TREE, TreeRoots.TREE_BYTES, 0);
    } catch (ArenaFullException full) {
      made.clear();
      throw full;
    }
    System.arraycopy(root.array(), 0, block.slab(), block.valueOffset(), TreeRoots.TREE_BYTES);
    packed.freeOwnBlock(owned);
  }

  private void fill(int size) {
    byte[] a = packed.array();
    int start = packed.offset();
    int end = start + Listpack.end(a, start);
    int most = ListLimits.leafBytes(size);
    int first = Listpack.first(a, start);
    int from = first == Listpack.NONE ? end : start + first;
    while (from < end) {
      int to = from;
      int count = 0;
      do {
        to += ListpackEntry.entryBytes(a, to);
        count++;
      } while (to < end
          && count < ListLimits.leafCount(size)
          && to + ListpackEntry.entryBytes(a, to) - from <= most);
      add(a, from, to, count);
      from = to;
    }
  }

  private void add(byte[] a, int from, int to, int count) {
    boolean isFirst = !made.last();
    if (!isFirst) {
      made.reserve(0);
    }
    int added = leaf.create(a, from, to);
    if (isFirst) {
      made.create(added, count);
    } else {
      made.insertAfter(added, 0, count);
    }
  }

  /**
   * Makes a tree a listpack where it has become small; where there is no memory for that, later.
   */
  void toListpack(CountedTree tree, ListLeaf only, int size) {
    if (!tree.hasOneLeaf()) {
      return;
    }
    tree.first();
    long count = tree.count();
    only.load();
    int length = Listpack.EMPTY_BYTES + only.used();
    if (!ListLimits.isSmallAgain(size, length, count)) {
      return;
    }
    byte[] a = only.array;
    int from = only.begin;
    int to = only.end;
    int top = Bytes.getInt(block.slab(), block.valueOffset());
    try {
      packed.renewAs(Encoding.LISTPACK, length);
    } catch (ArenaFullException full) {
      return;
    }
    byte[] target = packed.array();
    int at = Listpack.frame(target, packed.offset(), to - from, (int) count);
    System.arraycopy(a, from, target, at, to - from);
    TreeBlocks.free(block.arena(), top, 0);
  }
}
