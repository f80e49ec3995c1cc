package io.cinnabar.replication;

import io.cinnabar.command.Engine;
import io.cinnabar.command.Pause.Reason;
import io.cinnabar.command.Timers;
import io.cinnabar.host.Log;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Hands this server's part as a primary over to one of its replicas: writes wait until the replica
 * has everything, then this server follows it, and says with its PSYNC that the other is to lead.
 * Until that has answered the writes wait on, so that none is taken by neither. On the loop's
 * thread.
 */
final class Failover {

  private enum State {
    NONE("no-failover"),
    WAITING("waiting-for-sync"),
    RUNNING("failover-in-progress");

    private final String word;

    State(String word) {
      this.word = word;
    }
  }

  private final Engine engine;
  private final Log log;
  private final Timers timers;
  private final Following following;
  private final Replication replication;
  private State state = State.NONE;
  private @Nullable String host;
  private int port;
  private boolean isForced;
  private Timers.@Nullable Timer deadline;

  Failover(Engine engine, Timers timers, Following following, Replication replication) {
    this.engine = engine;
    this.timers = timers;
    this.following = following;
    this.replication = replication;
    log = engine.log();
  }

  /** How far it is, in the words of INFO. */
  String word() {
    return state.word;
  }

  /** Whether one is under way. */
  boolean isOn() {
    return state != State.NONE;
  }

  /** Whether this server follows its replica, and that has not agreed yet. */
  boolean isRunning() {
    return state == State.RUNNING;
  }

  /**
   * Begins one.
   *
   * @param toHost null for whichever replica has everything first
   * @param timeoutMillis how long that may take; 0 for ever
   * @param force whether it goes on after that time, whatever is lost
   */
  void begin(@Nullable String toHost, int toPort, long timeoutMillis, boolean force) {
    host = toHost;
    port = toPort;
    isForced = force;
    log.notice(
        toHost == null
            ? "FAILOVER requested to any replica."
            : "FAILOVER requested to " + toHost + ":" + toPort + ".");
    state = State.WAITING;
    engine.pause().begin(Reason.FAILOVER);
    if (timeoutMillis > 0) {
      long nanos = TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
      deadline = timers.schedule(engine.host().monotonicClock().nanos() + nanos, this::timeIsOver);
    }
  }

  private void timeIsOver() {
    deadline = null;
    if (state != State.WAITING) {
      return;
    }
    String target = host;
    if (isForced && target != null) {
      log.notice("FAILOVER to " + target + ":" + port + " time out exceeded, failing over.");
      run(target);
    } else {
      abort("Replica never caught up before timeout");
    }
  }

  /** Goes on if a replica has everything; at the end of each turn. */
  void goOn() {
    if (state != State.WAITING) {
      return;
    }
    for (Replica replica : replication.replicas().all()) {
      boolean isTarget = host == null || (replica.address().equals(host) && replica.port() == port);
      if (isTarget
          && replica.isOnline()
          && replica.acknowledgedOffset() == replication.history().offset()) {
        port = replica.port();
        String target = replica.address();
        log.notice("Failover target " + target + ":" + port + " is synced, failing over.");
        run(target);
        return;
      }
    }
  }

  private void run(String target) {
    host = target;
    state = State.RUNNING;
    following.follow(target, port);
  }

  /** The primary wants this server to lead in its place. */
  void takeOver() {
    following.lead();
  }

  /** The replica leads from now on. */
  void accepted() {
    if (state == State.RUNNING) {
      clear();
    }
  }

  /** The replica has said no. */
  void rejected() {
    if (state == State.RUNNING) {
      abort("Failover target rejected psync request");
    }
  }

  /** Ends it: this server leads on, or again. */
  void abort(String reason) {
    String to = host == null ? "any replica" : host + ":" + port;
    log.notice("FAILOVER to " + to + " aborted: " + reason);
    boolean wasRunning = state == State.RUNNING;
    clear();
    if (wasRunning) {
      following.lead();
    }
  }

  private void clear() {
    state = State.NONE;
    host = null;
    if (deadline != null) {
      timers.cancel(deadline);
      deadline = null;
    }
    engine.pause().end(Reason.FAILOVER);
  }
}
