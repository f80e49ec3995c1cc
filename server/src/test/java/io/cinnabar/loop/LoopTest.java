package io.cinnabar.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.TestServer;
import io.cinnabar.command.Engine;
import io.cinnabar.command.Timers;
import io.cinnabar.virtual.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A loop over a whole engine, with housekeeping that the tests control. */
final class LoopTest {

  private static final long MILLI_NANOS = 1_000_000;

  private final TestServer server = TestServer.start();
  private final Engine engine = server.engine();
  private final VirtualTime time = server.host().time();

  /** When slices began, by the monotonic clock. */
  private final List<Long> slices = new ArrayList<>();

  private boolean more;

  private boolean slice(long deadlineNanos) {
    slices.add(time.nanos());
    assertThat(deadlineNanos - time.nanos()).isEqualTo(MILLI_NANOS);
    time.advance(Duration.ofNanos(deadlineNanos - time.nanos()));
    return more;
  }

  private static void turnUntil(Loop loop, VirtualTime time, long nanos) {
    while (time.nanos() < nanos) {
      loop.turn();
    }
  }

  @Test
  void housekeepingSleepsUntilItIsWoken() {
    Loop loop = new Loop(engine, new Timers(), List.of(this::slice));
    loop.turn();
    loop.turn();
    assertThat(slices).isEmpty();
    loop.wakeHousekeeping();
    loop.turn();
    loop.turn();
    assertThat(slices).hasSize(1);
  }

  @Test
  void housekeepingTakesAQuarterOfTheTime() {
    more = true;
    Loop loop = new Loop(engine, new Timers(), List.of(this::slice));
    loop.wakeHousekeeping();
    long startNanos = time.nanos();
    turnUntil(loop, time, startNanos + 1000 * MILLI_NANOS);
    assertThat(slices).hasSizeBetween(249, 251);
  }

  @Test
  void everyKeeperHasTheFirstTurnInTurn() {
    List<String> order = new ArrayList<>();
    Loop loop =
        new Loop(
            engine,
            new Timers(),
            List.of(
                deadlineNanos -> order.add("a"),
                deadlineNanos -> order.add("b"),
                deadlineNanos -> order.add("c")));
    for (int i = 0; i < 3; i++) {
      loop.wakeHousekeeping();
      loop.turn();
    }
    assertThat(order).hasSize(9);
    assertThat(order.subList(0, 3)).containsExactlyInAnyOrder("a", "b", "c");
    assertThat(List.of(order.get(0), order.get(3), order.get(6)))
        .containsExactlyInAnyOrder("a", "b", "c");
  }

  @Test
  void anIdleLoopWaitsForItsTimers() {
    Loop loop = new Loop(engine, new Timers(), List.of());
    long startNanos = time.nanos();
    List<Long> ranAt = new ArrayList<>();
    loop.timers().schedule(startNanos + 7, () -> ranAt.add(time.nanos()));
    loop.turn();
    assertThat(ranAt).containsExactly(startNanos + 7);
    loop.turn();
    assertThat(time.nanos()).isEqualTo(startNanos + 7 + 1000 * MILLI_NANOS);
  }

  @Test
  void stoppingEndsTheRunAfterTheTurnUnderWay() {
    Loop loop = new Loop(engine, new Timers(), List.of());
    List<String> ran = new ArrayList<>();
    loop.timers()
        .schedule(
            time.nanos(),
            () -> {
              ran.add("stop");
              loop.stop();
            });
    loop.timers().schedule(time.nanos(), () -> ran.add("same turn"));
    loop.timers().schedule(time.nanos() + 1, () -> ran.add("later"));
    loop.run();
    assertThat(ran).containsExactly("stop", "same turn");
  }
}
