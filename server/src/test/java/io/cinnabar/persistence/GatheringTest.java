package io.cinnabar.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Who is waited for, and how long. */
final class GatheringTest {

  private final Gathering gathering = new Gathering();

  private int begin(int changes) {
    add(changes);
    return gathering.begin();
  }

  private void add(int changes) {
    for (int i = 0; i < changes; i++) {
      gathering.add();
    }
  }

  @Test
  void asManyAreExpectedAsWereInTheLastBatchAndStoodBehindIt() {
    int count = begin(3);
    add(2);
    gathering.ended(count, 1_000_000, 300_000);

    add(2);
    assertThat(gathering.isIncomplete()).isTrue();
    add(1);
    assertThat(gathering.isIncomplete()).isFalse();
    assertThat(gathering.untilNanos()).isEqualTo(1_300_000);
  }

  @Test
  void whoHasLeftIsMissedOnce() {
    int count = begin(3);
    gathering.ended(count, 0, 100);
    count = begin(2);
    gathering.ended(count, 0, 100);

    add(1);
    assertThat(gathering.isIncomplete()).isTrue();
    add(1);
    assertThat(gathering.isIncomplete()).isFalse();
  }

  @Test
  void nobodyIsWaitedForAsLongAsASlowDiskTakes() {
    gathering.ended(begin(1), 0, 50_000_000);

    assertThat(gathering.untilNanos()).isEqualTo(2_000_000);
  }

  @Test
  void oneClientAfterTheOtherIsNoBusyTime() {
    begin(1);
    assertThat(gathering.isBusy()).isFalse();
    add(4);
    assertThat(gathering.isBusy()).isTrue();
    gathering.begin();
    assertThat(gathering.isBusy()).isTrue();
    begin(1);
    assertThat(gathering.isBusy()).isFalse();
  }
}
