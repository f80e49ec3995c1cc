package io.cinnabar.host;

import java.nio.ByteBuffer;

/**
 * Receives what a connection reads. Called inside {@link Network#poll}; must not execute commands.
 */
public interface ConnectionHandler {

  /** Bytes have come, from position to limit; they are only valid during the call. */
  void received(ByteBuffer bytes);

  /**
   * What a {@link Connection#flush} had to leave behind has been taken by the machine; not called
   * after a flush that left nothing pending.
   */
  void drained();

  /** Whether something that was received still waits to be executed, or its reply to be flushed. */
  boolean isBusy();

  /**
   * The peer and this side could not agree on an encryption, so nothing was received; {@link
   * #closed} follows.
   *
   * @param reason for the log
   */
  default void handshakeFailed(String reason) {}

  /**
   * What the peer has sent is not what TLS allows; {@link #closed} follows.
   *
   * @param reason for the log
   */
  default void decryptionFailed(String reason) {}

  /**
   * The connection is gone, from whichever side; called once, after it nothing else is called. When
   * the peer has sent its last byte, this comes one poll after that byte at the earliest, not while
   * {@link #isBusy}, and not before what was flushed has left, so that all that was received has
   * been answered; unless the peer is gone for good and there is something to send.
   */
  void closed();
}
