package io.cinnabar.structure;

import io.cinnabar.arena.Bytes;

/**
 * The registers of a {@link HyperLogLog}, all 16,384, six bits each, from the lowest bit of a byte
 * to the highest and on into the next byte. Four of them fill three bytes:
 *
 * <pre>
 * byte      0         1         2
 * bits   11000000  22221111  33333322     the digit is the register; highest bit left
 * </pre>
 *
 * <p>An {@code offset} is that of the first register's byte in its array.
 */
public final class DenseRegisters {

  static final int BYTES = HyperLogLog.REGISTERS / 4 * 3;

  private static final int BITS = 6;
  private static final int MAX_RANK = (1 << BITS) - 1;

  private DenseRegisters() {}

  /** The rank in a register. */
  public static int get(byte[] array, int offset, int index) {
    int at = firstByte(index);
    int pair = Bytes.getUnsignedShort(array, offset + at);
    return (pair >>> (BITS * index - 8 * at)) & MAX_RANK;
  }

  /** Stores a rank in a register. */
  public static void set(byte[] array, int offset, int index, int rank) {
    int at = firstByte(index);
    int shift = BITS * index - 8 * at;
    int pair = Bytes.getUnsignedShort(array, offset + at);
    Bytes.putShort(array, offset + at, (pair & ~(MAX_RANK << shift)) | rank << shift);
  }

  /** The first of two bytes that hold the register; those of the last one end with the array. */
  private static int firstByte(int index) {
    return Math.min((BITS * index) >>> 3, BYTES - 2);
  }

  /** Counts the ranks. */
  static void count(byte[] array, int offset, RegisterHistogram histogram) {
    for (int at = offset; at < offset + BYTES; at += 3) {
      int four = Bytes.getUnsignedMedium(array, at);
      histogram.addFour(
          four & MAX_RANK,
          (four >>> BITS) & MAX_RANK,
          (four >>> (2 * BITS)) & MAX_RANK,
          four >>> (3 * BITS));
    }
  }

  /** Raises each of {@code ranks}, a byte for a register, to what the register holds. */
  static void raise(byte[] array, int offset, byte[] ranks) {
    int index = 0;
    for (int at = offset; at < offset + BYTES; at += 3) {
      int four = Bytes.getUnsignedMedium(array, at);
      raise(ranks, index, four & MAX_RANK);
      raise(ranks, index + 1, (four >>> BITS) & MAX_RANK);
      raise(ranks, index + 2, (four >>> (2 * BITS)) & MAX_RANK);
      raise(ranks, index + 3, four >>> (3 * BITS));
      index += 4;
    }
  }

  private static void raise(byte[] ranks, int index, int rank) {
    ranks[index] = (byte) Math.max(ranks[index], rank);
  }

  /** Stores all registers. */
  static void putAll(byte[] array, int offset, byte[] ranks) {
    int index = 0;
    for (int at = offset; at < offset + BYTES; at += 3) {
      int four =
          ranks[index]
              | ranks[index + 1] << BITS
              | ranks[index + 2] << (2 * BITS)
              | ranks[index + 3] << (3 * BITS);
      Bytes.putMedium(array, at, four);
      index += 4;
    }
  }
}
