package io.cinnabar.keyspace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

final class AccessClockTest {
  private static final long MINUTE = 60_000;

  private final AccessClock clock = new AccessClock(new Random(1));

  @Test
  void lruCountsWholeSecondsAcrossTheWrap() {
    long wrapMillis = (1L << 24) * 1000;
    clock.now(wrapMillis - 3000);
    int bits = clock.initial();
    assertThat(bits).isEqualTo((1 << 24) - 3);
    assertThat(clock.idleMillis(bits)).isZero();

    clock.now(wrapMillis - 500);
    assertThat(clock.idleMillis(bits)).isEqualTo(2000);
    clock.now(wrapMillis + 4000);
    // Redis counts from the highest value to 0 without a second between.
    assertThat(clock.idleMillis(bits)).isEqualTo(6000);
    assertThat(clock.touched(bits)).isEqualTo(4);
    assertThat(clock.idleMillis(clock.idleSince(2000))).isEqualTo(2000);
  }

  @Test
  void lfuCountsOnALogarithmicScale() {
    clock.lfu(true);
    clock.now(1000 * MINUTE);
    int bits = clock.initial();
    assertThat(clock.frequency(bits)).isEqualTo(AccessClock.LFU_INITIAL);

    bits = clock.touched(bits);
    assertThat(clock.frequency(bits)).as("the first step is certain").isEqualTo(6);
    for (int i = 0; i < 1000; i++) {
      bits = clock.touched(bits);
    }
    assertThat(clock.frequency(bits)).isBetween(14, 24);
    for (int i = 0; i < 1_000_000; i++) {
      bits = clock.touched(bits);
    }
    assertThat(clock.frequency(bits)).isEqualTo(255);
    assertThat(clock.frequency(clock.withFrequency(17))).isEqualTo(17);
  }

  @Test
  void lfuDecaysByTheMinute() {
    clock.lfu(true);
    clock.now(65_530 * MINUTE);
    int bits = clock.withFrequency(100);

    clock.now(65_533 * MINUTE);
    assertThat(clock.frequency(bits)).isEqualTo(97);
    clock.lfuDecayMinutes(2);
    assertThat(clock.frequency(bits)).isEqualTo(99);
    clock.lfuDecayMinutes(0);
    assertThat(clock.frequency(bits)).isEqualTo(100);
    clock.lfuDecayMinutes(1);
    clock.now((65_536 + 10) * MINUTE);
    assertThat(clock.frequency(bits)).as("minutes wrap").isEqualTo(100 - 15);
    clock.now((65_536 + 300) * MINUTE);
    assertThat(clock.frequency(bits)).isZero();
  }
}
