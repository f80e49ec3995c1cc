package io.cinnabar.command;

/**
 * What of the data set the reply to a command may show, and so what it has to wait for: the
 * journal, and replicas where its client waits for these. On the loop's thread.
 */
final class ShownData {

  private final ReplyGate gate;
  private final Durability durability;
  private final TouchedKeys touchedKeys;
  private final Availability availability;
  private final KeyPositions keys = new KeyPositions();
  private long touchesBefore;

  ShownData(ReplyGate gate, Availability availability) {
    this.gate = gate;
    this.durability = gate.durability();
    this.touchedKeys = gate.touchedKeys();
    this.availability = availability;
  }

  /** A command begins to run. */
  void begin() {
    touchesBefore = touchedKeys.count();
  }

  /**
   * A command has run, whether it failed or not, and its unit is closed.
   *
   * @return up to where replicas have to have the stream before the reply may leave; 0 if it waits
   *     for none
   */
  long ran(Session session, Command command, Call call) {
    if (!mayShow(command)) {
      return 0;
    }
    if (!(availability.isJournalFailing() && showsReleasedKeys(command, call))) {
      session.output().showData();
    }
    return gate.isActive() ? awaited(session, command, call) : 0;
  }

  /** What runs while there are no data shows none, unless it runs what was queued. */
  private static boolean mayShow(Command command) {
    return !command.has(CommandFlag.LOADING) || runsOthers(command);
  }

  private static boolean runsOthers(Command command) {
    return command.inTransaction() == InTransaction.RUNS_QUEUE;
  }

  private boolean namesKeys(Command command, Call call) {
    return command.namesAllKeys() && command.findKeys(call, keys);
  }

  // ---- the journal

  /**
   * Whether the reply tells of nothing but keys that are on disk as they are. With that most reads
   * are served on when the disk takes nothing any more.
   */
  private boolean showsReleasedKeys(Command command, Call ran) {
    if (!command.has(CommandFlag.READONLY) || !namesKeys(command, ran)) {
      return false;
    }
    boolean released = true;
    for (int i = 0; i < keys.count() && released; i++) {
      released = durability.isSettled(ran.arg(keys.index(i)));
    }
    return released;
  }

  // ---- replicas

  /** A command of a transaction has run, the unit of which goes on. */
  void ranQueued(Command command, Call call) {
    if (gate.isActive()) {
      touch(command, call);
    }
  }

  /** Some changes are of no key that anybody would be told of, as who has read what of a stream. */
  private void touch(Command command, Call call) {
    if (!command.has(CommandFlag.WRITE)
        || !call.hasChanged()
        || touchedKeys.count() != touchesBefore) {
      return;
    }
    if (!namesKeys(command, call)) {
      touchedKeys.touchedAll();
      return;
    }
    for (int i = 0; i < keys.count(); i++) {
      touchedKeys.touched(call.hash(call.arg(keys.index(i))));
    }
  }

  private long awaited(Session session, Command command, Call call) {
    touch(command, call);
    gate.settleTouches();
    CommitAcks acks = session.output().acks();
    long lastEnd = touchedKeys.lastEnd();
    boolean isBeside = !command.touchesKeyspace() && !runsOthers(command);
    if (!acks.isOn() || isBeside || lastEnd <= gate.settledOffset(acks)) {
      return 0;
    }
    boolean isOwnWrite = command.has(CommandFlag.WRITE) && call.hasChanged();
    if (isOwnWrite || !namesKeys(command, call)) {
      return lastEnd;
    }
    long last = 0;
    for (int i = 0; i < keys.count(); i++) {
      last = Math.max(last, touchedKeys.end(call.hash(call.arg(keys.index(i)))));
    }
    return last;
  }
}
