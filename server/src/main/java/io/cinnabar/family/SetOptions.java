package io.cinnabar.family;

import io.cinnabar.command.Call;
import io.cinnabar.command.CommandError;
import org.jspecify.annotations.Nullable;

/** The options behind SET's value and GETEX's key; each excludes others. */
record SetOptions(
    boolean onlyIfAbsent,
    boolean onlyIfPresent,
    boolean get,
    boolean keepTtl,
    boolean persist,
    @Nullable ExpireTime unit,
    int timeIndex) {

  static SetOptions ofSet(Call call) {
    return parse(call, 3, true);
  }

  static SetOptions ofGetex(Call call) {
    return parse(call, 2, false);
  }

  private static SetOptions parse(Call call, int from, boolean isSet) {
    boolean nx = false;
    boolean xx = false;
    boolean get = false;
    boolean keepTtl = false;
    boolean persist = false;
    ExpireTime unit = null;
    int timeIndex = 0;
    for (int i = from; i < call.argCount(); i++) {
      ExpireTime named = ExpireTime.named(call, i);
      boolean another = keepTtl || persist || (unit != null && unit != named);
      if (isSet && call.isWord(i, "nx") && !xx) {
        nx = true;
      } else if (isSet && call.isWord(i, "xx") && !nx) {
        xx = true;
      } else if (isSet && call.isWord(i, "get")) {
        get = true;
      } else if (isSet && call.isWord(i, "keepttl") && unit == null) {
        keepTtl = true;
      } else if (!isSet && call.isWord(i, "persist") && unit == null) {
        persist = true;
      } else if (named != null && !another && i + 1 < call.argCount()) {
        unit = named;
        timeIndex = ++i;
      } else {
        throw CommandError.SYNTAX;
      }
    }
    return new SetOptions(nx, xx, get, keepTtl, persist, unit, timeIndex);
  }

  boolean hasExpiry() {
    return unit != null;
  }

  boolean isAbsolute() {
    return unit != null && unit.isAbsolute();
  }

  /** The date that EX, PX, EXAT or PXAT gives. */
  long expiryMillis(Call call) {
    if (unit == null) {
      throw new IllegalStateException("no expiry was given");
    }
    return unit.positiveMillis(call, call.arg(timeIndex));
  }
}
