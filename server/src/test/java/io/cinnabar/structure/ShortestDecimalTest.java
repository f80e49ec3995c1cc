package io.cinnabar.structure;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.Seed;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ShortestDecimalTest {

  private static final int FIRST_JDK_WITH_SHORTEST = 19;

  @Test
  void isTheShortestAndClosestForRandomBits() {
    long seed = Seed.of(ShortestDecimalTest.class);
    Random random = new Random(seed);
    for (int i = 0; i < 25_000; i++) {
      check(Double.longBitsToDouble(random.nextLong() & Long.MAX_VALUE), seed);
    }
  }

  @Test
  void isTheShortestAndClosestAroundPowersOfTwoAndTen() {
    for (int exponent = -1074; exponent < 1024; exponent++) {
      double power = Math.scalb(1.0, exponent);
      check(power, 0);
      check(Math.nextUp(power), 0);
      check(Math.nextDown(power), 0);
    }
    for (int exponent = -323; exponent <= 308; exponent++) {
      double power = Double.parseDouble("1e" + exponent);
      check(power, 0);
      check(Math.nextUp(power), 0);
      check(Math.nextDown(power), 0);
    }
    check(Double.MAX_VALUE, 0);
    check(2e-44, 0);
    check(9007199254740993e3, 0);
  }

  private static void check(double value, long seed) {
    if (value == 0 || Double.isNaN(value) || Double.isInfinite(value)) {
      return;
    }
    BigDecimal shortest = shortest(value);
    String description = "seed " + seed + ": " + value;
    assertThat(shortest.doubleValue()).as(description).isEqualTo(value);

    BigDecimal exact = new BigDecimal(value);
    int digits = shortest.precision();
    if (digits > 1) {
      for (RoundingMode mode : new RoundingMode[] {RoundingMode.DOWN, RoundingMode.UP}) {
        BigDecimal shorter = exact.round(new MathContext(digits - 1, mode));
        assertThat(shorter.doubleValue()).as("%s as %s", description, shorter).isNotEqualTo(value);
      }
    }
    for (RoundingMode mode : new RoundingMode[] {RoundingMode.DOWN, RoundingMode.UP}) {
      BigDecimal other = exact.round(new MathContext(digits, mode));
      if (other.doubleValue() == value) {
        assertThat(exact.subtract(shortest).abs())
            .as("%s as %s", description, other)
            .isLessThanOrEqualTo(exact.subtract(other).abs());
      }
    }
  }

  /**
   * The JDK has the same digits from 19 on, save that it never writes fewer than two; before, it
   * often had more than needed.
   */
  @Test
  void agreesWithTheJdk() {
    boolean jdkIsShortest = Runtime.version().feature() >= FIRST_JDK_WITH_SHORTEST;
    long seed = Seed.of(ShortestDecimalTest.class);
    Random random = new Random(seed);
    for (int i = 0; i < 200_000; i++) {
      double value = Double.longBitsToDouble(random.nextLong() & Long.MAX_VALUE);
      if (value == 0 || Double.isNaN(value) || Double.isInfinite(value)) {
        continue;
      }
      BigDecimal theirs = new BigDecimal(Double.toString(value)).stripTrailingZeros();
      BigDecimal ours = shortest(value);
      if (jdkIsShortest && theirs.precision() > 2) {
        assertThat(ours).as("seed %d", seed).isEqualTo(theirs);
      }
      assertThat(ours.doubleValue()).as("seed %d", seed).isEqualTo(value);
      assertThat(ours.precision()).as("seed %d", seed).isLessThanOrEqualTo(theirs.precision());
    }
  }

  private static BigDecimal shortest(double value) {
    long digits = ShortestDecimal.digits(value);
    return BigDecimal.valueOf(digits, -ShortestDecimal.exponent(value)).stripTrailingZeros();
  }
}
