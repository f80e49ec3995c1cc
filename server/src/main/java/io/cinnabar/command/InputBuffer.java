package io.cinnabar.command;

import java.nio.ByteBuffer;

/**
 * What a connection has sent and the server has not executed yet:
 *
 * <pre>
 *   array:  ...... | executed | decoded, in the batch | not decoded | room
 *                             ^start                  ^decoded      ^end
 * </pre>
 *
 * Bytes between {@code start} and {@code end} are never moved within an array, only copied to
 * another one, so that commands which were decoded but not yet executed keep pointing at theirs.
 * Arrays are sized by what has come, never by what was announced.
 */
final class InputBuffer {

  private static final byte[] NONE = {};
  private static final int OWN_MIN_BYTES = 512;

  private final TurnInput turn;
  private byte[] array = NONE;
  private boolean borrowed;
  private int start;
  private int decoded;
  private int end;

  InputBuffer(TurnInput turn) {
    this.turn = turn;
  }

  byte[] array() {
    return array;
  }

  /** Where the next command to decode starts. */
  int decoded() {
    return decoded;
  }

  int end() {
    return end;
  }

  /** Bytes that have come and were not executed. */
  int pendingBytes() {
    return end - start;
  }

  /** Bytes that this buffer keeps for itself. */
  int ownBytes() {
    return borrowed ? 0 : array.length;
  }

  boolean hasUndecoded() {
    return decoded < end;
  }

  /** Whether commands were decoded that are not executed yet. */
  boolean hasDecoded() {
    return start < decoded;
  }

  /** Says that a command, or an empty line, was decoded up to {@code position}. */
  void decodedUpTo(int position) {
    decoded = position;
  }

  /** Says that the next {@code length} decoded bytes were executed. */
  void executed(int length) {
    start += length;
  }

  /** Takes back what was decoded and not executed, to be decoded again later. */
  void undecode() {
    decoded = start;
  }

  /** Drops everything. */
  void clear() {
    array = NONE;
    borrowed = false;
    start = decoded = end = 0;
  }

  /** Appends the bytes from position to limit. */
  @SuppressWarnings("ReferenceEquality") // the very array that the turn fills now
  void append(ByteBuffer bytes) {
    int length = bytes.remaining();
    if (start == end) {
      turn.take(length);
      array = turn.array();
      borrowed = true;
      start = decoded = end = turn.position() - length;
    } else if (borrowed
        && array == turn.array()
        && end == turn.position()
        && end + length <= array.length) {
      turn.take(length);
    } else if (borrowed || length > array.length - end) {
      moveToOwn(length);
    }
    bytes.get(array, end, length);
    end += length;
  }

  /** At the end of a turn: gives the shared array back. */
  void settle() {
    if (start == end) {
      clear();
    } else if (borrowed) {
      moveToOwn(0);
    }
  }

  private void moveToOwn(int more) {
    int kept = end - start;
    long capacity = more == 0 ? kept : Math.max(2L * kept, (long) kept + more);
    byte[] own = new byte[(int) Math.min(Math.max(capacity, OWN_MIN_BYTES), Integer.MAX_VALUE - 8)];
    if (own.length < kept + more) {
      throw new OutOfMemoryError("a connection's input exceeds an array");
    }
    System.arraycopy(array, start, own, 0, kept);
    array = own;
    borrowed = false;
    decoded -= start;
    start = 0;
    end = kept;
  }
}
