package io.cinnabar.command;

import io.cinnabar.arena.ArenaFullException;
import io.cinnabar.host.MonotonicClock;
import io.cinnabar.keyspace.Database;
import io.cinnabar.keyspace.Entry;
import io.cinnabar.keyspace.ExpiredListener;
import io.cinnabar.keyspace.Keyspace;
import io.cinnabar.value.HashValue;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Removes keys and fields of hashes whose time has passed: those that a command meets, and the
 * others in slices.
 */
public final class Expiry {

  private static final byte[] HDEL = "HDEL".getBytes(StandardCharsets.US_ASCII);

  /** Steps between two looks at the clock; some tens of microseconds. */
  private static final int STEPS = 1024;

  private static final byte[] NO_FIELD = {};

  private final Alone alone = new Alone();
  private final Keyspace keyspace;
  private final Unit unit;
  private final Statistics statistics;
  private final Settings settings;
  private final Pause pause;
  private final Availability availability;
  private final MonotonicClock clock;
  private final SlownessListener slowness;
  private final OwnExpiries ownExpiries;

  private boolean isWriting;

  public Expiry(
      Keyspace keyspace,
      Unit unit,
      Statistics statistics,
      Settings settings,
      Pause pause,
      Availability availability,
      MonotonicClock clock,
      SlownessListener slowness,
      OwnExpiries ownExpiries) {
    this.ownExpiries = ownExpiries;
    this.keyspace = keyspace;
    this.unit = unit;
    this.statistics = statistics;
    this.settings = settings;
    this.pause = pause;
    this.availability = availability;
    this.clock = clock;
    this.slowness = slowness;
  }

  /** Says whether the command that runs now may write. */
  void writing(boolean yes) {
    isWriting = yes;
  }

  /**
   * Whether what has expired stays where it is met, though nobody sees it any more: during a pause,
   * and on a replica, where the primary says when it goes. Only a command that writes to a writable
   * replica can't wait for that.
   */
  boolean isKept() {
    return pause.isOn() || (availability.isFollowing() && (settings.replicaReadOnly || !isWriting));
  }

  /**
   * Removes an entry whose time has passed, and tells the followers, as a part of this unit, unless
   * it {@link #isKept}, which only those notice who count the keys.
   *
   * @throws ArenaFullException when there is no memory for the change; the entry stays
   */
  public void expire(Entry entry) {
    if (!isKept()) {
      remove(entry);
    }
  }

  private void remove(Entry entry) {
    Deletion.remove(entry, unit, KeyEvent.EXPIRED, settings.lazyExpire);
    statistics.expiredKeys++;
  }

  /**
   * Removes the field under the cursor of a hash, whose time has passed, and tells the followers,
   * as a part of this unit. It stays where it {@link #isKept}, and where there is no memory for the
   * change. The hash may be empty then: see {@link #removeEmptied}.
   */
  public void expireField(Entry entry) {
    if (isKept()) {
      return;
    }
    HashValue hash = entry.hashValue();
    byte[] field = unit.isFollowed() ? hash.field().toByteArray() : NO_FIELD;
    try {
      hash.removeFound();
    } catch (ArenaFullException full) {
      return;
    }
    tellFieldExpired(entry, field);
  }

  /**
   * Tells the followers that the field under the cursor of a hash has expired, which is about to
   * get another value.
   */
  public void replaceExpiredField(Entry entry) {
    boolean isFollowed = unit.isFollowed();
    tellFieldExpired(entry, isFollowed ? entry.hashValue().field().toByteArray() : NO_FIELD);
  }

  private void tellFieldExpired(Entry entry, byte[] field) {
    statistics.expiredFields++;
    int database = entry.database().index();
    unit.alsoTouched(database, entry.key(), KeyEvent.HEXPIRED);
    if (unit.isFollowed()) {
      unit.propagate(database, List.of(HDEL, entry.key().toByteArray(), field));
    }
  }

  /**
   * Removes a hash whose last field has expired; without a field it would not be there for the
   * followers either.
   *
   * @return whether it had none
   */
  public boolean removeEmptied(Entry entry) {
    if (entry.hashValue().count() > 0) {
      return false;
    }
    Database in = entry.database();
    keyspace.arena().insist();
    unit.alsoTouched(in.index(), entry.key(), KeyEvent.DEL);
    in.remove(entry);
    return true;
  }

  /** Housekeeping's share: removes what has expired and nobody asks for. */
  public boolean slice(long deadlineNanos) {
    if (!settings.activeExpire || pause.isOn()) {
      return false;
    }
    if (availability.isFollowing()) {
      return ownSlice(deadlineNanos);
    }
    ownExpiries.clear();
    long startNanos = clock.nanos();
    long nowNanos = startNanos;
    long lookedAtBefore = keyspace.expiryLookedAt();
    long foundBefore = keyspace.expiryFound();
    boolean more = true;
    alone.isShortOfMemory = false;
    while (more && !alone.isShortOfMemory && nowNanos - deadlineNanos < 0) {
      more = keyspace.expireSlice(unit.expiryMillis(), STEPS, alone) >= STEPS;
      nowNanos = clock.nanos();
    }
    long tookNanos = nowNanos - startNanos;
    statistics.expireCycleMicros += tookNanos / 1000;
    statistics.expirySliceEnded(
        more, keyspace.expiryLookedAt() - lookedAtBefore, keyspace.expiryFound() - foundBefore);
    if (tookNanos >= settings.latencyEventFromNanos) {
      slowness.delayed(LatencyEvent.EXPIRE_CYCLE, tookNanos);
    }
    return more && !alone.isShortOfMemory;
  }

  /** On a replica: what has expired of that which its primary knows nothing of. */
  private boolean ownSlice(long deadlineNanos) {
    Entry expired = ownExpiries.next(unit.expiryMillis());
    while (expired != null) {
      try {
        remove(expired);
      } catch (ArenaFullException full) {
        ownExpiries.add(expired);
        return false;
      }
      unit.close();
      if (clock.nanos() - deadlineNanos >= 0) {
        return true;
      }
      expired = ownExpiries.next(unit.expiryMillis());
    }
    return false;
  }

  /** Of how many keys a writable replica knows that its clients have given them an expiry. */
  public int ownKeyCount() {
    return ownExpiries.count();
  }

  /** What housekeeping meets: each is a unit of its own. */
  private final class Alone implements ExpiredListener {

    /** Whether a key had to stay since an open view sees it; the next slice tries again. */
    private boolean isShortOfMemory;

    @Override
    public void expired(Entry entry) {
      try {
        expire(entry);
      } catch (ArenaFullException full) {
        isShortOfMemory = true;
      }
      unit.close();
    }

    @Override
    public boolean fieldExpired(Entry entry) {
      expireField(entry);
      boolean isGone = removeEmptied(entry);
      keyspace.arena().relent();
      unit.close();
      return isGone;
    }
  }
}
