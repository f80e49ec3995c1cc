package io.cinnabar.value;

import io.cinnabar.structure.CountedTree;
import io.cinnabar.structure.EditableBytes;

/**
 * What a large value has in its entry: the root of its tree, or of its two.
 *
 * <pre>
 * TREE        0  16 root, see {@link CountedTree}
 *             16  8 of the type's own
 * TWO_TREES   0  16 first root
 *             16 16 second root
 * STREAM      0  16 each of {@link #STREAM_TREES} roots
 *             .. .. the stream's own
 * </pre>
 */
public final class TreeRoots implements EditableBytes {
  /** Where a tree's own eight bytes are. */
  public static final int OWN = CountedTree.ROOT_BYTES;

  /** Where the second of two roots is. */
  public static final int SECOND = CountedTree.ROOT_BYTES;

  /** Entries, groups, consumers by name and by number, pending entries by group and by consumer. */
  static final int STREAM_TREES = 6;

  static final int STREAM_OWN = STREAM_TREES * CountedTree.ROOT_BYTES;
  static final int STREAM_BYTES = STREAM_OWN + 48;
  public static final int TREE_BYTES = CountedTree.ROOT_BYTES + 8;
  static final int TWO_TREES_BYTES = 2 * CountedTree.ROOT_BYTES;

  private final ValueBlock block;

  public TreeRoots(ValueBlock block) {
    this.block = block;
  }

  static int bytes(Encoding encoding) {
    return switch (encoding) {
      case TREE -> TREE_BYTES;
      case TWO_TREES -> TWO_TREES_BYTES;
      case STREAM -> STREAM_BYTES;
      default -> throw new IllegalArgumentException(encoding.name());
    };
  }

  static int trees(Encoding encoding) {
    return switch (encoding) {
      case TREE -> 1;
      case TWO_TREES -> 2;
      case STREAM -> STREAM_TREES;
      default -> 0;
    };
  }

  /** Where one of several roots is. */
  static int rootAt(int tree) {
    return tree * CountedTree.ROOT_BYTES;
  }

  @Override
  public byte[] array() {
    return block.slab();
  }

  @Override
  public int offset() {
    return block.valueOffset();
  }

  @Override
  public int length() {
    return bytes(block.encoding());
  }

  @Override
  public void resize(int length) {
    block.reshape(block.encoding(), length, length);
  }
}
