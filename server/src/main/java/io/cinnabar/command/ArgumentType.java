package io.cinnabar.command;

/** The types of documented arguments. */
public enum ArgumentType {
  STRING("string"),
  INTEGER("integer"),
  DOUBLE("double"),
  KEY("key"),
  PATTERN("pattern"),
  UNIX_TIME("unix-time"),
  PURE_TOKEN("pure-token"),
  ONEOF("oneof"),
  BLOCK("block");

  private final String word;

  ArgumentType(String word) {
    this.word = word;
  }

  /** The type as COMMAND DOCS spells it. */
  public String word() {
    return word;
  }
}
