package io.cinnabar.family;

import io.cinnabar.command.Call;
import io.cinnabar.command.CommandError;
import io.cinnabar.structure.DenseRegisters;
import io.cinnabar.structure.HyperLogLog;
import io.cinnabar.structure.HyperLogLogEditor;
import io.cinnabar.structure.RegisterHistogram;
import io.cinnabar.structure.Slice;
import java.util.random.RandomGenerator;

/**
 * PFSELFTEST: whether registers keep what is stored in them, whether sparse and dense sketches of
 * the same elements agree, and whether the estimates are as good as they should be. Holds up the
 * server for less than a second.
 */
final class HyperLogLogSelfTest {

  private static final int RANKS = 64;
  private static final int STORES = 200_000;
  private static final int MOST_ELEMENTS = 1_000_000;

  /** With more it takes long to find a register among thousands of runs. */
  private static final int MOST_SPARSE_ELEMENTS = 10_000;

  /** 1.04 / sqrt(registers). */
  private static final double STANDARD_ERROR = 1.04 / 128;

  /** So far off an estimate is once in many millions of tests, if nothing is wrong. */
  private static final double MOST_STANDARD_ERRORS = 6;

  private final RandomGenerator random;

  private HyperLogLogSelfTest(RandomGenerator random) {
    this.random = random;
  }

  static void run(Call call) {
    HyperLogLogSelfTest test = new HyperLogLogSelfTest(call.engine().host().random());
    test.registers();
    test.estimates();
    call.reply().ok();
  }

  private void registers() {
    byte[] sketch = new byte[HyperLogLog.DENSE_BYTES];
    int[] stored = new int[HyperLogLog.REGISTERS];
    for (int i = 0; i < STORES; i++) {
      int index = random.nextInt(HyperLogLog.REGISTERS);
      stored[index] = random.nextInt(RANKS);
      DenseRegisters.set(sketch, HyperLogLog.HEADER_BYTES, index, stored[index]);
    }
    for (int i = 0; i < HyperLogLog.REGISTERS; i++) {
      int rank = DenseRegisters.get(sketch, HyperLogLog.HEADER_BYTES, i);
      if (rank != stored[i]) {
        throw new CommandError(
            "TESTFAILED Register " + i + " should be " + stored[i] + " but is " + rank);
      }
    }
  }

  private void estimates() {
    HyperLogLogEditor sparse = new HyperLogLogEditor();
    HyperLogLogEditor dense = new HyperLogLogEditor();
    sparse.create();
    dense.create();
    dense.makeDense();
    Slice element = new Slice(new byte[Long.BYTES]);
    int checkpoint = 1;
    for (int elements = 1; elements <= MOST_ELEMENTS; elements++) {
      random.nextBytes(element.array);
      long hash = HyperLogLog.hash(element);
      int index = HyperLogLog.index(hash);
      int rank = HyperLogLog.rank(hash);
      if (sparse.raise(index, rank, Long.MAX_VALUE) != dense.raise(index, rank, 0)) {
        throw new CommandError("TESTFAILED Sparse and dense registers differ: " + index);
      }
      if (elements == checkpoint) {
        estimate(sparse.bytes(), elements);
        estimate(dense.bytes(), elements);
        checkpoint *= 10;
      }
      if (elements == MOST_SPARSE_ELEMENTS) {
        sparse.makeDense();
      }
    }
  }

  private static void estimate(Slice sketch, int elements) {
    RegisterHistogram histogram = new RegisterHistogram();
    boolean isWhole = HyperLogLog.count(sketch, histogram);
    long estimate = isWhole ? histogram.cardinality() : 0;
    double tolerated = Math.ceil(elements * STANDARD_ERROR * MOST_STANDARD_ERRORS);
    if (!isWhole || Math.abs(estimate - elements) > tolerated) {
      throw new CommandError(
          "TESTFAILED Estimated " + estimate + " of " + elements + " different elements");
    }
  }
}
