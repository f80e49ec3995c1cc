package io.cinnabar.persistence;

import io.cinnabar.structure.IntegerText;
import io.cinnabar.structure.Listpack;
import io.cinnabar.structure.Slice;
import io.cinnabar.value.ValueBlock;
import java.util.Arrays;

/**
 * Finds out whether the elements of a listpack are distinct, in a time of their number: a table of
 * the positions of those that were met, by their hashes.
 */
final class DistinctCheck {

  private static final int KEPT = 1 << 12;

  private final Slice element = new Slice();
  private final byte[] digits = new byte[IntegerText.MAX_LONG_BYTES];
  private int[] positions = new int[0];

  /**
   * Whether no two are the same string.
   *
   * @param listpack a valid one
   * @param count of its entries
   * @param step 1 to look at each entry, 2 at every other one
   * @param block which hashes them, so that nobody can make them collide
   */
  boolean areDistinct(Slice listpack, int count, int step, ValueBlock block) {
    int slots = Integer.highestOneBit(Math.max(1, count / step)) << 2;
    if (positions.length < slots) {
      positions = new int[slots];
    } else {
      Arrays.fill(positions, 0, slots, 0);
    }
    byte[] array = listpack.array;
    int start = listpack.offset;
    int p = Listpack.first(array, start);
    while (p != Listpack.NONE) {
      Listpack.text(array, start, p, element, digits);
      if (!add(array, start, p, (int) block.hashOf(element), slots - 1)) {
        return false;
      }
      for (int i = 0; i < step && p != Listpack.NONE; i++) {
        p = Listpack.next(array, start, p);
      }
    }
    if (positions.length > KEPT) {
      positions = new int[0];
    }
    return true;
  }

  /** Notes an element that was not met before; false if it was. */
  private boolean add(byte[] array, int start, int p, int hash, int mask) {
    int slot = hash & mask;
    while (positions[slot] != 0) {
      if (Listpack.matches(array, start, positions[slot], element)) {
        return false;
      }
      slot = (slot + 1) & mask;
    }
    positions[slot] = p;
    return true;
  }
}
