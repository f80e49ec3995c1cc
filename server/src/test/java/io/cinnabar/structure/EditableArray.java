package io.cinnabar.structure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Bytes in the midst of an array of random ones. They move to another array with each resize; what
 * was read before must not be written to, nor what lies around them.
 */
final class EditableArray implements EditableBytes {

  /** Instead of that of the arena. */
  static final class NoRoomException extends RuntimeException {}

  private final SplittableRandom random;
  private byte[] array = {};
  private int offset;
  private int length;
  private byte[] arrayBefore = {};
  private byte[] untouched = {};
  private boolean hasMoved;

  /** From this resize on there is no room; 0: always. */
  private int refused;

  EditableArray(SplittableRandom random) {
    this.random = random;
    place(new byte[0]);
  }

  /** Puts a copy of these bytes in the place of what was there. */
  void place(byte[] bytes) {
    offset = random.nextInt(20);
    length = bytes.length;
    array = new byte[offset + length + random.nextInt(20)];
    random.nextBytes(array);
    System.arraycopy(bytes, 0, array, offset, length);
    begin();
  }

  /** Before a change: the bytes can be read now, and written from the next resize on. */
  void begin() {
    arrayBefore = array;
    untouched = array.clone();
    hasMoved = false;
    refused = 0;
  }

  /** Lets the resize with this number, counted from 1, and those behind it fail. */
  void refuse(int resize) {
    refused = resize;
  }

  /** After a change: nothing was written that wasn't free to be, and nothing around the bytes. */
  void assertTidy(String description) {
    assertThat(arrayBefore).as(description).isEqualTo(untouched);
    for (int i = 0; i < array.length; i++) {
      if (hasMoved && (i < offset || i >= offset + length)) {
        assertThat(array[i]).as("%s, around them", description).isEqualTo((byte) 0x55);
      }
    }
  }

  byte[] copy() {
    return new Slice().set(array, offset, length).toByteArray();
  }

  @Override
  public byte[] array() {
    return array;
  }

  @Override
  public int offset() {
    return offset;
  }

  @Override
  public int length() {
    return length;
  }

  @Override
  public void resize(int newLength) {
    assertThat(newLength).isNotNegative();
    if (refused > 0 && --refused == 0) {
      refused = 1;
      throw new NoRoomException();
    }
    int newOffset = random.nextInt(20);
    byte[] moved = new byte[newOffset + newLength + random.nextInt(20)];
    Arrays.fill(moved, (byte) 0x55);
    System.arraycopy(array, offset, moved, newOffset, Math.min(length, newLength));
    array = moved;
    hasMoved = true;
    offset = newOffset;
    length = newLength;
  }
}
