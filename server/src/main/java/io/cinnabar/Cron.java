package io.cinnabar;

import io.cinnabar.command.Engine;
import io.cinnabar.loop.Loop;
import io.cinnabar.observe.Info;

/** What the loop does some times a second, as {@code hz} says, whether anybody asks or not. */
final class Cron {

  private static final long SECOND_NANOS = 1_000_000_000L;

  private final Engine engine;
  private final Loop loop;
  private final Info info;
  private long nextSecondNanos;

  Cron(Engine engine, Loop loop, Info info) {
    this.engine = engine;
    this.loop = loop;
    this.info = info;
  }

  /** Runs for the first time, and from then on by the loop's timers. */
  void start() {
    nextSecondNanos = engine.host().monotonicClock().nanos();
    tick();
  }

  private void tick() {
    long nowNanos = engine.host().monotonicClock().nanos();
    if (nowNanos - nextSecondNanos >= 0) {
      nextSecondNanos = nowNanos + SECOND_NANOS;
      engine.sessions().closeIdle();
    }
    info.sample(engine);
    loop.wakeHousekeeping();
    loop.timers().schedule(nowNanos + SECOND_NANOS / engine.settings().hz, this::tick);
  }
}
