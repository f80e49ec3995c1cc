package io.cinnabar.benchmarks;

import io.cinnabar.arena.Arena;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * What the arena reserves for its blocks: after filling it, after their sizes have changed at
 * random for a while, and after compaction. Arguments: number of blocks, least and greatest size in
 * bytes.
 */
public final class ArenaFootprint {

  private static final int BLOCKS_PER_SLICE = 200;

  private final SplittableRandom random = new SplittableRandom(1);
  private final Arena arena = new Arena();
  private final int[] references;
  private int leastBytes;
  private int mostBytes;
  private long requestedBytes;
  private final int[] requested;

  private ArenaFootprint(int blocks, int leastBytes, int mostBytes) {
    references = new int[blocks];
    requested = new int[blocks];
    this.leastBytes = leastBytes;
    this.mostBytes = mostBytes;
  }

  /** Runs the phases and prints a line for each. */
  public static void main(String[] arguments) {
    ArenaFootprint footprint =
        new ArenaFootprint(
            Integer.parseInt(arguments[0]),
            Integer.parseInt(arguments[1]),
            Integer.parseInt(arguments[2]));
    footprint.fill();
    footprint.print("filled");
    footprint.replace(5, false);
    footprint.replaceInBands(false);
    footprint.compact();
    footprint.replaceInBands(true);
    footprint.compact();
    footprint.shrink();
    footprint.print("two thirds deleted");
    footprint.compact();
  }

  private int sizeBytes() {
    return leastBytes + random.nextInt(mostBytes - leastBytes + 1);
  }

  private void put(int index) {
    int sizeBytes = sizeBytes();
    requested[index] = sizeBytes;
    requestedBytes += sizeBytes;
    references[index] = arena.allocate(sizeBytes);
  }

  private void remove(int index) {
    arena.free(references[index]);
    references[index] = 0;
    requestedBytes -= requested[index];
    requested[index] = 0;
  }

  private void fill() {
    long start = System.nanoTime();
    for (int i = 0; i < references.length; i++) {
      put(i);
    }
    printTime("fill", start, references.length);
  }

  /**
   * Replaces every block so many times, chosen at random.
   *
   * @param compacting whether to walk beside it, one slice for every twenty blocks
   */
  private void replace(int times, boolean compacting) {
    long start = System.nanoTime();
    long operations = (long) references.length * times;
    double mostOverhead = 0;
    int position = -1;
    int walks = 0;
    for (long i = 0; i < operations; i++) {
      int index = random.nextInt(references.length);
      remove(index);
      put(index);
      if (i % 20 != 0) {
        continue;
      }
      mostOverhead = Math.max(mostOverhead, (double) arena.reservedBytes() / arena.usedBytes());
      if (position < 0 && compacting && arena.wantsCompaction() && arena.chooseSparse() > 0) {
        position = 0;
        walks++;
      }
      if (position >= 0) {
        position = walk(position);
      }
    }
    arena.finishCompaction();
    printTime("replace", start, operations);
    System.out.printf(
        Locale.ROOT, "  %d walks, %.1f%% reserved at most%n", walks, 100 * mostOverhead - 100);
    print("  replaced");
  }

  /** Sizes that wander: each round writes only sizes of one quarter of the range. */
  private void replaceInBands(boolean compacting) {
    int least = leastBytes;
    int quarterBytes = (mostBytes - leastBytes) / 4;
    for (int band : new int[] {0, 3, 1, 2}) {
      leastBytes = least + band * quarterBytes;
      mostBytes = leastBytes + quarterBytes;
      replace(1, compacting);
    }
    leastBytes = least;
    mostBytes = least + 4 * quarterBytes;
  }

  private void shrink() {
    for (int i = 0; i < references.length; i++) {
      if (random.nextInt(3) != 0) {
        remove(i);
      }
    }
  }

  private void compact() {
    while (arena.wantsCompaction()) {
      long start = System.nanoTime();
      int slabs = arena.chooseSparse();
      System.out.printf(
          Locale.ROOT, "  %d slabs chosen in %d us%n", slabs, (System.nanoTime() - start) / 1000);
      if (slabs == 0) {
        return;
      }
      long longest = 0;
      int slow = 0;
      for (int position = 0; position >= 0; ) {
        long sliceStart = System.nanoTime();
        position = walk(position);
        long nanos = System.nanoTime() - sliceStart;
        longest = Math.max(longest, nanos);
        slow += nanos > 500_000 ? 1 : 0;
      }
      printTime("  walk", start, references.length);
      System.out.printf(
          Locale.ROOT, "  longest slice %d us, %d above 500 us%n", longest / 1000, slow);
      print("  compacted");
    }
  }

  /** Moves what is to be moved in one slice; where to go on, or -1 at the end. */
  private int walk(int from) {
    int end = Math.min(references.length, from + BLOCKS_PER_SLICE);
    for (int i = from; i < end; i++) {
      int old = references[i];
      if (old != 0 && arena.isEvacuating(old)) {
        int capacity = arena.capacity(old);
        int copy = arena.allocate(capacity);
        System.arraycopy(
            arena.slab(old), Arena.offset(old), arena.slab(copy), Arena.offset(copy), capacity);
        references[i] = copy;
        arena.free(old);
      }
    }
    if (end < references.length) {
      return end;
    }
    arena.finishCompaction();
    return -1;
  }

  private static void printTime(String what, long start, long operations) {
    long nanos = System.nanoTime() - start;
    System.out.printf(
        Locale.ROOT,
        "%s: %d ms, %.1f ns each%n",
        what,
        nanos / 1_000_000,
        (double) nanos / operations);
  }

  private void print(String what) {
    System.out.printf(
        Locale.ROOT,
        "%s: requested %d MiB, used %d MiB (+%.1f%%), reserved %d MiB (+%.1f%% of used)%n",
        what,
        requestedBytes >> 20,
        arena.usedBytes() >> 20,
        100.0 * (arena.usedBytes() - requestedBytes) / requestedBytes,
        arena.reservedBytes() >> 20,
        100.0 * (arena.reservedBytes() - arena.usedBytes()) / arena.usedBytes());
  }
}
