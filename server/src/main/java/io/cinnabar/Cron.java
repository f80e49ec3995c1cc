package io.cinnabar;

import io.cinnabar.command.Engine;
import io.cinnabar.loop.Loop;
import io.cinnabar.observe.Info;
import io.cinnabar.persistence.AppendOnlyFile;
import io.cinnabar.persistence.Snapshots;
import io.cinnabar.replication.Replication;

/** What the loop does some times a second, as {@code hz} says, whether anybody asks or not. */
final class Cron {

  private static final long SECOND_NANOS = 1_000_000_000L;

  private final Engine engine;
  private final Loop loop;
  private final Info info;
  private final Snapshots snapshots;
  private final AppendOnlyFile appendOnlyFile;
  private final Replication replication;

  Cron(
      Engine engine,
      Loop loop,
      Info info,
      Snapshots snapshots,
      AppendOnlyFile appendOnlyFile,
      Replication replication) {
    this.replication = replication;
    this.snapshots = snapshots;
    this.appendOnlyFile = appendOnlyFile;
    this.engine = engine;
    this.loop = loop;
    this.info = info;
  }

  /** Runs for the first time, and from then on by the loop's timers. */
  void start() {
    tick();
  }

  private void tick() {
    int hz = engine.settings().hz;
    long nowNanos = engine.host().monotonicClock().nanos();
    // First, so that a failure in the rest costs no more than this once.
    loop.timers().schedule(nowNanos + SECOND_NANOS / hz, this::tick);
    if (engine.settings().cronPaused) {
      return;
    }
    engine.sessions().upkeep(hz);
    info.sample(engine);
    snapshots.tick();
    appendOnlyFile.tick();
    replication.tick();
    loop.wakeHousekeeping();
  }
}
