package io.cinnabar.structure;

import java.util.Locale;

/** Sizes as people write them: {@code 100}, {@code 64kb}, {@code 2G}. */
public final class MemorySize {

  private MemorySize() {}

  /**
   * A size in bytes: digits, then nothing or a unit, of which {@code kb} is 1,024 bytes and {@code
   * k} is 1,000. As in Redis no digits are 0, and what exceeds 64 bits is cut to them, so that a
   * huge size may turn up negative.
   *
   * @throws NumberFormatException when it is none
   */
  public static long parse(String text) {
    int end = 0;
    while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
      end++;
    }
    return unit(text.substring(end)) * unsigned(text.substring(0, end));
  }

  private static long unit(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "", "b" -> 1;
      case "k" -> 1000;
      case "kb" -> 1L << 10;
      case "m" -> 1000 * 1000;
      case "mb" -> 1L << 20;
      case "g" -> 1000L * 1000 * 1000;
      case "gb" -> 1L << 30;
      default -> throw new NumberFormatException(name);
    };
  }

  private static long unsigned(String digits) {
    try {
      return digits.isEmpty() ? 0 : Long.parseUnsignedLong(digits);
    } catch (NumberFormatException overflow) {
      return -1; // the largest unsigned number
    }
  }
}
