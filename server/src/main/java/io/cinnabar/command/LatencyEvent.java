package io.cinnabar.command;

import java.util.Locale;

/** What can hold the server up, by the names that LATENCY knows. */
public enum LatencyEvent {
  /** A command that may take as long as its data is large. */
  COMMAND,
  /** A command of constant or logarithmic time. */
  FAST_COMMAND,
  /** A slice of the search for expired keys. */
  EXPIRE_CYCLE,
  /** Making room for a command by evicting keys. */
  EVICTION_CYCLE;

  private final String redisName = name().toLowerCase(Locale.ROOT).replace('_', '-');

  /** The name in replies and arguments. */
  public String redisName() {
    return redisName;
  }
}
