package io.cinnabar.command;

import io.cinnabar.structure.Slice;
import io.cinnabar.tracking.Tracker;
import io.cinnabar.tracking.Tracking;
import org.jspecify.annotations.Nullable;

/**
 * What tracking has to know of the commands that run: whose they are, when they end, and which keys
 * they read. A client that has never asked for tracking costs one comparison.
 */
final class TrackedCalls {

  private static final String CLIENT = "client|";

  private final Tracking tracking;
  private final KeyPositions keys = new KeyPositions();

  TrackedCalls(Tracking tracking) {
    this.tracking = tracking;
  }

  /** A command begins to run. */
  void begin(Session session) {
    Tracker tracker = session.tracker();
    if (tracker != null) {
      tracking.begin(tracker);
    }
  }

  /** A command has run, whether it failed or not: its client has seen the keys that it reads. */
  void ran(Session session, Command command, Call call) {
    Tracker tracker = session.tracker();
    if (tracker == null || !tracker.remembers() || !command.has(CommandFlag.READONLY)) {
      return;
    }
    if (command.hasKeys() && command.findKeys(call, keys)) {
      for (int i = 0; i < keys.count(); i++) {
        Slice key = call.arg(keys.index(i));
        tracking.read(tracker, key, call.hash(key));
      }
    }
  }

  /**
   * A command has been answered, with its reply or the reason why it didn't run. What CLIENT
   * CACHING has said holds for it, unless it was one of CLIENT's itself; of a transaction, for all
   * of it.
   */
  void answered(Session session, @Nullable Command command) {
    Tracker tracker = session.tracker();
    if (tracker == null) {
      return;
    }
    tracking.end();
    if (tracker.isCaching()
        && !session.isInTransaction()
        && (command == null || !command.fullName().startsWith(CLIENT))) {
      tracker.caching(false);
    }
  }
}
