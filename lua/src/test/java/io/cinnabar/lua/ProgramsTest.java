package io.cinnabar.lua;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * Random programs do the same in the C implementation and here; {@code -Dcinnabar.seed=new} has
 * others.
 */
class ProgramsTest {
  private static final int PROGRAMS = 500;

  @Test
  void sameAsReference() {
    String chosen = System.getProperty("cinnabar.seed", "1");
    long first = chosen.equals("new") ? System.nanoTime() : Long.parseLong(chosen);
    for (long seed = first; seed < first + PROGRAMS; seed++) {
      String program = new Programs(seed).next();
      assertThat(Reference.ours(program))
          .as("-Dcinnabar.seed=%d%n%s", seed, program)
          .isEqualTo(Reference.run(program));
    }
  }
}
