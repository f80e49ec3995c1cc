package io.cinnabar.structure;

import io.cinnabar.arena.Arena;
import io.cinnabar.arena.Frozen;
import io.cinnabar.arena.ReaderLimbo;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A {@link SegmentedTable} as it was when it was frozen, read element by element by one thread,
 * which need not be the loop's. What {@link #take} has passed may change again at once: nobody
 * comes back to it.
 */
public final class FrozenTable {
  /** What the table has freed is given back in so many parts at most, as the reader goes on. */
  private static final int MAX_PARTS = 64;

  /** And for so many segments at least at once. */
  private static final int SEGMENTS_OF_PART = 32;

  private final Frozen view;
  private final long[] directory;
  private final int depth;
  private final long size;
  private final long expiring;

  /** Words of the directory whose segments were read for the last time. */
  private final AtomicInteger taken = new AtomicInteger();

  /** What the table has freed of what is seen here; of the table's thread. */
  private @Nullable ReaderLimbo limbo;

  private int index;
  private int bucket;
  private int slot;

  FrozenTable(Frozen view, long[] directory, long size, long expiring) {
    this.view = view;
    this.directory = directory;
    this.depth = Integer.numberOfTrailingZeros(directory.length);
    this.size = size;
    this.expiring = expiring;
  }

  /** The number of elements. */
  public long size() {
    return size;
  }

  /** The number of elements marked {@link SegmentedTable#EXPIRES}. */
  public long expiring() {
    return expiring;
  }

  /** The next element in no particular order, 0 at the end. */
  public int next() {
    while (index < directory.length) {
      long word = directory[index];
      byte[] slab = view.slab((int) word);
      int base = Arena.offset((int) word);
      for (; bucket < SegmentDirectory.buckets(word); bucket++) {
        while (slot < Segment.SLOTS) {
          int reference = Segment.reference(slab, Segment.bucket(base, bucket), slot++);
          if (reference != 0) {
            return reference;
          }
        }
        slot = 0;
      }
      bucket = 0;
      index += directory.length >>> SegmentDirectory.depth(word);
    }
    return 0;
  }

  /**
   * As {@link #next}, for the last time: the elements before the one that this returns may change
   * from now on.
   */
  public int take() {
    int before = index;
    int reference = next();
    if (index != before) {
      taken.lazySet(index);
    }
    return reference;
  }

  /** Whether an element with this hash was taken already; asked by the table's thread. */
  boolean hasTaken(long hash) {
    int taken = this.taken.get();
    return taken != 0 && SegmentDirectory.index(hash, depth) < taken;
  }

  /** Whether this is all that anybody sees of what the arena was. */
  boolean isOnlyView(Arena arena) {
    return arena.isOnlyView(view);
  }

  /**
   * Frees a block that belongs to an element with this hash, or is the segment of such elements: at
   * once, or when the reader has taken them. By the table's thread, while this is the only view.
   */
  void free(int reference, int stamp, long hash) {
    ReaderLimbo limbo = this.limbo;
    if (limbo == null) {
      limbo = view.readerLimbo(1 << partBits());
      this.limbo = limbo;
    }
    limbo.free(reference, stamp, SegmentDirectory.index(hash, partBits()));
  }

  /** Gives back what the reader has passed; by the table's thread. */
  void releaseTaken() {
    if (limbo != null) {
      limbo.passed(taken.get() >>> (depth - partBits()));
    }
  }

  /** The parts are named by so many of the first bits of a hash. */
  private int partBits() {
    int parts = Math.min(directory.length / SEGMENTS_OF_PART, MAX_PARTS);
    return parts == 0 ? 0 : Integer.numberOfTrailingZeros(parts);
  }

  /** Begins again with the first element. */
  public void rewind() {
    index = 0;
    bucket = 0;
    slot = 0;
  }
}
