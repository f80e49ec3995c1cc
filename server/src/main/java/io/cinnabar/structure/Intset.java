package io.cinnabar.structure;

import io.cinnabar.arena.Bytes;
import java.util.random.RandomGenerator;

/**
 * A set of integers as consecutive bytes, in Redis's format: what a small set of integers is made
 * of, in memory as in files. Static functions over the bytes.
 *
 * <pre>
 * 0  4  width of an element in bytes: 2, 4 or 8
 * 4  4  count
 * 8     the elements in ascending order, with a sign
 * </pre>
 *
 * <p>All is little-endian. The width is that of the widest element that was ever there. An index is
 * that of an element in this order, from 0 on. Whoever reads says where the set is: array and index
 * of its first byte. Whoever changes it hands over the bytes it lies in, which are exactly as long
 * as it. All changes can throw {@link io.cinnabar.arena.ArenaFullException} and have changed
 * nothing then. Damaged bytes are undefined to all but {@link #validate}.
 */
public final class Intset {

  /** The length of one without elements. */
  public static final int EMPTY_BYTES = 8;

  private static final int COUNT = 4;
  private static final int HEADER_BYTES = 8;

  private Intset() {}

  /** Makes the bytes, whatever they were, a set without elements. */
  public static void format(EditableBytes bytes) {
    bytes.resize(EMPTY_BYTES);
    Bytes.putInt(bytes.array(), bytes.offset(), Short.BYTES);
    Bytes.putInt(bytes.array(), bytes.offset() + COUNT, 0);
  }

  /** How many elements there are. */
  public static int count(byte[] a, int start) {
    return Bytes.getInt(a, start + COUNT);
  }

  public static int totalBytes(byte[] a, int start) {
    return HEADER_BYTES + width(a, start) * count(a, start);
  }

  /** The width of an element in bytes: 2, 4 or 8. */
  public static int width(byte[] a, int start) {
    return Bytes.getInt(a, start);
  }

  private static int widthOf(long value) {
    return value == (short) value ? Short.BYTES : value == (int) value ? Integer.BYTES : Long.BYTES;
  }

  /** The element with this index, which there is. */
  public static long get(byte[] a, int start, int index) {
    return get(a, start, index, width(a, start));
  }

  private static long get(byte[] a, int start, int index, int width) {
    int at = start + HEADER_BYTES + index * width;
    return switch (width) {
      case Short.BYTES -> Bytes.getShort(a, at);
      case Integer.BYTES -> Bytes.getInt(a, at);
      default -> Bytes.getLong(a, at);
    };
  }

  private static void put(byte[] a, int start, int index, int width, long value) {
    int at = start + HEADER_BYTES + index * width;
    switch (width) {
      case Short.BYTES -> Bytes.putShort(a, at, (int) value);
      case Integer.BYTES -> Bytes.putInt(a, at, (int) value);
      default -> Bytes.putLong(a, at, value);
    }
  }

  /** One of the elements, of which there are some, each as likely as any other. */
  public static long random(byte[] a, int start, RandomGenerator random) {
    return get(a, start, random.nextInt(count(a, start)));
  }

  public static boolean contains(byte[] a, int start, long value) {
    return find(a, start, value) >= 0;
  }

  /** The index of an element; without it -1 minus the index that it would have. */
  public static int find(byte[] a, int start, long value) {
    int width = width(a, start);
    int low = 0;
    int high = count(a, start) - 1;
    // Often sets are filled in ascending order.
    if (high >= 0 && value > get(a, start, high, width)) {
      return -2 - high;
    }
    while (low <= high) {
      int middle = (low + high) >>> 1;
      long found = get(a, start, middle, width);
      if (found == value) {
        return middle;
      }
      if (found < value) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1 - low;
  }

  // Changing.

  /** Adds an element; false if it was there. */
  public static boolean add(EditableBytes bytes, long value) {
    int found = find(bytes.array(), bytes.offset(), value);
    if (found >= 0) {
      return false;
    }
    addAt(bytes, -1 - found, value);
    return true;
  }

  /** Adds an element that is not there at the index that {@link #find} has told. */
  public static void addAt(EditableBytes bytes, int index, long value) {
    int width = width(bytes.array(), bytes.offset());
    int count = count(bytes.array(), bytes.offset());
    int newWidth = Math.max(width, widthOf(value));
    bytes.resize(HEADER_BYTES + (count + 1) * newWidth);
    byte[] a = bytes.array();
    int start = bytes.offset();
    if (newWidth == width) {
      int at = start + HEADER_BYTES + index * width;
      System.arraycopy(a, at, a, at + width, (count - index) * width);
    } else {
      widen(a, start, width, newWidth, index);
    }
    put(a, start, index, newWidth, value);
    Bytes.putInt(a, start + COUNT, count + 1);
  }

  /** Makes all elements wider and leaves room at {@code index}, at one of the ends. */
  private static void widen(byte[] a, int start, int width, int newWidth, int index) {
    int shift = index == 0 ? 1 : 0;
    // From the last on, since they become longer.
    for (int i = count(a, start) - 1; i >= 0; i--) {
      put(a, start, i + shift, newWidth, get(a, start, i, width));
    }
    Bytes.putInt(a, start, newWidth);
  }

  /** Removes an element; false if it was not there. */
  public static boolean remove(EditableBytes bytes, long value) {
    int index = find(bytes.array(), bytes.offset(), value);
    if (index < 0) {
      return false;
    }
    removeAt(bytes, index);
    return true;
  }

  /** Removes the element with this index. */
  public static void removeAt(EditableBytes bytes, int index) {
    int total = totalBytes(bytes.array(), bytes.offset());
    // To write to them, and not shorter yet: what is behind has to be moved first.
    bytes.resize(total);
    byte[] a = bytes.array();
    int start = bytes.offset();
    int width = width(a, start);
    int at = start + HEADER_BYTES + index * width;
    System.arraycopy(a, at + width, a, at, start + total - at - width);
    Bytes.putInt(a, start + COUNT, count(a, start) - 1);
    bytes.resize(total - width);
  }

  // Validation.

  /**
   * Whether these bytes are a set with at least one element. Whatever they are, no other byte is
   * read.
   *
   * @param deep the order is looked at, too
   */
  public static boolean validate(byte[] a, int start, int length, boolean deep) {
    if (length < HEADER_BYTES) {
      return false;
    }
    int width = width(a, start);
    int count = count(a, start);
    if (width != Short.BYTES && width != Integer.BYTES && width != Long.BYTES) {
      return false;
    }
    if (count <= 0 || HEADER_BYTES + (long) width * count != length) {
      return false;
    }
    for (int i = 1; deep && i < count; i++) {
      if (get(a, start, i - 1, width) >= get(a, start, i, width)) {
        return false;
      }
    }
    return true;
  }
}
