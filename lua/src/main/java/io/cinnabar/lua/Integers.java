package io.cinnabar.lua;

import java.math.BigInteger;

/** Integers as C's strtoul reads them. */
final class Integers {
  private Integers() {}

  /** A number in another base, with spaces around it; null if it is none. */
  static Double parse(String source, int base) {
    int at = 0;
    int end = source.length();
    while (at < end && Numbers.isSpace(source.charAt(at))) {
      at++;
    }
    while (end > at && Numbers.isSpace(source.charAt(end - 1))) {
      end--;
    }
    boolean isNegative = at < end && source.charAt(at) == '-';
    if (at < end && (source.charAt(at) == '-' || source.charAt(at) == '+')) {
      at++;
    }
    if (base == 16 && at + 2 < end && source.regionMatches(true, at, "0x", 0, 2)) {
      at += 2;
    }
    if (at == end) {
      return null;
    }
    for (int i = at; i < end; i++) {
      if (source.charAt(i) > 127 || Character.digit(source.charAt(i), base) < 0) {
        return null;
      }
    }
    BigInteger value = new BigInteger(source.substring(at, end), base);
    if (value.bitLength() > 64) {
      return 0x1p64;
    }
    long bits = isNegative ? -value.longValue() : value.longValue();
    return unsigned(bits);
  }

  private static double unsigned(long bits) {
    return bits >= 0 ? (double) bits : new BigInteger(Long.toUnsignedString(bits)).doubleValue();
  }
}
