package io.cinnabar.arena;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SizeClassesTest {

  @Test
  void theSmallestClassThatFits() {
    for (int sizeBytes = 0; sizeBytes <= SizeClasses.MAX_BYTES; sizeBytes++) {
      int sizeClass = SizeClasses.of(sizeBytes);
      assertThat(SizeClasses.sizeBytes(sizeClass) >= sizeBytes).isTrue();
      assertThat(sizeClass == 0 || SizeClasses.sizeBytes(sizeClass - 1) < sizeBytes).isTrue();
    }
  }

  @Test
  void classesAreWholeGrainsAndAtMostAQuarterApart() {
    assertThat(SizeClasses.sizeBytes(0)).isEqualTo(16);
    for (int sizeClass = 1; sizeClass < SizeClasses.COUNT; sizeClass++) {
      int sizeBytes = SizeClasses.sizeBytes(sizeClass);
      int below = SizeClasses.sizeBytes(sizeClass - 1);
      assertThat(sizeBytes % 16).isZero();
      assertThat(sizeBytes).isGreaterThan(below);
      // Only the largest is further from its neighbour: a third of a slab beside a quarter.
      int stepBytes = sizeBytes <= 128 ? 16 : below / (sizeBytes == SizeClasses.MAX_BYTES ? 3 : 4);
      assertThat(sizeBytes - below).isLessThanOrEqualTo(stepBytes + 16);
    }
  }

  @Test
  void littleIsLeftOverAtTheEndOfASlab() {
    for (int sizeClass = 0; sizeClass < SizeClasses.COUNT; sizeClass++) {
      int taken = SizeClasses.blocksPerSlab(sizeClass) * SizeClasses.sizeBytes(sizeClass);
      assertThat(SizeClasses.SLAB_BYTES - taken).isBetween(0, SizeClasses.SLAB_BYTES / 100);
    }
  }

  @Test
  void aLastBlockNeverStartsAtTheGrainThatMeansNone() {
    int lastGrain = (SizeClasses.SLAB_BYTES >> SizeClasses.GRAIN_SHIFT) - 1;
    assertThat(lastGrain).isLessThan(SlabTable.NONE);
  }
}
