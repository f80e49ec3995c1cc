package io.cinnabar.command;

/**
 * What a command does with a key that one of its {@link KeySpec}s finds, in the order in which
 * COMMAND INFO lists them. Exactly one of the first four holds for every key.
 */
public enum KeyFlag {
  /** Reads the value, or its metadata. */
  RO("RO"),
  /** Reads and changes the value. */
  RW("RW"),
  /** Replaces the value without looking at it. */
  OW("OW"),
  /** Removes the key. */
  RM("RM"),
  /** Returns, copies or uses the user's data in the value. */
  ACCESS("access"),
  /** Changes the user's data in the value. */
  UPDATE("update"),
  /** Adds data without touching what is there. */
  INSERT("insert"),
  /** Deletes some of the data, or all. */
  DELETE("delete"),
  /** Not a key, but routed like one. */
  NOT_KEY("not_key"),
  /** The specification may miss some keys. */
  INCOMPLETE("incomplete"),
  /** What is done with the key depends on other arguments. */
  VARIABLE_FLAGS("variable_flags");

  /** In sets of the running program only, so the order may change. */
  @SuppressWarnings("EnumOrdinal")
  final int bit = 1 << ordinal();

  private final String word;

  KeyFlag(String word) {
    this.word = word;
  }

  /** The flag as COMMAND INFO spells it. */
  public String word() {
    return word;
  }

  /** Whether a set of flags, as {@link KeyPositions#flags} returns it, has this one. */
  public boolean in(int flags) {
    return (flags & bit) != 0;
  }

  /** The set of {@code flags}, as a number with a bit for each. */
  public static int setOf(KeyFlag... flags) {
    int set = 0;
    for (KeyFlag flag : flags) {
      set |= flag.bit;
    }
    return set;
  }
}
