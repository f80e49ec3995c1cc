package io.cinnabar.config;

import io.cinnabar.structure.MemorySize;

/** The ways a number is written in the configuration. */
final class Numbers {

  /** The letters of 2^10, 2^20, 2^30 bytes. */
  private static final String UNITS = "kmg";

  private Numbers() {}

  /** A whole number as Redis reads one strictly: no plus sign, no spaces, no leading zeros. */
  static long integer(String text) throws ConfigException {
    int start = text.startsWith("-") ? 1 : 0;
    boolean strict =
        digits(text, start) == text.length()
            && text.length() > start
            && (text.charAt(start) != '0' || text.equals("0"));
    if (strict) {
      try {
        return Long.parseLong(text);
      } catch (NumberFormatException overflow) {
        strict = false;
      }
    }
    throw new ConfigException("argument couldn't be parsed into an integer");
  }

  /** Permission bits in base 8. */
  static long octal(String text) throws ConfigException {
    try {
      return text.isEmpty() ? 0 : Long.parseLong(text.stripLeading(), 8);
    } catch (NumberFormatException notOctal) {
      throw new ConfigException("argument couldn't be parsed as an octal number");
    }
  }

  /** A size in bytes, see {@link MemorySize}. */
  static long memory(String text) throws ConfigException {
    return memory(text, "argument must be a memory value");
  }

  /** A size in bytes, or a share such as {@code 5%} as the number -5. */
  static long memoryOrPercent(String text) throws ConfigException {
    String malformed = "argument must be a memory or percent value";
    if (!text.endsWith("%")) {
      return memory(text, malformed);
    }
    String digits = text.substring(0, text.length() - 1);
    if (digits.isEmpty() || digits(digits, 0) < digits.length()) {
      throw new ConfigException(malformed);
    }
    try {
      return -integer(digits);
    } catch (ConfigException leadingZeros) {
      throw new ConfigException(malformed);
    }
  }

  private static long memory(String text, String malformed) throws ConfigException {
    try {
      return MemorySize.parse(text);
    } catch (NumberFormatException e) {
      throw new ConfigException(malformed);
    }
  }

  /**
   * A size in the largest unit of which it is a multiple, so that {@link #memory} reads it back.
   */
  static String withUnit(long bytes) {
    for (int i = UNITS.length(); i > 0 && bytes != 0; i--) {
      int shift = 10 * i;
      if (bytes % (1L << shift) == 0) {
        return (bytes >> shift) + UNITS.substring(i - 1, i) + "b";
      }
    }
    return Long.toString(bytes);
  }

  /** Where the run of digits ends that starts at {@code start}. */
  private static int digits(String text, int start) {
    int end = start;
    while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
      end++;
    }
    return end;
  }
}
