package io.cinnabar.loop;

import io.cinnabar.arena.ArenaFullException;
import io.cinnabar.command.BatchRunner;
import io.cinnabar.command.BugReport;
import io.cinnabar.command.Engine;
import io.cinnabar.command.Sessions;
import io.cinnabar.command.Timers;
import io.cinnabar.host.MonotonicClock;
import io.cinnabar.host.Network;
import java.util.List;

/**
 * The one thread that owns the data set. Each turn polls the network, executes what has come, lets
 * the replies out, runs the timers that are due, and gives a bounded slice of what is left to
 * housekeeping. Nothing here waits but the poll.
 */
public final class Loop {

  private static final long MAX_WAIT_NANOS = 1_000_000_000L;

  /** Longest that housekeeping holds up the clients. */
  private static final long SLICE_NANOS = 1_000_000L;

  /** Housekeeping rests three times as long as it ran: it takes a quarter of a core at most. */
  private static final int REST_FACTOR = 3;

  private final Network network;
  private final MonotonicClock clock;
  private final Engine engine;
  private final Sessions sessions;
  private final BatchRunner runner;
  private final Timers timers;
  private final List<Housekeeping> housekeeping;
  private Runnable atTurnEnd = () -> {};
  private boolean stopping;
  private boolean moreToKeep;
  private long keepNotBeforeNanos;
  private int firstKeeper;

  public Loop(Engine engine, Timers timers, List<Housekeeping> housekeeping) {
    this.engine = engine;
    this.timers = timers;
    this.network = engine.host().network();
    this.clock = engine.host().monotonicClock();
    this.sessions = engine.sessions();
    this.runner = new BatchRunner(engine);
    this.housekeeping = List.copyOf(housekeeping);
  }

  /** Says what is done at the end of each turn, before the replies leave. */
  public void atTurnEnd(Runnable task) {
    atTurnEnd = task;
  }

  /** The loop's timers. */
  public Timers timers() {
    return timers;
  }

  /** Makes {@link #run} return after the turn under way. On the loop's thread. */
  public void stop() {
    stopping = true;
  }

  /** Whether it was told to {@link #stop}. */
  public boolean isStopping() {
    return stopping;
  }

  /** Turns until {@link #stop}. */
  public void run() {
    while (!stopping) {
      turn();
    }
  }

  /** One turn. */
  public void turn() {
    turn(waitNanos());
  }

  /**
   * As {@link #turn}, within a timer's task that takes long.
   *
   * @return whether the loop goes on, and was not told to {@link #stop}
   */
  public boolean turnWithin(long maxWaitNanos) {
    turn(Math.min(maxWaitNanos, waitNanos()));
    return !stopping;
  }

  private void turn(long maxWaitNanos) {
    poll(maxWaitNanos);
    long beganNanos = clock.nanos();
    engine.refreshTime();
    if (sessions.hasReady()) {
      engine.host().workers().loopWorked();
    }
    runner.run();
    endChanges();
    sessions.settleInput();
    long nowNanos = clock.nanos();
    try {
      timers.run(nowNanos);
      keep(nowNanos);
      runner.serveBlocked();
    } catch (OutOfMemoryError | ArenaFullException e) {
      engine.log().warning("Out of memory in the periodic work, which goes on later");
    }
    endChanges();
    engine.statistics().turned(clock.nanos() - beganNanos);
  }

  /**
   * Polls, and answers what has come, while a data set is loaded into the keyspace: not from within
   * a command. Timers and housekeeping wait.
   *
   * @return whether the loop goes on, and was not told to {@link #stop}
   */
  public boolean turnWhileLoading(long maxWaitNanos) {
    poll(maxWaitNanos);
    engine.refreshTime();
    runner.run();
    sessions.flush();
    sessions.settleInput();
    return !stopping;
  }

  /** What has changed goes to the disk, to those who track it and to replicas; replies leave. */
  private void endChanges() {
    if (engine.tracking().hasBroadcasts()) {
      engine.tracking().broadcast();
    }
    sessions.commit();
    atTurnEnd.run();
    sessions.flush();
  }

  /** A failure in there has cost a connection, and must not cost more. */
  private void poll(long maxWaitNanos) {
    try {
      network.poll(maxWaitNanos);
    } catch (RuntimeException e) {
      engine.log().warning(BugReport.of("polling the network", e));
    } catch (OutOfMemoryError e) {
      engine.log().warning("Out of memory while reading from a connection, which was closed");
    }
  }

  /** Says that housekeeping may have found new work, as the periodic timer does. */
  public void wakeHousekeeping() {
    moreToKeep = true;
  }

  private long waitNanos() {
    if (stopping || sessions.hasReady()) {
      return 0;
    }
    long nowNanos = clock.nanos();
    long wait = timers.nanosToNext(nowNanos, MAX_WAIT_NANOS);
    return moreToKeep ? Math.max(0, Math.min(wait, keepNotBeforeNanos - nowNanos)) : wait;
  }

  private void keep(long nowNanos) {
    if (!moreToKeep || nowNanos - keepNotBeforeNanos < 0) {
      return;
    }
    long deadlineNanos = nowNanos + SLICE_NANOS;
    moreToKeep = false;
    int count = housekeeping.size();
    for (int i = 0; i < count; i++) {
      moreToKeep |= housekeeping.get((firstKeeper + i) % count).slice(deadlineNanos);
    }
    // The first may take all the time there is, so each has its turn at being the first.
    firstKeeper = firstKeeper + 1 < count ? firstKeeper + 1 : 0;
    long endNanos = clock.nanos();
    keepNotBeforeNanos = endNanos + REST_FACTOR * (endNanos - nowNanos);
  }
}
