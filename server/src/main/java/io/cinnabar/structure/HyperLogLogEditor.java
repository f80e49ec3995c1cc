package io.cinnabar.structure;

import io.cinnabar.arena.Bytes;
import java.util.Arrays;

/**
 * A copy of a sparse {@link HyperLogLog} to raise registers in. It becomes dense when a rank or the
 * length asks for it, and leaves the very opcodes that Redis leaves: what is split and what is
 * joined decides when the sketch becomes too long.
 *
 * <p>To raise a register means to find the run it lies in, to put up to three runs in its place
 * (what comes before the register, the register, what comes behind it), and to join equal
 * neighbours. Neighbours are looked for among five opcodes, from the one before the run on, and
 * only values are joined, not zeros.
 *
 * <p>A scratch that is used again and again; one thread.
 */
public final class HyperLogLogEditor {

  /** What came of raising a register. */
  public enum Outcome {
    /** It held as much already. */
    KEPT,
    RAISED,
    /** The sketch is damaged and was not changed. */
    DAMAGED
  }

  /** XZERO, VAL, XZERO. */
  private static final int MAX_REPLACEMENT_BYTES = 5;

  private static final int JOINED_OPCODES = 5;
  private static final int FIRST_OPCODE = HyperLogLog.HEADER_BYTES;
  private static final int INITIAL_BYTES = 3072;

  private final byte[] replacement = new byte[MAX_REPLACEMENT_BYTES];
  private final Slice result = new Slice();
  private byte[] sparse = new byte[INITIAL_BYTES];
  private byte[] dense = {};
  private int length;
  private boolean isDense;

  // The run that locate() has found, its first register, and the opcode before it (0: none).
  private int at;
  private int first;
  private int previous;

  // Where the next search may begin: an opcode, and its first register.
  private int searchFrom;
  private int searchFirst;

  /** Begins with a sketch that has met nothing. */
  public void create() {
    HyperLogLog.putHeader(sparse);
    begin(SparseRegisters.putZeros(sparse, FIRST_OPCODE, HyperLogLog.REGISTERS));
  }

  /** Begins with a copy of a sparse sketch; false if it is longer than any that is not damaged. */
  public boolean load(Slice sketch) {
    if (sketch.length > SparseRegisters.MAX_BYTES) {
      return false;
    }
    if (sketch.length > sparse.length) {
      sparse = new byte[sketch.length];
    }
    System.arraycopy(sketch.array, sketch.offset, sparse, 0, sketch.length);
    begin(sketch.length);
    return true;
  }

  private void begin(int lengthBytes) {
    length = lengthBytes;
    isDense = false;
    searchFrom = FIRST_OPCODE;
    searchFirst = 0;
  }

  /** The sketch as it is now; valid until the next call here. */
  public Slice bytes() {
    return isDense ? result.set(dense, 0, dense.length) : result.set(sparse, 0, length);
  }

  /** Makes it dense; false if it is damaged, and then it stays as it is. */
  public boolean makeDense() {
    if (isDense) {
      return true;
    }
    byte[] ranks = new byte[HyperLogLog.REGISTERS];
    if (!SparseRegisters.raise(bytes(), ranks)) {
      return false;
    }
    if (dense.length == 0) {
      dense = new byte[HyperLogLog.DENSE_BYTES];
    }
    HyperLogLog.putDenseHeader(sparse, dense);
    DenseRegisters.putAll(dense, FIRST_OPCODE, ranks);
    isDense = true;
    return true;
  }

  /**
   * Raises a register to at least {@code rank}; where it was lower, the cardinality is stale then.
   *
   * @param mostSparseBytes the longest that the sketch may grow and be sparse
   */
  public Outcome raise(int index, int rank, long mostSparseBytes) {
    if (isDense) {
      return raiseDense(index, rank);
    }
    if (rank > SparseRegisters.MAX_RANK) {
      return makeDense() ? raiseDense(index, rank) : Outcome.DAMAGED;
    }
    if (!locate(index)) {
      return Outcome.DAMAGED;
    }
    byte opcode = sparse[at];
    if (SparseRegisters.rank(opcode) >= rank) {
      return Outcome.KEPT;
    }
    int run = SparseRegisters.run(sparse, at, length);
    if (run == 1 && !SparseRegisters.isXzero(opcode)) {
      sparse[at] = SparseRegisters.value(rank, 1);
    } else {
      int width = SparseRegisters.width(opcode);
      int replaced = split(opcode, run, index - first, rank);
      if (at + width > length) {
        return Outcome.DAMAGED;
      }
      if (replaced > width && length + replaced - width > mostSparseBytes) {
        return makeDense() ? raiseDense(index, rank) : Outcome.DAMAGED;
      }
      replace(width, replaced);
    }
    joinValues();
    HyperLogLog.invalidateCardinality(bytes());
    return Outcome.RAISED;
  }

  private Outcome raiseDense(int index, int rank) {
    if (DenseRegisters.get(dense, HyperLogLog.HEADER_BYTES, index) >= rank) {
      return Outcome.KEPT;
    }
    DenseRegisters.set(dense, HyperLogLog.HEADER_BYTES, index, rank);
    HyperLogLog.invalidateCardinality(bytes());
    return Outcome.RAISED;
  }

  /** Finds the run that a register lies in; false if there is none. */
  private boolean locate(int index) {
    // A run at which the search begins must not be the one: what is before it is not known.
    return (index > searchFirst && locate(index, searchFrom, searchFirst) && previous != 0)
        || locate(index, FIRST_OPCODE, 0);
  }

  private boolean locate(int index, int from, int firstRegister) {
    byte[] array = sparse;
    int end = length;
    int opcodeAt = from;
    int register = firstRegister;
    int before = 0;
    // Up to eight opcodes at a time, which end before an XZERO if there is one, and that.
    while (opcodeAt + Long.BYTES < end) {
      long eight = Bytes.getLong(array, opcodeAt);
      int count = SparseRegisters.countBeforeXzero(eight);
      int runs = SparseRegisters.runs(eight, count);
      if (index < register + runs) {
        break;
      }
      register += runs;
      opcodeAt += count;
      before = count > 0 ? opcodeAt - 1 : before;
      if (count < Long.BYTES) {
        int run = SparseRegisters.run(array, opcodeAt, end);
        if (index < register + run) {
          break;
        }
        register += run;
        before = opcodeAt;
        opcodeAt += 2;
      }
    }
    while (opcodeAt < end) {
      int run = SparseRegisters.run(array, opcodeAt, end);
      if (index < register + run) {
        found(opcodeAt, register, before);
        return true;
      }
      register += run;
      before = opcodeAt;
      opcodeAt += SparseRegisters.width(array[opcodeAt]);
    }
    return false;
  }

  private void found(int opcodeAt, int register, int before) {
    at = opcodeAt;
    first = register;
    previous = before;
    searchFrom = before == 0 ? opcodeAt : before;
    searchFirst = before == 0 ? register : register - SparseRegisters.run(sparse, before, length);
  }

  /** Prepares what comes instead of a run, of which one register is raised; its length in bytes. */
  private int split(byte opcode, int run, int before, int rank) {
    int behind = run - 1 - before;
    int end = putRun(opcode, before, 0);
    replacement[end++] = SparseRegisters.value(rank, 1);
    return putRun(opcode, behind, end);
  }

  private int putRun(byte opcode, int run, int to) {
    if (run == 0) {
      return to;
    }
    if (!SparseRegisters.isValue(opcode)) {
      return SparseRegisters.putZeros(replacement, to, run);
    }
    replacement[to] = SparseRegisters.value(SparseRegisters.rank(opcode), run);
    return to + 1;
  }

  private void replace(int width, int newWidth) {
    int newLength = length + newWidth - width;
    if (newLength > sparse.length) {
      sparse = Arrays.copyOf(sparse, newLength + newLength / 2);
    }
    System.arraycopy(sparse, at + width, sparse, at + newWidth, length - at - width);
    System.arraycopy(replacement, 0, sparse, at, newWidth);
    length = newLength;
  }

  /** Joins values of the same rank around what was raised, as far as an opcode holds them. */
  private void joinValues() {
    int opcodeAt = previous == 0 ? FIRST_OPCODE : previous;
    for (int left = JOINED_OPCODES; left > 0 && opcodeAt < length; left--) {
      int next = opcodeAt + SparseRegisters.width(sparse[opcodeAt]);
      if (next < length && canJoin(sparse[opcodeAt], sparse[next])) {
        // The run is in the lowest bits, which have room for both.
        sparse[opcodeAt] += (byte) SparseRegisters.valueRun(sparse[next]);
        System.arraycopy(sparse, next + 1, sparse, next, length - next - 1);
        length--;
      } else {
        opcodeAt = next;
      }
    }
  }

  private static boolean canJoin(byte opcode, byte next) {
    return SparseRegisters.isValue(opcode)
        && SparseRegisters.isValue(next)
        && SparseRegisters.rank(opcode) == SparseRegisters.rank(next)
        && SparseRegisters.valueRun(opcode) + SparseRegisters.valueRun(next)
            <= SparseRegisters.MAX_VALUES;
  }
}
