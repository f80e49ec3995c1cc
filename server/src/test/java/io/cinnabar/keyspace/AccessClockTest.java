package io.cinnabar.keyspace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
    assertThat(clock.idleMillis(clock.idleSince(2))).isEqualTo(2000);
  }

  /** As OBJECT IDLETIME of a redis-server showed what RESTORE had set, when the clock was that. */
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1000000, 1000000",
    "16777215, 0",
    "16777216, 1",
    "20000000, 3222784",
    "1700000000, 5501184",
    "1099511627776, 1",
    "4611686018427387904, 0",
    "9223372036854775807, 16777214"
  })
  void timesBeyondTheClockWrapAround(long idleSeconds, long shownSeconds) {
    clock.now(27_928_000);
    assertThat(clock.idleMillis(clock.idleSince(idleSeconds))).isEqualTo(1000 * shownSeconds);
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
