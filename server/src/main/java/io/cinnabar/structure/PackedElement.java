package io.cinnabar.structure;

import io.cinnabar.arena.Bytes;

/**
 * One element as small collections hold it: a string, or an integer instead of the string of its
 * digits. What a {@link Listpack} and a {@link PackedSequence} are made of. Static functions over
 * the bytes; offsets are indexes into the array.
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
 * <p>Numbers in whole bytes are little-endian; integers longer than seven bits have a sign.
 *
 * <p>What is written is always the shortest. What is read may be longer, as others may have written
 * it. Nothing here checks elements against damage but {@link #validEnd}.
 */
public final class PackedElement {

  /** The bytes of the longest short string, see {@link #isShortString}. */
  public static final int MAX_SHORT_STRING = 63;

  /** As which an empty string begins, and with a length in its lower bits a short one. */
  static final int SHORT_STRING = 0x80;

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

  private PackedElement() {}

  // Sizes.

  /** How many bytes the element at {@code p} takes. */
  public static int bytes(byte[] a, int p) {
    int tag = a[p] & 0xFF;
    if (tag < SHORT_STRING) {
      return 1;
    }
    if (tag < SHORT_INTEGER) {
      return 1 + (tag & MAX_SHORT_STRING);
    }
    return tag < MEDIUM_STRING ? 2 : longBytes(a, p, tag);
  }

  private static int longBytes(byte[] a, int p, int tag) {
    if (tag < LONG_STRING) {
      return 2 + mediumLength(a, p);
    }
    return switch (tag) {
      case LONG_STRING -> 5 + Bytes.getInt(a, p + 1);
      case INTEGER_16 -> 3;
      case INTEGER_24 -> 4;
      case INTEGER_32 -> 5;
      case INTEGER_64 -> 9;
      default -> throw new IllegalStateException("no element begins with " + tag);
    };
  }

  /** Where so many elements end that begin at {@code p}. */
  public static int skip(byte[] a, int p, int elements) {
    int at = p;
    for (int left = elements; left > 0; left--) {
      at += bytes(a, at);
    }
    return at;
  }

  /** How many bytes a string takes, as an integer where it is one. */
  static int encodedBytes(Slice element) {
    return IntegerText.isLong(element)
        ? encodedBytes(IntegerText.toLong(element))
        : stringBytes(element.length);
  }

  /** How many bytes an integer takes. */
  static int encodedBytes(long value) {
    if (value >= 0 && value <= MAX_TINY) {
      return 1;
    }
    long magnitude = value < 0 ? ~value : value;
    if (magnitude <= MAX_SHORT) {
      return 2;
    }
    if (magnitude <= Short.MAX_VALUE) {
      return 3;
    }
    if (magnitude <= MAX_24) {
      return 4;
    }
    return magnitude <= Integer.MAX_VALUE ? 5 : 9;
  }

  /** How many bytes a string takes that is no integer. */
  static int stringBytes(int length) {
    return stringHeaderBytes(length) + length;
  }

  private static int stringHeaderBytes(int length) {
    return length <= MAX_SHORT_STRING ? 1 : length <= MAX_MEDIUM_STRING ? 2 : 5;
  }

  /** Whether the element is a string with one byte before it. */
  public static boolean isShortString(byte[] a, int p) {
    return isShortString(a[p]);
  }

  /** Whether what begins with this byte is a string with no other before it. */
  static boolean isShortString(int first) {
    return (first & 0xC0) == SHORT_STRING;
  }

  /** How many bytes a short string has, which are those behind the first of the element. */
  public static int shortLength(byte[] a, int p) {
    return a[p] & MAX_SHORT_STRING;
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

  /** Whether the element is this string. */
  public static boolean matches(byte[] a, int p, Slice element) {
    if (isInteger(a, p)) {
      return IntegerText.isLong(element) && IntegerText.toLong(element) == integer(a, p);
    }
    return matchesString(a, p, element);
  }

  /** Whether the element, which is held as a string, is this one. */
  static boolean matchesString(byte[] a, int p, Slice element) {
    return stringLength(a, p) == element.length
        && element.contentEquals(a, stringOffset(a, p), element.length);
  }

  // Writing.

  /** Writes an element, as an integer where it is one, at {@code p}; where it ends. */
  static int write(byte[] a, int p, Slice element) {
    return IntegerText.isLong(element)
        ? write(a, p, IntegerText.toLong(element))
        : writeString(a, p, element);
  }

  /** Writes an integer at {@code p}; where it ends. */
  static int write(byte[] a, int p, long value) {
    int bytes = encodedBytes(value);
    switch (bytes) {
      case 1 -> a[p] = (byte) value;
      case 2 -> {
        a[p] = (byte) (SHORT_INTEGER | (value >>> 8 & 0x1F));
        a[p + 1] = (byte) value;
      }
      case 3 -> {
        a[p] = (byte) INTEGER_16;
        Bytes.putShort(a, p + 1, (int) value);
      }
      case 4 -> {
        a[p] = (byte) INTEGER_24;
        Bytes.putMedium(a, p + 1, (int) value);
      }
      case 5 -> {
        a[p] = (byte) INTEGER_32;
        Bytes.putInt(a, p + 1, (int) value);
      }
      default -> {
        a[p] = (byte) INTEGER_64;
        Bytes.putLong(a, p + 1, value);
      }
    }
    return p + bytes;
  }

  /** Writes a string that is no integer at {@code p}; where it ends. */
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
    return p + header + length;
  }

  // Validation.

  /**
   * Where the element at {@code p} ends if it is one and ends by {@code end}, else -1. Whatever the
   * bytes are, none from {@code end} on is read.
   */
  static int validEnd(byte[] a, int p, int end) {
    int tag = p < end ? a[p] & 0xFF : Integer.MAX_VALUE;
    if (tag > INTEGER_64) {
      return Listpack.NONE;
    }
    int available = end - p;
    int header = tag < MEDIUM_STRING || tag > LONG_STRING ? 1 : tag < LONG_STRING ? 2 : 5;
    int bytes = available < header ? 0 : bytes(a, p);
    // Less than the header: the length is negative, or the sum is.
    return bytes < header || bytes > available ? Listpack.NONE : p + bytes;
  }
}
