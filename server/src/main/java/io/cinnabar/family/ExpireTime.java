package io.cinnabar.family;

import io.cinnabar.command.Call;
import io.cinnabar.command.CommandError;
import io.cinnabar.structure.IntegerText;
import io.cinnabar.structure.Slice;
import org.jspecify.annotations.Nullable;

/**
 * How a command gives the time at which a key or a field of a hash ends: its unit, and whether it
 * counts from now.
 */
enum ExpireTime {
  SECONDS(1000, true),
  MILLIS(1, true),
  UNIX_SECONDS(1000, false),
  UNIX_MILLIS(1, false);

  private final int millisPerUnit;
  private final boolean relative;

  ExpireTime(int millisPerUnit, boolean relative) {
    this.millisPerUnit = millisPerUnit;
    this.relative = relative;
  }

  /** The one that an option names: EX, PX, EXAT or PXAT; null where it is none of them. */
  static @Nullable ExpireTime named(Call call, int index) {
    if (call.isWord(index, "ex")) {
      return SECONDS;
    } else if (call.isWord(index, "px")) {
      return MILLIS;
    } else if (call.isWord(index, "exat")) {
      return UNIX_SECONDS;
    } else if (call.isWord(index, "pxat")) {
      return UNIX_MILLIS;
    }
    return null;
  }

  /** Whether the time is a date rather than a duration. */
  boolean isAbsolute() {
    return !relative;
  }

  /** The date in milliseconds since 1970; the time given must be above zero. */
  long positiveMillis(Call call, Slice text) {
    long time = integer(text);
    if (time <= 0) {
      throw invalid(call);
    }
    return millis(call, time);
  }

  /** The date in milliseconds since 1970; may lie in the past. */
  long millis(Call call, Slice text) {
    return millis(call, integer(text));
  }

  private long millis(Call call, long time) {
    if (time > Long.MAX_VALUE / millisPerUnit || time < Long.MIN_VALUE / millisPerUnit) {
      throw invalid(call);
    }
    long millis = time * millisPerUnit;
    if (relative) {
      if (millis > Long.MAX_VALUE - call.nowMillis()) {
        throw invalid(call);
      }
      millis += call.nowMillis();
    }
    return millis;
  }

  /** A date in milliseconds since 1970 in this unit, what is left of one rounded up. */
  long roundedUp(Call call, long atMillis) {
    long millis = relative ? atMillis - call.nowMillis() : atMillis;
    return (millis + millisPerUnit - 1) / millisPerUnit;
  }

  private static long integer(Slice text) {
    if (!IntegerText.isLong(text)) {
      throw CommandError.NOT_AN_INTEGER;
    }
    return IntegerText.toLong(text);
  }

  static CommandError invalid(Call call) {
    return new CommandError(
        "ERR invalid expire time in '" + call.command().fullName() + "' command");
  }

  /** A date as the followers are told. */
  static byte[] text(long millis) {
    return Slice.of(Long.toString(millis)).array;
  }
}
