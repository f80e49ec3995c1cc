package io.cinnabar.structure;

import io.cinnabar.arena.Bytes;

/**
 * The checksum behind Redis's files and behind what DUMP returns: 64 bits with the polynomial that
 * David Jones chose, 0xad93d23594c935a9, lowest bit first, beginning with 0 and not inverted. That
 * of {@code 123456789} is 0xe9c6d914c4b8d9ca. Stateless; any thread.
 */
public final class Crc64 {

  /** The polynomial, its bits turned round. */
  private static final long POLYNOMIAL = Long.reverse(0xAD93D23594C935A9L);

  /**
   * Eight tables of 256: of the k-th, from 0 on, what becomes of a byte when k zeros follow. So the
   * eight bytes of a word are looked up independently of each other.
   */
  private static final long[] TABLES = new long[8 * 256];

  static {
    for (int i = 0; i < 256; i++) {
      long crc = i;
      for (int bit = 0; bit < 8; bit++) {
        crc = crc >>> 1 ^ ((crc & 1) == 0 ? 0 : POLYNOMIAL);
      }
      TABLES[i] = crc;
    }
    for (int i = 256; i < TABLES.length; i++) {
      long before = TABLES[i - 256];
      TABLES[i] = before >>> 8 ^ TABLES[(int) before & 0xFF];
    }
  }

  private Crc64() {}

  /** The checksum of what {@code crc} is that of, 0 for nothing, and {@code length} bytes more. */
  public static long update(long crc, byte[] array, int offset, int length) {
    long[] tables = TABLES;
    int end = offset + length;
    int at = offset;
    long state = crc;
    for (; at <= end - Long.BYTES; at += Long.BYTES) {
      long word = state ^ Bytes.getLong(array, at);
      state =
          tables[7 * 256 + ((int) word & 0xFF)]
              ^ tables[6 * 256 + ((int) (word >>> 8) & 0xFF)]
              ^ tables[5 * 256 + ((int) (word >>> 16) & 0xFF)]
              ^ tables[4 * 256 + ((int) (word >>> 24) & 0xFF)]
              ^ tables[3 * 256 + ((int) (word >>> 32) & 0xFF)]
              ^ tables[2 * 256 + ((int) (word >>> 40) & 0xFF)]
              ^ tables[256 + ((int) (word >>> 48) & 0xFF)]
              ^ tables[(int) (word >>> 56)];
    }
    for (; at < end; at++) {
      state = state >>> 8 ^ tables[(int) (state ^ array[at]) & 0xFF];
    }
    return state;
  }
}
