package io.cinnabar.differential;

/** Puts a server back into the state in which a comparison begins. */
final class Defaults {

  /** What cases and random commands change, as it is at the start. */
  private static final Command ENCODINGS =
      Command.of(
          "CONFIG",
          "SET",
          "hash-max-listpack-entries",
          "512",
          "hash-max-listpack-value",
          "64",
          "zset-max-listpack-entries",
          "128",
          "zset-max-listpack-value",
          "64",
          "set-max-intset-entries",
          "512",
          "list-max-listpack-size",
          "-2",
          "list-compress-depth",
          "0",
          "stream-node-max-bytes",
          "4096",
          "stream-node-max-entries",
          "100");

  private static final Command DEFAULT_USER =
      Command.of("ACL", "SETUSER", "default", "reset", "on", "nopass", "~*", "&*", "+@all");

  private static final Command DENIALS = Command.of("ACL", "LOG", "RESET");

  private static final Command FLUSH = Command.of("FLUSHALL");

  private Defaults() {}

  /**
   * Empties the server, leaves it none but the default user, and has values change their encodings
   * where they do by default.
   *
   * @throws IllegalStateException if the server refuses that
   */
  static void restore(RespClient client) {
    deleteUsers(client);
    for (Command command : new Command[] {DEFAULT_USER, DENIALS, ENCODINGS, FLUSH}) {
      Frame answer = client.call(command);
      if (!answer.bytes().equals("+OK\r\n")) {
        throw new IllegalStateException(command + " answers " + answer.reply());
      }
    }
  }

  private static void deleteUsers(RespClient client) {
    for (Reply user : client.call(Command.of("ACL", "USERS")).reply().elements()) {
      if (!user.text().equals("default")) {
        client.call(Command.of("ACL", "DELUSER", user.text()));
      }
    }
  }
}
