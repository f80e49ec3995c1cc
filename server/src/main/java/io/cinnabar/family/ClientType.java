package io.cinnabar.family;

import io.cinnabar.command.Call;
import io.cinnabar.command.CommandError;

/** The types of clients that CLIENT LIST and CLIENT KILL tell apart. */
final class ClientType {

  private ClientType() {}

  /** Whether the type that an argument names is that of clients which are nothing special. */
  static boolean includesOrdinary(Call call, int index) {
    if (call.isWord(index, "normal")) {
      return true;
    }
    if (call.isWord(index, "master")
        || call.isWord(index, "replica")
        || call.isWord(index, "slave")
        || call.isWord(index, "pubsub")) {
      return false;
    }
    throw new CommandError("ERR Unknown client type '" + call.argText(index) + "'");
  }
}
