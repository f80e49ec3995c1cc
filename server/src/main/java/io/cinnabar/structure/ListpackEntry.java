package io.cinnabar.structure;

import io.cinnabar.arena.Bytes;
import java.util.Arrays;

/**
 * One element as a {@link Listpack} holds it: a string, or an integer instead of the string of its
 * digits. Static functions over the bytes; they need no listpack around them, so runs of such
 * entries can lie anywhere. Offsets are indexes into the array.
 *
 * <pre>
 * 0vvvvvvv                                    integer, 0 to 127
 * 10llllll  bytes                             string of up to 63 bytes
 * 110vvvvv vvvvvvvv                           integer of 13 bits, the high ones first
 * 1110llll llllllll  bytes                    string of up to 4,095 bytes, high bits first
 * 11110000 l l l l  bytes                     string of up to 2^31-1 bytes
 * 11110001 v v                                integer of 16 bits
 * 11110010 v v v                              of 24
 * 11110011 v v v v                            of 32
 * 11110100 v v v v v v v v                    of 64
 * </pre>
 *
 * <p>Numbers in whole bytes are little-endian; integers longer than seven bits have a sign. Behind
 * each entry stands how many bytes all this was, seven bits to a byte, so that it can be read
 * backwards: the last byte has the lowest bits, and each byte but the first has its top bit set.
 *
 * <pre>
 * size     1 to 127   0sssssss
 *        to 16,382    0sssssss 1sssssss       and so on up to five bytes; 16,383, 2,097,151 and
 *                                             268,435,455 take a byte more than they need
 * </pre>
 *
 * <p>What is written is always the shortest. What is read may be longer, as others may have written
 * it. Nothing here checks entries against damage but {@link #validEnd}.
 */
public final class ListpackEntry {

  /** The bytes of the longest short string, see {@link #isShortString}. */
  public static final int MAX_SHORT_STRING = 63;

  private static final int SHORT_STRING = 0x80;
  private static final int SHORT_INTEGER = 0xC0;
  private static final int MEDIUM_STRING = 0xE0;
  private static final int LONG_STRING = 0xF0;
  private static final int INTEGER_16 = 0xF1;
  private static final int INTEGER_24 = 0xF2;
  private static final int INTEGER_32 = 0xF3;
  private static final int INTEGER_64 = 0xF4;

  private static final int MAX_TINY = 127;
  private static final int MAX_SHORT = (1 << 12) - 1;
  private static final int MAX_24 = (1 << 23) - 1;
  private static final int MAX_MEDIUM_STRING = 4095;

  /** From so many bytes on a size takes two, three, four, five bytes. */
  private static final int TWO_BYTES = 128;

  private static final int THREE_BYTES = (1 << 14) - 1;
  private static final int FOUR_BYTES = (1 << 21) - 1;
  private static final int FIVE_BYTES = (1 << 28) - 1;

  private ListpackEntry() {}

  // Sizes.

  /** How many bytes the entry at {@code p} takes with all that belongs to it. */
  public static int entryBytes(byte[] a, int p) {
    int first = a[p];
    if (first >= 0) {
      return 2;
    }
    if (isShortString(first)) {
      return shortStringBytes(first & MAX_SHORT_STRING);
    }
    int size = contentBytes(a, p);
    return size + backBytes(size);
  }

  /** How many bytes the entry takes that ends before {@code p}, an entry or the end of a run. */
  public static int entryBytesBefore(byte[] a, int p) {
    int at = p - 1;
    int size = a[at] & 0x7F;
    for (int shift = 7; a[at] < 0; shift += 7) {
      at--;
      size |= (a[at] & 0x7F) << shift;
    }
    return size + p - at;
  }

  /** How many bytes the entry of a string takes with all that belongs to it. */
  public static int encodedBytes(Slice element) {
    return IntegerText.isLong(element)
        ? encodedBytes(IntegerText.toLong(element))
        : stringBytes(element.length);
  }

  /** How many bytes the entry of an integer takes with all that belongs to it. */
  public static int encodedBytes(long value) {
    if (value >= 0 && value <= MAX_TINY) {
      return 2;
    }
    long magnitude = value < 0 ? ~value : value;
    if (magnitude <= MAX_SHORT) {
      return 3;
    }
    if (magnitude <= Short.MAX_VALUE) {
      return 4;
    }
    if (magnitude <= MAX_24) {
      return 5;
    }
    return magnitude <= Integer.MAX_VALUE ? 6 : 10;
  }

  /** How many bytes the entry of a string takes that is no integer. */
  static int stringBytes(int length) {
    int size = stringHeaderBytes(length) + length;
    return size + backBytes(size);
  }

  private static int stringHeaderBytes(int length) {
    return length <= MAX_SHORT_STRING ? 1 : length <= MAX_MEDIUM_STRING ? 2 : 5;
  }

  /** How many bytes an entry takes without its size. */
  private static int contentBytes(byte[] a, int p) {
    int tag = a[p] & 0xFF;
    if (tag < SHORT_STRING) {
      return 1;
    }
    if (tag < SHORT_INTEGER) {
      return 1 + (tag & MAX_SHORT_STRING);
    }
    if (tag < MEDIUM_STRING) {
      return 2;
    }
    if (tag < LONG_STRING) {
      return 2 + mediumLength(a, p);
    }
    return switch (tag) {
      case LONG_STRING -> 5 + Bytes.getInt(a, p + 1);
      case INTEGER_16 -> 3;
      case INTEGER_24 -> 4;
      case INTEGER_32 -> 5;
      case INTEGER_64 -> 9;
      default -> throw new IllegalStateException("no entry of a listpack begins with " + tag);
    };
  }

  private static int backBytes(int size) {
    if (size < TWO_BYTES) {
      return 1;
    }
    if (size < THREE_BYTES) {
      return 2;
    }
    return size < FOUR_BYTES ? 3 : size < FIVE_BYTES ? 4 : 5;
  }

  /** Whether the element is a string with one byte before it and one behind it. */
  public static boolean isShortString(byte[] a, int p) {
    return isShortString(a[p]);
  }

  /** How many bytes a short string has, which are those behind the first of the entry. */
  public static int shortLength(byte[] a, int p) {
    return a[p] & MAX_SHORT_STRING;
  }

  /** How many bytes the entry of a short string takes. */
  public static int shortStringBytes(int length) {
    return length + 2;
  }

  private static boolean isShortString(int first) {
    return (first & 0xC0) == SHORT_STRING;
  }

  private static int mediumLength(byte[] a, int p) {
    return (a[p] & 0x0F) << 8 | (a[p + 1] & 0xFF);
  }

  // Reading.

  /** Whether the element is held as an integer. */
  public static boolean isInteger(byte[] a, int p) {
    int tag = a[p] & 0xFF;
    return tag < SHORT_STRING || (tag & 0xE0) == SHORT_INTEGER || tag > LONG_STRING;
  }

  /** The element; undefined unless {@link #isInteger}. */
  public static long integer(byte[] a, int p) {
    int tag = a[p] & 0xFF;
    if (tag < SHORT_STRING) {
      return tag;
    }
    if (tag < MEDIUM_STRING) {
      return signed13(tag << 8 | (a[p + 1] & 0xFF));
    }
    return switch (tag) {
      case INTEGER_16 -> Bytes.getShort(a, p + 1);
      case INTEGER_24 -> signed24(Bytes.getUnsignedMedium(a, p + 1));
      case INTEGER_32 -> Bytes.getInt(a, p + 1);
      default -> Bytes.getLong(a, p + 1);
    };
  }

  private static int signed13(int bits) {
    return bits << 19 >> 19;
  }

  private static int signed24(int bits) {
    return bits << 8 >> 8;
  }

  /**
   * The element as a string: moves {@code into} over its bytes, or over those of an integer, which
   * are written at the beginning of {@code digits}.
   *
   * @param digits at least {@link IntegerText#MAX_LONG_BYTES}
   */
  public static void text(byte[] a, int p, Slice into, byte[] digits) {
    if (isInteger(a, p)) {
      into.set(digits, 0, IntegerText.write(integer(a, p), digits, 0));
    } else {
      into.set(a, stringOffset(a, p), stringLength(a, p));
    }
  }

  /** How many bytes the element has as a string. */
  public static int length(byte[] a, int p) {
    return isInteger(a, p) ? IntegerText.length(integer(a, p)) : stringLength(a, p);
  }

  /** How many bytes the element has; undefined where {@link #isInteger}. */
  public static int stringLength(byte[] a, int p) {
    int tag = a[p] & 0xFF;
    if (tag < SHORT_INTEGER) {
      return tag & MAX_SHORT_STRING;
    }
    return tag < LONG_STRING ? mediumLength(a, p) : Bytes.getInt(a, p + 1);
  }

  /** The index of the element's first byte; undefined where {@link #isInteger}. */
  public static int stringOffset(byte[] a, int p) {
    int tag = a[p] & 0xFF;
    return p + (tag < SHORT_INTEGER ? 1 : tag < LONG_STRING ? 2 : 5);
  }

  // Comparing.

  /** Whether the element is this string. */
  public static boolean matches(byte[] a, int p, Slice element) {
    if (isInteger(a, p)) {
      return IntegerText.isLong(element) && IntegerText.toLong(element) == integer(a, p);
    }
    return matchesString(a, p, element);
  }

  private static boolean matchesString(byte[] a, int p, Slice element) {
    return stringLength(a, p) == element.length
        && element.contentEquals(a, stringOffset(a, p), element.length);
  }

  /**
   * The first entry from {@code from} to {@code to} that is this string, -1 without one. Between
   * two that are compared {@code skip} are passed over: with 1 only fields are sought, no values.
   */
  public static int find(byte[] a, int from, int to, Slice element, int skip) {
    return IntegerText.isLong(element)
        ? findInteger(a, from, to, element, skip)
        : findString(a, from, to, element, skip);
  }

  private static int findInteger(byte[] a, int from, int to, Slice element, int skip) {
    long value = IntegerText.toLong(element);
    int at = from;
    while (at < to) {
      if (isInteger(a, at) ? integer(a, at) == value : matchesString(a, at, element)) {
        return at;
      }
      at = skip(a, at, to, skip);
    }
    return Listpack.NONE;
  }

  private static int findString(byte[] a, int from, int to, Slice element, int skip) {
    byte[] bytes = element.array;
    int offset = element.offset;
    int length = element.length;
    // Names often begin alike, so their ends are compared first. With no bytes that is the tag.
    byte last = length == 0 ? (byte) SHORT_STRING : bytes[offset + length - 1];
    int at = from;
    while (at < to) {
      int first = a[at];
      if (isShortString(first)) {
        if ((first & MAX_SHORT_STRING) == length
            && a[at + length] == last
            && Arrays.equals(a, at + 1, at + 1 + length, bytes, offset, offset + length)) {
          return at;
        }
      } else if (!isInteger(a, at) && matchesString(a, at, element)) {
        return at;
      }
      at = skip(a, at, to, skip);
    }
    return Listpack.NONE;
  }

  private static int skip(byte[] a, int p, int to, int skip) {
    int at = p + entryBytes(a, p);
    for (int left = skip; left > 0 && at < to; left--) {
      at += entryBytes(a, at);
    }
    return at;
  }

  // Writing.

  /** Writes an element, as an integer where it is one, at {@code p}; where it ends. */
  public static int writeEntry(byte[] a, int p, Slice element) {
    return IntegerText.isLong(element)
        ? writeEntry(a, p, IntegerText.toLong(element))
        : writeString(a, p, element);
  }

  /** Writes an integer at {@code p}; where its entry ends. */
  public static int writeEntry(byte[] a, int p, long value) {
    int entryBytes = encodedBytes(value);
    switch (entryBytes) {
      case 2 -> a[p] = (byte) value;
      case 3 -> {
        a[p] = (byte) (SHORT_INTEGER | (value >>> 8 & 0x1F));
        a[p + 1] = (byte) value;
      }
      case 4 -> {
        a[p] = (byte) INTEGER_16;
        Bytes.putShort(a, p + 1, (int) value);
      }
      case 5 -> {
        a[p] = (byte) INTEGER_24;
        Bytes.putMedium(a, p + 1, (int) value);
      }
      case 6 -> {
        a[p] = (byte) INTEGER_32;
        Bytes.putInt(a, p + 1, (int) value);
      }
      default -> {
        a[p] = (byte) INTEGER_64;
        Bytes.putLong(a, p + 1, value);
      }
    }
    a[p + entryBytes - 1] = (byte) (entryBytes - 1);
    return p + entryBytes;
  }

  /** Writes a string that is no integer at {@code p}; where its entry ends. */
  static int writeString(byte[] a, int p, Slice element) {
    int length = element.length;
    int header = stringHeaderBytes(length);
    switch (header) {
      case 1 -> a[p] = (byte) (SHORT_STRING | length);
      case 2 -> {
        a[p] = (byte) (MEDIUM_STRING | length >>> 8);
        a[p + 1] = (byte) length;
      }
      default -> {
        a[p] = (byte) LONG_STRING;
        Bytes.putInt(a, p + 1, length);
      }
    }
    System.arraycopy(element.array, element.offset, a, p + header, length);
    int size = header + length;
    int back = backBytes(size);
    for (int i = 0; i < back; i++) {
      a[p + size + i] = backByte(size, back, i);
    }
    return p + size + back;
  }

  private static byte backByte(int size, int back, int index) {
    int bits = size >>> (7 * (back - 1 - index)) & 0x7F;
    return (byte) (index == 0 ? bits : bits | 0x80);
  }

  // Validation.

  /**
   * Where the entry at {@code p} ends if it is one and ends by {@code end}, else -1. Whatever the
   * bytes are, none from {@code end} on is read.
   */
  public static int validEnd(byte[] a, int p, int end) {
    int tag = p < end ? a[p] & 0xFF : Integer.MAX_VALUE;
    if (tag > INTEGER_64) {
      return Listpack.NONE;
    }
    int available = end - p;
    int header = tag < MEDIUM_STRING || tag > LONG_STRING ? 1 : tag < LONG_STRING ? 2 : 5;
    int size = available < header ? 0 : contentBytes(a, p);
    // Less than the header: the length is negative, or the sum is.
    if (size < header || size >= available) {
      return Listpack.NONE;
    }
    int back = backBytes(size);
    if (size + back > available) {
      return Listpack.NONE;
    }
    for (int i = 0; i < back; i++) {
      if (a[p + size + i] != backByte(size, back, i)) {
        return Listpack.NONE;
      }
    }
    return p + size + back;
  }
}
