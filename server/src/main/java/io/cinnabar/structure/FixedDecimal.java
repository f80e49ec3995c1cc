package io.cinnabar.structure;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;

/**
 * Doubles with a fixed number of decimals, rounded from their exact value to the nearest, ties to
 * even, as C's {@code printf} does.
 */
public final class FixedDecimal {
  /** The longest text of {@link #writeCoordinate} and of a distance. */
  public static final int MAX_BYTES = 40;

  private static final int COORDINATE_DECIMALS = 17;
  private static final long COORDINATE_SCALE = 100_000_000_000_000_000L;
  private static final int MAX_FRACTION_BITS = 62;
  private static final int DISTANCE_DECIMALS = 4;
  private static final long DISTANCE_SCALE = 10_000;

  private FixedDecimal() {}

  /**
   * Writes 17 decimals without the zeros at their end.
   *
   * @param value at most 1000 in magnitude
   * @return the index after the last byte
   */
  public static int writeCoordinate(double value, byte[] bytes, int offset) {
    long bits = Double.doubleToRawLongBits(value);
    int fractionBits = 1075 - ((int) (bits >>> 52) & 0x7FF);
    if (fractionBits > MAX_FRACTION_BITS || fractionBits <= 0) {
      return writeExactly(value, bytes, offset);
    }
    long significand = (bits & 0xF_FFFF_FFFF_FFFFL) | 1L << 52;
    long whole = fractionBits > 52 ? 0 : significand >>> fractionBits;
    long fraction = significand - (whole << fractionBits);
    // fraction / 2^fractionBits * 10^17, rounded: the product has up to 120 bits.
    long high = Math.multiplyHigh(fraction, COORDINATE_SCALE);
    long low = fraction * COORDINATE_SCALE;
    long decimals = (high << (Long.SIZE - fractionBits)) | (low >>> fractionBits);
    long rest = low & ((1L << fractionBits) - 1);
    long half = 1L << (fractionBits - 1);
    if (rest > half || (rest == half && (decimals & 1) != 0)) {
      decimals++;
    }
    if (decimals == COORDINATE_SCALE) {
      whole++;
      decimals = 0;
    }
    int at = offset;
    if (value < 0 && (whole != 0 || decimals != 0)) {
      bytes[at++] = '-';
    }
    at = IntegerText.write(whole, bytes, at);
    return decimals == 0 ? at : writeDecimals(decimals, bytes, at);
  }

  private static int writeDecimals(long decimals, byte[] bytes, int at) {
    bytes[at] = '.';
    int end = at + 1 + COORDINATE_DECIMALS;
    long rest = decimals;
    for (int i = end - 1; i > at; i--) {
      bytes[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    while (bytes[end - 1] == '0') {
      end--;
    }
    return end;
  }

  /**
   * Writes a distance with four decimals.
   *
   * @param value not negative, below 10^14
   * @return the index after the last byte
   */
  public static int writeDistance(double value, byte[] bytes, int offset) {
    long scaled = (long) Math.rint(value * DISTANCE_SCALE);
    int at = IntegerText.write(scaled / DISTANCE_SCALE, bytes, offset);
    bytes[at] = '.';
    long rest = scaled % DISTANCE_SCALE;
    for (int i = at + DISTANCE_DECIMALS; i > at; i--) {
      bytes[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    return at + 1 + DISTANCE_DECIMALS;
  }

  private static int writeExactly(double value, byte[] bytes, int offset) {
    BigDecimal rounded =
        new BigDecimal(value).setScale(COORDINATE_DECIMALS, RoundingMode.HALF_EVEN);
    String text = rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
    byte[] made = text.getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(made, 0, bytes, offset, made.length);
    return offset + made.length;
  }
}
