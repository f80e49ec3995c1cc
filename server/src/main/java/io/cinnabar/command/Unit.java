package io.cinnabar.command;

import io.cinnabar.keyspace.Database;
import io.cinnabar.keyspace.Keyspace;
import io.cinnabar.resp.Request;
import io.cinnabar.structure.Slice;
import io.cinnabar.tracking.Tracking;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The unit under way: one client command, one expired key met by housekeeping, or whatever several
 * of these are joined into. Time stands still inside it. It collects what changes; when it closes
 * it is told as one {@link Change}. While nobody listens it only counts.
 */
public final class Unit {

  private final BlockedClients blockedClients;
  private final Watches watches;
  private final KeyspaceEvents events;
  private final Tracking tracking;
  private final List<Change.Listener> listeners = new ArrayList<>();
  private final Change change = new Change();
  private long nowMillis;
  private boolean isLoading;
  private boolean isRepeating;
  private long changeCount;

  /**
   * The first unit.
   *
   * @param blockedClients hear of the keys that they wait for, whether anybody follows or not
   * @param watches hear of all keys that change
   * @param events publish what happens to keys
   * @param tracking tells clients what they have cached
   */
  public Unit(
      BlockedClients blockedClients, Watches watches, KeyspaceEvents events, Tracking tracking) {
    this.events = events;
    this.tracking = tracking;
    this.blockedClients = blockedClients;
    this.watches = watches;
  }

  /** Adds a follower of the data set. */
  public void listen(Change.Listener listener) {
    listeners.add(listener);
  }

  /** Takes a follower away. */
  public void unlisten(Change.Listener listener) {
    listeners.remove(listener);
  }

  /** Whether anybody wants to know what changes. What is loaded is not new to anybody. */
  public boolean isFollowed() {
    return !isLoading && !listeners.isEmpty();
  }

  /** Civil time inside this unit, in milliseconds since 1970. */
  public long nowMillis() {
    return nowMillis;
  }

  /** Moves time on; only between units. */
  public void nowMillis(long nowMillis) {
    this.nowMillis = nowMillis;
  }

  /**
   * What expires at a time up to this one has expired: civil time, but long ago {@link #loading
   * while data is loaded} or {@link #repeating a primary's commands run}.
   */
  public long expiryMillis() {
    return isRepeating ? 0 : nowMillis;
  }

  /**
   * Says whether commands run that have run before. What had not expired then must not have expired
   * for those that follow, whatever the time is now.
   */
  public void loading(boolean yes) {
    isLoading = yes;
    isRepeating = yes;
  }

  /** As {@link #loading} for commands that are new to this server: those of its primary. */
  public void repeating(boolean yes) {
    isRepeating = yes;
  }

  /**
   * Whether the commands have run before, here or at the primary, and have to do the same again.
   */
  public boolean isRepeating() {
    return isRepeating;
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

  /** Records that {@code key} was touched by a change that is counted already. */
  public void alsoTouched(int database, Slice key, KeyEvent event) {
    if (isFollowed() && areTouchesWanted()) {
      change.touch(database, key.toByteArray(), event);
    }
    if (!blockedClients.isEmpty()) {
      blockedClients.touched(database, key, event);
    }
    if (!watches.isEmpty() && event.changesValue()) {
      watches.touched(database, key, nowMillis);
    }
    if (tracking.isListening() && event.changesValue()) {
      tracking.changed(key, !event.isUnasked());
    }
    if (events.wants(event)) {
      events.tell(database, key, event);
    }
  }

  private boolean areTouchesWanted() {
    for (int i = 0; i < listeners.size(); i++) {
      if (listeners.get(i).wantsTouches()) {
        return true;
      }
    }
    return false;
  }

  /** Somebody has looked for a key that isn't there. */
  void missed(int database, Slice key) {
    if (events.wants(KeyEvent.KEYMISS)) {
      events.tell(database, key, KeyEvent.KEYMISS);
    }
  }

  /** Records changes beyond those that single keys tell. */
  public void changed(long count) {
    changeCount += count;
  }

  /**
   * Says that a database is about to be emptied, or to get the contents of another.
   *
   * @param replacement what comes in its place; null for nothing
   */
  public void willReplace(Database emptied, @Nullable Database replacement) {
    if (!watches.isEmpty()) {
      watches.willReplace(emptied, replacement, nowMillis);
    }
  }

  /**
   * Records that any keys of a database may have been changed.
   *
   * @param count as how many changes this counts
   */
  public void touchedAll(int database, long count) {
    changeCount += count;
    blockedClients.touchedAll(database);
  }

  /** Says that a database was emptied, or all of them were: nobody may keep what it has cached. */
  public void flushed() {
    tracking.flushed();
  }

  /** Empties all databases, and tells whoever watches, waits for, or has cached keys of them. */
  public void flushAll(Keyspace keyspace) {
    for (int i = 0; i < keyspace.databases(); i++) {
      willReplace(keyspace.database(i), null);
      touchedAll(i, keyspace.database(i).size());
    }
    keyspace.flushAll();
    flushed();
  }

  /** Adds a command for the followers, given by its name and arguments. */
  public void propagate(int database, List<byte[]> arguments) {
    if (isFollowed()) {
      change.add(database, arguments);
    }
  }

  /**
   * Adds a command for the followers as it was called, with its arguments before {@code end} alone.
   *
   * @param isMessage whether it changes no data, but is for whoever listens to the followers
   * @param closesUnit whether the unit closes with this very request, which is not copied then
   */
  void propagate(int database, boolean isMessage, Request request, int end, boolean closesUnit) {
    if (isFollowed()) {
      change.add(database, isMessage, request, end, closesUnit);
    }
  }

  /**
   * Ends the unit: tells the followers, if something happened.
   *
   * @return whether there were commands for them
   */
  public boolean close() {
    if (change.isEmpty()) {
      return false;
    }
    boolean hasCommands = change.count() > 0;
    try {
      for (int i = 0; i < listeners.size(); i++) {
        listeners.get(i).changed(change);
      }
    } finally {
      change.clear();
    }
    return hasCommands;
  }
}
