package io.cinnabar.value;

import io.cinnabar.arena.ArenaFullException;
import io.cinnabar.structure.CountedTree;
import io.cinnabar.structure.Lzf;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the inner leaves of a list compressed, as {@code list-compress-depth} says: so many leaves
 * at either end are plain; 0: all are, but for those that were compressed under another setting.
 * Where there is no memory to decompress a leaf at an end, it stays as it is until it is changed.
 */
final class ListCompression {
  private static final byte[] NONE = {};

  private final CountedTree tree;
  private final ListLeaf leaf;
  private byte[] room = NONE;
  private @Nullable Lzf lzf;

  ListCompression(CountedTree tree, ListLeaf leaf) {
    this.tree = tree;
    this.leaf = leaf;
  }

  /** Comes behind a change of the number of leaves at an end. */
  void settleEnds(Thresholds thresholds) {
    int depth = thresholds.listCompressDepth;
    if (depth > 0) {
      settleEnd(true, depth);
      settleEnd(false, depth);
    }
  }

  /** Comes behind a change of the leaf of an element, which may have become several. */
  void settle(long index, Thresholds thresholds) {
    int depth = thresholds.listCompressDepth;
    if (depth > 0) {
      settleEnds(thresholds);
      tree.seekIndex(Math.min(index, tree.count() - 1));
      tree.previous();
      boolean more = true;
      for (int i = 0; more && i < 3; i++) {
        compressInner(depth);
        more = tree.next();
      }
    }
  }

  /** Comes behind a change of any leaves. */
  void settleAll(Thresholds thresholds) {
    int depth = thresholds.listCompressDepth;
    if (depth > 0) {
      settleEnds(thresholds);
      for (boolean more = tree.first(); more; more = tree.next()) {
        compressInner(depth);
      }
    }
  }

  private void settleEnd(boolean atHead, int depth) {
    boolean more = atHead ? tree.first() : tree.last();
    for (int i = 0; more && i < depth; i++) {
      if (leaf.isCompressed()) {
        decompress();
      }
      more = atHead ? tree.next() : tree.previous();
    }
    if (more) {
      compressInner(depth);
    }
  }

  private void decompress() {
    try {
      leaf.open();
    } catch (ArenaFullException full) {
      // It can be read as it is.
      return;
    }
  }

  /** Compresses the leaf under the cursor where it is far enough from the ends. */
  private void compressInner(int depth) {
    if (leaf.isCompressed() || !hasLeaves(depth, true) || !hasLeaves(depth, false)) {
      return;
    }
    leaf.load();
    if (room.length < leaf.used()) {
      room = new byte[leaf.used()];
    }
    Lzf compressor = lzf;
    if (compressor == null) {
      compressor = new Lzf();
      lzf = compressor;
    }
    try {
      leaf.compress(compressor, room);
    } catch (ArenaFullException full) {
      // A view holds it, and there is no memory for another: it stays plain.
      return;
    }
  }

  /** Whether there are so many leaves on a side of the one under the cursor, which stays there. */
  private boolean hasLeaves(int wanted, boolean before) {
    int found = 0;
    while (found < wanted && (before ? tree.previous() : tree.next())) {
      found++;
    }
    for (int i = 0; i < found; i++) {
      if (before) {
        tree.next();
      } else {
        tree.previous();
      }
    }
    return found == wanted;
  }

  /** Throws an IllegalStateException where a leaf at an end is compressed. */
  void validate(Thresholds thresholds) {
    int depth = thresholds.listCompressDepth;
    for (boolean more = depth > 0 && tree.first(); more; more = tree.next()) {
      boolean isInner = hasLeaves(depth, true) && hasLeaves(depth, false);
      if (!isInner && leaf.isCompressed()) {
        throw new IllegalStateException("a compressed leaf at an end");
      }
    }
  }
}
