package io.cinnabar.benchmarks;

import io.cinnabar.structure.PackedSequence;
import io.cinnabar.structure.ScratchBytes;
import io.cinnabar.structure.Slice;
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

/** Time to find a field of a small hash, each in turn, and to add one and take it away. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class PackedSequenceBenchmark {

  private static final int ROOM = 1 << 16;

  @Param({"8", "128", "512"})
  public int fields;

  private final ScratchBytes names = new ScratchBytes(ROOM);
  private final ScratchBytes numbers = new ScratchBytes(ROOM);
  private final ScratchBytes listpack = new ScratchBytes(ROOM);
  private final Slice sequence = new Slice();
  private final Slice absentName = Slice.of("field:none");
  private final Slice value = Slice.of("a value of 20 bytes.");
  private Slice[] name = {};
  private Slice[] number = {};
  private int turn;

  @Setup
  public void setUp() {
    name = new Slice[fields];
    number = new Slice[fields];
    PackedSequence.format(names);
    PackedSequence.format(numbers);
    for (int i = 0; i < fields; i++) {
      name[i] = Slice.of("field:%04d".formatted(i));
      number[i] = Slice.of(Integer.toString(1000 + i));
      PackedSequence.insertPair(names, PackedSequence.end(over(names)), name[i], value);
      PackedSequence.insertPair(numbers, PackedSequence.end(over(numbers)), number[i], value);
    }
  }

  private Slice over(ScratchBytes bytes) {
    return sequence.set(bytes.array(), bytes.offset(), bytes.length());
  }

  private int next() {
    turn = turn + 1 < fields ? turn + 1 : 0;
    return turn;
  }

  @Benchmark
  public int findName() {
    return PackedSequence.find(over(names), name[next()], 1);
  }

  @Benchmark
  public int findNoName() {
    return PackedSequence.find(over(names), absentName, 1);
  }

  @Benchmark
  public int findNumber() {
    return PackedSequence.find(over(numbers), number[next()], 1);
  }

  @Benchmark
  public int appendAndDelete() {
    int end = PackedSequence.end(over(names));
    PackedSequence.insertPair(names, end, absentName, value);
    PackedSequence.delete(names, end, 2);
    return end;
  }

  @Benchmark
  public int toListpack() {
    PackedSequence.toListpack(over(names), listpack);
    return listpack.length();
  }
}
