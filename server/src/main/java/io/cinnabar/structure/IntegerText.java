package io.cinnabar.structure;

/**
 * Integers as decimal text, the way Redis reads and writes them.
 *
 * <p>Reading is strict, so that the text of a number is unique: no spaces, no plus, no leading
 * zeros, no {@code -0}. It takes two steps, a test and a conversion, which spares the hot path both
 * exceptions and boxes: {@code if (isLong(text)) n = toLong(text)}.
 */
public final class IntegerText {

  /** The longest text of a long: a sign and 19 digits. */
  public static final int MAX_LONG_BYTES = 20;

  private static final int MAX_SIGNED_DIGITS = 19;
  private static final int MAX_UNSIGNED_DIGITS = 20;

  /** The two digits of 0 to 99, one pair after the other. */
  private static final byte[] PAIRS = new byte[200];

  private static final long[] POWERS_OF_TEN = new long[MAX_SIGNED_DIGITS];

  static {
    for (int i = 0; i < 100; i++) {
      PAIRS[2 * i] = (byte) ('0' + i / 10);
      PAIRS[2 * i + 1] = (byte) ('0' + i % 10);
    }
    long power = 1;
    for (int i = 0; i < POWERS_OF_TEN.length; i++) {
      POWERS_OF_TEN[i] = power;
      power *= 10;
    }
  }

  private IntegerText() {}

  /** Whether {@code text} is a long in its only valid form. */
  public static boolean isLong(Slice text) {
    return isLong(text.array, text.offset, text.length);
  }

  /** Whether these bytes are a long in its only valid form. */
  public static boolean isLong(byte[] bytes, int offset, int length) {
    if (length == 0 || length > MAX_LONG_BYTES) {
      return false;
    }
    boolean negative = bytes[offset] == '-';
    int first = negative ? offset + 1 : offset;
    int digits = offset + length - first;
    if (!isCanonical(bytes, first, digits) || (negative && bytes[first] == '0')) {
      return false;
    }
    if (digits < MAX_SIGNED_DIGITS) {
      return true;
    }
    // 19 digits stay below 2^64: read as unsigned, the sum has not wrapped
    long limit = negative ? Long.MIN_VALUE : Long.MAX_VALUE;
    return digits == MAX_SIGNED_DIGITS
        && Long.compareUnsigned(magnitude(bytes, first, digits), limit) <= 0;
  }

  /** The long whose text this is; undefined unless {@link #isLong(Slice)}. */
  public static long toLong(Slice text) {
    return toLong(text.array, text.offset, text.length);
  }

  /** The long whose text this is; undefined unless {@link #isLong(byte[], int, int)}. */
  public static long toLong(byte[] bytes, int offset, int length) {
    return bytes[offset] == '-'
        ? -magnitude(bytes, offset + 1, length - 1)
        : magnitude(bytes, offset, length);
  }

  /** Whether {@code text} is an unsigned 64-bit number in its only valid form. */
  public static boolean isUnsignedLong(Slice text) {
    int digits = text.length;
    if (digits > MAX_UNSIGNED_DIGITS || !isCanonical(text.array, text.offset, digits)) {
      return false;
    }
    if (digits < MAX_UNSIGNED_DIGITS) {
      return true;
    }
    // 20 digits from 1 on exceed 2^63; wrapped around, they would be less than their first 19 say
    long head = magnitude(text.array, text.offset, MAX_SIGNED_DIGITS);
    int last = text.at(MAX_SIGNED_DIGITS) - '0';
    int compared = Long.compareUnsigned(head, Long.divideUnsigned(-1L, 10));
    return compared < 0 || (compared == 0 && last <= 5);
  }

  /** The unsigned number whose text this is; undefined unless {@link #isUnsignedLong}. */
  public static long toUnsignedLong(Slice text) {
    return magnitude(text.array, text.offset, text.length);
  }

  private static boolean isCanonical(byte[] bytes, int offset, int length) {
    if (length == 0) {
      return false;
    }
    for (int i = offset, end = offset + length; i < end; i++) {
      int digit = bytes[i] - '0';
      if (digit < 0 || digit > 9) {
        return false;
      }
    }
    return length == 1 || bytes[offset] != '0';
  }

  private static long magnitude(byte[] bytes, int offset, int length) {
    long magnitude = 0;
    for (int i = offset, end = offset + length; i < end; i++) {
      magnitude = magnitude * 10 + (bytes[i] - '0');
    }
    return magnitude;
  }

  /** How many bytes {@link #write} takes for {@code value}, its sign included. */
  public static int length(long value) {
    if (value >= 0) {
      return digits(value);
    }
    return value == Long.MIN_VALUE ? MAX_LONG_BYTES : 1 + digits(-value);
  }

  private static int digits(long magnitude) {
    // 1233/4096 is just above log10(2), so this is the count or one too many
    int bits = Long.SIZE - Long.numberOfLeadingZeros(magnitude | 1);
    int guess = (bits * 1233) >>> 12;
    return magnitude < POWERS_OF_TEN[guess] && guess > 0 ? guess : guess + 1;
  }

  /**
   * Writes {@code value} at {@code offset}; the caller has left {@link #length} bytes there.
   *
   * @return the index after the last digit
   */
  public static int write(long value, byte[] bytes, int offset) {
    int end = offset + length(value);
    if (value < 0) {
      bytes[offset] = '-';
    }
    // the negative side holds every long, the positive one lacks one
    long rest = value < 0 ? value : -value;
    int at = end;
    while (rest <= -100) {
      long next = rest / 100;
      int pair = (int) (next * 100 - rest) << 1;
      bytes[--at] = PAIRS[pair + 1];
      bytes[--at] = PAIRS[pair];
      rest = next;
    }
    int pair = (int) -rest << 1;
    bytes[--at] = PAIRS[pair + 1];
    if (rest <= -10) {
      bytes[--at] = PAIRS[pair];
    }
    return end;
  }
}
