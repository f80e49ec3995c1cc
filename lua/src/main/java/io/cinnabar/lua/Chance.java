package io.cinnabar.lua;

/**
 * The generator of {@code math.random}: 48 bits, linear congruential, as C's drand48. Scripts see
 * its sequence from a seed, and every state begins with seed 0.
 */
final class Chance {
  private static final long MASK = (1L << 48) - 1;

  /** One more than what is divided by: the generator gives 31 bits. */
  private static final int MAX = Integer.MAX_VALUE;

  private long state = 0x330e;

  void seed(int seed) {
    state = (Integer.toUnsignedLong(seed) << 16) + 0x330e;
  }

  /** A number from 0 up to 1, without it. */
  double next() {
    state = (state * 0x5deece66dL + 0xb) & MASK;
    return (int) (state >>> 17) % MAX / (double) MAX;
  }
}
