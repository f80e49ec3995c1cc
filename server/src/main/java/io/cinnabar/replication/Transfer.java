package io.cinnabar.replication;

import java.nio.ByteBuffer;

/**
 * The primary's data set on its way here. What has come waits for whoever takes it on, to the disk
 * or into memory; while too much does the connection is not read from. On the loop's thread.
 */
abstract class Transfer {

  /** Says whether more may come. */
  @FunctionalInterface
  interface Gate {
    void reading(boolean yes);
  }

  private final Body body;
  private final long mostWaitingBytes;
  private final Gate gate;
  private boolean paused;

  /**
   * @param mostWaitingBytes so much may wait before nothing more is read
   */
  Transfer(Body body, long mostWaitingBytes, Gate gate) {
    this.body = body;
    this.mostWaitingBytes = mostWaitingBytes;
    this.gate = gate;
  }

  final Body body() {
    return body;
  }

  /** Says how much waits. */
  final void waits(long bytes) {
    if (paused != bytes > mostWaitingBytes) {
      paused = !paused;
      gate.reading(!paused);
    }
  }

  /** Takes in what belongs to it of these bytes. */
  abstract void received(ByteBuffer bytes);

  /** No more will come; nothing is left of it. */
  abstract void cancel(String reason);

  /** Whether all of it has come. */
  final boolean isWhole() {
    return body.isWhole();
  }

  /** How many bytes have come. */
  final long receivedBytes() {
    return body.receivedBytes();
  }

  /** How many there will be; {@link PrimaryLink#NONE} where the primary has not said. */
  final long totalBytes() {
    return body.totalBytes();
  }
}
