package io.cinnabar.replication;

import io.cinnabar.replication.Backlog.Block;

/**
 * A place in the backlog, of somebody who reads on from there. What lies behind it stays until it
 * has moved on, or is closed. On the loop's thread.
 */
final class BacklogCursor {

  private final Backlog backlog;
  private Block block;
  private int at;

  BacklogCursor(Backlog backlog, Block block, int at) {
    this.backlog = backlog;
    this.block = block;
    this.at = at;
    backlog.entered(block);
  }

  /** How many bytes of the stream lie before it. */
  long offset() {
    return block.start + at;
  }

  /** How many bytes lie behind it. */
  long unreadBytes() {
    return backlog.endOffset() - offset();
  }

  /** How many of them can be read at once from {@link #array}; 0 at the end. */
  int pieceBytes() {
    Block next = block.next;
    if (at == block.used && next != null) {
      Block before = block;
      block = next;
      at = 0;
      backlog.entered(next);
      backlog.left(before);
    }
    return block.used - at;
  }

  /** Where they are; after {@link #pieceBytes}. */
  byte[] array() {
    return block.array;
  }

  /** Where in there they begin. */
  int arrayOffset() {
    return block.base + at;
  }

  /** Moves on behind so many of them. */
  void advance(int bytes) {
    at += bytes;
    pieceBytes();
  }

  /** Gives up its claim; it is not used any more. */
  void close() {
    backlog.left(block);
  }
}
