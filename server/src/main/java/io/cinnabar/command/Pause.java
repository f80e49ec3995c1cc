package io.cinnabar.command;

import io.cinnabar.command.Timers.Timer;
import io.cinnabar.host.MonotonicClock;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes commands wait until a time, or until it is called off: all of them, or those that may
 * change the data set. Meanwhile nothing expires and nothing is evicted either, so that the data
 * stands still. Several pauses join: the last to end and the widest of them hold.
 *
 * <p>A client whose command has to wait is held as it is: what it sends is read and queues, and
 * when the pause ends the clients go on in the order in which they were held.
 */
public final class Pause {

  private static final long NANOS_PER_MILLI = 1_000_000;

  /** What does not fit into the monotonic clock is as good as for ever: 146 years. */
  private static final long MAX_MILLIS = Long.MAX_VALUE / 2 / NANOS_PER_MILLI;

  private final Timers timers;
  private final MonotonicClock clock;
  private final Set<Session> held = new LinkedHashSet<>();
  private boolean on;
  private boolean all;
  private long endNanos;
  private @Nullable Timer timer;

  public Pause(Timers timers, MonotonicClock clock) {
    this.timers = timers;
    this.clock = clock;
  }

  /** Whether at least the commands that may change the data set wait. */
  public boolean isOn() {
    return on;
  }

  /**
   * Whether a command has to wait.
   *
   * @param replicates whether it may change the data set
   */
  boolean postpones(boolean replicates) {
    return on && (all || replicates);
  }

  /**
   * Begins a pause, or widens the one that there is.
   *
   * @param millis how long it lasts from now on; 0 leaves a pause that there is as long as it is
   * @param all whether every command waits
   */
  public void begin(long millis, boolean all) {
    long nowNanos = clock.nanos();
    long end = nowNanos + Math.min(millis, MAX_MILLIS) * NANOS_PER_MILLI;
    if (!on && millis == 0) {
      return;
    }
    this.all |= all;
    if (!on || end - endNanos > 0) {
      on = true;
      endNanos = end;
      cancelTimer();
      timer = timers.schedule(end, this::end);
    }
  }

  /** Ends it: the clients that were held go on. */
  public void end() {
    on = false;
    all = false;
    cancelTimer();
    for (Session session : held) {
      session.resume();
    }
    held.clear();
  }

  private void cancelTimer() {
    if (timer != null) {
      timers.cancel(timer);
      timer = null;
    }
  }

  /** Has a client wait, whose next command is this. */
  void hold(Session session, Command command) {
    session.hold(command);
    held.add(session);
  }

  /** A client that was held is gone; its commands will never run. */
  void forget(Session session) {
    held.remove(session);
  }

  /** How many clients wait. */
  public int heldCount() {
    return held.size();
  }
}
