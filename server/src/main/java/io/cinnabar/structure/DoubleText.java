package io.cinnabar.structure;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Doubles as decimal text, the way Redis 7.2 writes them in replies and reads them in arguments.
 *
 * <p>Written are the digits of {@link ShortestDecimal}: {@code n} digits and an exponent {@code k}
 * that make {@code digits * 10^k}, whose first digit then stands for {@code 10^e}, {@code e = n + k
 * - 1}. They are laid out
 *
 * <ul>
 *   <li>as an integer, if the value is one and not above 2^62 in magnitude;
 *   <li>as an integer too, if {@code 0 <= k < 8}: {@code 12345678901234567000000};
 *   <li>as a plain fraction, if {@code -7 < k < 0} or {@code |e| < 4}: {@code 0.000001}, {@code
 *       0.00012};
 *   <li>else in scientific form, sign and no leading zeros in the exponent: {@code 1e+19}, {@code
 *       1.5e-7}.
 * </ul>
 *
 * <p>The thresholds are those of the fpconv library (github.com/night-shift/fpconv), which Redis
 * uses since 7.2. That one makes its digits with Grisu2 and so, about once in a thousand doubles,
 * writes a digit more than needed, or not the closest of the shortest; what reads it sees the same
 * double.
 */
public final class DoubleText {

  /** The longest text: a sign and 24 digits. */
  public static final int MAX_BYTES = 25;

  private static final double MAX_INTEGER = 0x1p62;

  /** Up to here a double holds each integer. */
  private static final long MAX_EXACT_INTEGER = 1L << 53;

  private static final double[] EXACT_POWERS_OF_TEN = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22
  };

  private DoubleText() {}

  /**
   * Writes {@code value} at {@code offset}; the caller has left {@link #MAX_BYTES} there.
   *
   * @return the index after the last byte
   */
  public static int write(double value, byte[] bytes, int offset) {
    if (value == 0) {
      return word(1 / value < 0 ? "-0" : "0", bytes, offset);
    }
    if (Math.abs(value) <= MAX_INTEGER && value == (long) value) {
      return IntegerText.write((long) value, bytes, offset);
    }
    if (Double.isNaN(value)) {
      return word("nan", bytes, offset);
    }
    if (Double.isInfinite(value)) {
      return word(value < 0 ? "-inf" : "inf", bytes, offset);
    }
    int at = offset;
    if (value < 0) {
      bytes[at++] = '-';
    }
    long digits = ShortestDecimal.digits(value);
    int exponent = ShortestDecimal.exponent(value);
    while (digits % 10 == 0) {
      digits /= 10;
      exponent++;
    }
    return layOut(digits, exponent, bytes, at);
  }

  private static int layOut(long digits, int exponent, byte[] bytes, int at) {
    int count = IntegerText.length(digits);
    int first = exponent + count - 1;
    if (exponent >= 0 && exponent < 8) {
      return zeros(exponent, bytes, IntegerText.write(digits, bytes, at));
    }
    if (exponent < 0 && (exponent > -7 || Math.abs(first) < 4)) {
      if (first < 0) {
        int zeros = word("0.", bytes, at);
        return IntegerText.write(digits, bytes, zeros(-first - 1, bytes, zeros));
      }
      return withPoint(digits, first + 1, bytes, at);
    }
    int end = count == 1 ? IntegerText.write(digits, bytes, at) : withPoint(digits, 1, bytes, at);
    bytes[end] = 'e';
    bytes[end + 1] = (byte) (first < 0 ? '-' : '+');
    return IntegerText.write(Math.abs(first), bytes, end + 2);
  }

  /** Writes the digits with a point after the first {@code whole} of them. */
  private static int withPoint(long digits, int whole, byte[] bytes, int at) {
    int end = IntegerText.write(digits, bytes, at + 1);
    System.arraycopy(bytes, at + 1, bytes, at, whole);
    bytes[at + whole] = '.';
    return end;
  }

  private static int zeros(int count, byte[] bytes, int at) {
    Arrays.fill(bytes, at, at + count, (byte) '0');
    return at + count;
  }

  private static int word(String text, byte[] bytes, int at) {
    for (int i = 0; i < text.length(); i++) {
      bytes[at + i] = (byte) text.charAt(i);
    }
    return at + text.length();
  }

  /**
   * The double that {@code text} stands for, rounded to the nearest: decimal, hexadecimal or {@code
   * inf}, without spaces.
   *
   * @return NaN if it is no number, or NaN, or if a finite number comes out as infinite or a number
   *     other than 0 as 0
   */
  public static double parse(Slice text) {
    return parse(text.array, text.offset, text.length);
  }

  /** As {@link #parse(Slice)}. */
  public static double parse(byte[] bytes, int offset, int length) {
    return switch (FloatSyntax.kind(bytes, offset, length)) {
      case FloatSyntax.DECIMAL -> parseDecimal(bytes, offset, length);
      case FloatSyntax.HEXADECIMAL -> parseLong(bytes, offset, length, "p0");
      case FloatSyntax.INFINITY ->
          bytes[offset] == '-' ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
      default -> Double.NaN;
    };
  }

  /**
   * As {@link #parse(Slice)}, behind white space, nothing as 0. A NUL ends the text.
   *
   * @return NaN where {@link #parse(Slice)} returns it
   */
  public static double parseBehindSpace(byte[] bytes, int offset, int length) {
    int end = wordEnd(bytes, offset, length);
    int from = afterSpace(bytes, offset, end);
    return offset == end ? 0 : parse(bytes, from, end - from);
  }

  private static int wordEnd(byte[] bytes, int offset, int length) {
    int end = offset;
    while (end < offset + length && bytes[end] != 0) {
      end++;
    }
    return end;
  }

  private static int afterSpace(byte[] bytes, int offset, int end) {
    int from = offset;
    while (from < end && (bytes[from] == ' ' || (bytes[from] >= '\t' && bytes[from] <= '\r'))) {
      from++;
    }
    return from;
  }

  /**
   * As {@link #parse(Slice)}, the way C's {@code strtod} reads a text that is a number as a whole:
   * behind white space, nothing as 0, what is too large as infinite and what is too small as 0. A
   * NUL ends the text.
   *
   * @return NaN if it is no number, or NaN
   */
  public static double parseLoosely(byte[] bytes, int offset, int length) {
    double value = parseBehindSpace(bytes, offset, length);
    int end = wordEnd(bytes, offset, length);
    int from = afterSpace(bytes, offset, end);
    if (!Double.isNaN(value) || FloatSyntax.kind(bytes, from, end - from) == FloatSyntax.INVALID) {
      return value;
    }
    String text = new String(bytes, from, end - from, StandardCharsets.ISO_8859_1);
    boolean isHexadecimal = FloatSyntax.kind(bytes, from, end - from) == FloatSyntax.HEXADECIMAL;
    boolean isComplete = !isHexadecimal || text.indexOf('p') >= 0 || text.indexOf('P') >= 0;
    return Double.parseDouble(isComplete ? text : text + "p0");
  }

  private static double parseDecimal(byte[] bytes, int offset, int length) {
    double quick = parseShort(bytes, offset, length);
    return Double.isNaN(quick) ? parseLong(bytes, offset, length, "") : quick;
  }

  /**
   * Reads digits that make up an integer that a double holds, divided by a power of ten that a
   * double holds: the quotient is then rounded right (William D. Clinger, "How to read floating
   * point numbers accurately", 1990). NaN for anything else.
   */
  private static double parseShort(byte[] bytes, int offset, int length) {
    int end = offset + length;
    long digits = 0;
    int point = end - 1;
    for (int i = FloatSyntax.afterSign(bytes, offset, end); i < end; i++) {
      if (bytes[i] == '.') {
        point = i;
        continue;
      }
      int digit = bytes[i] - '0';
      if (digit < 0 || digit > 9 || digits >= MAX_EXACT_INTEGER / 10) {
        return Double.NaN;
      }
      digits = 10 * digits + digit;
    }
    int decimals = end - 1 - point;
    if (decimals >= EXACT_POWERS_OF_TEN.length) {
      return Double.NaN;
    }
    double magnitude = digits / EXACT_POWERS_OF_TEN[decimals];
    return bytes[offset] == '-' ? -magnitude : magnitude;
  }

  /** Reads any number; {@code exponent} is what the JDK's syntax wants where C's does not. */
  private static double parseLong(byte[] bytes, int offset, int length, String exponent) {
    String text = new String(bytes, offset, length, StandardCharsets.ISO_8859_1);
    boolean complete = exponent.isEmpty() || text.indexOf('p') >= 0 || text.indexOf('P') >= 0;
    double value = Double.parseDouble(complete ? text : text + exponent);
    if (Double.isInfinite(value) || (value == 0 && hasDigitsAboveZero(text))) {
      return Double.NaN;
    }
    return value;
  }

  private static boolean hasDigitsAboveZero(String text) {
    boolean hexadecimal = text.indexOf('x') >= 0 || text.indexOf('X') >= 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 'p' || c == 'P' || (!hexadecimal && (c == 'e' || c == 'E'))) {
        return false;
      }
      if (c != '0' && Character.digit(c, 16) >= 0) {
        return true;
      }
    }
    return false;
  }
}
