package io.cinnabar.structure;

import java.util.Arrays;

/**
 * How many registers of a {@link HyperLogLog} hold which rank: all that the estimate depends on.
 *
 * <p>The estimate is the improved raw one of Otmar Ertl, "New cardinality estimation algorithms for
 * HyperLogLog sketches" (2017, arXiv:1702.01284), algorithm 6. The sum of 2<sup>-rank</sup> over
 * all registers is corrected at both ends, by {@link #sigma} for registers that met no element and
 * by {@link #tau} for those that are full, so that no range of cardinalities needs a formula or
 * measured biases of its own.
 *
 * <p>A scratch that is used again and again; one thread.
 */
public final class RegisterHistogram {

  /** Ranks from 0 to 63 are what six bits can hold; a sketch that is not damaged has up to 51. */
  private static final int RANKS = 64;

  /** The rank of an element without a one in its 50 bits. */
  private static final int FULL = 51;

  /** Ertl's alpha for infinitely many registers, 1 / (2 ln 2). */
  private static final double ALPHA = 0.7213475204444817;

  private static final double LONG_LIMIT = 0x1p63;

  /**
   * Four counts for each rank: most registers hold one of a few ranks, and counts in different
   * places need not wait for each other.
   */
  private final int[] counts = new int[4 * RANKS];

  void clear() {
    Arrays.fill(counts, 0);
  }

  void add(int rank, int registers) {
    counts[rank] += registers;
  }

  void addFour(int first, int second, int third, int fourth) {
    counts[first]++;
    counts[RANKS + second]++;
    counts[2 * RANKS + third]++;
    counts[3 * RANKS + fourth]++;
  }

  private int count(int rank) {
    return counts[rank]
        + counts[RANKS + rank]
        + counts[2 * RANKS + rank]
        + counts[3 * RANKS + rank];
  }

  /**
   * About how many elements there were. More than a long can hold, which only a damaged sketch
   * claims, is {@link Long#MIN_VALUE}, as Redis on x86-64 has it.
   */
  public long cardinality() {
    double registers = HyperLogLog.REGISTERS;
    double z = registers * tau((registers - count(FULL)) / registers);
    for (int rank = FULL - 1; rank >= 1; rank--) {
      z = (z + count(rank)) * 0.5;
    }
    z += registers * sigma(count(0) / registers);
    double estimate = ALPHA * registers * registers / z;
    return estimate < LONG_LIMIT ? Math.round(estimate) : Long.MIN_VALUE;
  }

  /** x + the sum over k &gt; 0 of x^(2^k) * 2^(k-1), up to what a double can tell. */
  private static double sigma(double x) {
    if (x == 1) {
      return Double.POSITIVE_INFINITY;
    }
    double power = x;
    double weight = 1;
    double sum = x;
    double before;
    do {
      power *= power;
      before = sum;
      sum += power * weight;
      weight += weight;
    } while (sum != before);
    return sum;
  }

  /** A third of 1 - x - the sum over k &gt; 0 of (1 - x^(2^-k))^2 * 2^-k. */
  private static double tau(double x) {
    if (x == 0 || x == 1) {
      return 0;
    }
    double root = x;
    double weight = 1;
    double sum = 1 - x;
    double before;
    do {
      root = Math.sqrt(root);
      before = sum;
      weight *= 0.5;
      sum -= (1 - root) * (1 - root) * weight;
    } while (sum != before);
    return sum / 3;
  }
}
