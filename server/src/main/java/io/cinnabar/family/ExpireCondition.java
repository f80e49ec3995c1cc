package io.cinnabar.family;

import io.cinnabar.command.Call;
import io.cinnabar.command.CommandError;
import io.cinnabar.keyspace.Entry;
import io.cinnabar.value.HashValue;

/**
 * Under which condition EXPIRE and its kin change a key's time; a key without one lives forever.
 */
record ExpireCondition(boolean ifNone, boolean ifSome, boolean ifLater, boolean ifEarlier) {

  private static final CommandError NONE_EXCLUDES_ALL =
      new CommandError("ERR NX and XX, GT or LT options at the same time are not compatible");
  private static final CommandError LATER_EXCLUDES_EARLIER =
      new CommandError("ERR GT and LT options at the same time are not compatible");

  private static final long NO_EXPIRY = HashValue.NO_EXPIRY;
  private static final ExpireCondition ALWAYS = new ExpireCondition(false, false, false, false);

  static ExpireCondition parse(Call call, int from) {
    return parse(call, from, call.argCount());
  }

  static ExpireCondition parse(Call call, int from, int to) {
    if (from == to) {
      return ALWAYS;
    }
    boolean nx = false;
    boolean xx = false;
    boolean gt = false;
    boolean lt = false;
    for (int i = from; i < to; i++) {
      if (call.isWord(i, "nx")) {
        nx = true;
      } else if (call.isWord(i, "xx")) {
        xx = true;
      } else if (call.isWord(i, "gt")) {
        gt = true;
      } else if (call.isWord(i, "lt")) {
        lt = true;
      } else {
        throw new CommandError("ERR Unsupported option " + call.argText(i));
      }
    }
    if (nx && (xx || gt || lt)) {
      throw NONE_EXCLUDES_ALL;
    }
    if (gt && lt) {
      throw LATER_EXCLUDES_EARLIER;
    }
    return new ExpireCondition(nx, xx, gt, lt);
  }

  boolean allows(Entry entry, long expiryMillis) {
    return allows(entry.expires() ? entry.expiryMillis() : NO_EXPIRY, expiryMillis);
  }

  /**
   * @param current when it expires now, or {@link HashValue#NO_EXPIRY}
   */
  boolean allows(long current, long expiryMillis) {
    if (current == NO_EXPIRY) {
      return !ifSome && !ifLater;
    }
    if (ifNone) {
      return false;
    }
    return !(ifLater && expiryMillis <= current) && !(ifEarlier && expiryMillis >= current);
  }
}
