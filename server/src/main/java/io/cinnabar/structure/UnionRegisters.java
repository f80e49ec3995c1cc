package io.cinnabar.structure;

import java.util.Arrays;

/**
 * The registers of several {@link HyperLogLog}s together, a byte for each: what one would hold that
 * had met the elements of all. A scratch that is used again and again; one thread.
 */
public final class UnionRegisters {

  private final byte[] ranks = new byte[HyperLogLog.REGISTERS];
  private final RegisterHistogram histogram = new RegisterHistogram();

  /** Forgets all elements. */
  public void clear() {
    Arrays.fill(ranks, (byte) 0);
  }

  /** Adds the elements of a sketch; false if it is damaged, and then this one is of no use. */
  public boolean add(Slice sketch) {
    if (HyperLogLog.isDense(sketch)) {
      DenseRegisters.raise(sketch.array, sketch.offset + HyperLogLog.HEADER_BYTES, ranks);
      return true;
    }
    return SparseRegisters.raise(sketch, ranks);
  }

  /** The rank in a register. */
  public int rank(int index) {
    return ranks[index];
  }

  /** Writes all registers into a dense sketch. */
  public void copyTo(Slice dense) {
    DenseRegisters.putAll(dense.array, dense.offset + HyperLogLog.HEADER_BYTES, ranks);
  }

  /** About how many different elements there are. */
  public long cardinality() {
    histogram.clear();
    for (int i = 0; i < ranks.length; i += 4) {
      histogram.addFour(ranks[i], ranks[i + 1], ranks[i + 2], ranks[i + 3]);
    }
    return histogram.cardinality();
  }
}
