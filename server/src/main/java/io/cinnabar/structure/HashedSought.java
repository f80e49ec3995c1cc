package io.cinnabar.structure;

import java.util.Arrays;

/** What is looked for in a {@link HashedTree}: an element, or all from a hash on. */
final class HashedSought implements CountedTree.Order {
  private static final Slice NOTHING = new Slice();

  private final Slice first = new Slice();
  Slice element = NOTHING;
  long hash;
  long key;
  private boolean isKeyOnly;

  void set(Slice element, long hash) {
    this.element = element;
    this.hash = hash;
    key = hash ^ Long.MIN_VALUE;
    isKeyOnly = false;
  }

  /** Comes before all elements with this key. */
  void setFrom(long key) {
    this.key = key;
    isKeyOnly = true;
  }

  @Override
  public long key() {
    return key;
  }

  @Override
  public int compareToFirst(byte[] array, int offset, int length) {
    if (isKeyOnly) {
      return -1;
    }
    HashedElement.element(array, HashedLeaf.elementAt(array, offset, 0), first);
    return compareText(element, first);
  }

  /** The order of elements with the same hash. */
  static int compareText(Slice a, Slice b) {
    return a.length != b.length
        ? Integer.compare(a.length, b.length)
        : Arrays.compareUnsigned(a.array, a.offset, a.end(), b.array, b.offset, b.end());
  }
}
