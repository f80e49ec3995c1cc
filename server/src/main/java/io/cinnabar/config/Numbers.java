package io.cinnabar.config;

/** The ways a number is written in the configuration. */
final class Numbers {

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

  /**
   * A size in bytes: digits, then nothing or a unit. As in Redis no digits are 0, and what exceeds
   * 64 bits is cut to them, so that a huge size may turn up negative and fail the bounds.
   */
  static long memory(String text) throws ConfigException {
    int end = digits(text, 0);
    long unit =
        switch (ByteText.lowerCase(text.substring(end))) {
          case "", "b" -> 1;
          case "k" -> 1000;
          case "kb" -> 1L << 10;
          case "m" -> 1000 * 1000;
          case "mb" -> 1L << 20;
          case "g" -> 1000L * 1000 * 1000;
          case "gb" -> 1L << 30;
          default -> throw new ConfigException("argument must be a memory value");
        };
    return unit * unsigned(text.substring(0, end));
  }

  private static long unsigned(String digits) {
    try {
      return digits.isEmpty() ? 0 : Long.parseUnsignedLong(digits);
    } catch (NumberFormatException overflow) {
      return -1; // the largest unsigned number
    }
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
