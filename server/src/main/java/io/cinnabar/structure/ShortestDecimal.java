package io.cinnabar.structure;

import java.math.BigInteger;

/**
 * The shortest decimal that reads back as a given double, and among those the one closest to it.
 *
 * <p>This is Schubfach (Raffaello Giulietti, "The Schubfach way to render doubles", 2020). A double
 * {@code v = c * 2^q} is what all numbers between its two neighbours' midpoints are rounded to.
 * With {@code 10^k} as the largest power of ten that is not above the width of that interval, at
 * least one multiple of {@code 10^k} lies inside, and at most one multiple of {@code 10^(k+1)}. So
 * there are four candidates: the multiples of {@code 10^(k+1)} beside {@code v}, and, if none of
 * these is inside, the multiples of {@code 10^k} beside it.
 *
 * <p>They are compared as integers: {@code v} and the ends of the interval are scaled to {@code 4 *
 * x * 10^-k}, where the power of ten is a factor of 126 bits out of a table, and what a scaled
 * number lacks to the next integer is told by its lowest bit alone ("rounding to odd"). The paper
 * proves that 126 bits never let a comparison come out wrong.
 */
final class ShortestDecimal {

  private static final int FRACTION_BITS = 52;
  private static final long FRACTION_MASK = (1L << FRACTION_BITS) - 1;
  private static final int EXPONENT_MASK = 0x7ff;
  private static final int MIN_BINARY_EXPONENT = -1074;

  /** The exponents {@code k} of the smallest and the largest double. */
  private static final int MIN_EXPONENT = -324;

  private static final int MAX_EXPONENT = 292;

  private static final long LOW_63_BITS = Long.MAX_VALUE;

  /**
   * For each {@code k} the factor {@code g = floor(10^-k / 2^r) + 1} of 126 bits, where {@code r =
   * floor(log2(10^-k)) - 125}: its upper 63 bits, then its lower ones.
   */
  private static final long[] FACTORS = factors();

  private ShortestDecimal() {}

  private static long[] factors() {
    long[] factors = new long[2 * (MAX_EXPONENT - MIN_EXPONENT + 1)];
    BigInteger power = BigInteger.ONE;
    for (int exponent = 0; exponent <= -MIN_EXPONENT; exponent++) {
      int excess = power.bitLength() - 126;
      BigInteger above = excess > 0 ? power.shiftRight(excess) : power.shiftLeft(-excess);
      store(factors, -exponent, above);
      if (0 < exponent && exponent <= MAX_EXPONENT) {
        // 2^n / 10^exponent, with the n that leaves 126 bits: no power of ten divides a power of
        // two
        BigInteger below = BigInteger.ONE.shiftLeft(power.bitLength() + 125).divide(power);
        store(factors, exponent, below);
      }
      power = power.multiply(BigInteger.TEN);
    }
    return factors;
  }

  private static void store(long[] factors, int k, BigInteger floor) {
    BigInteger factor = floor.add(BigInteger.ONE);
    int slot = 2 * (k - MIN_EXPONENT);
    factors[slot] = factor.shiftRight(63).longValueExact();
    factors[slot + 1] = factor.longValue() & LOW_63_BITS;
  }

  /** The exponent {@code k} that belongs to {@link #digits} of the same double. */
  static int exponent(double value) {
    long bits = Double.doubleToRawLongBits(value);
    int binary = (int) (bits >>> FRACTION_BITS) & EXPONENT_MASK;
    boolean narrow = (bits & FRACTION_MASK) == 0 && binary > 1;
    return exponent(Math.max(binary, 1) + MIN_BINARY_EXPONENT - 1, narrow);
  }

  /**
   * The magnitude's digits as an integer {@code n}, where {@code n * 10^k} is the decimal; there
   * may be trailing zeros.
   *
   * @param value finite and not 0
   */
  static long digits(double value) {
    long bits = Double.doubleToRawLongBits(value);
    long fraction = bits & FRACTION_MASK;
    int binary = (int) (bits >>> FRACTION_BITS) & EXPONENT_MASK;
    long c = binary == 0 ? fraction : fraction | (1L << FRACTION_BITS);
    int q = Math.max(binary, 1) + MIN_BINARY_EXPONENT - 1;
    // below a power of two the neighbour is only half as far away
    return digits(c, q, fraction == 0 && binary > 1);
  }

  private static long digits(long c, int q, boolean narrow) {
    int k = exponent(q, narrow);
    int shift = q + floorLog2OfPowerOfTen(-k) + 2;
    long scaled = scale(k, (4 * c) << shift);
    long lower = scale(k, (4 * c - (narrow ? 1 : 2)) << shift);
    long upper = scale(k, (4 * c + 2) << shift);
    // an end of the interval is rounded to c itself if c is even
    long odd = c & 1;
    lower += odd;
    upper -= odd;

    long below = scaled >> 2;
    if (below >= 10) {
      long tens = below / 10;
      boolean belowInside = lower <= 40 * tens;
      boolean aboveInside = 40 * tens + 40 <= upper;
      if (belowInside != aboveInside) {
        return 10 * (belowInside ? tens : tens + 1);
      }
    }
    boolean belowInside = lower <= 4 * below;
    boolean aboveInside = 4 * below + 4 <= upper;
    if (belowInside != aboveInside) {
      return belowInside ? below : below + 1;
    }
    long middle = 4 * below + 2;
    boolean up = scaled > middle || (scaled == middle && (below & 1) != 0);
    return up ? below + 1 : below;
  }

  /** {@code factor(k) * x / 2^127}, with the lowest bit set if that is no integer. */
  private static long scale(int k, long x) {
    int slot = 2 * (k - MIN_EXPONENT);
    long upper = FACTORS[slot];
    long lower = FACTORS[slot + 1];
    // in units of 2^64 the product is upper * x / 2 + lower * x / 2^64
    long middle = ((upper * x) >>> 1) + Math.multiplyHigh(lower, x);
    long floor = Math.multiplyHigh(upper, x) + (middle >>> 63);
    return (middle & LOW_63_BITS) == 0 ? floor : floor | 1;
  }

  /**
   * {@code floor(log10(2^q))}, or of three quarters of that, which is the width of a narrow
   * interval. The factor is log10(2) * 2^22, the other number log10(4/3) * 2^22; exact up to 1500.
   */
  private static int exponent(int q, boolean narrow) {
    return (q * 1_262_611 - (narrow ? 524_031 : 0)) >> 22;
  }

  /** {@code floor(log2(10^e))}; the factor is log2(10) * 2^19; exact up to 1233. */
  private static int floorLog2OfPowerOfTen(int e) {
    return (e * 1_741_647) >> 19;
  }
}
