package io.cinnabar.structure;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Positions drawn by chance. */
public final class RandomIndexes {

  private RandomIndexes() {}

  /**
   * Draws some of the numbers below {@code bound}, each set of so many as likely as any other, in
   * ascending order. For a small part of the bound: numbers that come twice are drawn again.
   */
  public static long[] distinct(RandomGenerator random, long bound, int count) {
    assert count <= bound;
    long[] drawn = new long[count];
    int have = 0;
    while (have < count) {
      for (int i = have; i < count; i++) {
        drawn[i] = random.nextLong(bound);
      }
      Arrays.sort(drawn);
      have = 0;
      for (int i = 0; i < count; i++) {
        if (have == 0 || drawn[i] != drawn[have - 1]) {
          drawn[have++] = drawn[i];
        }
      }
    }
    return drawn;
  }
}
