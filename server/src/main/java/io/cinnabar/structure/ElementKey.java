package io.cinnabar.structure;

import io.cinnabar.arena.Bytes;

/**
 * The key in the block of an element. Static functions over the bytes, from the key's offset in the
 * slab on.
 *
 * <pre>
 * key       0     1 length of the key below 255, and then the key; or
 *           0     1 255
 *           1     4 length of the key, and then the key
 * </pre>
 */
public final class ElementKey {
  private static final int LONG_KEY = 255;

  private ElementKey() {}

  /** Whether the key at {@code offset} is {@code key}. */
  static boolean matches(byte[] slab, int offset, Slice key) {
    int length = length(slab, offset);
    return length == key.length
        && haveSameBytes(slab, textOffset(offset, length), key.array, key.offset, length);
  }

  /** The hash of the key at {@code offset}. */
  static long hash(byte[] slab, int offset, KeyHash keyHash) {
    int length = length(slab, offset);
    return keyHash.of(slab, textOffset(offset, length), length);
  }

  /** The key at {@code offset}, in a new slice. */
  static Slice of(byte[] slab, int offset) {
    Slice key = new Slice();
    read(slab, offset, key);
    return key;
  }

  /** The key at {@code offset}. */
  static void read(byte[] slab, int offset, Slice into) {
    int length = length(slab, offset);
    into.set(slab, textOffset(offset, length), length);
  }

  /** Where what follows the key begins. */
  static int end(byte[] slab, int offset) {
    int length = length(slab, offset);
    return textOffset(offset, length) + length;
  }

  /** What a key takes, with its length. */
  public static int sizeBytes(Slice key) {
    return textOffset(0, key.length) + key.length;
  }

  /** Writes a key; where it ends. */
  public static int write(byte[] slab, int offset, Slice key) {
    int at = offset;
    if (key.length < LONG_KEY) {
      slab[at++] = (byte) key.length;
    } else {
      slab[at++] = (byte) LONG_KEY;
      Bytes.putInt(slab, at, key.length);
      at += 4;
    }
    System.arraycopy(key.array, key.offset, slab, at, key.length);
    return at + key.length;
  }

  private static int length(byte[] slab, int offset) {
    int length = slab[offset] & 0xff;
    return length == LONG_KEY ? Bytes.getInt(slab, offset + 1) : length;
  }

  private static int textOffset(int offset, int length) {
    return offset + (length < LONG_KEY ? 1 : 5);
  }

  /**
   * Whether two runs of bytes are the same. Word by word, the last one overlapping: for keys that
   * is faster than the JDK's stub.
   */
  static boolean haveSameBytes(byte[] a, int aOffset, byte[] b, int bOffset, int length) {
    int last = length - 8;
    if (last < 0) {
      return haveSameFewBytes(a, aOffset, b, bOffset, length);
    }
    for (int i = 0; i < last; i += 8) {
      if (Bytes.getLong(a, aOffset + i) != Bytes.getLong(b, bOffset + i)) {
        return false;
      }
    }
    return Bytes.getLong(a, aOffset + last) == Bytes.getLong(b, bOffset + last);
  }

  private static boolean haveSameFewBytes(
      byte[] a, int aOffset, byte[] b, int bOffset, int length) {
    int last = length - 4;
    if (last >= 0) {
      return Bytes.getInt(a, aOffset) == Bytes.getInt(b, bOffset)
          && Bytes.getInt(a, aOffset + last) == Bytes.getInt(b, bOffset + last);
    }
    for (int i = 0; i < length; i++) {
      if (a[aOffset + i] != b[bOffset + i]) {
        return false;
      }
    }
    return true;
  }
}
