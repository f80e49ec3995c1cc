package io.cinnabar.pubsub;

/** A client, as whoever sends messages sees it. On the loop's thread. */
public interface Subscriber {

  /** Whether it is sent pushes of RESP3 rather than arrays of RESP2. */
  boolean isResp3();

  /** Sends a message, behind the reply to its command if one runs; the bytes are copied. */
  void message(byte[] bytes, int offset, int length);

  /** What it has subscribed to. */
  Subscriptions subscriptions();
}
