package io.cinnabar.acl;

/** A rule that makes no sense. The message is Redis's, without a frame around it. */
final class AclException extends Exception {

  private static final long serialVersionUID = 1L;

  /** What is wrong with a rule. */
  enum Kind {
    SYNTAX("Syntax error"),
    UNKNOWN_COMMAND("Unknown command or category name in ACL"),
    KEYS_ARE_ALL(
        "Adding a pattern after the * pattern (or the 'allkeys' flag) is not valid and does not"
            + " have any effect. Try 'resetkeys' to start with an empty list of patterns"),
    CHANNELS_ARE_ALL(
        "Adding a pattern after the * pattern (or the 'allchannels' flag) is not valid and does not"
            + " have any effect. Try 'resetchannels' to start with an empty list of channels"),
    NO_SUCH_PASSWORD("The password you are trying to remove from the user does not exist"),
    BAD_HASH(
        "The password hash must be exactly 64 characters and contain only lowercase hexadecimal"
            + " characters"),
    DUPLICATE_USER("Duplicate user found. A user can only be defined once in config files"),
    FIRST_ARGUMENT_OF_SUBCOMMAND("Allowing first-arg of a subcommand is not supported");

    private final String text;

    Kind(String text) {
      this.text = text;
    }
  }

  private final Kind kind;

  AclException(Kind kind) {
    super(kind.text, null, false, false);
    this.kind = kind;
  }

  Kind kind() {
    return kind;
  }

  /** The reason; never null. */
  String reason() {
    return kind.text;
  }
}
