package io.cinnabar.structure;

/**
 * How the elements lie in the leaves of a {@link CountedTree}, as far as one leaf has to become two
 * or two one. A leaf is {@code length} bytes of an array from {@code leaf} on; its elements are
 * numbered from 0.
 */
interface LeafFormat {

  /** The key of an element. */
  long key(byte[] array, int leaf, int index);

  /** The number of elements. */
  int count(byte[] array, int leaf, int length);

  /** The bytes of a leaf with the elements from {@code from} to {@code to}, the end excluded. */
  int bytes(byte[] array, int leaf, int length, int from, int to);

  /** Makes such a leaf elsewhere. */
  void copy(byte[] array, int leaf, int length, int from, int to, byte[] target, int targetLeaf);

  /** Removes elements. */
  void remove(EditableBytes leaf, int from, int to);

  /**
   * Appends the elements of another leaf.
   *
   * @throws io.cinnabar.arena.ArenaFullException and has changed nothing
   */
  void join(EditableBytes leaf, byte[] other, int otherLeaf, int otherLength);
}
