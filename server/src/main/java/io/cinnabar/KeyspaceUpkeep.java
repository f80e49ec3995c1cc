package io.cinnabar;

import io.cinnabar.command.Compactor;
import io.cinnabar.host.MonotonicClock;
import io.cinnabar.keyspace.Keyspace;
import io.cinnabar.loop.Housekeeping;

/**
 * Housekeeping of the memory: gives back what FLUSHDB left, and empties slabs that are nearly
 * empty.
 */
final class KeyspaceUpkeep implements Housekeeping {

  /** Steps between two looks at the clock; some tens of microseconds. */
  private static final int STEPS = 512;

  private final Keyspace keyspace;
  private final Compactor compactor;
  private final MonotonicClock clock;

  KeyspaceUpkeep(Keyspace keyspace, Compactor compactor, MonotonicClock clock) {
    this.keyspace = keyspace;
    this.compactor = compactor;
    this.clock = clock;
  }

  @Override
  public boolean slice(long deadlineNanos) {
    boolean more = true;
    while (more && clock.nanos() - deadlineNanos < 0) {
      more = keyspace.reclaimSlice(STEPS);
    }
    return more || compactor.slice(deadlineNanos);
  }
}
