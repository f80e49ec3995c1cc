package io.cinnabar.tracking;

import io.cinnabar.arena.ArenaFullException;
import io.cinnabar.resp.ReplyBuffer;
import io.cinnabar.structure.KeyHash;
import io.cinnabar.structure.Line.Place;
import io.cinnabar.structure.NumbersByKey;
import io.cinnabar.structure.Slice;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Client-side caching: remembers which clients have read which keys, and tells them of the next
 * change of each, once; and tells others, at the end of a turn, of all keys that begin with their
 * prefixes.
 *
 * <p>Keys are the same here in whatever database they lie. A client that is gone, or has turned
 * tracking off, is counted by the keys that it has read until they change; its number goes to
 * another when none counts it.
 *
 * <p>What a client is to be told of what its own command has changed waits for the end of that
 * command. While nobody tracks, a change costs one comparison. On the loop's thread.
 */
public final class Tracking {

  /** Keys over the limit that go with one command. */
  private static final int TRIMMED_KEYS = 100;

  /** Steps of housekeeping between two looks at the clock. */
  private static final int STEPS = 16;

  private final RandomGenerator random;
  private final KeyHash keyHash;
  private final long memoryLimitBytes;
  private final Prefixes prefixes = new Prefixes();
  private final Invalidations invalidations = new Invalidations();

  /** Those that keys may count, by number; null where a number is free. */
  private final List<@Nullable Tracker> trackers = new ArrayList<>();

  private final Deque<Integer> freeNumbers = new ArrayDeque<>();
  private final Slice key = new Slice();

  /** A key that goes for want of room: its bytes outlive its block. */
  private final ReplyBuffer goingKey = new ReplyBuffer();

  /** Of a batch: the blocks where its keys seem to be remembered. */
  private int[] candidates = {};

  /** What the caller is to be told when its command has ended. */
  private final PendingKeys pending = new PendingKeys();

  /** Made when somebody turns tracking on for the first time. */
  private @Nullable NumbersByKey readers;

  /** The client whose command runs, if it tracks. */
  private @Nullable Tracker caller;

  private int clients;
  private long maxKeys;
  private boolean listening;
  private boolean overLimit;

  /**
   * With nobody tracking.
   *
   * @param keyHash what {@link #touch} is given the hashes of
   * @param memoryLimitBytes the most that the table of keys may take of the heap
   * @param maxKeys see {@link #maxKeys(long)}
   */
  public Tracking(RandomGenerator random, KeyHash keyHash, long memoryLimitBytes, long maxKeys) {
    this.random = random;
    this.keyHash = keyHash;
    this.memoryLimitBytes = memoryLimitBytes;
    this.maxKeys = maxKeys;
  }

  /** How many keys may be remembered before others are given up for them; 0 is any number. */
  public void maxKeys(long maxKeys) {
    this.maxKeys = maxKeys;
    review();
  }

  private void review() {
    listening = keys() > 0 || !prefixes.isEmpty();
    overLimit = maxKeys > 0 && clients > 0 && keys() > maxKeys;
  }

  // ---- turning it on and off

  /**
   * Turns tracking on for a client, or changes how it tracks.
   *
   * @param known what it has had before; null for a client that has never tracked
   * @param redirectId the client to tell in its place, or {@link Tracker#NOBODY}
   * @param prefixes which keys to broadcast, none for all; without a meaning for others
   */
  public Tracker turnOn(
      CachingClient client,
      @Nullable Tracker known,
      TrackingOptions options,
      long redirectId,
      @Nullable CachingClient redirect,
      List<Slice> prefixes) {
    if (readers == null) {
      readers = new NumbersByKey(memoryLimitBytes, keyHash);
    }
    Tracker tracker = known == null ? add(client) : known;
    if (!tracker.isOn()) {
      clients++;
    }
    tracker.turnOn(options, redirectId, redirect);
    if (options.broadcast()) {
      for (Slice prefix : prefixes.isEmpty() ? List.of(new Slice()) : prefixes) {
        this.prefixes.join(tracker, prefix);
      }
    }
    review();
    return tracker;
  }

  private Tracker add(CachingClient client) {
    boolean appends = freeNumbers.isEmpty();
    int number = appends ? trackers.size() : freeNumbers.pop();
    Tracker tracker = new Tracker(client, number);
    if (appends) {
      trackers.add(tracker);
    } else {
      trackers.set(number, tracker);
    }
    return tracker;
  }

  /** Turns tracking off for a client. */
  public void turnOff(Tracker tracker) {
    if (tracker.isOn()) {
      tracker.turnOff();
      prefixes.leave(tracker);
      clients--;
      review();
    }
  }

  /** A client has gone. */
  public void leave(Tracker tracker) {
    turnOff(tracker);
    if (caller == tracker) {
      caller = null;
      pending.clear();
    }
    recycle(tracker);
  }

  private void recycle(Tracker tracker) {
    if (tracker.items() == 0
        && tracker.client().isClosed()
        && trackers.get(tracker.number()) == tracker) {
      trackers.set(tracker.number(), null);
      freeNumbers.push(tracker.number());
    }
  }

  // ---- whose command runs

  /** The command of a client that has a tracker begins. */
  public void begin(Tracker tracker) {
    caller = tracker;
  }

  /** The command has ended, and its reply is written. */
  public void end() {
    Tracker told = caller;
    caller = null;
    if (!pending.isEmpty()) {
      if (told != null) {
        pending.tell(told, invalidations);
      }
      pending.clear();
    }
  }

  /**
   * Ahead of a batch of commands: looks where their keys are remembered, so that these cache misses
   * overlap, as those of the keys themselves do.
   *
   * @param places which of the hashes and keys, {@code count} of them
   * @return nothing that means anything
   */
  public int touch(long[] hashes, @Nullable Slice[] keys, int[] places, int count) {
    NumbersByKey held = readers;
    if (held == null || held.size() == 0) {
      return 0;
    }
    if (candidates.length < count) {
      candidates = new int[places.length];
    }
    int sum = 0;
    for (int n = 0; n < count; n++) {
      sum += held.touchBucket(hashes[places[n]]);
    }
    for (int n = 0; n < count; n++) {
      candidates[n] = held.candidate(hashes[places[n]]);
    }
    for (int n = 0; n < count; n++) {
      Slice key = keys[places[n]];
      sum += held.touchCandidate(candidates[n], key == null ? 0 : key.length);
    }
    return sum;
  }

  /**
   * A client has read a key, which it may keep from now on.
   *
   * @param hash of the key, by the hash that was given to this
   */
  public void read(Tracker tracker, Slice key, long hash) {
    NumbersByKey held = readers;
    if (held == null) {
      return;
    }
    try {
      if (held.add(key, hash, tracker.number())) {
        tracker.items(tracker.items() + 1);
        listening = true;
        overLimit = maxKeys > 0 && held.size() > maxKeys;
      }
    } catch (ArenaFullException full) {
      // What can't be remembered must not be kept.
      pending.add(key);
    }
  }

  // ---- what changes

  /** Whether a change may be of interest to somebody. */
  public boolean isListening() {
    return listening;
  }

  /**
   * A key has changed.
   *
   * @param byCaller whether the command that runs has changed it, rather than that it went by
   *     itself
   */
  public void changed(Slice key, boolean byCaller) {
    try {
      if (!prefixes.isEmpty()) {
        prefixes.changed(key, byCaller ? caller : null);
      }
      if (keys() > 0) {
        invalidate(key);
        listening = keys() > 0 || !prefixes.isEmpty();
      }
    } catch (OutOfMemoryError e) {
      cutAll();
    }
  }

  /** Lets go of all who would miss a message: who is closed keeps nothing. */
  private void cutAll() {
    for (Tracker tracker : trackers.stream().filter(Objects::nonNull).toList()) {
      if (tracker.isOn()) {
        tracker.client().cutForMemory();
      }
    }
    review();
  }

  private void invalidate(Slice key) {
    NumbersByKey held = readers;
    int count = held == null ? 0 : held.remove(key);
    if (held == null || count == 0) {
      return;
    }
    boolean said = false;
    for (int i = 0; i < count; i++) {
      Tracker tracker = tracker(held.removed()[i]);
      if (!tracker.isOn() || tracker.options().broadcast()) {
        // It has turned off since it read the key.
      } else if (tracker != caller) {
        if (!said) {
          invalidations.say(key);
          said = true;
        }
        invalidations.tell(tracker);
      } else if (!tracker.options().noLoop()) {
        pending.add(key);
      }
    }
    for (int i = 0; i < count; i++) {
      Tracker tracker = tracker(held.removed()[i]);
      tracker.items(tracker.items() - 1);
      recycle(tracker);
    }
  }

  private Tracker tracker(int number) {
    Tracker tracker = trackers.get(number);
    if (tracker == null) {
      throw new IllegalStateException("a key counts the free number " + number);
    }
    return tracker;
  }

  /** A database, or all of them, are emptied: nobody may keep anything. */
  public void flushed() {
    for (int i = 0; clients > 0 && i < trackers.size(); i++) {
      Tracker tracker = trackers.get(i);
      if (tracker == null || !tracker.isOn()) {
        continue;
      }
      if (tracker == caller) {
        pending.addAll();
      } else {
        invalidations.tellAll(tracker);
      }
    }
    NumbersByKey held = readers;
    if (held != null && held.size() > 0) {
      held.clear();
      for (int i = 0; i < trackers.size(); i++) {
        Tracker tracker = trackers.get(i);
        if (tracker != null) {
          tracker.items(0);
          recycle(tracker);
        }
      }
    }
    review();
  }

  /** Whether {@link #broadcast} has something to tell. */
  public boolean hasBroadcasts() {
    return prefixes.hasChanged();
  }

  /** Tells of the keys that begin with prefixes, one message for each prefix; ends a turn. */
  public void broadcast() {
    try {
      for (Prefix prefix : prefixes.takeChanged()) {
        prefix.changed().sort();
        broadcast(prefix);
        prefix.changed().clear();
      }
    } catch (OutOfMemoryError e) {
      cutAll();
    }
  }

  private void broadcast(Prefix prefix) {
    ChangedKeys keys = prefix.changed();
    boolean said = false;
    for (Place<Tracker> at = prefix.clients().first(); at != null; at = at.next()) {
      Tracker tracker = at.member();
      if (at.isLeft()) {
        continue;
      }
      if (tracker.options().noLoop() && keys.hasWriter(tracker)) {
        said = false;
        if (invalidations.say(keys, tracker)) {
          invalidations.tell(tracker);
        }
      } else {
        said = said || invalidations.say(keys, null);
        invalidations.tell(tracker);
      }
    }
  }

  // ---- the limit

  /** Whether more keys are remembered than may be. */
  public boolean isOverLimit() {
    return overLimit;
  }

  /** Gives up some keys over the limit; their clients are told as if they had changed. */
  public void trim() {
    for (int i = 0; overLimit && i < TRIMMED_KEYS; i++) {
      trimOne();
    }
  }

  private void trimOne() {
    NumbersByKey held = readers;
    if (held != null && held.size() > 0) {
      held.random(random, key);
      goingKey.reset();
      goingKey.append(key.array, key.offset, key.length);
      invalidate(key.set(goingKey.array(), 0, goingKey.size()));
    }
    review();
  }

  /**
   * Housekeeping's share: goes on with what commands had no time for, and gives memory back.
   *
   * @return whether there is more to do
   */
  public boolean keep() {
    NumbersByKey held = readers;
    boolean more = held != null;
    for (int i = 0; held != null && more && i < STEPS; i++) {
      if (overLimit) {
        trimOne();
      } else {
        more = held.compactStep();
      }
    }
    return more;
  }

  // ---- figures

  /** How many clients track. */
  public int clients() {
    return clients;
  }

  /** How many keys are remembered. */
  public long keys() {
    return readers == null ? 0 : readers.size();
  }

  /** How many readers all those keys have together. */
  public long items() {
    return readers == null ? 0 : readers.total();
  }

  /** To how many prefixes somebody listens. */
  public int prefixes() {
    return prefixes.size();
  }

  /** What the table of keys takes of the heap. */
  public long memoryBytes() {
    return readers == null ? 0 : readers.memoryBytes();
  }
}
