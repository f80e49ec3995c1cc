package io.cinnabar.family;

import io.cinnabar.command.Call;

/** What followers run instead of a command as it was called. */
final class Propagation {
  private Propagation() {}

  /** The command with its first arguments only, up to {@code end}. */
  static void upTo(Call call, int end) {
    byte[][] arguments = new byte[end][];
    for (int i = 0; i < end; i++) {
      arguments[i] = call.arg(i).toByteArray();
    }
    call.propagateAs(arguments);
  }
}
