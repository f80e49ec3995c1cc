package io.cinnabar.acl;

import io.cinnabar.command.Command;
import io.cinnabar.command.CommandArguments;
import io.cinnabar.command.Denial;
import io.cinnabar.command.Denial.Reason;
import io.cinnabar.command.KeyFlag;
import io.cinnabar.command.KeyPositions;
import org.jspecify.annotations.Nullable;

/**
 * One command that a user's selectors are asked about in turn: its keys, which are looked for once,
 * and the denial that got furthest. One object serves all checks, one after the other.
 */
final class PermissionCheck {

  private static final int WRITING = KeyFlag.setOf(KeyFlag.INSERT, KeyFlag.DELETE, KeyFlag.UPDATE);

  private final KeyPositions keys = new KeyPositions();
  private boolean keysFound;
  private @Nullable Reason reason;
  private int argument;

  void begin() {
    keysFound = false;
    reason = null;
    argument = 0;
  }

  /** The keys of the command; none where its arguments make no sense, since it will fail. */
  KeyPositions keys(Command command, CommandArguments arguments) {
    if (!keysFound) {
      keysFound = true;
      if (!command.hasKeys() || !command.findKeys(arguments, keys)) {
        keys.clear();
      }
    }
    return keys;
  }

  /** What a key is wanted for, as {@link KeyPattern} says it. */
  static int purposes(int keyFlags) {
    int reading = KeyFlag.ACCESS.in(keyFlags) ? KeyPattern.READ : 0;
    return (keyFlags & WRITING) != 0 ? reading | KeyPattern.WRITE : reading;
  }

  /** A selector says no; always false. */
  boolean deny(Reason why, int index) {
    if (reason == null || why.compareTo(reason) > 0 || (why == reason && index > argument)) {
      reason = why;
      argument = index;
    }
    return false;
  }

  Denial denial() {
    return new Denial(reason == null ? Reason.COMMAND : reason, argument);
  }
}
