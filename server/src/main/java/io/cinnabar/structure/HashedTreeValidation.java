package io.cinnabar.structure;

import java.util.Arrays;

/** Checks the invariants of a {@link HashedTree}, leaf by leaf. */
final class HashedTreeValidation implements CountedTree.LeafCheck {
  private final HashedTree.Hasher hasher;
  private final boolean hasValues;
  private long lastKey = Long.MIN_VALUE;
  private byte[] last = {};
  private boolean isFirst = true;

  HashedTreeValidation(HashedTree.Hasher hasher, boolean hasValues) {
    this.hasher = hasher;
    this.hasValues = hasValues;
  }

  @Override
  public void check(byte[] array, int offset, int length, int count, long key) {
    require(HashedLeaf.count(array, offset) == count, "a leaf of another count");
    require(count == 1 || length <= HashedLeaf.MAX_BYTES, "a leaf too long");
    require(HashedLeaf.isValid(array, offset, length, hasValues), "elements with gaps");
    long leastKey = 0;
    byte[] least = {};
    long greatestKey = 0;
    byte[] greatest = {};
    Slice element = new Slice();
    for (int slot = 0; slot < count; slot++) {
      HashedElement.element(array, HashedLeaf.elementAt(array, offset, slot), element);
      long hash = hasher.hashOf(element);
      byte[] text = element.toByteArray();
      require(HashedLeaf.tagAt(array, offset, slot) == HashedLeaf.tag(hash), "a wrong tag");
      require(HashedLeaf.find(array, offset, element, hash) == slot, "an element twice");
      long each = hash ^ Long.MIN_VALUE;
      if (slot == 0) {
        leastKey = each;
        least = text;
        greatestKey = each;
        greatest = text;
      }
      require(compare(each, text, leastKey, least) >= 0, "a lesser element behind slot 0");
      if (compare(each, text, greatestKey, greatest) > 0) {
        greatestKey = each;
        greatest = text;
      }
    }
    require(key == 0 || key == leastKey, "a key other than the least");
    require(isFirst || compare(leastKey, least, lastKey, last) > 0, "leaves in disorder");
    isFirst = false;
    lastKey = greatestKey;
    last = greatest;
  }

  private static int compare(long keyA, byte[] a, long keyB, byte[] b) {
    if (keyA != keyB) {
      return Long.compare(keyA, keyB);
    }
    return a.length != b.length
        ? Integer.compare(a.length, b.length)
        : Arrays.compareUnsigned(a, b);
  }

  private static void require(boolean condition, String what) {
    if (!condition) {
      throw new IllegalStateException(what);
    }
  }
}
