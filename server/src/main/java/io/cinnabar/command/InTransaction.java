package io.cinnabar.command;

/** What becomes of a command that a client calls between MULTI and EXEC. */
public enum InTransaction {
  /** It runs when EXEC comes. */
  QUEUED,
  /** It runs at once, since it has to do with the transaction itself, or ends it. */
  AT_ONCE,
  /** It runs what is queued. */
  RUNS_QUEUE
}
