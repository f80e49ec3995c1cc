package io.cinnabar.lua;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Random programs do the same in the C implementation and here. */
class ProgramsTest {
  private static final int PROGRAMS = 500;

  @Test
  void sameAsReference() {
    long first = Long.getLong("seed", 1);
    for (long seed = first; seed < first + PROGRAMS; seed++) {
      String program = new Programs(seed).next();
      assertThat(Reference.ours(program))
          .as("-Dseed=%d%n%s", seed, program)
          .isEqualTo(Reference.run(program));
    }
  }
}
