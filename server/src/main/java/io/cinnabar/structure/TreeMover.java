package io.cinnabar.structure;

import io.cinnabar.arena.Arena;
import io.cinnabar.arena.ArenaFullException;

/**
 * Moves the blocks of {@link CountedTree}s that are in the way of compaction, as many at a time as
 * it is allowed to. What it had to leave it finds again when it is called once more.
 */
public final class TreeMover {
  private final Arena arena;
  private int allowed;

  public TreeMover(Arena arena) {
    this.arena = arena;
  }

  /** Allows it to move so many blocks from now on. */
  public void allow(int blocks) {
    allowed = blocks;
  }

  /** Whether it has moved as many as it may, so that there may be more to move. */
  public boolean isExhausted() {
    return allowed <= 0;
  }

  /**
   * Moves what is in the way and what no view sees; where there is no room, the rest stays.
   *
   * @return the topmost node then
   * @throws ArenaFullException where there is no room for that; nothing has changed
   */
  public int move(int node, int height) {
    if (TreeNode.isFrozen(arena, node)) {
      return node;
    }
    int moved = node;
    if (arena.isEvacuating(node)) {
      if (isExhausted()) {
        return node;
      }
      moved = moveBlock(node, height);
    }
    try {
      for (int slot = TreeBlocks.children(arena, moved, height) - 1; slot >= 0; slot--) {
        int child = TreeBlocks.child(arena, moved, slot);
        if (height > 1 || arena.isEvacuating(child)) {
          int movedChild = move(child, height - 1);
          TreeNode.child(arena.slab(moved), Arena.offset(moved), slot, movedChild);
        }
      }
    } catch (ArenaFullException full) {
      // Nothing is lost: the arena has given up the compaction by itself.
      return moved;
    }
    return moved;
  }

  private int moveBlock(int node, int height) {
    byte[] slab = arena.slab(node);
    int base = Arena.offset(node);
    int used =
        height == 0
            ? TreeNode.HEADER_BYTES + TreeNode.length(slab, base)
            : TreeNode.usedBytes(slab, base);
    int moved = TreeNode.copyOf(arena, node, used, arena.capacity(node));
    TreeNode.free(arena, node);
    allowed--;
    return moved;
  }
}
