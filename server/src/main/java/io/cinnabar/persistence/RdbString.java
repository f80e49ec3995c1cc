package io.cinnabar.persistence;

import io.cinnabar.structure.IntegerText;
import io.cinnabar.structure.Slice;

/**
 * A string that was read from RDB. It lies in what was read, or in bytes of this object's own where
 * it was an integer there or compressed. Used again and again.
 */
final class RdbString {

  private static final int KEPT_BYTES = 64 << 10;

  private final Slice bytes = new Slice();
  private byte[] own = new byte[IntegerText.MAX_LONG_BYTES];

  /** The bytes; valid until the next string is read into this. */
  Slice bytes() {
    return bytes;
  }

  /** Bytes of its own, {@code length} or more, and the place for the string. */
  byte[] own(int length) {
    if (own.length < length) {
      own = new byte[length];
    }
    return own;
  }

  /** Lets go of what was read, and of much memory. */
  void release() {
    if (own.length > KEPT_BYTES) {
      own = new byte[IntegerText.MAX_LONG_BYTES];
    }
    bytes.set(own, 0, 0);
  }
}
