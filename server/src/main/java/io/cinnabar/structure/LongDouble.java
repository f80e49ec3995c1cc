package io.cinnabar.structure;

import java.math.BigInteger;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A number of the x87 extended format, C's {@code long double} on x86-64, in which Redis adds for
 * INCRBYFLOAT and HINCRBYFLOAT: 64 bits of significand, 15 of exponent, rounded to nearest, ties to
 * even. Clients see its rounding in the 17 decimals of the result, so it is reproduced bit by bit
 * (Intel 64 and IA-32 Architectures Software Developer's Manual, volume 1, section 4.2.2).
 *
 * <p>Immutable.
 */
public final class LongDouble {

  private static final int SIGNIFICAND_BITS = 64;

  /** Exponent of the lowest bit of the smallest number. */
  private static final int MIN_EXPONENT = -16445;

  /** Exponent of the lowest bit of the largest numbers. */
  private static final int MAX_EXPONENT = 16383 - 63;

  /** Texts from this length on are no numbers to Redis. */
  private static final int MAX_TEXT_BYTES = 5 * 1024;

  /** Every number of which the first digit stands for more is infinite; for less, 0. */
  private static final int MAX_DECIMAL_EXPONENT = 5000;

  private static final int DECIMALS = 17;
  private static final long SCALE = 100_000_000_000_000_000L;

  private static final LongDouble INFINITE = new LongDouble(false, 0, 0, false);

  private final boolean negative;

  /** The magnitude is {@code significand * 2^exponent}, the significand unsigned. */
  private final long significand;

  private final int exponent;
  private final boolean finite;

  private LongDouble(boolean negative, long significand, int exponent, boolean finite) {
    this.negative = negative;
    this.significand = significand;
    this.exponent = exponent;
    this.finite = finite;
  }

  /**
   * The number that {@code text} stands for: decimal, hexadecimal or {@code inf}, without spaces.
   *
   * @return null if it is no number, or NaN, or too long, or if a finite number comes out as
   *     infinite or a number other than 0 as 0
   */
  public static @Nullable LongDouble parse(Slice text) {
    byte[] bytes = text.array;
    int offset = text.offset;
    int length = text.length;
    if (length >= MAX_TEXT_BYTES) {
      return null;
    }
    int kind = FloatSyntax.kind(bytes, offset, length);
    if (kind == FloatSyntax.INVALID) {
      return null;
    }
    if (kind == FloatSyntax.INFINITY) {
      return INFINITE;
    }
    boolean hexadecimal = kind == FloatSyntax.HEXADECIMAL;
    int first = FloatSyntax.afterSign(bytes, offset, text.end()) + (hexadecimal ? 2 : 0);
    return parse(bytes, first, text.end(), hexadecimal ? 16 : 10, bytes[offset] == '-');
  }

  /** Reads digits, point and exponent, which are known to be well-formed. */
  private static @Nullable LongDouble parse(
      byte[] bytes, int first, int end, int radix, boolean negative) {
    StringBuilder digits = new StringBuilder(end - first);
    int fraction = 0;
    boolean afterPoint = false;
    int at = first;
    for (; at < end; at++) {
      if (bytes[at] == '.') {
        afterPoint = true;
      } else if (Character.digit(bytes[at], radix) >= 0) {
        digits.append((char) bytes[at]);
        fraction += afterPoint ? 1 : 0;
      } else {
        break;
      }
    }
    BigInteger number = new BigInteger(digits.toString(), radix);
    if (number.signum() == 0) {
      return new LongDouble(negative, 0, 0, true);
    }
    long power = at < end ? saturatedExponent(bytes, at + 1, end) : 0;
    LongDouble value =
        radix == 16
            ? ofBinary(negative, number, power - 4L * fraction)
            : ofDecimal(negative, number, power - fraction);
    return value.finite && value.significand != 0 ? value : null;
  }

  /** The exponent at {@code at}; far beyond the range of the format it need not be exact. */
  private static long saturatedExponent(byte[] bytes, int at, int end) {
    long value = 0;
    for (int i = FloatSyntax.afterSign(bytes, at, end); i < end && value < 1_000_000; i++) {
      value = 10 * value + (bytes[i] - '0');
    }
    return bytes[at] == '-' ? -value : value;
  }

  private static LongDouble ofBinary(boolean negative, BigInteger number, long power) {
    if (power > Short.MAX_VALUE) {
      return INFINITE;
    }
    if (power < -1_000_000) {
      return new LongDouble(negative, 0, 0, true);
    }
    return round(negative, number, (int) power, false);
  }

  private static LongDouble ofDecimal(boolean negative, BigInteger number, long power) {
    // 30103/100000 is just above log10(2); an error of one or two is far within the margin
    long first = power + number.bitLength() * 30103L / 100_000;
    if (first > MAX_DECIMAL_EXPONENT) {
      return INFINITE;
    }
    if (first < -MAX_DECIMAL_EXPONENT) {
      return new LongDouble(negative, 0, 0, true);
    }
    if (power >= 0) {
      return round(negative, number.multiply(BigInteger.TEN.pow((int) power)), 0, false);
    }
    BigInteger divisor = BigInteger.TEN.pow((int) -power);
    // a quotient of two bits more than the significand, so that the remainder only breaks ties
    int shift = SIGNIFICAND_BITS + 2 - number.bitLength() + divisor.bitLength();
    BigInteger[] quotient =
        shift >= 0
            ? number.shiftLeft(shift).divideAndRemainder(divisor)
            : number.divideAndRemainder(divisor.shiftLeft(-shift));
    return round(negative, quotient[0], -shift, quotient[1].signum() != 0);
  }

  /**
   * Rounds {@code number * 2^power} to the format.
   *
   * @param more whether the exact number is a little larger, by less than the lowest bit; then
   *     {@code number} has more bits than a significand
   */
  private static LongDouble round(boolean negative, BigInteger number, int power, boolean more) {
    int exponent = Math.max(power + number.bitLength() - SIGNIFICAND_BITS, MIN_EXPONENT);
    int dropped = exponent - power;
    BigInteger kept =
        dropped <= 0 ? number.shiftLeft(-dropped) : roundedShift(number, dropped, more);
    if (kept.bitLength() > SIGNIFICAND_BITS) {
      kept = kept.shiftRight(1);
      exponent++;
    }
    return exponent > MAX_EXPONENT
        ? INFINITE
        : new LongDouble(negative, kept.longValue(), exponent, true);
  }

  /** {@code number / 2^distance} rounded, where the number may be {@code more} than it says. */
  private static BigInteger roundedShift(BigInteger number, int distance, boolean more) {
    BigInteger kept = number.shiftRight(distance);
    boolean half = number.testBit(distance - 1);
    boolean aboveHalf = more || number.getLowestSetBit() < distance - 1;
    return half && (aboveHalf || kept.testBit(0)) ? kept.add(BigInteger.ONE) : kept;
  }

  /** Whether this is a number; a sum may be infinite or none at all. */
  public boolean isFinite() {
    return finite;
  }

  /** The sum, rounded; not finite if an operand is not, or if it is out of range. */
  public LongDouble add(LongDouble other) {
    if (!finite || !other.finite) {
      return INFINITE;
    }
    if (significand == 0) {
      return other;
    }
    if (other.significand == 0) {
      return this;
    }
    int low = Math.min(exponent, other.exponent);
    BigInteger sum = signed(low).add(other.signed(low));
    return round(sum.signum() < 0, sum.abs(), low, false);
  }

  /**
   * This many times the number, 1 or more, rounded; not finite if it is not, or if it is out of
   * range.
   */
  public LongDouble multiply(int factor) {
    return finite && significand != 0
        ? round(
            negative, unsigned(significand).multiply(BigInteger.valueOf(factor)), exponent, false)
        : this;
  }

  /** The least integer that is not less than this; the nearest that a long holds. */
  public long ceiling() {
    if (!finite) {
      throw new IllegalStateException("Not a finite number");
    }
    BigInteger magnitude = unsigned(significand);
    BigInteger number = negative ? magnitude.negate() : magnitude;
    // a shift to the right rounds down
    BigInteger ceiling =
        exponent >= 0 ? number.shiftLeft(exponent) : number.negate().shiftRight(-exponent).negate();
    if (ceiling.bitLength() < Long.SIZE) {
      return ceiling.longValue();
    }
    return negative ? Long.MIN_VALUE : Long.MAX_VALUE;
  }

  private BigInteger signed(int unit) {
    BigInteger magnitude = unsigned(significand).shiftLeft(exponent - unit);
    return negative ? magnitude.negate() : magnitude;
  }

  private static BigInteger unsigned(long bits) {
    BigInteger number = BigInteger.valueOf(bits & Long.MAX_VALUE);
    return bits < 0 ? number.setBit(63) : number;
  }

  /**
   * The number with 17 decimals, rounded, ties to even, less its trailing zeros, as Redis stores
   * and answers it.
   */
  public byte[] toText() {
    if (!finite) {
      throw new IllegalStateException("Not a finite number");
    }
    BigInteger scaled = unsigned(significand).multiply(BigInteger.valueOf(SCALE));
    if (exponent >= 0) {
      scaled = scaled.shiftLeft(exponent);
    } else {
      scaled = roundedShift(scaled, -exponent, false);
    }
    BigInteger[] parts = scaled.divideAndRemainder(BigInteger.valueOf(SCALE));
    return layOut(parts[0], parts[1].longValue(), negative && scaled.signum() != 0);
  }

  private static byte[] layOut(BigInteger whole, long decimals, boolean negative) {
    String digits = whole.toString();
    byte[] text = new byte[1 + digits.length() + 1 + DECIMALS];
    int at = 0;
    if (negative) {
      text[at++] = '-';
    }
    for (int i = 0; i < digits.length(); i++) {
      text[at++] = (byte) digits.charAt(i);
    }
    if (decimals != 0) {
      // one above the scale, so that the leading zeros are digits too; the point replaces its 1
      int point = at;
      at = IntegerText.write(SCALE + decimals, text, at);
      text[point] = '.';
      while (text[at - 1] == '0') {
        at--;
      }
    }
    return Arrays.copyOf(text, at);
  }
}
