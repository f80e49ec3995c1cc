package io.cinnabar;

import java.util.SplittableRandom;

/**
 * The seed of a test with random input. Each test has its own, the same in every build, so that
 * what a build says is about its sources; {@code -Dcinnabar.seed=new} takes one that nobody has
 * tried, and a number repeats it.
 */
public final class Seed {
  private static final String PROPERTY = "cinnabar.seed";

  private Seed() {}

  public static long of(Class<?> test) {
    String chosen = System.getProperty(PROPERTY);
    if (chosen == null) {
      return test.getName().hashCode();
    }
    return chosen.equals("new") ? new SplittableRandom().nextInt() : Long.parseLong(chosen);
  }

  /** What to add to the command line to have the seed again. */
  public static String option(long seed) {
    return "-D" + PROPERTY + "=" + seed;
  }
}
