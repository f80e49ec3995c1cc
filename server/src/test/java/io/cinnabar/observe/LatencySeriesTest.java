package io.cinnabar.observe;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class LatencySeriesTest {

  private final LatencySeries samples = new LatencySeries();

  @Test
  void holdsTheLongestOfEachSecond() {
    samples.add(7, 10);
    samples.add(7, 30);
    samples.add(7, 20);
    samples.add(8, 5);
    assertThat(samples.size()).isEqualTo(2);
    assertThat(samples.second(0)).isEqualTo(7);
    assertThat(samples.millis(0)).isEqualTo(30);
    assertThat(samples.second(1)).isEqualTo(8);
    assertThat(samples.millis(1)).isEqualTo(5);
  }

  @Test
  void holdsTheLast160AndTheLongestOfAll() {
    samples.add(1, 1_000);
    for (int i = 2; i <= 500; i++) {
      samples.add(i, i);
    }
    assertThat(samples.size()).isEqualTo(160);
    assertThat(samples.second(0)).isEqualTo(341);
    assertThat(samples.second(159)).isEqualTo(500);
    assertThat(samples.millis(159)).isEqualTo(500);
    assertThat(samples.longestMillis()).isEqualTo(1_000);
  }
}
