package io.cinnabar.command;

import io.cinnabar.host.MonotonicClock;
import io.cinnabar.keyspace.Database;
import io.cinnabar.keyspace.Entry;
import io.cinnabar.keyspace.Keyspace;
import java.util.List;

/** Removes keys whose time has passed: those that a command meets, and the others in slices. */
public final class Expiry {

  /** Steps between two looks at the clock; some tens of microseconds. */
  private static final int STEPS = 1024;

  private final Keyspace keyspace;
  private final Unit unit;
  private final Statistics statistics;
  private final Settings settings;
  private final MonotonicClock clock;

  public Expiry(
      Keyspace keyspace,
      Unit unit,
      Statistics statistics,
      Settings settings,
      MonotonicClock clock) {
    this.keyspace = keyspace;
    this.unit = unit;
    this.statistics = statistics;
    this.settings = settings;
    this.clock = clock;
  }

  /** Removes an entry whose time has passed, and tells the followers, as a part of this unit. */
  public void expire(Entry entry) {
    Database database = entry.database();
    statistics.expiredKeys++;
    unit.expired(database.index(), entry.key());
    if (unit.isFollowed()) {
      unit.propagate(
          database.index(),
          List.of(Deletion.command(settings.lazyExpire), entry.key().toByteArray()));
    }
    database.remove(entry);
  }

  /** Housekeeping's share: removes what has expired and nobody asks for. */
  public boolean slice(long deadlineNanos) {
    if (!settings.activeExpire) {
      return false;
    }
    long startNanos = clock.nanos();
    long nowNanos = startNanos;
    boolean more = true;
    while (more && nowNanos - deadlineNanos < 0) {
      more = keyspace.expireSlice(unit.nowMillis(), STEPS, this::expireAlone) >= STEPS;
      nowNanos = clock.nanos();
    }
    statistics.expireCycleMicros += (nowNanos - startNanos) / 1000;
    return more;
  }

  private void expireAlone(Entry entry) {
    expire(entry);
    unit.close();
  }
}
