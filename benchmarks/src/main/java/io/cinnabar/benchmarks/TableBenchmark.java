package io.cinnabar.benchmarks;

import io.cinnabar.arena.Arena;
import io.cinnabar.keyspace.Database;
import io.cinnabar.keyspace.Entry;
import io.cinnabar.keyspace.Keyspace;
import io.cinnabar.structure.Slice;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Finding and setting keys of 16 bytes at random, in batches as the loop runs them: with the cache
 * misses of the whole batch under way at once, or each when its turn comes.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgs = "-Xmx3g")
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class TableBenchmark {
  private static final int BATCH = 256;
  private static final int FIRST_DIGIT = 4;

  @Param({"1000", "5000000"})
  int keys;

  @Param({"3", "64"})
  int valueBytes;

  @Param({"true", "false"})
  boolean touch;

  private final SplittableRandom random = new SplittableRandom(1);
  private final Keyspace keyspace = new Keyspace(new Arena(), random, 1);
  private final Database database = keyspace.database(0);
  private final Entry entry = new Entry();
  private final Slice value = new Slice();
  private final Slice[] batch = new Slice[BATCH];
  private final long[] hashes = new long[BATCH];
  private final int[] candidates = new int[BATCH];
  private int inserted;

  @Setup
  public void fill() {
    byte[] bytes = new byte[valueBytes];
    Arrays.fill(bytes, (byte) 'x');
    value.set(bytes, 0, valueBytes);
    for (int i = 0; i < BATCH; i++) {
      batch[i] = new Slice("key:000000000000".getBytes(StandardCharsets.US_ASCII));
    }
    for (int i = 0; i < keys; i++) {
      write(batch[0], i);
      database.setString(batch[0], database.hash(batch[0]), value, false, entry);
    }
    inserted = keys;
  }

  /** New keys are counted on from here, so that the table does not grow without end. */
  @Setup(Level.Iteration)
  public void removeInserted() {
    while (inserted > keys) {
      write(batch[0], --inserted);
      if (database.find(batch[0], database.hash(batch[0]), entry)) {
        database.remove(entry);
      }
    }
  }

  private static void write(Slice key, int number) {
    int rest = number;
    for (int i = key.length - 1; i >= FIRST_DIGIT; i--) {
      key.array[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
  }

  /** A batch of keys from {@code first} on; touched ahead, if that is so. */
  private int prepare(int first) {
    int touched = 0;
    for (int i = 0; i < BATCH; i++) {
      write(batch[i], first + (int) (((random.nextInt() & 0xFFFFFFFFL) * keys) >>> 32));
      hashes[i] = database.hash(batch[i]);
    }
    if (touch) {
      for (long hash : hashes) {
        touched += database.touchBucket(hash);
      }
      for (int i = 0; i < BATCH; i++) {
        candidates[i] = database.candidate(hashes[i]);
      }
      for (int candidate : candidates) {
        touched += database.touchCandidate(candidate, batch[0].length);
      }
    }
    return touched;
  }

  private int findAll() {
    int lengths = 0;
    for (int i = 0; i < BATCH; i++) {
      if (database.find(batch[i], hashes[i], entry)) {
        lengths += entry.string().length();
      }
    }
    return lengths;
  }

  /** Keys that are there; what making the keys and hashing them takes is in it. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public int findHit() {
    return prepare(0) + findAll();
  }

  /** Keys that are not there. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public int findMiss() {
    return prepare(keys) + findAll();
  }

  /** SET of keys that are there, with a value of the same length. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public int overwrite() {
    int touched = prepare(0);
    for (int i = 0; i < BATCH; i++) {
      database.setString(batch[i], hashes[i], value, false, entry);
    }
    return touched;
  }

  /** SET of new keys, which the table grows by. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public int insert() {
    for (int i = 0; i < BATCH; i++) {
      write(batch[i], inserted++);
      database.setString(batch[i], database.hash(batch[i]), value, false, entry);
    }
    return inserted;
  }

  /** The share of making keys and hashes in the others. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public long keysAndHashes() {
    long sum = 0;
    for (int i = 0; i < BATCH; i++) {
      write(batch[i], (int) (((random.nextInt() & 0xFFFFFFFFL) * keys) >>> 32));
      sum += database.hash(batch[i]);
    }
    return sum;
  }
}
