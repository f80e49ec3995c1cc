package io.cinnabar.structure;

import io.cinnabar.arena.Bytes;

/**
 * Bits inside byte arrays, read and written a word at a time. They are numbered as Redis numbers
 * those of a string: bit 0 is the highest bit of the first byte.
 *
 * <pre>
 * bytes from offset on   0        1        2
 *                        76543210 76543210 76543210    weight inside the byte
 * bit                    0......7 8.....15 16....23
 * </pre>
 *
 * <p>Nothing outside the bytes that a caller names is read or written. Stateless; any thread.
 */
public final class Bits {

  private static final int WORD_BYTES = 8;
  private static final int STRIDE_BYTES = 4 * WORD_BYTES;

  private Bits() {}

  /** The bit with this number, 0 or 1. */
  public static int get(byte[] array, int offset, long bit) {
    return array[offset + (int) (bit >>> 3)] >>> (~bit & 7) & 1;
  }

  /** Makes the bit with this number 1 or 0. */
  public static void set(byte[] array, int offset, long bit, boolean on) {
    int at = offset + (int) (bit >>> 3);
    int mask = 1 << (~bit & 7);
    array[at] = (byte) (on ? array[at] | mask : array[at] & ~mask);
  }

  /** How many bits of {@code length} bytes are 1. */
  public static long count(byte[] array, int offset, int length) {
    int at = offset;
    int end = offset + length;
    long count = 0;
    for (; at <= end - STRIDE_BYTES; at += STRIDE_BYTES) {
      count +=
          Long.bitCount(Bytes.getLong(array, at))
              + Long.bitCount(Bytes.getLong(array, at + 8))
              + Long.bitCount(Bytes.getLong(array, at + 16))
              + Long.bitCount(Bytes.getLong(array, at + 24));
    }
    for (; at <= end - WORD_BYTES; at += WORD_BYTES) {
      count += Long.bitCount(Bytes.getLong(array, at));
    }
    for (; at < end; at++) {
      count += Integer.bitCount(array[at] & 0xFF);
    }
    return count;
  }

  /** How many bits from {@code first} to {@code last}, both included, are 1. */
  public static long count(byte[] array, int offset, long first, long last) {
    int from = offset + (int) (first >>> 3);
    int to = offset + (int) (last >>> 3);
    int before = array[from] & 0xFF00 >>> (first & 7) & 0xFF;
    int behind = array[to] & 0x7F >>> (last & 7);
    return count(array, from, to - from + 1) - Integer.bitCount(before) - Integer.bitCount(behind);
  }

  /**
   * The number of the first bit that is 1, or 0, from {@code first} to {@code last}, both included;
   * -1 without any.
   */
  public static long indexOf(boolean on, byte[] array, int offset, long first, long last) {
    // What is sought is a 1 once all is turned round.
    long flip = on ? 0 : -1;
    int at = offset + (int) (first >>> 3);
    int end = offset + (int) (last >>> 3) + 1;
    int head = (array[at] ^ (int) flip) & 0xFF >>> (first & 7);
    if (head == 0) {
      at = firstDifferent(array, at + 1, end, flip);
      if (at == end) {
        return -1;
      }
      head = (array[at] ^ (int) flip) & 0xFF;
    }
    long found = ((long) (at - offset) << 3) + Integer.numberOfLeadingZeros(head) - 24;
    return found <= last ? found : -1;
  }

  /** The index of the first byte that isn't all of {@code flip}; {@code end} without one. */
  private static int firstDifferent(byte[] array, int from, int end, long flip) {
    int at = from;
    while (at <= end - STRIDE_BYTES
        && ((Bytes.getLong(array, at) ^ flip)
                | (Bytes.getLong(array, at + 8) ^ flip)
                | (Bytes.getLong(array, at + 16) ^ flip)
                | (Bytes.getLong(array, at + 24) ^ flip))
            == 0) {
      at += STRIDE_BYTES;
    }
    while (at <= end - WORD_BYTES && Bytes.getLong(array, at) == flip) {
      at += WORD_BYTES;
    }
    while (at < end && array[at] == (byte) flip) {
      at++;
    }
    return at;
  }

  /**
   * A number of {@code width} bits, from 1 to 64, whose highest is {@code bit}; not sign-extended.
   * Bits behind the {@code length} bytes are 0.
   */
  public static long field(byte[] array, int offset, int length, long bit, int width) {
    long index = bit >>> 3;
    if (index >= length) {
      return 0;
    }
    int at = offset + (int) index;
    int shift = (int) bit & 7;
    int left = length - (int) index;
    long word = left >= WORD_BYTES ? wordAt(array, at) : partOfWord(array, at, left);
    long field = word << shift;
    if (shift + width > Long.SIZE && left > WORD_BYTES) {
      field |= (array[at + WORD_BYTES] & 0xFF) >>> (8 - shift);
    }
    return field >>> (Long.SIZE - width);
  }

  /**
   * Writes the lowest {@code width} bits of {@code value}, from 1 to 64, over those from {@code
   * bit} on, which lie inside the {@code length} bytes.
   */
  public static void putField(
      byte[] array, int offset, int length, long bit, int width, long value) {
    int at = offset + (int) (bit >>> 3);
    int shift = (int) bit & 7;
    if (at + WORD_BYTES > offset + length || shift + width > Long.SIZE) {
      putFieldByBytes(array, offset, bit + width - 1, width, value);
      return;
    }
    int below = Long.SIZE - width - shift;
    long mask = -1L >>> (Long.SIZE - width) << below;
    long word = (wordAt(array, at) & ~mask) | (value << below & mask);
    Bytes.putLong(array, at, Long.reverseBytes(word));
  }

  /** From the last bit backwards. */
  private static void putFieldByBytes(byte[] array, int offset, long last, int width, long value) {
    int at = offset + (int) (last >>> 3);
    int below = (int) ~last & 7;
    long rest = value;
    for (int left = width; left > 0; at--) {
      int bits = Math.min(left, 8 - below);
      int mask = ((1 << bits) - 1) << below;
      array[at] = (byte) ((array[at] & ~mask) | ((int) rest << below & mask));
      rest >>>= bits;
      left -= bits;
      below = 0;
    }
  }

  private static long wordAt(byte[] array, int at) {
    return Long.reverseBytes(Bytes.getLong(array, at));
  }

  private static long partOfWord(byte[] array, int at, int bytes) {
    long word = 0;
    for (int i = 0; i < bytes; i++) {
      word |= (array[at + i] & 0xFFL) << (56 - 8 * i);
    }
    return word;
  }
}
