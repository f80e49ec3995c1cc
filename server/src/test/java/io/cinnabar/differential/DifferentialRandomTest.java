package io.cinnabar.differential;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Random commands to both servers. {@code -Dcinnabar.differential.commands} says how many, {@code
 * -Dcinnabar.differential.seed} repeats the ones of an earlier run.
 */
final class DifferentialRandomTest {
  private static final int COMMANDS = 200_000;

  @Test
  void repliesAndDataSetsAreEqual() {
    long seed = Long.getLong("cinnabar.differential.seed", new SplittableRandom().nextInt());
    int commands = Integer.getInteger("cinnabar.differential.commands", COMMANDS);
    System.out.println(commands + " random commands, -Dcinnabar.differential.seed=" + seed);
    new RandomComparison(RealRedis.shared(), SubjectUnderTest.shared()).run(seed, commands);
  }
}
