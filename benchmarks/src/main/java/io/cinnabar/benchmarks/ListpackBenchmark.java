package io.cinnabar.benchmarks;

import io.cinnabar.structure.EditableBytes;
import io.cinnabar.structure.Listpack;
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

/** Time to find every other element of a listpack, and to add one and take it away. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ListpackBenchmark {

  private static final int OFFSET = 13;

  @Param({"8", "128", "512"})
  public int fields;

  private final Room names = new Room();
  private final Room numbers = new Room();
  private final Slice absentName = Slice.of("field:none");
  private final Slice absentNumber = Slice.of("999999");
  private final Slice value = Slice.of("a value of 20 bytes.");
  private Slice[] name = {};
  private Slice[] number = {};
  private int turn;

  /** Bytes with room behind them. */
  private static final class Room implements EditableBytes {
    private final byte[] array = new byte[1 << 16];
    private int length;

    @Override
    public byte[] array() {
      return array;
    }

    @Override
    public int offset() {
      return OFFSET;
    }

    @Override
    public int length() {
      return length;
    }

    @Override
    public void resize(int newLength) {
      length = newLength;
    }
  }

  @Setup
  public void setUp() {
    name = new Slice[fields];
    number = new Slice[fields];
    Listpack.format(names);
    Listpack.format(numbers);
    for (int i = 0; i < fields; i++) {
      name[i] = Slice.of("field:%04d".formatted(i));
      number[i] = Slice.of(Integer.toString(1000 + i));
      Listpack.appendPair(names, name[i], value);
      Listpack.appendPair(numbers, number[i], value);
    }
  }

  private int next() {
    turn = turn + 1 < fields ? turn + 1 : 0;
    return turn;
  }

  @Benchmark
  public int findName() {
    return Listpack.find(names.array, OFFSET, Listpack.first(names.array, OFFSET), name[next()], 1);
  }

  @Benchmark
  public int findNoName() {
    return Listpack.find(names.array, OFFSET, Listpack.first(names.array, OFFSET), absentName, 1);
  }

  @Benchmark
  public int findNumber() {
    int first = Listpack.first(numbers.array, OFFSET);
    return Listpack.find(numbers.array, OFFSET, first, number[next()], 1);
  }

  @Benchmark
  public int findNoNumber() {
    int first = Listpack.first(numbers.array, OFFSET);
    return Listpack.find(numbers.array, OFFSET, first, absentNumber, 1);
  }

  @Benchmark
  public int appendAndDelete() {
    Listpack.append(names, value);
    return Listpack.delete(names, Listpack.last(names.array, OFFSET), 1);
  }
}
