package io.cinnabar.host;

import java.nio.ByteBuffer;

/**
 * Receives what a connection reads. Called inside {@link Network#poll}; must not execute commands.
 */
public interface ConnectionHandler {

  /** Bytes have come, from position to limit; they are only valid during the call. */
  void received(ByteBuffer bytes);

  /** All pending bytes have been taken by the machine. */
  void drained();

  /** The connection is gone, from whichever side; called once, after it nothing else is called. */
  void closed();
}
