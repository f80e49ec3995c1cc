package io.cinnabar.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

final class StatisticsTest {

  private static final Offset<Double> EXACTLY = Offset.offset(1e-9);

  private final Statistics statistics = new Statistics(1);

  /** A slice that came to its end has left nothing, whatever it found. */
  @Test
  void theShareOfExpiredKeysIsThatOfTheSlicesThatWereCut() {
    statistics.expirySliceEnded(false, 100, 100);
    assertThat(statistics.expiredStaleShare).isEqualTo(0, EXACTLY);
    assertThat(statistics.expirySlicesCut).isZero();
    statistics.expirySliceEnded(true, 100, 40);
    assertThat(statistics.expiredStaleShare).isEqualTo(0.02, EXACTLY);
    statistics.expirySliceEnded(true, 100, 40);
    assertThat(statistics.expiredStaleShare).isEqualTo(0.039, EXACTLY);
    assertThat(statistics.expirySlicesCut).isEqualTo(2);
    statistics.expirySliceEnded(false, 0, 0);
    assertThat(statistics.expiredStaleShare).isEqualTo(0.03705, EXACTLY);
    statistics.expirySliceEnded(true, 0, 0);
    assertThat(statistics.expiredStaleShare).isEqualTo(0.0351975, EXACTLY);
  }
}
