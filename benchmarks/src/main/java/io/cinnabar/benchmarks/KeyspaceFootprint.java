package io.cinnabar.benchmarks;

import io.cinnabar.arena.Arena;
import io.cinnabar.keyspace.Database;
import io.cinnabar.keyspace.Entry;
import io.cinnabar.keyspace.Keyspace;
import io.cinnabar.structure.Slice;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * What keys of 16 bytes take, at every size of the table on the way; and the CPU time of inserting,
 * expiring and giving them back, in all and in the longest slice. Arguments: number of keys, length
 * of the values.
 */
public final class KeyspaceFootprint {
  private static final int SLICE_STEPS = 4096;

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final Arena arena = new Arena();
  private final Keyspace keyspace = new Keyspace(arena, new SplittableRandom(1), 1);
  private final Database database = keyspace.database(0);
  private final Entry entry = new Entry();
  private final Slice key = Slice.of("key:000000000000");
  private final Slice value;
  private final int keys;

  private KeyspaceFootprint(int keys, int valueBytes) {
    this.keys = keys;
    value = Slice.of("x".repeat(valueBytes));
  }

  /** Runs the phases and prints a line for each. */
  public static void main(String[] arguments) {
    KeyspaceFootprint footprint =
        new KeyspaceFootprint(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]));
    footprint.fill();
    footprint.expire();
    footprint.fill();
    footprint.flush();
  }

  private void fill() {
    long worstTableBytes = 0;
    long start = threads.getCurrentThreadCpuTime();
    for (int i = 0; i < keys; i++) {
      set(i);
      if ((i & 0xffff) == 0xffff) {
        worstTableBytes = Math.max(worstTableBytes, tableHundredths(i + 1));
      }
    }
    long nanos = threads.getCurrentThreadCpuTime() - start;
    System.out.printf(
        Locale.ROOT,
        "filled: %.1f bytes a key (table %.1f, at most %.1f), reserved %.1f; %d ns a key%n",
        (double) keyspace.usedBytes() / keys,
        tableHundredths(keys) / 100.0,
        worstTableBytes / 100.0,
        (double) arena.reservedBytes() / keys,
        nanos / keys);
  }

  private void set(int number) {
    int rest = number;
    for (int i = key.length - 1; i >= 4; i--) {
      key.array[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    database.setString(key, database.hash(key), value, false, entry);
  }

  private long tableHundredths(int count) {
    return (keyspace.usedBytes() - count * entry.sizeBytes()) * 100 / count;
  }

  private void expire() {
    for (int i = 0; i < keys; i++) {
      set(i);
      database.setExpiry(entry, 1000);
    }
    long nanos = 0;
    long worstNanos = 0;
    long slices = 0;
    int steps;
    do {
      long start = threads.getCurrentThreadCpuTime();
      steps = keyspace.expireSlice(1001, SLICE_STEPS, gone -> gone.database().remove(gone));
      long took = threads.getCurrentThreadCpuTime() - start;
      nanos += took;
      worstNanos = Math.max(worstNanos, took);
      slices++;
    } while (steps >= SLICE_STEPS);
    print("expired", nanos, worstNanos, slices);
  }

  private void flush() {
    database.clear();
    long nanos = 0;
    long worstNanos = 0;
    long slices = 0;
    boolean more;
    do {
      long start = threads.getCurrentThreadCpuTime();
      more = keyspace.reclaimSlice(SLICE_STEPS);
      long took = threads.getCurrentThreadCpuTime() - start;
      nanos += took;
      worstNanos = Math.max(worstNanos, took);
      slices++;
    } while (more);
    print("flushed", nanos, worstNanos, slices);
  }

  private void print(String what, long nanos, long worstNanos, long slices) {
    System.out.printf(
        Locale.ROOT,
        "%s: %d ns a key, %d slices, longest %d us; %d keys left%n",
        what,
        nanos / keys,
        slices,
        worstNanos / 1000,
        database.size());
  }
}
