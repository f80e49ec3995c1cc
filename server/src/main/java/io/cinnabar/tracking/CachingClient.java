package io.cinnabar.tracking;

import io.cinnabar.pubsub.Subscriber;

/** A client, as tracking sees it. On the loop's thread. */
public interface CachingClient extends Subscriber {

  /** Whether it is subscribed to anything, so that in RESP2, too, it can be sent messages. */
  boolean isSubscribed();

  /** Whether its connection has closed. */
  boolean isClosed();

  /** Closes it at once, for want of memory: it must not miss a message without knowing. */
  void cutForMemory();
}
