package io.cinnabar.family;

import io.cinnabar.command.Call;
import io.cinnabar.command.CommandError;
import io.cinnabar.structure.IntegerText;
import io.cinnabar.structure.LongDouble;
import io.cinnabar.structure.Slice;

/** How long a command waits: an argument in seconds, with decimals, or in milliseconds. */
final class Timeouts {

  private static final int MILLIS_PER_SECOND = 1000;

  private static final CommandError NOT_A_FLOAT =
      new CommandError("ERR timeout is not a float or out of range");
  private static final CommandError NOT_AN_INTEGER =
      new CommandError("ERR timeout is not an integer or out of range");
  private static final CommandError NEGATIVE = new CommandError("ERR timeout is negative");
  private static final CommandError OUT_OF_RANGE = new CommandError("ERR timeout is out of range");

  private Timeouts() {}

  /** Milliseconds out of an argument in seconds, rounded up; 0 is for ever. */
  static long ofSeconds(Call call, int index) {
    Slice text = call.arg(index);
    // What nearly everybody sends is quickly read.
    if (IntegerText.isLong(text)) {
      long seconds = IntegerText.toLong(text);
      if (seconds == (int) seconds) {
        return checked(call, MILLIS_PER_SECOND * seconds);
      }
    }
    LongDouble fraction = LongDouble.parse(text);
    if (fraction == null) {
      throw NOT_A_FLOAT;
    }
    LongDouble millis = fraction.multiply(MILLIS_PER_SECOND);
    if (!millis.isFinite()) {
      throw text.at(0) == '-' ? NEGATIVE : OUT_OF_RANGE;
    }
    return checked(call, millis.ceiling());
  }

  /** An argument in milliseconds; 0 is for ever. */
  static long ofMillis(Call call, int index) {
    return checked(call, call.integer(index, NOT_AN_INTEGER));
  }

  /** The end must be a date that fits into 64 bits. */
  private static long checked(Call call, long millis) {
    if (millis < 0) {
      throw NEGATIVE;
    }
    if (millis > Long.MAX_VALUE - call.nowMillis()) {
      throw OUT_OF_RANGE;
    }
    return millis;
  }
}
