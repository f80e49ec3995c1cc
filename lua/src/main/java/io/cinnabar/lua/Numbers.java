package io.cinnabar.lua;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Lua's numbers, which are doubles: as text, from text, boxed, and the signal by which an
 * expression that was asked for a number says that its value is none.
 */
final class Numbers {
  /** A NaN that no computation makes; the value is in {@link Frame#value}. */
  static final double NO_NUMBER = Double.longBitsToDouble(0x7ff8_dead_beef_0001L);

  private static final long NO_NUMBER_BITS = 0x7ff8_dead_beef_0001L;

  /** What x86 computes where there is no result; it prints as "-nan". */
  static final double NAN = Double.longBitsToDouble(0xfff8_0000_0000_0000L);

  private static final int CACHED_FROM = -128;
  private static final int CACHED_TO = 1024;
  private static final Double[] CACHE = new Double[CACHED_TO - CACHED_FROM];

  static {
    for (int i = 0; i < CACHE.length; i++) {
      CACHE[i] = (double) (i + CACHED_FROM);
    }
  }

  private Numbers() {}

  static boolean isSignal(double number) {
    return Double.isNaN(number) && Double.doubleToRawLongBits(number) == NO_NUMBER_BITS;
  }

  static Double box(double number) {
    int n = (int) number;
    if (n == number && n >= CACHED_FROM && n < CACHED_TO && (n != 0 || 1 / number > 0)) {
      return CACHE[n - CACHED_FROM];
    }
    return number;
  }

  /** The NaN that comes of these operands: the first one that is NaN, else the machine's. */
  static double nan(double a, double b) {
    return Double.isNaN(a) ? a : Double.isNaN(b) ? b : NAN;
  }

  static double modulo(double a, double b) {
    double result = a - Math.floor(a / b) * b;
    return !Double.isNaN(result) ? result : nan(a, b);
  }

  static double power(double a, double b) {
    double result = b == 2 ? a * a : a == 1 ? 1 : Math.pow(a, b);
    return !Double.isNaN(result) ? result : nan(a, b);
  }

  /** As C casts a double to a 64-bit integer on x86. */
  static long toInteger(double number) {
    return number >= -0x1p63 && number < 0x1p63 ? (long) number : Long.MIN_VALUE;
  }

  /** A number, or a string that reads as one; else null. */
  static Double convert(Object value) {
    if (value instanceof Double number) {
      return number;
    }
    return value instanceof LuaString string ? parse(string.toString()) : null;
  }

  /** A number or string as a string. */
  static LuaString text(Object value) {
    if (value instanceof LuaString string) {
      return string;
    }
    return value instanceof Double number
        ? LuaString.of(toText(number).getBytes(StandardCharsets.ISO_8859_1))
        : LuaString.EMPTY;
  }

  /** A number as {@code tostring} has it: %.14g. */
  static String toText(double number) {
    if (number == (long) number && Math.abs(number) < 1e14 && (number != 0 || 1 / number > 0)) {
      return Long.toString((long) number);
    }
    return Decimals.general(number, 14, false);
  }

  static boolean isSpace(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
  }

  /** What C's strtod reads of a whole text, with spaces around it; null if it is no number. */
  static Double parse(String source) {
    int from = 0;
    int to = source.length();
    while (from < to && isSpace(source.charAt(from))) {
      from++;
    }
    while (to > from && isSpace(source.charAt(to - 1))) {
      to--;
    }
    if (from == to) {
      return null;
    }
    char sign = source.charAt(from);
    int start = sign == '-' || sign == '+' ? from + 1 : from;
    String digits = source.substring(start, to);
    Double size = parseUnsigned(digits);
    return size == null || sign != '-' ? size : Double.valueOf(-size);
  }

  private static Double parseUnsigned(String digits) {
    String small = digits.toLowerCase(Locale.ROOT);
    if (small.startsWith("0x")) {
      return parseHex(small);
    }
    if (small.equals("inf") || small.equals("infinity")) {
      return Double.POSITIVE_INFINITY;
    }
    if (small.equals("nan")) {
      return Double.NaN;
    }
    return isDecimal(small) ? Double.valueOf(small) : null;
  }

  private static boolean isDecimal(String text) {
    int at = 0;
    int mantissa = 0;
    boolean hasPoint = false;
    for (; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c >= '0' && c <= '9') {
        mantissa++;
      } else if (c == '.' && !hasPoint) {
        hasPoint = true;
      } else {
        break;
      }
    }
    if (mantissa == 0 || at == text.length()) {
      return mantissa > 0;
    }
    if (text.charAt(at) != 'e') {
      return false;
    }
    at++;
    if (at < text.length() && (text.charAt(at) == '-' || text.charAt(at) == '+')) {
      at++;
    }
    int start = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    return at == text.length() && at > start;
  }

  private static Double parseHex(String text) {
    boolean isFloat = text.indexOf('.') >= 0 || text.indexOf('p') >= 0;
    if (!isFloat) {
      double value = 0;
      for (int i = 2; i < text.length(); i++) {
        int digit = Character.digit(text.charAt(i), 16);
        if (digit < 0) {
          return null;
        }
        value = value * 16 + digit;
      }
      return text.length() > 2 ? value : null;
    }
    if (!text.matches("0x([0-9a-f]+\\.?[0-9a-f]*|\\.[0-9a-f]+)(p[+-]?[0-9]+)?")) {
      return null;
    }
    return Double.valueOf(text.indexOf('p') >= 0 ? text : text + "p0");
  }
}
