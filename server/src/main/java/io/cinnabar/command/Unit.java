package io.cinnabar.command;

import io.cinnabar.command.Change.Propagated;
import io.cinnabar.command.Change.Touch;
import io.cinnabar.structure.Slice;
import java.util.ArrayList;
import java.util.List;

/**
 * The unit under way: one client command, one expired key met by housekeeping, or whatever several
 * of these are joined into. Time stands still inside it. It collects what changes; when it closes
 * it becomes one {@link Change}. While nobody listens it only counts.
 */
public final class Unit {

  private final List<Change.Listener> listeners = new ArrayList<>();
  private final List<Propagated> commands = new ArrayList<>();
  private final List<Touch> touches = new ArrayList<>();
  private long nowMillis;
  private long changeCount;

  /** Adds a follower of the data set. */
  public void listen(Change.Listener listener) {
    listeners.add(listener);
  }

  /** Whether anybody wants to know what changes. */
  public boolean isFollowed() {
    return !listeners.isEmpty();
  }

  /** Civil time inside this unit, in milliseconds since 1970. */
  public long nowMillis() {
    return nowMillis;
  }

  /** Moves time on; only between units, or by a command that itself takes long. */
  public void nowMillis(long nowMillis) {
    this.nowMillis = nowMillis;
  }

  /** How many changes there have been since the start, by all units. */
  public long changeCount() {
    return changeCount;
  }

  /** Records that {@code key} was changed. */
  public void touched(int database, Slice key, KeyEvent event) {
    changeCount++;
    alsoTouched(database, key, event);
  }

  /** Records that the time of {@code key} has passed: no change by the command that met it. */
  void expired(int database, Slice key) {
    alsoTouched(database, key, KeyEvent.EXPIRED);
  }

  /** Records that {@code key} was touched by a change that is counted already. */
  public void alsoTouched(int database, Slice key, KeyEvent event) {
    if (isFollowed()) {
      touches.add(new Touch(database, key.toByteArray(), event));
    }
  }

  /** Records a change that concerns whole databases rather than one key. */
  public void changed(long count) {
    changeCount += count;
  }

  /** Adds a command for the followers; {@code arguments} are kept. */
  public void propagate(int database, List<byte[]> arguments) {
    if (isFollowed()) {
      commands.add(new Propagated(database, arguments));
    }
  }

  /** Ends the unit: tells the followers, if something happened. */
  public void close() {
    if (commands.isEmpty() && touches.isEmpty()) {
      return;
    }
    Change change = new Change(List.copyOf(commands), List.copyOf(touches));
    commands.clear();
    touches.clear();
    for (Change.Listener listener : listeners) {
      listener.changed(change);
    }
  }
}
