package io.cinnabar.structure;

import io.cinnabar.arena.Arena;
import io.cinnabar.arena.Frozen;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A {@link SegmentedTable} as it was when it was frozen, read element by element by one thread,
 * which need not be the loop's. What {@link #take} has passed may change again at once: nobody
 * comes back to it.
 */
public final class FrozenTable {
  private final Frozen view;
  private final long[] directory;
  private final int depth;
  private final long size;
  private final long expiring;

  /** Words of the directory whose segments were read for the last time. */
  private final AtomicInteger taken = new AtomicInteger();

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

  /** Begins again with the first element. */
  public void rewind() {
    index = 0;
    bucket = 0;
    slot = 0;
  }
}
