package io.cinnabar.persistence;

import io.cinnabar.command.Call;
import io.cinnabar.command.CommandError;
import io.cinnabar.keyspace.AccessClock;

/**
 * The options behind RESTORE's payload.
 *
 * @param idleSeconds how long the key is to look unused, or {@link #NOT_GIVEN}
 * @param frequency its counter of uses, or {@link #NOT_GIVEN}
 */
record RestoreOptions(boolean replace, boolean absolute, long idleSeconds, long frequency) {

  static final long NOT_GIVEN = -1;

  private static final int FIRST = 4;

  private static final CommandError INVALID_IDLE_TIME =
      new CommandError("ERR Invalid IDLETIME value, must be >= 0");
  private static final CommandError INVALID_FREQUENCY =
      new CommandError("ERR Invalid FREQ value, must be >= 0 and <= 255");

  static RestoreOptions of(Call call) {
    boolean replace = false;
    boolean absolute = false;
    long idleSeconds = NOT_GIVEN;
    long frequency = NOT_GIVEN;
    for (int i = FIRST; i < call.argCount(); i++) {
      boolean hasValue = i + 1 < call.argCount();
      if (call.isWord(i, "replace")) {
        replace = true;
      } else if (call.isWord(i, "absttl")) {
        absolute = true;
      } else if (call.isWord(i, "idletime") && hasValue && frequency == NOT_GIVEN) {
        idleSeconds = call.integer(++i);
        if (idleSeconds < 0) {
          throw INVALID_IDLE_TIME;
        }
      } else if (call.isWord(i, "freq") && hasValue && idleSeconds == NOT_GIVEN) {
        frequency = call.integer(++i);
        if (frequency < 0 || frequency > AccessClock.LFU_MAX) {
          throw INVALID_FREQUENCY;
        }
      } else {
        throw CommandError.SYNTAX;
      }
    }
    return new RestoreOptions(replace, absolute, idleSeconds, frequency);
  }

  /** The access clock of the restored key; what the policy in force has no use for is ignored. */
  int clock(AccessClock clock) {
    return clock(clock, idleSeconds, frequency);
  }

  /** As {@link #clock(AccessClock)}, for what is {@link #NOT_GIVEN} or not. */
  static int clock(AccessClock clock, long idleSeconds, long frequency) {
    if (clock.isLfu()) {
      return frequency == NOT_GIVEN ? clock.initial() : clock.withFrequency((int) frequency);
    }
    return idleSeconds == NOT_GIVEN ? clock.initial() : clock.idleSince(idleSeconds);
  }
}
