package io.cinnabar.structure;

import io.cinnabar.arena.Arena;

/** Checks the invariants of a {@link CountedTree}. */
final class TreeValidation {
  private final BlockSource blocks;
  private final CountedTree.LeafCheck leafCheck;
  private long lastKey = Long.MIN_VALUE;

  TreeValidation(BlockSource blocks, CountedTree.LeafCheck leafCheck) {
    this.blocks = blocks;
    this.leafCheck = leafCheck;
  }

  void check(int top, int height, long count) {
    if (top == 0) {
      require(height == 0 && count == 0, "an empty tree of some height or count");
      return;
    }
    require(count > 0, "a tree without elements");
    check(top, height, count, 0);
  }

  private void check(int node, int height, long count, long key) {
    require(count > 0, "nothing below a child");
    byte[] slab = blocks.slabOf(node);
    int base = Arena.offset(node);
    if (height == 0) {
      leafCheck.check(
          slab, base + TreeNode.HEADER_BYTES, TreeNode.length(slab, base), (int) count, key);
      return;
    }
    int children = children(node);
    require(children >= 1 && children <= TreeNode.MAX_CHILDREN, "a node of " + children);
    require(TreeNode.total(slab, base) == count, "a wrong count");
    for (int slot = 0; slot < children; slot++) {
      long childKey = TreeNode.key(slab, base, slot);
      require(childKey >= lastKey, "keys in disorder");
      lastKey = childKey;
      int child = TreeNode.child(slab, base, slot);
      if (height > 1) {
        require(
            TreeNode.key(blocks.slabOf(child), Arena.offset(child), 0) == childKey,
            "a key other than that of the first child");
      }
      check(child, height - 1, TreeNode.count(slab, base, slot), childKey);
    }
  }

  private int children(int node) {
    return TreeNode.children(blocks.slabOf(node), Arena.offset(node));
  }

  private static void require(boolean condition, String what) {
    if (!condition) {
      throw new IllegalStateException(what);
    }
  }
}
