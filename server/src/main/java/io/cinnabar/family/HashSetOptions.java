package io.cinnabar.family;

import io.cinnabar.command.Call;
import io.cinnabar.command.CommandError;

/**
 * What stands between HSETEX's key and its fields.
 *
 * @param ifNone only if the hash has none of the fields
 * @param ifAll only if the hash has all of the fields
 * @param keepTtl whether fields go on expiring when they would have
 * @param timeIndex the argument that says when the fields expire, or 0
 * @param expiryMillis the date that it gives, in milliseconds since 1970
 * @param first the argument that is the first field
 */
record HashSetOptions(
    boolean ifNone, boolean ifAll, boolean keepTtl, int timeIndex, long expiryMillis, int first) {

  private static final CommandError TWO_CONDITIONS =
      new CommandError("ERR Only one of FXX or FNX arguments can be specified");
  private static final CommandError TWO_TIMES =
      new CommandError("ERR Only one of EX, PX, EXAT, PXAT or KEEPTTL arguments can be specified");
  private static final CommandError NO_TIME = new CommandError("ERR missing expire time");
  private static final CommandError BAD_COUNT = new CommandError("ERR invalid number of fields");

  static HashSetOptions of(Call call) {
    boolean ifNone = false;
    boolean ifAll = false;
    boolean keepTtl = false;
    int timeIndex = 0;
    long expiryMillis = 0;
    for (int i = 2; i < call.argCount(); i++) {
      ExpireTime unit = ExpireTime.named(call, i);
      if (call.isWord(i, "fields")) {
        int first = firstField(call, i);
        return new HashSetOptions(ifNone, ifAll, keepTtl, timeIndex, expiryMillis, first);
      } else if (unit != null || call.isWord(i, "keepttl")) {
        if (keepTtl || timeIndex != 0) {
          throw TWO_TIMES;
        }
        if (unit == null) {
          keepTtl = true;
        } else {
          timeIndex = ++i;
          expiryMillis = expiryMillis(call, timeIndex, unit);
        }
      } else if (call.isWord(i, "fnx") || call.isWord(i, "fxx")) {
        if (ifNone || ifAll) {
          throw TWO_CONDITIONS;
        }
        ifNone = call.isWord(i, "fnx");
        ifAll = !ifNone;
      } else {
        throw new CommandError("ERR unknown argument: " + call.argText(i));
      }
    }
    throw call.wrongArgumentCount();
  }

  private static long expiryMillis(Call call, int timeIndex, ExpireTime unit) {
    if (timeIndex == call.argCount()) {
      throw NO_TIME;
    }
    return HashExpireCommands.expiryMillis(call, timeIndex, unit);
  }

  private static int firstField(Call call, int fieldsAt) {
    int first = fieldsAt + 2;
    long count = first <= call.argCount() ? call.integer(fieldsAt + 1, BAD_COUNT) : 0;
    if (count < 1 || count > Integer.MAX_VALUE) {
      throw BAD_COUNT;
    }
    if (2 * count != call.argCount() - first) {
      throw call.wrongArgumentCount();
    }
    return first;
  }

  /** Whether EX, PX, EXAT or PXAT was given. */
  boolean hasTime() {
    return timeIndex != 0;
  }

  boolean isConditional() {
    return ifNone || ifAll;
  }
}
