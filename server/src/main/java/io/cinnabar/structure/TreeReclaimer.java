package io.cinnabar.structure;

import io.cinnabar.arena.Arena;
import java.util.Arrays;

/**
 * Frees the blocks of {@link CountedTree}s that nobody uses any more, a few at a time, so that a
 * value of millions of elements can go without a pause.
 */
public final class TreeReclaimer {
  private final Arena arena;

  /** Trees that have not been begun: topmost node and height, the one behind the other. */
  private int[] waiting = new int[16];

  private int waitingLength;

  /** What is left of the tree under way: node and height. */
  private int[] stack = new int[256];

  private int stackLength;

  public TreeReclaimer(Arena arena) {
    this.arena = arena;
  }

  /** Takes over a tree. */
  public void add(int top, int height) {
    if (waitingLength == waiting.length) {
      waiting = Arrays.copyOf(waiting, 2 * waitingLength);
    }
    waiting[waitingLength++] = top;
    waiting[waitingLength++] = height;
  }

  /** How many trees are not freed yet. */
  public int pending() {
    return waitingLength / 2 + (stackLength > 0 ? 1 : 0);
  }

  /** Frees up to so many blocks; how many it has freed. */
  public int slice(int maxBlocks) {
    int freed = 0;
    while (freed < maxBlocks && pending() > 0) {
      if (stackLength == 0) {
        int height = waiting[--waitingLength];
        push(waiting[--waitingLength], height);
      }
      int height = stack[--stackLength];
      int node = stack[--stackLength];
      byte[] slab = arena.slab(node);
      int base = Arena.offset(node);
      for (int slot = height == 0 ? 0 : TreeNode.children(slab, base); slot > 0; slot--) {
        push(TreeNode.child(slab, base, slot - 1), height - 1);
      }
      TreeNode.free(arena, node);
      freed++;
    }
    return freed;
  }

  private void push(int node, int height) {
    if (stackLength == stack.length) {
      stack = Arrays.copyOf(stack, 2 * stackLength);
    }
    stack[stackLength++] = node;
    stack[stackLength++] = height;
  }

  /** Forgets all trees: the arena has been reset. */
  public void clear() {
    waitingLength = 0;
    stackLength = 0;
  }
}
