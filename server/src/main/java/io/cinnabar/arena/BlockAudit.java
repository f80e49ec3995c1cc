package io.cinnabar.arena;

import java.util.Arrays;

/**
 * Which blocks are handed out, kept only where assertions are enabled: it finds a block that is
 * freed twice or was never one, and overwrites what is freed, so that a use after that shows. One
 * bit for each grain of a slab. Every method is called from an assertion and returns true if all is
 * well.
 */
final class BlockAudit {

  private static final byte POISON = (byte) 0xDB;
  private static final int WORDS = 1 << 10;
  private static final long[] NO_WORDS = {};

  private long[][] bits = {};
  private long count;

  boolean allocated(int reference) {
    int slab = reference >>> 16;
    if (slab >= bits.length) {
      int old = bits.length;
      bits = Arrays.copyOf(bits, slab + (slab >> 1) + 8);
      Arrays.fill(bits, old, bits.length, NO_WORDS);
    }
    if (bits[slab].length == 0) {
      bits[slab] = new long[WORDS];
    }
    int grain = reference & 0xFFFF;
    long bit = 1L << grain;
    boolean fresh = (bits[slab][grain >> 6] & bit) == 0;
    bits[slab][grain >> 6] |= bit;
    count++;
    return fresh && reference != 0;
  }

  boolean freed(int reference) {
    int slab = reference >>> 16;
    int grain = reference & 0xFFFF;
    if (slab >= bits.length || bits[slab].length == 0) {
      return false;
    }
    long bit = 1L << grain;
    boolean live = (bits[slab][grain >> 6] & bit) != 0;
    bits[slab][grain >> 6] &= ~bit;
    count--;
    return live;
  }

  boolean reset() {
    bits = new long[0][];
    count = 0;
    return true;
  }

  long count() {
    return count;
  }

  static boolean poison(byte[] slab, int offset, int sizeBytes) {
    Arrays.fill(slab, offset, offset + sizeBytes, POISON);
    return true;
  }
}
