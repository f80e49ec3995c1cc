package io.cinnabar.lua;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Doubles as C's printf writes them: %g, %f and %e, without the width. */
final class Decimals {
  private Decimals() {}

  /** What stands in place of digits, or null for a finite number. */
  private static String special(double number) {
    boolean isNegative = Double.doubleToRawLongBits(number) < 0;
    if (Double.isNaN(number)) {
      return isNegative ? "-nan" : "nan";
    }
    return Double.isInfinite(number) ? (isNegative ? "-inf" : "inf") : null;
  }

  private static String sign(double number) {
    return Double.doubleToRawLongBits(number) < 0 ? "-" : "";
  }

  /** The digits of %g; with {@code keepsZeros} as its flag # has it. */
  static String general(double number, int precision, boolean keepsZeros) {
    String special = special(number);
    if (special != null) {
      return special;
    }
    int digits = Math.max(precision, 1);
    if (number == 0) {
      return sign(number) + (keepsZeros ? "0." + "0".repeat(digits - 1) : "0");
    }
    BigDecimal exact = new BigDecimal(Math.abs(number));
    BigDecimal rounded = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
    int exponent = rounded.precision() - rounded.scale() - 1;
    String text;
    if (exponent < -4 || exponent >= digits) {
      text = scientific(rounded, digits - 1, !keepsZeros);
    } else {
      text = rounded.setScale(digits - 1 - exponent, RoundingMode.HALF_EVEN).toPlainString();
      text = keepsZeros ? text : stripped(text);
    }
    return sign(number) + text;
  }

  static String fixed(double number, int precision) {
    String special = special(number);
    if (special != null) {
      return special;
    }
    BigDecimal exact = new BigDecimal(Math.abs(number));
    return sign(number) + exact.setScale(precision, RoundingMode.HALF_EVEN).toPlainString();
  }

  static String exponential(double number, int precision) {
    String special = special(number);
    if (special != null) {
      return special;
    }
    BigDecimal exact = new BigDecimal(Math.abs(number));
    BigDecimal rounded = exact.round(new MathContext(precision + 1, RoundingMode.HALF_EVEN));
    return sign(number) + scientific(rounded, precision, false);
  }

  private static String stripped(String text) {
    if (text.indexOf('.') < 0) {
      return text;
    }
    int end = text.length();
    while (text.charAt(end - 1) == '0') {
      end--;
    }
    return text.substring(0, text.charAt(end - 1) == '.' ? end - 1 : end);
  }

  private static String scientific(BigDecimal number, int fraction, boolean isStripped) {
    StringBuilder digits = new StringBuilder(number.unscaledValue().toString());
    int exponent = number.signum() == 0 ? 0 : number.precision() - number.scale() - 1;
    while (digits.length() <= fraction) {
      digits.append('0');
    }
    digits.setLength(fraction + 1);
    if (fraction > 0) {
      digits.insert(1, '.');
    }
    String mantissa = isStripped ? stripped(digits.toString()) : digits.toString();
    int size = Math.abs(exponent);
    return mantissa + (exponent < 0 ? "e-" : "e+") + (size < 10 ? "0" : "") + size;
  }
}
