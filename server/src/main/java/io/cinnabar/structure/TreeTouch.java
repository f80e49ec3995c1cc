package io.cinnabar.structure;

import io.cinnabar.arena.Arena;
import java.util.Arrays;

/**
 * Reads, ahead of those who will look for them, elements in large trees by hash, so that the cache
 * misses of many overlap: level by level of all their trees, then the leaves, then the elements.
 * What it finds is not kept, since it may be changed before it is looked for.
 *
 * <p>For the thread that the arena belongs to. Between {@link #add} and {@link #touch} nothing may
 * be changed.
 */
public final class TreeTouch {
  /** A tree of fewer elements is in the processor's caches anyway. */
  static final int LEAST_ELEMENTS = 4096;

  private final Arena arena;
  private int count;

  // For each element: the node that the search has come to, how many levels of nodes there are from
  // it to the leaf, what is looked for, and between which keys that node's are.
  private final int[] nodes;
  private final int[] levels;
  private final long[] keys;
  private final long[] lower;
  private final long[] upper;
  private final boolean[] areInIndex;

  // The tree of the last one.
  private int top;
  private int height;
  private boolean isIndex;

  /**
   * @param most elements at a time
   */
  public TreeTouch(Arena arena, int most) {
    this.arena = arena;
    nodes = new int[most];
    levels = new int[most];
    keys = new long[most];
    lower = new long[most];
    upper = new long[most];
    areInIndex = new boolean[most];
  }

  /**
   * Notes an element.
   *
   * @param top the topmost node of its tree
   * @param isIndex whether the leaves are those of a {@link MemberIndex}
   */
  void add(int top, int height, long key, boolean isIndex) {
    this.top = top;
    this.height = height;
    this.isIndex = isIndex;
    addKey(key);
  }

  /** Notes an element in the tree that the one before is in. */
  public void addToSame(long hash) {
    addKey(hash ^ Long.MIN_VALUE);
  }

  private void addKey(long key) {
    nodes[count] = top;
    levels[count] = height;
    keys[count] = key;
    lower[count] = Long.MIN_VALUE;
    upper[count] = Long.MAX_VALUE;
    areInIndex[count] = isIndex;
    count++;
  }

  /**
   * Reads what was noted, and forgets it. The result means nothing; it has to be used, so that the
   * compiler does not drop the loads.
   */
  public int touch() {
    descend();
    int sum = 0;
    for (int i = 0; i < count; i++) {
      sum += touchLeaf(i);
    }
    for (int i = 0; i < count; i++) {
      sum += touchElement(i);
    }
    count = 0;
    return sum;
  }

  /** Goes on to the leaves. */
  private void descend() {
    boolean isInner = count > 0;
    while (isInner) {
      isInner = false;
      for (int i = 0; i < count; i++) {
        if (levels[i] > 0) {
          descend(i);
          isInner |= --levels[i] > 0;
        }
      }
    }
  }

  /** The leaves in which what is noted would be; reads and forgets it, too. For tests. */
  int[] leaves() {
    descend();
    int[] found = Arrays.copyOf(nodes, count);
    touch();
    return found;
  }

  private void descend(int i) {
    int node = nodes[i];
    byte[] slab = arena.slab(node);
    int base = Arena.offset(node);
    int slot = TreeNode.lastNotAbove(slab, base, keys[i], lower[i], upper[i]);
    lower[i] = TreeNode.key(slab, base, slot);
    upper[i] = TreeNode.keyBehind(slab, base, slot, upper[i]);
    nodes[i] = TreeNode.child(slab, base, slot);
  }

  private int touchLeaf(int i) {
    byte[] slab = arena.slab(nodes[i]);
    int block = Arena.offset(nodes[i]);
    return areInIndex[i] ? slab[block] : HashedLeaf.touch(slab, block);
  }

  private int touchElement(int i) {
    byte[] slab = arena.slab(nodes[i]);
    int block = Arena.offset(nodes[i]);
    int leaf = CountedTree.leafOffset(nodes[i]);
    return areInIndex[i]
        ? MemberIndexLeaf.touch(
            slab, leaf, TreeNode.length(slab, block), keys[i], lower[i], upper[i])
        : HashedLeaf.touchElement(slab, leaf, keys[i]);
  }
}
