package io.cinnabar.command;

import io.cinnabar.command.Timers.Timer;
import io.cinnabar.host.MonotonicClock;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes commands wait until a time, or until it is called off: all of them, or those that may
 * change the data set. Meanwhile nothing expires and nothing is evicted either, so that the data
 * stands still. There may be several reasons at once, each of which ends for itself: commands wait
 * as long as there is one. Several pauses for one reason join: the last to end and the widest of
 * them hold.
 *
 * <p>A client whose command has to wait is held as it is: what it sends is read and queues, and
 * when the pause ends the clients go on in the order in which they were held.
 */
public final class Pause {

  /** Why commands wait. */
  public enum Reason {
    /** A client has asked for it. */
    COMMAND,
    /** The server is about to end, and its replicas are to have everything before. */
    SHUTDOWN,
    /** A replica is to have everything before it leads in this server's place. */
    FAILOVER
  }

  private static final long NANOS_PER_MILLI = 1_000_000;

  /** What does not fit into the monotonic clock is as good as for ever: 146 years. */
  private static final long MAX_MILLIS = Long.MAX_VALUE / 2 / NANOS_PER_MILLI;

  private final Timers timers;
  private final MonotonicClock clock;
  private final Set<Session> held = new LinkedHashSet<>();
  private final Map<Reason, Span> spans = new EnumMap<>(Reason.class);
  private boolean on;
  private boolean all;

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
   * Begins a pause, or widens the one that there is for this reason.
   *
   * @param millis how long it lasts from now on; 0 leaves a pause that there is as long as it is
   * @param everything whether every command waits
   */
  public void begin(Reason reason, long millis, boolean everything) {
    Span span = spans.get(reason);
    if (span == null && millis == 0) {
      return;
    }
    long endNanos = clock.nanos() + Math.min(millis, MAX_MILLIS) * NANOS_PER_MILLI;
    if (span == null || endNanos - span.endNanos > 0) {
      boolean wasAll = span != null && span.all;
      cancelTimer(span);
      span = new Span(endNanos, timers.schedule(endNanos, () -> end(reason)));
      span.all = wasAll;
      spans.put(reason, span);
    }
    span.all |= everything;
    on = true;
    all |= span.all;
  }

  /** As {@link #begin(Reason, long, boolean)} for writes alone, until it is called off. */
  public void begin(Reason reason) {
    begin(reason, MAX_MILLIS, false);
  }

  /** Ends what there is for this reason: the clients that need not wait any more go on. */
  public void end(Reason reason) {
    Span ended = spans.remove(reason);
    if (ended == null) {
      return;
    }
    cancelTimer(ended);
    boolean wasAll = all;
    on = !spans.isEmpty();
    all = false;
    for (Span span : spans.values()) {
      all |= span.all;
    }
    if (!on || wasAll != all) {
      resume();
    }
  }

  /** Whoever has to wait on is held again. */
  private void resume() {
    for (Session session : held) {
      session.resume();
    }
    held.clear();
  }

  private void cancelTimer(@Nullable Span span) {
    if (span != null) {
      timers.cancel(span.timer);
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

  /** For how long there is one reason. */
  private static final class Span {

    final long endNanos;
    final Timer timer;
    boolean all;

    Span(long endNanos, Timer timer) {
      this.endNanos = endNanos;
      this.timer = timer;
    }
  }
}
