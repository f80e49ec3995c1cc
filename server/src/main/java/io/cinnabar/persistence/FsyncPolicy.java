package io.cinnabar.persistence;

/** When what was written has to outlive a crash of the machine: {@code appendfsync}. */
public enum FsyncPolicy {
  /** Before anybody hears of it. */
  ALWAYS,

  /** Within about a second. */
  EVERYSEC,

  /** When the machine likes. */
  NO;

  /** By the name that the configuration has for it. */
  public static FsyncPolicy of(String name) {
    return switch (name) {
      case "always" -> ALWAYS;
      case "everysec" -> EVERYSEC;
      default -> NO;
    };
  }
}
