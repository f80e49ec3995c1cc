package io.cinnabar.benchmarks;

import io.cinnabar.structure.DenseRegisters;
import io.cinnabar.structure.HyperLogLog;
import io.cinnabar.structure.HyperLogLogEditor;
import io.cinnabar.structure.RegisterHistogram;
import io.cinnabar.structure.Slice;
import io.cinnabar.structure.UnionRegisters;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Time to add an element to a HyperLogLog that has met so many, and to estimate how many. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class HyperLogLogBenchmark {

  private static final int SPARSE_MAX_BYTES = 3000;

  /** The first two are sparse. */
  @Param({"10", "1000", "100000"})
  public int elements;

  private final SplittableRandom random = new SplittableRandom(42);
  private final HyperLogLogEditor editor = new HyperLogLogEditor();
  private final RegisterHistogram histogram = new RegisterHistogram();
  private final UnionRegisters union = new UnionRegisters();
  private final Slice element = new Slice(new byte[16]);
  private Slice sketch = new Slice();

  @Setup
  public void setUp() {
    editor.create();
    for (int i = 0; i < elements; i++) {
      long hash = HyperLogLog.hash(next());
      editor.raise(HyperLogLog.index(hash), HyperLogLog.rank(hash), SPARSE_MAX_BYTES);
    }
    sketch = new Slice(editor.bytes().toByteArray());
  }

  private Slice next() {
    random.nextBytes(element.array);
    return element;
  }

  /** An element that it may have met or not; a sparse one is copied first, a dense one isn't. */
  @Benchmark
  public Object add() {
    long hash = HyperLogLog.hash(next());
    int index = HyperLogLog.index(hash);
    int rank = HyperLogLog.rank(hash);
    if (!HyperLogLog.isDense(sketch)) {
      editor.load(sketch);
      return editor.raise(index, rank, SPARSE_MAX_BYTES);
    }
    int held = DenseRegisters.get(sketch.array, HyperLogLog.HEADER_BYTES, index);
    if (held < rank) {
      DenseRegisters.set(sketch.array, HyperLogLog.HEADER_BYTES, index, rank);
    }
    return sketch;
  }

  @Benchmark
  public long count() {
    HyperLogLog.count(sketch, histogram);
    return histogram.cardinality();
  }

  /** The union of two. */
  @Benchmark
  public long countUnion() {
    union.clear();
    union.add(sketch);
    union.add(sketch);
    return union.cardinality();
  }
}
