package io.cinnabar.config;

/** When what was written has to outlive a crash of the machine: {@code appendfsync}. */
public enum FsyncPolicy {
  /** Within about a second. */
  EVERYSEC,

  /** Before anybody hears of it. */
  ALWAYS,

  /** When the machine likes. */
  NO
}
