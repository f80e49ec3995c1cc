package io.cinnabar.value;

/**
 * How large the parts of a list are. All follows from one number, {@code list-max-listpack-size}: a
 * positive one is the most elements of a node, which then has at most 8 KiB; -1 to -5 stand for
 * nodes of 4, 8, 16, 32 and 64 KiB whatever the number of their elements.
 */
final class ListLimits {
  private static final int KIBIBYTE = 1 << 10;
  private static final int MAX_BYTES_BY_COUNT = 8 * KIBIBYTE;
  private static final int MAX_LEVEL = 4;

  /** What a block has beside a leaf's elements, so that the block is no larger than a node. */
  private static final int LEAF_OVERHEAD_BYTES = 32;

  private ListLimits() {}

  /** Whether a listpack of this length is too large for a list that is one. */
  static boolean isLarge(int size, long bytes, long count) {
    return bytes > nodeBytes(size) || count > leafCount(size);
  }

  /**
   * Whether elements that are a single leaf become a listpack again: from half of the limit on, so
   * that a list at the limit doesn't go to and fro.
   */
  static boolean isSmallAgain(int size, long listpackBytes, long count) {
    return size < 0 ? listpackBytes <= nodeBytes(size) / 2 : count <= leafCount(size) / 2;
  }

  /** The most bytes of the elements of a leaf, unless it has one alone. */
  static int leafBytes(int size) {
    return nodeBytes(size) - LEAF_OVERHEAD_BYTES;
  }

  /** The most elements of a leaf. */
  static int leafCount(int size) {
    return size < 0 ? Integer.MAX_VALUE : Math.max(1, size);
  }

  private static int nodeBytes(int size) {
    return size < 0 ? (4 * KIBIBYTE) << Math.min(-(size + 1), MAX_LEVEL) : MAX_BYTES_BY_COUNT;
  }
}
