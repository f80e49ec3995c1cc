package io.cinnabar.structure;

/**
 * Which texts are floating-point numbers to Redis: those that C's {@code strtod} takes to their
 * last byte, in the C locale and without its leading white space, save NaN.
 *
 * <pre>
 *   [+-] ( digits [. digits*] | . digits ) [ e [+-] digits ]
 *   [+-] 0x ( hex [. hex*] | . hex ) [ p [+-] digits ]
 *   [+-] ( inf | infinity )                                     letters in either case
 * </pre>
 */
final class FloatSyntax {

  static final int INVALID = 0;
  static final int DECIMAL = 1;
  static final int HEXADECIMAL = 2;
  static final int INFINITY = 3;

  private FloatSyntax() {}

  /** One of the constants of this class. */
  static int kind(byte[] bytes, int offset, int length) {
    int at = afterSign(bytes, offset, offset + length);
    int end = offset + length;
    if (at == end) {
      return INVALID;
    }
    int letter = bytes[at] | 0x20;
    if (letter == 'i') {
      return isWord(bytes, at, end, "inf") || isWord(bytes, at, end, "infinity")
          ? INFINITY
          : INVALID;
    }
    if (isHexadecimal(bytes, at, end)) {
      return isNumber(bytes, at + 2, end, 16) ? HEXADECIMAL : INVALID;
    }
    return isNumber(bytes, at, end, 10) ? DECIMAL : INVALID;
  }

  /** The index after the sign that may stand at {@code at}. */
  static int afterSign(byte[] bytes, int at, int end) {
    return at < end && (bytes[at] == '-' || bytes[at] == '+') ? at + 1 : at;
  }

  private static boolean isHexadecimal(byte[] bytes, int at, int end) {
    return end - at > 2 && bytes[at] == '0' && (bytes[at + 1] | 0x20) == 'x';
  }

  private static boolean isNumber(byte[] bytes, int first, int end, int radix) {
    int at = afterDigits(bytes, first, end, radix);
    int digits = at - first;
    if (at < end && bytes[at] == '.') {
      int fraction = at + 1;
      at = afterDigits(bytes, fraction, end, radix);
      digits += at - fraction;
    }
    if (digits == 0 || at == end) {
      return digits > 0;
    }
    if ((bytes[at] | 0x20) != (radix == 16 ? 'p' : 'e')) {
      return false;
    }
    int exponent = afterSign(bytes, at + 1, end);
    return exponent < end && afterDigits(bytes, exponent, end, 10) == end;
  }

  private static int afterDigits(byte[] bytes, int at, int end, int radix) {
    while (at < end && Character.digit(bytes[at], radix) >= 0) {
      at++;
    }
    return at;
  }

  private static boolean isWord(byte[] bytes, int at, int end, String word) {
    if (end - at != word.length()) {
      return false;
    }
    for (int i = 0; i < word.length(); i++) {
      if ((bytes[at + i] | 0x20) != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
