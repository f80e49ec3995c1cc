package io.cinnabar.command;

/** What becomes of the replies to a client, as CLIENT REPLY sets it. */
public enum ReplyMode {
  ON,
  OFF,
  /** The reply to the command under way is dropped; the next one's too. */
  SKIP_NEXT,
  /** The reply to the command under way is dropped; then replies are on again. */
  SKIP
}
