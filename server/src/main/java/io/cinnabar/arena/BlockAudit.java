package io.cinnabar.arena;

import java.util.Arrays;

/**
 * Which blocks are handed out, kept only where assertions are enabled: it finds a block that is
 * freed twice or was never one, and overwrites what is freed, so that a use after that shows. One
 * bit for each grain of a slab. Every method is called from an assertion and returns true if all is
 * well. Tests have it refuse blocks, as a full arena does.
 */
final class BlockAudit {

  private static final byte POISON = (byte) 0xDB;
  private static final int WORDS = 1 << 10;
  private static final long[] NO_WORDS = {};

  private long[][] bits = {};
  private long count;

  /** How many blocks are handed out before some are refused. */
  private long admitted = Long.MAX_VALUE;

  private long refused;

  /** Has blocks refused: not the next {@code after}, but so many behind them. */
  void refuse(long after, long count) {
    admitted = after;
    refused = count;
  }

  /** How many of the blocks that {@link #refuse} has named are not yet refused. */
  long refusedYet() {
    return refused;
  }

  /**
   * Before a block is handed out.
   *
   * @throws ArenaFullException where a test wants it to be refused
   */
  boolean admits() {
    if (admitted > 0) {
      admitted--;
    } else if (refused > 0) {
      refused--;
      throw new ArenaFullException("refused for a test");
    }
    return true;
  }

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
    Arrays.fill(bits, NO_WORDS);
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
