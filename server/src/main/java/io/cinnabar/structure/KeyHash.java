package io.cinnabar.structure;

import io.cinnabar.arena.Bytes;

/**
 * A seeded hash of byte strings with 64 bits: two words at a time are multiplied to 128 bits, of
 * which the halves are folded together. The seed comes from the host's randomness, so that a client
 * cannot choose keys that collide; it is no cryptographic hash, and its values never leave the
 * process except as SCAN cursors.
 *
 * <p>Reads whole words, but never a byte outside the string: one of less than 16 bytes is read as
 * two words that overlap, a longer one ends with the word that ends with it. Immutable; any thread.
 */
public final class KeyHash {
  // The fractions of the square roots of 2, 3 and 5: odd, and without any pattern of their own.
  private static final long ROOT_2 = 0x6A09E667F3BCC909L;
  private static final long ROOT_3 = 0xBB67AE8584CAA73BL;
  private static final long ROOT_5 = 0x3C6EF372FE94F82BL;

  private final long first;
  private final long second;
  private final long third;

  public KeyHash(long seed) {
    first = fold(seed ^ ROOT_2, ROOT_3);
    second = fold(first ^ ROOT_3, ROOT_5);
    third = fold(second ^ ROOT_5, ROOT_2) | 1;
  }

  /** The hash of the bytes of {@code key}. */
  public long of(Slice key) {
    return of(key.array, key.offset, key.length);
  }

  /** The hash of {@code length} bytes from {@code offset}. */
  public long of(byte[] array, int offset, int length) {
    long low;
    long high;
    long state = first;
    if (length > 16) {
      int last = offset + length - 16;
      for (int at = offset; at < last; at += 16) {
        state =
            fold(Bytes.getLong(array, at) ^ second, Bytes.getLong(array, at + 8) ^ state) ^ third;
      }
      low = Bytes.getLong(array, last);
      high = Bytes.getLong(array, last + 8);
    } else if (length >= 8) {
      low = Bytes.getLong(array, offset);
      high = Bytes.getLong(array, offset + length - 8);
    } else if (length >= 4) {
      low = Bytes.getInt(array, offset);
      high = Bytes.getInt(array, offset + length - 4);
    } else if (length > 0) {
      int ends = (array[offset] & 0xff) << 16 | (array[offset + length - 1] & 0xff);
      low = ends | (array[offset + (length >>> 1)] & 0xff) << 8;
      high = 0;
    } else {
      low = 0;
      high = 0;
    }
    return fold(fold(low ^ second, high ^ state) ^ length, third);
  }

  private static long fold(long a, long b) {
    return Math.multiplyHigh(a, b) ^ a * b;
  }
}
