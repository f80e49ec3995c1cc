package io.cinnabar.replication;

import io.cinnabar.command.Change;
import io.cinnabar.command.ChangeEncoder;
import io.cinnabar.command.StreamMemory;
import io.cinnabar.command.Unit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The stream of changes that replicas follow, as commands of one client. It is kept in a backlog
 * from the moment on at which somebody wants to follow; before that it does not grow. On a primary
 * it is what changes here, on a replica what the primary has sent. On the loop's thread.
 */
final class ReplicationStream implements Change.Listener, StreamMemory {

  private final History history;
  private final Unit unit;
  private final ChangeEncoder encoder = new ChangeEncoder(true);
  private @Nullable Backlog backlog;
  private long limitBytes;
  private boolean isOwn = true;
  private boolean isListening;
  private boolean isBroken;

  /**
   * @param limitBytes how much is kept though nobody waits for it
   */
  ReplicationStream(History history, Unit unit, long limitBytes) {
    this.history = history;
    this.unit = unit;
    this.limitBytes = limitBytes;
  }

  /** The newest part of it; null while nobody has wanted it. */
  @Nullable Backlog backlog() {
    return backlog;
  }

  /** Sets how much is kept though nobody waits for it. */
  void limit(long newLimitBytes) {
    limitBytes = newLimitBytes;
    if (backlog != null) {
      backlog.limit(newLimitBytes);
    }
  }

  /** Says whether it is what changes here, and not what a primary sends. */
  void own(boolean yes) {
    isOwn = yes;
    listen();
  }

  /** Keeps it from now on; the backlog. */
  Backlog open() {
    Backlog kept = backlog;
    if (kept == null) {
      kept = new Backlog(history.offset(), limitBytes);
      backlog = kept;
      isBroken = false;
      encoder.forgetDatabase();
      listen();
    }
    return kept;
  }

  /** Keeps it no longer; nobody may be reading. */
  void close() {
    backlog = null;
    listen();
  }

  private void listen() {
    boolean wanted = isOwn && backlog != null;
    if (wanted && !isListening) {
      unit.listen(this);
      encoder.forgetDatabase();
    } else if (!wanted && isListening) {
      unit.unlisten(this);
    }
    isListening = wanted;
  }

  /** The next change says for which database it is, since somebody begins to read there. */
  void beginAnew() {
    encoder.forgetDatabase();
  }

  /** For which database the last change was. */
  int database() {
    return Math.max(0, encoder.database());
  }

  @Override
  public void changed(Change change) {
    int count = encoder.count(change);
    Backlog into = backlog;
    isBroken |= change.isTorn();
    if (count == 0 || into == null || isBroken) {
      return;
    }
    try {
      encoder.encode(change, count, into);
    } catch (OutOfMemoryError e) {
      isBroken = true;
    }
    history.advance(into.endOffset() - history.offset());
  }

  @Override
  public boolean wantsTouches() {
    return false;
  }

  /** Adds a command that belongs to no database, for the replicas themselves. */
  void tell(List<byte[]> command) {
    Backlog into = open();
    into.command(command);
    history.advance(into.endOffset() - history.offset());
  }

  /** Adds what a primary has sent. */
  void relay(byte[] bytes, int offset, int length) {
    Backlog into = open();
    into.add(bytes, offset, length);
    history.advance(length);
  }

  /** Whether a change is missing for which there was no memory: nobody can go on with it. */
  boolean isBroken() {
    return isBroken;
  }

  // ---- memory

  /** Gives memory back that it has not needed lately; once a second. */
  void giveBack() {
    if (backlog != null) {
      backlog.giveBack();
    }
  }

  @Override
  public long bytes() {
    return backlog == null ? 0 : backlog.memoryBytes();
  }

  @Override
  public long excessBytes() {
    return Math.max(0, bytes() - limitBytes);
  }
}
