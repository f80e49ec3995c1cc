package io.cinnabar.benchmarks;

import io.cinnabar.arena.Arena;
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

/**
 * What a block costs: one that stays in the cache, and one of many whose sizes change, where the
 * cost is that of reaching memory.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgs = "-Xmx4g")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ArenaBenchmark {

  private static final int LEAST_BYTES = 16;
  private static final int MOST_BYTES = 512;

  @Param({"1000", "1000000"})
  int blocks;

  private final SplittableRandom random = new SplittableRandom(1);
  private final Arena arena = new Arena();
  private int[] references = {};
  private byte[][] arrays = {};

  @Setup
  public void fill() {
    references = new int[blocks];
    arrays = new byte[blocks][];
    for (int i = 0; i < blocks; i++) {
      references[i] = arena.allocate(sizeBytes());
      arrays[i] = new byte[sizeBytes()];
    }
  }

  private int sizeBytes() {
    return LEAST_BYTES + (random.nextInt() >>> 1) % (MOST_BYTES - LEAST_BYTES + 1);
  }

  private int index() {
    return (int) (((random.nextInt() & 0xFFFFFFFFL) * blocks) >>> 32);
  }

  /** Takes a block and frees it. */
  @Benchmark
  public int allocateAndFree() {
    int reference = arena.allocate(64);
    arena.free(reference);
    return reference;
  }

  /** Replaces a block by one of another size. */
  @Benchmark
  public int replace() {
    int index = index();
    arena.free(references[index]);
    int reference = arena.allocate(sizeBytes());
    references[index] = reference;
    return reference;
  }

  /** As {@link #replace}, reading the block before it is freed, and writing to the new one. */
  @Benchmark
  public int replaceTouching() {
    int index = index();
    int old = references[index];
    byte first = arena.slab(old)[Arena.offset(old)];
    arena.free(old);
    int reference = arena.allocate(sizeBytes());
    arena.slab(reference)[Arena.offset(reference)] = (byte) (first + 1);
    references[index] = reference;
    return reference;
  }

  /** What the collector's own memory costs: an array replaced by one of another size. */
  @Benchmark
  public byte[] replaceArray() {
    byte[] array = new byte[sizeBytes()];
    arrays[index()] = array;
    return array;
  }

  /** Random numbers alone: to be taken off the others. */
  @Benchmark
  public int randomNumbers() {
    return index() + sizeBytes();
  }
}
