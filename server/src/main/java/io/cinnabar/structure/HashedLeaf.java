package io.cinnabar.structure;

import io.cinnabar.arena.Bytes;
import java.util.Arrays;

/**
 * The leaf of a {@link HashedTree}: elements that are found by their hash, each with or without a
 * value. Static functions over the leaf's bytes, {@code length} of them from {@code start} on.
 *
 * <pre>
 * 0       2  n: the number of elements
 * 2       2  c: for how many there are tags and begins, a multiple of 8
 * 4       c  tags: the lowest byte of each element's hash; what follows the n-th is undefined
 * 4 +  c  2c where each element begins, from the first one's begin on
 * 4 + 3c  .. the elements without a gap, see {@link HashedElement}
 * </pre>
 *
 * <p>An element's <em>slot</em> is its place among the tags and the begins. The least of all, in
 * the order of the tree, has slot 0; the others are in no order. A leaf of several elements is at
 * most {@link #MAX_BYTES} long, so two bytes say where one begins; a longer element is alone.
 *
 * <p>What a search reads first stands together at the begin: it waits for memory there, and once
 * more at the element.
 */
final class HashedLeaf {
  /** The most bytes of a leaf of several elements; one of 2 KiB with the tree's header. */
  static final int MAX_BYTES = 2040;

  private static final int HEADER_BYTES = 4;

  /** What an element takes beside its own bytes. */
  static final int SLOT_BYTES = 3;

  /** How many slots are added at a time: as many as are searched at a time. */
  private static final int SLOTS = 8;

  /** The most elements: each takes a byte at least. */
  static final int MAX_ELEMENTS = MAX_BYTES / (SLOT_BYTES + 1);

  private static final int CACHE_LINE_BYTES = 64;
  private static final long LOW_BITS = 0x0101010101010101L;
  private static final long HIGH_BITS = 0x8080808080808080L;

  private HashedLeaf() {}

  /** The tag of a hash. */
  static byte tag(long hash) {
    return (byte) hash;
  }

  /** The length of a leaf of so many elements, which have so many bytes together. */
  static int bytes(int count, int elementBytes) {
    return Math.addExact(elementsAt(slots(count)), elementBytes);
  }

  private static int slots(int count) {
    return (count + SLOTS - 1) & -SLOTS;
  }

  /** Where the elements begin in a leaf with so many slots. */
  private static int elementsAt(int slots) {
    return HEADER_BYTES + SLOT_BYTES * slots;
  }

  // Reading.

  static int count(byte[] array, int start) {
    return Bytes.getUnsignedShort(array, start);
  }

  private static int slots(byte[] array, int start) {
    return Bytes.getUnsignedShort(array, start + 2);
  }

  /** Where the element of a slot begins in {@code array}. */
  static int elementAt(byte[] array, int start, int slot) {
    int begins = start + HEADER_BYTES + slots(array, start);
    return place(array, start, begins, slot);
  }

  private static int place(byte[] array, int start, int begins, int slot) {
    // Behind c tags there are 2c bytes of begins.
    int elements = begins + 2 * (begins - start - HEADER_BYTES);
    return elements + Bytes.getUnsignedShort(array, begins + 2 * slot);
  }

  static byte tagAt(byte[] array, int start, int slot) {
    return array[start + HEADER_BYTES + slot];
  }

  /** The bytes of all elements together. */
  static int elementBytes(byte[] array, int start, int length) {
    return length - elementsAt(slots(array, start));
  }

  /** The length that the leaf would have with so many elements more, of so many bytes. */
  static int lengthWith(byte[] array, int start, int length, int count, int elementBytes) {
    int slots = slots(array, start);
    int added = Math.max(0, slots(count(array, start) + count) - slots);
    return Math.addExact(length + SLOT_BYTES * added, elementBytes);
  }

  /** The slot of an element with this hash, or -1. */
  static int find(byte[] array, int start, Slice element, long hash) {
    int count = count(array, start);
    int tags = start + HEADER_BYTES;
    int begins = tags + slots(array, start);
    long pattern = (hash & 0xff) * LOW_BITS;
    for (int first = 0; first < count; first += SLOTS) {
      long different = Bytes.getLong(array, tags + first) ^ pattern;
      // The lowest bit set is that of a byte without a difference; higher ones may be false.
      for (long same = (different - LOW_BITS) & ~different & HIGH_BITS;
          same != 0;
          same &= same - 1) {
        int slot = first + (Long.numberOfTrailingZeros(same) >>> 3);
        if (slot < count
            && HashedElement.matches(array, place(array, start, begins, slot), element)) {
          return slot;
        }
      }
    }
    return -1;
  }

  /**
   * Reads what {@link #find} will read at first, and waits for it no longer than it has to.
   *
   * @param block where the leaf's block begins
   */
  static int touch(byte[] array, int block) {
    int last = array.length - 1;
    return array[block]
        + array[Math.min(block + CACHE_LINE_BYTES, last)]
        + array[Math.min(block + 2 * CACHE_LINE_BYTES, last)];
  }

  /** Reads the begin of the first element whose hash may be this one. */
  static int touchElement(byte[] array, int start, long hash) {
    int count = count(array, start);
    int tags = start + HEADER_BYTES;
    long pattern = (hash & 0xff) * LOW_BITS;
    for (int first = 0; first < count; first += SLOTS) {
      long different = Bytes.getLong(array, tags + first) ^ pattern;
      long same = (different - LOW_BITS) & ~different & HIGH_BITS;
      if (same != 0) {
        int slot = first + (Long.numberOfTrailingZeros(same) >>> 3);
        return slot < count ? array[elementAt(array, start, slot)] : 0;
      }
    }
    return 0;
  }

  // Changing. The bytes are long enough, and free to be written.

  /** Makes a leaf without elements that has slots for so many. */
  static void format(byte[] array, int start, int count) {
    Bytes.putShort(array, start, 0);
    Bytes.putShort(array, start + 2, slots(count));
  }

  /** Makes slots for so many elements more. */
  static void makeSlots(byte[] array, int start, int length, int count) {
    int slots = slots(array, start);
    int newSlots = slots(count(array, start) + count);
    if (newSlots > slots) {
      int begins = start + HEADER_BYTES + slots;
      int elements = start + elementsAt(slots);
      int newElements = start + elementsAt(newSlots);
      System.arraycopy(array, elements, array, newElements, start + length - elements);
      System.arraycopy(array, begins, array, start + HEADER_BYTES + newSlots, 2 * slots);
      Bytes.putShort(array, start + 2, newSlots);
    }
  }

  /**
   * Takes a slot, of which there is one, for an element behind all others.
   *
   * @param length the leaf's before, with this slot
   * @return where the element is to be written
   */
  static int append(byte[] array, int start, int length, byte tag) {
    int count = count(array, start);
    int tags = start + HEADER_BYTES;
    int slots = slots(array, start);
    array[tags + count] = tag;
    Bytes.putShort(array, tags + slots + 2 * count, length - elementsAt(slots));
    Bytes.putShort(array, start, count + 1);
    return start + length;
  }

  /**
   * Removes the element of a slot, whose place the last one takes.
   *
   * @return the leaf's length then
   */
  static int remove(byte[] array, int start, int length, int slot, int sizeBytes) {
    int last = count(array, start) - 1;
    swap(array, start, slot, last);
    int at = elementAt(array, start, last);
    int behind = at + sizeBytes;
    shiftBegins(array, start, last, at, -sizeBytes);
    System.arraycopy(array, behind, array, at, start + length - behind);
    Bytes.putShort(array, start, last);
    return length - sizeBytes;
  }

  /** Says that the elements that lie behind {@code at}, of the first {@code count}, have moved. */
  private static void shiftBegins(byte[] array, int start, int count, int at, int delta) {
    int slots = slots(array, start);
    int begins = start + HEADER_BYTES + slots;
    int from = at - start - elementsAt(slots);
    for (int place = begins; place < begins + 2 * count; place += 2) {
      int begin = Bytes.getUnsignedShort(array, place);
      if (begin > from) {
        Bytes.putShort(array, place, begin + delta);
      }
    }
  }

  /**
   * Gives the element of a slot another size; what is behind it moves.
   *
   * @param length the leaf's before; there is room for what it becomes longer
   */
  static void resize(
      byte[] array, int start, int length, int slot, int sizeBytes, int newSizeBytes) {
    if (newSizeBytes == sizeBytes) {
      return;
    }
    int at = elementAt(array, start, slot);
    int behind = at + sizeBytes;
    shiftBegins(array, start, count(array, start), at, newSizeBytes - sizeBytes);
    System.arraycopy(array, behind, array, at + newSizeBytes, start + length - behind);
  }

  /** Exchanges two slots. */
  static void swap(byte[] array, int start, int a, int b) {
    int tags = start + HEADER_BYTES;
    byte tag = array[tags + a];
    array[tags + a] = array[tags + b];
    array[tags + b] = tag;
    int begins = tags + slots(array, start);
    int begin = Bytes.getUnsignedShort(array, begins + 2 * a);
    Bytes.putShort(array, begins + 2 * a, Bytes.getUnsignedShort(array, begins + 2 * b));
    Bytes.putShort(array, begins + 2 * b, begin);
  }

  // Checking.

  /** Whether there are enough slots, and the elements lie without gap or overlap. */
  static boolean isValid(byte[] array, int start, int length, boolean hasValues) {
    int count = count(array, start);
    int slots = slots(array, start);
    if (slots % SLOTS != 0 || slots < count) {
      return false;
    }
    int[] begins = new int[count];
    for (int slot = 0; slot < count; slot++) {
      begins[slot] = elementAt(array, start, slot);
    }
    Arrays.sort(begins);
    int at = start + elementsAt(slots);
    for (int begin : begins) {
      if (begin != at) {
        return false;
      }
      at += HashedElement.sizeBytes(array, at, hasValues);
    }
    return at == start + length;
  }
}
