package io.cinnabar.structure;

import io.cinnabar.arena.Arena;
import io.cinnabar.arena.ArenaFullException;

/**
 * What is done to all blocks of a {@link CountedTree} alike, whatever is in its leaves: static
 * functions over its topmost node and its height.
 */
public final class TreeBlocks {
  private TreeBlocks() {}

  /** What they take in the arena; reads the inner nodes alone. */
  public static long sizeBytes(Arena arena, int node, int height) {
    long bytes = arena.capacity(node);
    for (int slot = children(arena, node, height) - 1; slot >= 0; slot--) {
      bytes += sizeBytes(arena, child(arena, node, slot), height - 1);
    }
    return bytes;
  }

  /** Frees them. */
  public static void free(Arena arena, int node, int height) {
    for (int slot = children(arena, node, height) - 1; slot >= 0; slot--) {
      free(arena, child(arena, node, slot), height - 1);
    }
    TreeNode.free(arena, node);
  }

  /**
   * A second tree of the same bytes.
   *
   * @throws ArenaFullException and has taken nothing
   */
  public static int copy(Arena arena, int node, int height) {
    byte[] slab = arena.slab(node);
    int base = Arena.offset(node);
    if (height == 0) {
      int used = TreeNode.HEADER_BYTES + TreeNode.length(slab, base);
      return TreeNode.copyOf(arena, node, used, used);
    }
    int children = TreeNode.children(slab, base);
    int copy =
        TreeNode.copyOf(arena, node, TreeNode.usedBytes(slab, base), TreeNode.sizeBytes(children));
    int copied = 0;
    try {
      for (; copied < children; copied++) {
        int child = copy(arena, TreeNode.child(slab, base, copied), height - 1);
        TreeNode.child(arena.slab(copy), Arena.offset(copy), copied, child);
      }
    } catch (ArenaFullException full) {
      TreeNode.children(arena.slab(copy), Arena.offset(copy), copied);
      free(arena, copy, height);
      throw full;
    }
    return copy;
  }

  /** Stamps them with the arena's epoch; no view may be open. */
  public static void restamp(Arena arena, int node, int height) {
    for (int slot = children(arena, node, height) - 1; slot >= 0; slot--) {
      restamp(arena, child(arena, node, slot), height - 1);
    }
    TreeNode.stamp(arena.slab(node), Arena.offset(node), arena.epoch());
  }

  /** Whether compaction wants one of them moved; reads the inner nodes alone. */
  public static boolean areEvacuating(Arena arena, int node, int height) {
    if (arena.isEvacuating(node)) {
      return true;
    }
    for (int slot = children(arena, node, height) - 1; slot >= 0; slot--) {
      if (areEvacuating(arena, child(arena, node, slot), height - 1)) {
        return true;
      }
    }
    return false;
  }

  static int children(Arena arena, int node, int height) {
    return height == 0 ? 0 : TreeNode.children(arena.slab(node), Arena.offset(node));
  }

  static int child(Arena arena, int node, int slot) {
    return TreeNode.child(arena.slab(node), Arena.offset(node), slot);
  }
}
