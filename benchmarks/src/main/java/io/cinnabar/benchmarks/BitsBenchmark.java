package io.cinnabar.benchmarks;

import io.cinnabar.structure.BitInputs;
import io.cinnabar.structure.Bits;
import io.cinnabar.structure.Slice;
import java.util.Random;
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

/** Time to count, find, combine, read and write bits that don't begin at a word's boundary. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class BitsBenchmark {

  private static final int OFFSET = 13;
  private static final int INPUTS = 5;

  @Param({"15", "1000", "100000"})
  public int length;

  private final byte[][] arrays = new byte[INPUTS][];
  private final BitInputs inputs = new BitInputs();
  private byte[] zeros = {};
  private byte[] target = {};
  private long bit;

  @Setup
  public void setUp() {
    Random random = new Random(1);
    for (int i = 0; i < INPUTS; i++) {
      arrays[i] = new byte[OFFSET + length];
      random.nextBytes(arrays[i]);
    }
    zeros = new byte[OFFSET + length];
    target = new byte[OFFSET + length];
  }

  private void fill(int count) {
    inputs.clear();
    for (int i = 0; i < count; i++) {
      inputs.add(new Slice().set(arrays[i], OFFSET, length));
    }
  }

  @Benchmark
  public long count() {
    return Bits.count(arrays[0], OFFSET, length);
  }

  /** From the second bit to the last but one. */
  @Benchmark
  public long countRange() {
    return Bits.count(arrays[0], OFFSET, 1, 8L * length - 2);
  }

  /** A bit that isn't there. */
  @Benchmark
  public long find() {
    return Bits.indexOf(true, zeros, OFFSET, 0, 8L * length - 1);
  }

  @Benchmark
  public byte[] andOfTwo() {
    fill(2);
    inputs.and(target, OFFSET);
    return target;
  }

  @Benchmark
  public byte[] orOfFive() {
    fill(INPUTS);
    inputs.or(target, OFFSET);
    return target;
  }

  @Benchmark
  public byte[] not() {
    fill(1);
    inputs.not(target, OFFSET);
    return target;
  }

  /** Reads 17 bits and writes them back one higher, somewhere else each time. */
  @Benchmark
  public long increment() {
    bit = (bit + 61) % (8L * length - 17);
    long value = Bits.field(target, OFFSET, length, bit, 17);
    Bits.putField(target, OFFSET, length, bit, 17, value + 1);
    return value;
  }
}
