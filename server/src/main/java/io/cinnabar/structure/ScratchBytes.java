package io.cinnabar.structure;

import java.util.Arrays;

/** Bytes of the heap, in which something is built before it moves to where it belongs. */
public class ScratchBytes implements EditableBytes {
  private byte[] bytes;
  private int length;

  /**
   * @param expectedBytes for how many there is room at first
   */
  public ScratchBytes(int expectedBytes) {
    bytes = new byte[expectedBytes];
  }

  @Override
  public final byte[] array() {
    return bytes;
  }

  @Override
  public final int offset() {
    return 0;
  }

  @Override
  public final int length() {
    return length;
  }

  @Override
  public final void resize(int length) {
    if (length > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(length, (int) Math.min(2L * length, 1 << 30)));
    }
    this.length = length;
  }

  /** Empties it where it has grown beyond so many bytes, so that it does not hold on to them. */
  public final void trim(int retainedBytes) {
    if (bytes.length > retainedBytes) {
      bytes = new byte[0];
      length = 0;
    }
  }
}
