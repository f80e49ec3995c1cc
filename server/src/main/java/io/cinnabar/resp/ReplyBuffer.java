package io.cinnabar.resp;

import java.util.Arrays;

/**
 * Bytes on their way to a client: an array that grows. Empty until the first byte comes, so that an
 * idle client costs nothing. Not thread-safe.
 */
public final class ReplyBuffer {

  private static final int FIRST_BYTES = 256;

  /** What {@link #reset} keeps for the next replies. */
  private static final int RETAINED_BYTES = 1 << 20;

  private static final int MAX_BYTES = Integer.MAX_VALUE - 8;
  private static final byte[] NONE = {};

  private byte[] array = NONE;
  private int size;

  /** The array that holds the bytes, up to {@link #size}; another one after it has grown. */
  public byte[] array() {
    return array;
  }

  public int size() {
    return size;
  }

  /**
   * Makes room for {@code more} bytes after {@link #size}.
   *
   * @return the array, which has the room
   * @throws OutOfMemoryError if that would be more than the heap or an array can hold
   */
  public byte[] ensure(int more) {
    if (array.length - size < more) {
      grow(more);
    }
    return array;
  }

  private void grow(int more) {
    if (more > MAX_BYTES - size) {
      throw new OutOfMemoryError("a reply exceeds an array");
    }
    int doubled = (int) Math.min(MAX_BYTES, Math.max(FIRST_BYTES, 2L * array.length));
    array = Arrays.copyOf(array, Math.max(doubled, size + more));
  }

  /** Says that bytes were written into {@link #array} up to {@code size}. */
  void size(int size) {
    this.size = size;
  }

  /** Adds a copy of these bytes. */
  public void append(byte[] bytes, int offset, int length) {
    System.arraycopy(bytes, offset, ensure(length), size, length);
    size += length;
  }

  /** Puts a copy of these bytes before the one at {@code index}. */
  void insert(int index, byte[] bytes, int offset, int length) {
    ensure(length);
    System.arraycopy(array, index, array, index + length, size - index);
    System.arraycopy(bytes, offset, array, index, length);
    size += length;
  }

  /** Takes back what was added since the size was {@code size}. */
  public void truncate(int size) {
    if (size > this.size) {
      throw new IllegalArgumentException("Beyond the end: " + size + " > " + this.size);
    }
    this.size = size;
  }

  /** Empties the buffer, and gives its memory back if it has become large. */
  public void reset() {
    size = 0;
    if (array.length > RETAINED_BYTES) {
      array = NONE;
    }
  }
}
