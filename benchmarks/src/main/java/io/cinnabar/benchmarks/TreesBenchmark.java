package io.cinnabar.benchmarks;

import io.cinnabar.arena.Arena;
import io.cinnabar.keyspace.Database;
import io.cinnabar.keyspace.Entry;
import io.cinnabar.keyspace.Keyspace;
import io.cinnabar.structure.Slice;
import io.cinnabar.value.ListWalk;
import io.cinnabar.value.Thresholds;
import io.cinnabar.value.ValueType;
import java.nio.charset.StandardCharsets;
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
 * What the trees of large values take for one element at random: {@code HashedTree} by a hash,
 * {@code CountedTree} by a list, {@code ScoreTree} and its index of members by a sorted set. The
 * elements are texts of 14 bytes. Each operation leaves as many elements as it met.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgs = "-Xmx2g")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class TreesBenchmark {

  private static final int FIRST_DIGIT = 6;

  @Param({"10000", "1000000"})
  int elements;

  private final SplittableRandom random = new SplittableRandom(1);
  private final Keyspace keyspace = new Keyspace(new Arena(), random, 1);
  private final Database database = keyspace.database(0);
  private final Thresholds thresholds = new Thresholds();
  private final Entry hash = new Entry();
  private final Entry list = new Entry();
  private final Entry sortedSet = new Entry();
  private final Slice element = new Slice("field:00000000".getBytes(StandardCharsets.US_ASCII));
  private final Slice value = Slice.of("a value of 20 bytes.");

  @Setup
  public void fill() {
    create("hash", ValueType.HASH, hash);
    create("list", ValueType.LIST, list);
    create("zset", ValueType.SORTED_SET, sortedSet);
    for (int i = 0; i < elements; i++) {
      write(i);
      hash.hashValue().put(element, value, thresholds);
      list.list().willGrow(element.length, 1, thresholds);
      list.list().append(element, thresholds);
      if (Double.isNaN(sortedSet.sortedSet().score(element))) {
        sortedSet.sortedSet().insert(element, random.nextInt(elements), thresholds);
      }
    }
  }

  private void create(String key, ValueType type, Entry into) {
    Slice name = Slice.of(key);
    database.createDetached(name, database.hash(name), type, into);
    database.attach(into);
  }

  private void write(int number) {
    int rest = number;
    for (int i = element.length - 1; i >= FIRST_DIGIT; i--) {
      element.array[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
  }

  private void chooseElement() {
    write(random.nextInt(elements));
  }

  @Benchmark
  public int hashGet() {
    chooseElement();
    return hash.hashValue().find(element) ? hash.hashValue().value().length : 0;
  }

  @Benchmark
  public boolean hashRemoveAndPut() {
    chooseElement();
    return hash.hashValue().remove(element) && hash.hashValue().put(element, value, thresholds);
  }

  @Benchmark
  public int listIndex() {
    ListWalk walk = list.list().walk();
    return walk.start(random.nextInt(elements), false) ? walk.text().length : 0;
  }

  @Benchmark
  public long listPushAndPop() {
    list.list().willGrow(element.length, 1, thresholds);
    list.list().push(element, true, thresholds);
    list.list().drop(1, false, thresholds);
    return list.list().length();
  }

  @Benchmark
  public double sortedSetScore() {
    chooseElement();
    return sortedSet.sortedSet().score(element);
  }

  @Benchmark
  public long sortedSetRank() {
    chooseElement();
    return Double.isNaN(sortedSet.sortedSet().score(element)) ? -1 : sortedSet.sortedSet().rank();
  }

  @Benchmark
  public double sortedSetRescore() {
    chooseElement();
    double score = sortedSet.sortedSet().score(element);
    double other = score + 1 + random.nextInt(elements);
    sortedSet.sortedSet().rescore(element, score, other % elements + 0.5);
    return score;
  }
}
