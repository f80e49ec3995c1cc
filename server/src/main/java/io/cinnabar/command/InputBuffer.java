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
 * Arrays are sized by what has come: what was announced counts up to a few times that.
 */
final class InputBuffer {

  private static final byte[] NONE = {};
  private static final int OWN_MIN_BYTES = 512;

  /** What has come of a command goes to the turn's array again with the rest, up to this size. */
  private static final int MAX_BORROWED_BYTES = 64 * 1024;

  /** An announced length is believed up to so many times what has come. */
  private static final int AHEAD_FACTOR = 4;

  /** And up to so many times what has come if that spares the last move, which is the longest. */
  private static final int LAST_AHEAD_FACTOR = 8;

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

  /** Where the next command to execute starts. */
  int start() {
    return start;
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
    giveBack();
    array = NONE;
    borrowed = false;
    start = decoded = end = 0;
  }

  /**
   * Appends the bytes from position to limit.
   *
   * @param wantedBytes how long the command at {@code start} will be, as far as that is known; it
   *     only decides how large an array is made for it
   */
  void append(ByteBuffer bytes, long wantedBytes) {
    int length = bytes.remaining();
    int kept = end - start;
    if (kept == 0) {
      borrow(length);
    } else if (length <= array.length - end && (!borrowed || isLastOfTurn())) {
      if (borrowed) {
        turn.take(length);
      }
    } else if (kept <= length && kept <= MAX_BORROWED_BYTES) {
      borrow(length);
    } else {
      moveToOwn(length, wantedBytes);
    }
    bytes.get(array, end, length);
    end += length;
  }

  @SuppressWarnings("ReferenceEquality") // the very array that the turn fills now
  private boolean isLastOfTurn() {
    return array == turn.array() && end == turn.position();
  }

  /**
   * At the end of a turn: gives the shared array back.
   *
   * @param wantedBytes as for {@link #append}
   */
  void settle(long wantedBytes) {
    if (start == end) {
      clear();
    } else if (borrowed) {
      moveToOwn(0, wantedBytes);
    }
  }

  private void borrow(int more) {
    int kept = end - start;
    turn.take(kept + more);
    move(turn.array(), turn.position() - kept - more, true);
  }

  /** Makes an array that is long enough for the whole command, or at least for as much again. */
  private void moveToOwn(int more, long wantedBytes) {
    int kept = end - start;
    if (kept + more < 0) {
      throw new OutOfMemoryError("a connection's input exceeds an array");
    }
    int least = Math.max(kept + more, OWN_MIN_BYTES);
    long rather = Math.max(more == 0 ? 0 : 2L * kept, ahead(wantedBytes, least));
    if (Math.max(least, rather) < InputArrays.LEAST_BYTES) {
      move(new byte[(int) Math.max(least, rather)], 0, false);
    } else {
      move(turn.arrays().take(least, rather), 0, false);
    }
  }

  /** How much of a command of {@code wantedBytes} is believed when so much of it has come. */
  private static long ahead(long wantedBytes, long comeBytes) {
    return wantedBytes <= LAST_AHEAD_FACTOR * comeBytes ? wantedBytes : AHEAD_FACTOR * comeBytes;
  }

  private void move(byte[] to, int at, boolean toBorrowed) {
    int kept = end - start;
    System.arraycopy(array, start, to, at, kept);
    giveBack();
    array = to;
    borrowed = toBorrowed;
    decoded += at - start;
    start = at;
    end = at + kept;
  }

  private void giveBack() {
    if (!borrowed) {
      turn.arrays().give(array);
    }
  }
}
