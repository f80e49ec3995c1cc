package io.cinnabar.structure;

import io.cinnabar.arena.Arena;
import io.cinnabar.arena.Frozen;

/**
 * A {@link SegmentedTable} as it was when it was frozen, read element by element by one thread,
 * which need not be the loop's.
 */
public final class FrozenTable {
  private final Frozen view;
  private final long[] directory;
  private final long size;
  private final long expiring;

  private int index;
  private int bucket;
  private int slot;

  FrozenTable(Frozen view, long[] directory, long size, long expiring) {
    this.view = view;
    this.directory = directory;
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

  /** Begins again with the first element. */
  public void rewind() {
    index = 0;
    bucket = 0;
    slot = 0;
  }
}
