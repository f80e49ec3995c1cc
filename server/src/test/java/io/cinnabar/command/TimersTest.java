package io.cinnabar.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TimersTest {

  private final Timers timers = new Timers();
  private final List<String> ran = new ArrayList<>();

  private void schedule(long atNanos, String name) {
    timers.schedule(atNanos, () -> ran.add(name));
  }

  @Test
  void tasksRunOnceInTheOrderOfTheirTimes() {
    schedule(30, "c");
    schedule(10, "a");
    schedule(20, "b");
    timers.run(9);
    assertThat(ran).isEmpty();
    timers.run(20);
    assertThat(ran).containsExactly("a", "b");
    timers.run(100);
    timers.run(100);
    assertThat(ran).containsExactly("a", "b", "c");
  }

  @Test
  void aCancelledTaskDoesNotRun() {
    Timers.Timer second = timers.schedule(10, () -> ran.add("never"));
    schedule(10, "a");
    schedule(20, "b");
    timers.cancel(second);
    assertThat(timers.nanosToNext(0, 100)).isEqualTo(10);
    timers.run(30);
    timers.cancel(second);
    assertThat(ran).containsExactly("a", "b");
  }

  @Test
  void tasksOfOneTimeRunInTheOrderInWhichTheyWereScheduled() {
    for (int i = 0; i < 10; i++) {
      schedule(5, String.valueOf(i));
    }
    timers.run(5);
    assertThat(String.join("", ran)).isEqualTo("0123456789");
  }

  @Test
  void theWaitIsUntilTheNextTaskOrTheMostAllowed() {
    assertThat(timers.nanosToNext(0, 70)).isEqualTo(70);
    schedule(50, "a");
    assertThat(timers.nanosToNext(20, 70)).isEqualTo(30);
    assertThat(timers.nanosToNext(20, 10)).isEqualTo(10);
    assertThat(timers.nanosToNext(50, 70)).isZero();
    assertThat(timers.nanosToNext(90, 70)).isZero();
  }

  @Test
  void aTaskMayScheduleItselfForLater() {
    timers.schedule(
        10,
        () -> {
          ran.add("first");
          schedule(11, "second");
        });
    timers.run(10);
    assertThat(ran).containsExactly("first");
    timers.run(11);
    assertThat(ran).containsExactly("first", "second");
  }

  /** The monotonic clock has no origin: it may begin anywhere and overflow. */
  @Test
  void timesCompareAcrossTheOverflow() {
    schedule(Long.MIN_VALUE + 5, "late");
    schedule(Long.MAX_VALUE - 5, "early");
    assertThat(timers.nanosToNext(Long.MAX_VALUE - 10, 100)).isEqualTo(5);
    timers.run(Long.MAX_VALUE);
    assertThat(ran).containsExactly("early");
    timers.run(Long.MIN_VALUE + 5);
    assertThat(ran).containsExactly("early", "late");
  }
}
