package io.cinnabar.command;

/**
 * The bytes that came in during one turn of the loop, of all connections one behind the other in
 * one array, or in several when there are many. A thousand clients with a small command each thus
 * fill a few dozen neighbouring kilobytes instead of a thousand buffers. The loop takes everything
 * back at the end of the turn, when each {@link InputBuffer} has moved what it still needs to an
 * array of its own.
 */
final class TurnInput {

  private static final int FIRST_BYTES = 256 * 1024;
  private static final int FURTHER_BYTES = 1024 * 1024;

  private final InputArrays arrays;
  private final byte[] first = new byte[FIRST_BYTES];
  private byte[] array = first;
  private int position;

  /**
   * Nothing has come yet.
   *
   * @param arrays where further arrays come from, for the clients' own too
   */
  TurnInput(InputArrays arrays) {
    this.arrays = arrays;
  }

  /** Where the clients' own arrays come from. */
  InputArrays arrays() {
    return arrays;
  }

  /** The array that the next bytes go to; those before {@link #position} are taken. */
  byte[] array() {
    return array;
  }

  /** Bytes of the arrays that are in use for this turn, but for those that are full. */
  @SuppressWarnings("ReferenceEquality") // the very array
  long bytes() {
    return array == first ? array.length : (long) first.length + array.length;
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
      byte[] next = arrays.take(length, FURTHER_BYTES);
      giveBack();
      array = next;
      position = 0;
    }
    position += length;
  }

  /** Makes all bytes free again. */
  void reset() {
    giveBack();
    array = first;
    position = 0;
    arrays.endTurn();
  }

  @SuppressWarnings("ReferenceEquality") // the very array
  private void giveBack() {
    if (array != first) {
      arrays.give(array);
    }
  }
}
