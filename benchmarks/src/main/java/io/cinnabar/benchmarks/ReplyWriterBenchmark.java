package io.cinnabar.benchmarks;

import io.cinnabar.resp.ReplyBuffer;
import io.cinnabar.resp.ReplyWriter;
import io.cinnabar.structure.Slice;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Time to write one reply of a pipeline. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ReplyWriterBenchmark {

  private static final int PIPELINE = 64;
  private static final long SEED = 1;

  private final ReplyWriter writer = new ReplyWriter();
  private final ReplyBuffer buffer = new ReplyBuffer();
  private final Slice small = Slice.of("abc");
  private final Slice usual = Slice.of("v".repeat(64));
  private final long[] integers = new long[PIPELINE];
  private final double[] doubles = new double[PIPELINE];

  @Setup
  public void setUp() {
    Random random = new Random(SEED);
    for (int i = 0; i < PIPELINE; i++) {
      integers[i] = random.nextInt(100_000_000);
      doubles[i] = random.nextDouble();
    }
    writer.target(buffer, false);
  }

  @Benchmark
  @OperationsPerInvocation(PIPELINE)
  public int ok() {
    for (int i = 0; i < PIPELINE; i++) {
      writer.ok();
    }
    return sent();
  }

  @Benchmark
  @OperationsPerInvocation(PIPELINE)
  public int bulkOf3Bytes() {
    for (int i = 0; i < PIPELINE; i++) {
      writer.bulk(small);
    }
    return sent();
  }

  @Benchmark
  @OperationsPerInvocation(PIPELINE)
  public int bulkOf64Bytes() {
    for (int i = 0; i < PIPELINE; i++) {
      writer.bulk(usual);
    }
    return sent();
  }

  @Benchmark
  @OperationsPerInvocation(PIPELINE)
  public int integer() {
    for (int i = 0; i < PIPELINE; i++) {
      writer.integer(integers[i]);
    }
    return sent();
  }

  @Benchmark
  @OperationsPerInvocation(PIPELINE)
  public int doubleValue() {
    for (int i = 0; i < PIPELINE; i++) {
      writer.doubleValue(doubles[i]);
    }
    return sent();
  }

  private int sent() {
    int size = buffer.size();
    buffer.reset();
    return size;
  }
}
