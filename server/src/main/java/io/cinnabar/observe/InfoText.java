package io.cinnabar.observe;

import java.util.Locale;

/** INFO's reply while it is written: titled sections of lines {@code name:value}. */
final class InfoText {

  private static final String UNITS = "BKMGTPE";
  private static final int UNIT_STEP = 1024;

  private final StringBuilder text = new StringBuilder(4096);

  void section(String title) {
    if (text.length() > 0) {
      text.append("\r\n");
    }
    text.append("# ").append(title).append("\r\n");
  }

  void field(String name, String value) {
    text.append(name).append(':').append(value).append("\r\n");
  }

  void field(String name, long value) {
    text.append(name).append(':').append(value).append("\r\n");
  }

  /** Writes a number of bytes as it is, and for people. */
  void bytes(String name, long bytes) {
    field(name, bytes);
    field(name + "_human", human(bytes));
  }

  /** Writes a number with that many decimals. */
  void decimal(String name, double value, int decimals) {
    field(name, decimal(value, decimals));
  }

  static String decimal(double value, int decimals) {
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }

  private static String human(long bytes) {
    double value = bytes;
    int unit = 0;
    while (value >= UNIT_STEP && unit < UNITS.length() - 1) {
      value /= UNIT_STEP;
      unit++;
    }
    return (unit == 0 ? Long.toString(bytes) : decimal(value, 2)) + UNITS.charAt(unit);
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
