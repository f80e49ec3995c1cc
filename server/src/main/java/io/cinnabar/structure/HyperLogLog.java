package io.cinnabar.structure;

import io.cinnabar.arena.Bytes;

/**
 * A sketch that tells about how many different elements it has seen, whatever their number, in at
 * most 12 KiB: Redis's format, a string that clients may read and write.
 *
 * <p>The hash of an element chooses one of 16,384 registers by its lowest 14 bits; in the other 50
 * bits the place of the lowest one, counted from 1, is the element's rank (51 where there is none).
 * A register keeps the highest rank it has met. Half of the elements have rank 1, a quarter rank 2,
 * so the ranks tell how many there were, and meeting one again changes nothing. {@link
 * RegisterHistogram} makes the estimate; its standard error is 0.81 percent. The sketch is that of
 * Flajolet, Fusy, Gandouet and Meunier (2007), with the 64-bit hash and the sparse form of Heule,
 * Nunkesser and Hall (2013).
 *
 * <pre>
 *  0  4  "HYLL"
 *  4  1  encoding: 0 dense, 1 sparse
 *  5  3  not used; zeros in a new one, kept as they are in others
 *  8  8  the cardinality that was counted last, little-endian; the top bit says that it is stale
 * 16     the registers: {@link DenseRegisters} or {@link SparseRegisters}
 * </pre>
 *
 * <p>The methods take the whole string, of which {@link #isValid} has been asked. It says nothing
 * of sparse registers: whoever reads these finds out whether they are damaged.
 */
public final class HyperLogLog {

  /** How many registers there are. */
  public static final int REGISTERS = 1 << 14;

  /** Where the registers begin. */
  public static final int HEADER_BYTES = 16;

  /** The length of a dense one. */
  public static final int DENSE_BYTES = HEADER_BYTES + DenseRegisters.BYTES;

  private static final int MAGIC = 'H' | 'Y' << 8 | 'L' << 16 | 'L' << 24;
  private static final int ENCODING_OFFSET = 4;
  private static final int CARDINALITY_OFFSET = 8;
  private static final byte DENSE = 0;
  private static final byte SPARSE = 1;
  private static final long HASH_SEED = 0xADC83B19L;
  private static final int INDEX_BITS = 14;
  private static final int RANK_BITS = 50;

  private HyperLogLog() {}

  // Elements.

  /** The hash that an element's {@link #index} and {@link #rank} are taken from. */
  public static long hash(Slice element) {
    return MurmurHash64A.of(element, HASH_SEED);
  }

  /** The register of an element. */
  public static int index(long hash) {
    return (int) hash & (REGISTERS - 1);
  }

  /** What an element raises its register to, from 1 to 51. */
  public static int rank(long hash) {
    return 1 + Long.numberOfTrailingZeros(hash >>> INDEX_BITS | 1L << RANK_BITS);
  }

  // The header.

  /** Whether a string is a sketch, as far as header and length tell. */
  public static boolean isValid(Slice bytes) {
    if (bytes.length < HEADER_BYTES || Bytes.getInt(bytes.array, bytes.offset) != MAGIC) {
      return false;
    }
    byte encoding = bytes.at(ENCODING_OFFSET);
    return encoding == SPARSE || (encoding == DENSE && bytes.length == DENSE_BYTES);
  }

  public static boolean isDense(Slice bytes) {
    return bytes.at(ENCODING_OFFSET) == DENSE;
  }

  /** The cardinality as it was counted last; negative if that is stale. */
  public static long cardinality(Slice bytes) {
    return Bytes.getLong(bytes.array, bytes.offset + CARDINALITY_OFFSET);
  }

  /** Counts the ranks in all registers; false if they are damaged. */
  public static boolean count(Slice bytes, RegisterHistogram histogram) {
    histogram.clear();
    if (isDense(bytes)) {
      DenseRegisters.count(bytes.array, bytes.offset + HEADER_BYTES, histogram);
      return true;
    }
    return SparseRegisters.count(bytes, histogram);
  }

  /** Notes what was counted. */
  public static void putCardinality(Slice bytes, long cardinality) {
    Bytes.putLong(bytes.array, bytes.offset + CARDINALITY_OFFSET, cardinality);
  }

  /** Says that a register has changed: the cardinality must be counted again. */
  public static void invalidateCardinality(Slice bytes) {
    bytes.array[bytes.offset + HEADER_BYTES - 1] |= (byte) 0x80;
  }

  /** Writes the header of a new sketch, sparse and of cardinality 0. */
  static void putHeader(byte[] array) {
    Bytes.putInt(array, 0, MAGIC);
    Bytes.putInt(array, ENCODING_OFFSET, SPARSE);
    Bytes.putLong(array, CARDINALITY_OFFSET, 0);
  }

  /** Copies the header of a sparse sketch for a dense one. */
  static void putDenseHeader(byte[] sparse, byte[] dense) {
    System.arraycopy(sparse, 0, dense, 0, HEADER_BYTES);
    dense[ENCODING_OFFSET] = DENSE;
  }
}
