package io.cinnabar.family;

import io.cinnabar.command.CommandError;
import io.cinnabar.structure.Slice;

/**
 * Names that clients give themselves: printable ASCII without spaces, so that they can't break the
 * lines of CLIENT LIST; empty to take one back.
 */
final class ClientAttribute {

  private static final String REASON = " cannot contain spaces, newlines or special characters.";

  private ClientAttribute() {}

  /** Checks the name of a connection. */
  static void checkName(Slice name) {
    check(name, "Client names");
  }

  /** Checks a value, called {@code what} in the error's text. */
  static void check(Slice value, String what) {
    for (int i = 0; i < value.length; i++) {
      if (value.at(i) < '!' || value.at(i) > '~') {
        throw new CommandError("ERR " + what + REASON);
      }
    }
  }
}
