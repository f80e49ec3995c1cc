package io.cinnabar.command;

import io.cinnabar.host.MonotonicClock;
import org.jspecify.annotations.Nullable;

/**
 * Measures how long commands take, and tells the statistics and whoever listens for slow ones.
 *
 * <p>Reading the clock costs about a twentieth of a small command. So calls of one command by one
 * client share a reading, up to {@value #MOST_CALLS} of them, where each is quick by nature:
 * declared so, with few bytes of arguments and of reply. All others are measured one by one; so are
 * all, when the slow log asks for durations that so few quick calls may reach together.
 */
final class CallTimer {

  private static final int MOST_CALLS = 16;

  /** Arguments of a quick call, and replies of those that share a reading, at most. */
  private static final int QUICK_BYTES = 4096;

  /** Quick calls that share a reading don't take so long, unless something holds them up. */
  private static final long NOT_QUICK_NANOS = 1_000_000;

  /** Civil time is read anew when so much has passed. */
  private static final long REFRESH_NANOS = 100_000;

  private final Engine engine;
  private final MonotonicClock clock;
  private final Settings settings;
  private final Call call;
  private @Nullable Command command;
  private int calls;
  private int mostCalls;
  private int repliesBefore;
  private long sinceNanos;
  private long refreshedNanos;

  /**
   * @param call what the dispatcher runs commands with
   */
  CallTimer(Engine engine, Call call) {
    this.engine = engine;
    this.clock = engine.host().monotonicClock();
    this.settings = engine.settings();
    this.call = call;
  }

  /** A batch begins. */
  void begin() {
    engine.refreshTime();
    start();
    refreshedNanos = sinceNanos;
  }

  /** Commands begin, or go on after the replies so far were handed over. */
  void start() {
    command = null;
    mostCalls = 1;
    repliesBefore = 0;
    sinceNanos = clock.nanos();
  }

  /**
   * A command is about to run.
   *
   * @param next null if there is none of that name
   */
  void next(@Nullable Command next, int argumentBytes) {
    if (next != command || argumentBytes > QUICK_BYTES) {
      stop();
      command = next;
      boolean shares =
          next != null
              && next.isQuick()
              && argumentBytes <= QUICK_BYTES
              && settings.slowLogFromNanos >= NOT_QUICK_NANOS;
      mostCalls = shares ? MOST_CALLS : 1;
    }
  }

  /**
   * The command has run.
   *
   * @param replies bytes of all replies that were not handed over yet
   */
  void ran(int replies) {
    calls++;
    if (calls >= mostCalls || replies - repliesBefore > QUICK_BYTES) {
      stop();
      repliesBefore = replies;
      if (mostCalls == 1) {
        command = null;
      }
    }
  }

  /** Reads the clock, if anything has run since the last time, and charges what went by. */
  void stop() {
    if (calls == 0) {
      return;
    }
    calls = 0;
    long nowNanos = clock.nanos();
    if (command != null) {
      charge(call, command, nowNanos - sinceNanos);
    }
    sinceNanos = nowNanos;
    if (nowNanos - refreshedNanos >= REFRESH_NANOS) {
      engine.refreshTime();
      refreshedNanos = nowNanos;
    }
  }

  /**
   * Tells the statistics what a command has taken. One that has run inside another is charged by
   * itself, and its time counts in the other's too.
   *
   * @param call what it was run with
   */
  void charge(Call call, Command command, long nanos) {
    Statistics statistics = engine.statistics();
    long calls = statistics.commands.spent(command, nanos);
    if (calls == 0) {
      return;
    }
    if (settings.latencyTracking) {
      statistics.latencies.record(command, calls, nanos);
    }
    if (nanos >= settings.slowLogFromNanos && !command.has(CommandFlag.SKIP_SLOWLOG)) {
      engine.slowness().slow(call, calls, nanos);
    }
    if (nanos >= settings.latencyEventFromNanos) {
      engine.slowness().delayed(eventOf(command), nanos);
    }
  }

  private static LatencyEvent eventOf(Command command) {
    return command.has(CommandFlag.FAST) ? LatencyEvent.FAST_COMMAND : LatencyEvent.COMMAND;
  }
}
