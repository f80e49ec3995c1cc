package io.cinnabar.pubsub;

import io.cinnabar.structure.Slice;

/** What one can subscribe to, with the words that messages about it begin with. */
public enum ChannelKind {
  CHANNEL("subscribe", "unsubscribe", "message"),
  PATTERN("psubscribe", "punsubscribe", "pmessage"),
  /** A channel of one shard of a cluster. */
  SHARD_CHANNEL("ssubscribe", "sunsubscribe", "smessage");

  private final String subscribed;
  private final String unsubscribed;

  @SuppressWarnings("ImmutableEnumChecker") // nobody writes to it
  private final Slice message;

  ChannelKind(String subscribed, String unsubscribed, String message) {
    this.subscribed = subscribed;
    this.unsubscribed = unsubscribed;
    this.message = Slice.of(message);
  }

  public String subscribed() {
    return subscribed;
  }

  public String unsubscribed() {
    return unsubscribed;
  }

  Slice message() {
    return message;
  }
}
