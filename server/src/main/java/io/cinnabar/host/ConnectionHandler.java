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

  /** Whether something that was received still waits to be executed. */
  boolean isBusy();

  /**
   * The connection is gone, from whichever side; called once, after it nothing else is called. When
   * the peer has sent its last byte, this comes one poll after that byte at the earliest, and not
   * while {@link #isBusy}, so that all that was received has been answered.
   */
  void closed();
}
