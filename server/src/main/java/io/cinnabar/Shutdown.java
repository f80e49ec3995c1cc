package io.cinnabar;

import static io.cinnabar.config.Parameters.SHUTDOWN_TIMEOUT;
import static io.cinnabar.config.PersistenceParameters.SAVE;

import io.cinnabar.command.CommandError;
import io.cinnabar.command.Engine;
import io.cinnabar.command.Pause.Reason;
import io.cinnabar.command.ShutdownMode;
import io.cinnabar.command.ShutdownMode.Save;
import io.cinnabar.command.Timers;
import io.cinnabar.config.Config;
import io.cinnabar.host.Log;
import io.cinnabar.persistence.Snapshots;
import io.cinnabar.replication.Replication;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The end of the server in order. First the replicas are to have everything: writes wait, and the
 * server does, but not longer than it is configured to. Then the data set is saved, where it was
 * told to or has save points; if that fails the server stays, unless it is forced. On the loop's
 * thread.
 */
final class Shutdown {

  private static final CommandError FAILED =
      new CommandError("ERR Errors trying to SHUTDOWN. Check logs.");

  private final Engine engine;
  private final Config config;
  private final Timers timers;
  private final Snapshots snapshots;
  private final Replication replication;
  private final Log log;
  private final Runnable end;
  private Runnable ifItStays = () -> {};

  /** How it is to end; null while nobody has asked for it. */
  private @Nullable ShutdownMode mode;

  /** When the replicas' time is over; null unless they are waited for. */
  private Timers.@Nullable Timer deadline;

  private long deadlineNanos;

  /**
   * @param end ends the server when everything is done
   */
  Shutdown(
      Engine engine,
      Config config,
      Timers timers,
      Snapshots snapshots,
      Replication replication,
      Runnable end) {
    this.engine = engine;
    this.config = config;
    this.timers = timers;
    this.snapshots = snapshots;
    this.replication = replication;
    this.end = end;
    log = engine.log();
  }

  /** Says what is done when the server was to end, and stays. */
  void ifItStays(Runnable task) {
    ifItStays = task;
  }

  /** Ends the server, now or when its replicas have everything; nothing new if it ends already. */
  void begin(ShutdownMode wanted) {
    if (mode != null) {
      return;
    }
    log.notice("User requested shutdown...");
    mode = wanted;
    long timeoutSeconds = config.get(SHUTDOWN_TIMEOUT);
    if (wanted.now()
        || timeoutSeconds == 0
        || engine.availability().isLoading()
        || replication.haveReplicasEverything()) {
      finish(wanted);
      return;
    }
    engine.pause().begin(Reason.SHUTDOWN);
    log.notice("Waiting for replicas before shutting down.");
    deadlineNanos =
        engine.host().monotonicClock().nanos() + TimeUnit.SECONDS.toNanos(timeoutSeconds);
    deadline = timers.schedule(deadlineNanos, () -> finish(wanted));
  }

  /** Ends the server if it waits for its replicas, and they have everything; in each turn. */
  void goOn() {
    ShutdownMode wanted = mode;
    if (deadline != null && wanted != null && replication.haveReplicasEverything()) {
      finish(wanted);
    }
  }

  /** Ends the server at once and whatever happens; saves what it is configured to save. */
  void force() {
    ShutdownMode wanted = new ShutdownMode(Save.IF_CONFIGURED, true, true);
    log.notice("User requested shutdown...");
    mode = wanted;
    finish(wanted);
  }

  /** Has the server stay that waits for its replicas; false when it does not. */
  boolean abort() {
    if (deadline == null) {
      return false;
    }
    cancel();
    log.notice("Shutdown manually aborted.");
    return true;
  }

  /** How long it waits at most before it ends; below zero while it does not wait. */
  long remainingMillis() {
    if (deadline == null) {
      return -1;
    }
    long nanos = deadlineNanos - engine.host().monotonicClock().nanos();
    return Math.max(0, TimeUnit.NANOSECONDS.toMillis(nanos));
  }

  private void finish(ShutdownMode wanted) {
    stopWaiting();
    replication.tellLaggingReplicas();
    snapshots.abandon();
    if (save(wanted)) {
      end.run();
    } else {
      log.warning("Errors trying to shut down the server. Check the logs for more information.");
      cancel();
    }
  }

  private void stopWaiting() {
    if (deadline != null) {
      timers.cancel(deadline);
      deadline = null;
    }
  }

  private void cancel() {
    stopWaiting();
    mode = null;
    engine.pause().end(Reason.SHUTDOWN);
    engine.blockedClients().stay(engine.sessions().all(), FAILED);
    ifItStays.run();
  }

  /** Saves what is to be saved; whether the server may end. */
  private boolean save(ShutdownMode wanted) {
    if (!saves(wanted)) {
      return true;
    }
    log.notice("Saving the final RDB snapshot before exiting.");
    if (snapshots.save()) {
      return true;
    }
    if (wanted.force()) {
      log.warning("Error trying to save the DB. Exit anyway.");
      return true;
    }
    log.warning("Error trying to save the DB, can't exit.");
    return false;
  }

  /** While it is loaded, the data set is not what the file should have. */
  private boolean saves(ShutdownMode wanted) {
    if (engine.availability().isLoading() || wanted.save() == Save.NEVER) {
      return false;
    }
    return wanted.save() == Save.ALWAYS || !config.get(SAVE).isEmpty();
  }
}
