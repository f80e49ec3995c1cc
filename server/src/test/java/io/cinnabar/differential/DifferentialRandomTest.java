package io.cinnabar.differential;

import io.cinnabar.Seed;
import org.junit.jupiter.api.Test;

/**
 * Random commands to both servers. {@code -Dcinnabar.differential.commands} says how many, {@code
 * -Dcinnabar.seed=new} takes others than the build does.
 */
final class DifferentialRandomTest {
  private static final int COMMANDS = 200_000;

  @Test
  void repliesAndDataSetsAreEqual() {
    long seed = Seed.of(DifferentialRandomTest.class);
    int commands = Integer.getInteger("cinnabar.differential.commands", COMMANDS);
    System.out.println(commands + " random commands, " + Seed.option(seed));
    new RandomComparison(RealRedis.shared(), SubjectUnderTest.shared()).run(seed, commands);
  }
}
