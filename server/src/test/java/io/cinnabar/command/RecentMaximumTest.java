package io.cinnabar.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class RecentMaximumTest {

  private final RecentMaximum maximum = new RecentMaximum();

  @Test
  void nothingNotedIsZero() {
    assertThat(maximum.get(1_700_000_000_000L)).isZero();
  }

  @Test
  void theLargestOfTheLastSecondsCounts() {
    long start = 1_700_000_000_000L;
    maximum.note(start, 70);
    maximum.note(start + 1_500, 90);
    maximum.note(start + 1_600, 20);
    maximum.note(start + 3_000, 50);
    assertThat(maximum.get(start + 3_000)).isEqualTo(90);
    assertThat(maximum.get(start + 8_999)).isEqualTo(90);
    assertThat(maximum.get(start + 9_000)).isEqualTo(50);
    assertThat(maximum.get(start + 11_000)).isZero();
  }

  /** A place of the ring that is used again has forgotten what it held. */
  @Test
  void whatIsOldIsForgottenWhereItsPlaceIsUsedAgain() {
    long start = 1_700_000_000_000L;
    maximum.note(start, 70);
    maximum.note(start + 8_000, 3);
    assertThat(maximum.get(start + 8_000)).isEqualTo(3);
  }
}
