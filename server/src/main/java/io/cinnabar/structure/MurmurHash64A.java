package io.cinnabar.structure;

import io.cinnabar.arena.Bytes;

/**
 * MurmurHash2 with 64 bits, in Austin Appleby's variant for 64-bit machines, reading little-endian
 * on all of them. Only for what other programs hash in the same way; {@link KeyHash} is faster.
 */
final class MurmurHash64A {

  private static final long MULTIPLIER = 0xC6A4A7935BD1E995L;
  private static final int SHIFT = 47;

  private MurmurHash64A() {}

  /** The hash of these bytes. */
  static long of(Slice bytes, long seed) {
    byte[] array = bytes.array;
    long hash = seed ^ (bytes.length * MULTIPLIER);
    int wordsEnd = bytes.end() - (bytes.length & 7);
    for (int at = bytes.offset; at < wordsEnd; at += 8) {
      long word = Bytes.getLong(array, at) * MULTIPLIER;
      hash = (hash ^ ((word ^ (word >>> SHIFT)) * MULTIPLIER)) * MULTIPLIER;
    }
    if (wordsEnd < bytes.end()) {
      long rest = 0;
      for (int at = bytes.end() - 1; at >= wordsEnd; at--) {
        rest = rest << 8 | (array[at] & 0xff);
      }
      hash = (hash ^ rest) * MULTIPLIER;
    }
    hash = (hash ^ (hash >>> SHIFT)) * MULTIPLIER;
    return hash ^ (hash >>> SHIFT);
  }
}
