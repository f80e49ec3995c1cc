package io.cinnabar.command;

import java.util.Locale;

/**
 * What the dispatcher has to know of a command before it runs it. The order is the one in which
 * COMMAND INFO lists them.
 */
public enum CommandFlag {
  /** May change the data set. */
  WRITE,
  /** Reads keys and changes none. */
  READONLY,
  /** Refused while memory is above its limit. */
  DENYOOM,
  /** For whoever runs the server, not for its applications. */
  ADMIN,
  PUBSUB,
  NOSCRIPT,
  /** May suspend its client. */
  BLOCKING,
  /** Runs while the data set is being loaded. */
  LOADING,
  /** Runs on a replica whose link to its master is down. */
  STALE,
  SKIP_MONITOR,
  SKIP_SLOWLOG,
  ASKING,
  /** Takes constant or logarithmic time. */
  FAST,
  /** Runs before the client has authenticated. */
  NO_AUTH,
  /** Has key arguments, but is complete without any. */
  NO_MANDATORY_KEYS,
  /** Refused while a replica loads a data set beside the one that it serves. */
  NO_ASYNC_LOADING,
  /** Not inside a transaction. */
  NO_MULTI,
  /** Derived from the key specifications: first, last and step don't tell all keys. */
  MOVABLEKEYS,
  /** Runs while a script or function holds the server. */
  ALLOW_BUSY;

  /** In sets of the running program only, so the order may change. */
  @SuppressWarnings("EnumOrdinal")
  final int bit = 1 << ordinal();

  private final String word = name().toLowerCase(Locale.ROOT);

  /** The flag as COMMAND INFO spells it. */
  public String word() {
    return word;
  }
}
