package io.cinnabar.command;

/**
 * The bytes that came in during one turn of the loop, of all connections one behind the other in
 * one array. A thousand clients with a small command each thus fill a few dozen neighbouring
 * kilobytes instead of a thousand buffers. The loop takes everything back at the end of the turn,
 * when each {@link InputBuffer} has moved what it still needs to an array of its own.
 */
final class TurnInput {

  private static final int INITIAL_BYTES = 256 * 1024;
  private static final int KEPT_BYTES = 4 * 1024 * 1024;

  private byte[] array = new byte[INITIAL_BYTES];
  private int position;

  /** The array that the next bytes go to; those before {@link #position} are taken. */
  byte[] array() {
    return array;
  }

  int position() {
    return position;
  }

  /**
   * Takes the next {@code length} bytes, at {@link #position} before the call, of {@link #array}
   * after it. Earlier arrays stay valid for those who hold them.
   */
  void take(int length) {
    if (length > array.length - position) {
      array = new byte[Math.max(Math.min(2 * array.length, KEPT_BYTES), length)];
      position = 0;
    }
    position += length;
  }

  /** Makes all bytes free again. */
  void reset() {
    position = 0;
    if (array.length > KEPT_BYTES) {
      array = new byte[INITIAL_BYTES];
    }
  }
}
