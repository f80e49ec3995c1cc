package io.cinnabar.value;

import io.cinnabar.structure.CountedTree;
import io.cinnabar.structure.EditableBytes;

/**
 * The radix tree that Redis would have of a stream's nodes: how many nodes it has itself. Its keys
 * are the 16 bytes of the master IDs, milliseconds first, both big-endian. A run of bytes that all
 * keys below have is one node; so is a place where they part, and the end of each key.
 *
 * <p>In ascending order the bytes that each key shares with the next one tell where they part.
 */
final class StreamRadixTree {
  private static final int KEY_BYTES = 16;

  private final CountedTree tree;
  private final TreeRoots roots;

  /** Where the keys seen last part, from the top of the tree down: bytes before it. */
  private final int[] partings = new int[KEY_BYTES];

  private int depth;
  private long keys;
  private long nodes;

  StreamRadixTree(ValueBlock block) {
    tree = new CountedTree(block);
    roots = new TreeRoots(block);
  }

  /** Counts keys and nodes. */
  void count() {
    keys = 0;
    nodes = 1;
    depth = 0;
    if (!tree.attach(roots, TreeRoots.rootAt(StreamValue.ENTRIES)).first()) {
      return;
    }
    keys = 1;
    nodes = 0;
    int before = -1;
    long ms = tree.leafKey();
    while (tree.next()) {
      long nextMs = tree.leafKey();
      int shared =
          ms != nextMs ? Long.numberOfLeadingZeros(ms ^ nextMs) / Byte.SIZE : sharedWithNext();
      addKey(Math.max(before, shared));
      part(shared);
      before = shared;
      ms = nextMs;
      keys++;
    }
    addKey(before);
    part(-1);
  }

  /** The number of keys: that of the stream's nodes. */
  long keys() {
    return keys;
  }

  /** The number of nodes; an empty tree has one. */
  long nodes() {
    return nodes;
  }

  /** Adds the end of a key, and the bytes that it has alone. */
  private void addKey(int shared) {
    nodes += shared + 1 < KEY_BYTES ? 2 : 1;
  }

  /** Adds a place where keys part, unless it was there; ends those below it. */
  private void part(int shared) {
    while (depth > 0 && partings[depth - 1] > shared) {
      int ended = partings[--depth];
      int above = Math.max(shared, depth > 0 ? partings[depth - 1] : -1);
      nodes += ended > above + 1 ? 2 : 1;
    }
    if (shared >= 0 && (depth == 0 || partings[depth - 1] < shared)) {
      partings[depth++] = shared;
    }
  }

  /** The bytes that the master ID of the leaf before shares with that of the present one. */
  private int sharedWithNext() {
    long seq = seq();
    tree.previous();
    long before = seq();
    tree.next();
    return Long.BYTES + Long.numberOfLeadingZeros(before ^ seq) / Byte.SIZE;
  }

  private long seq() {
    EditableBytes leaf = tree.leaf();
    return StreamNode.seq(leaf.array(), leaf.offset());
  }
}
