package io.cinnabar.structure;

import io.cinnabar.arena.Arena;
import java.util.Arrays;

/**
 * The elements of a segment, or of two to be merged, between the old layout and the new one.
 * Gathering hashes every key; that is what growth costs, for one segment at a time.
 */
final class SegmentBuilder {
  private final Arena arena;
  private final SegmentDirectory directory;
  private int[] references = new int[Segment.SLOTS];
  private byte[] marks = new byte[Segment.SLOTS];
  private long[] hashes = new long[Segment.SLOTS];
  private int count;

  SegmentBuilder(Arena arena, SegmentDirectory directory) {
    this.arena = arena;
    this.directory = directory;
  }

  void clear() {
    count = 0;
  }

  int count() {
    return count;
  }

  int reference(int index) {
    return references[index];
  }

  /** Adds the elements of a segment. */
  void gather(int segment, int buckets) {
    byte[] slab = arena.slab(segment);
    int base = Arena.offset(segment);
    ensureCapacity(count + Segment.count(slab, base));
    int from = count;
    for (int i = 0; i < buckets; i++) {
      int bucket = Segment.bucket(base, i);
      for (int slot = 0; slot < Segment.SLOTS; slot++) {
        if (!Segment.isFree(slab, bucket, slot)) {
          references[count] = Segment.reference(slab, bucket, slot);
          marks[count++] = (byte) Segment.marks(slab, bucket, slot);
        }
      }
    }
    // A loop of its own: the reads of the keys do not depend on each other and overlap.
    for (int i = from; i < count; i++) {
      hashes[i] = directory.hashOf(references[i]);
    }
  }

  /** How many hashes have {@code bit} set. */
  int countWithBit(int bit) {
    int ones = 0;
    for (int i = 0; i < count; i++) {
      ones += (int) (hashes[i] >>> bit) & 1;
    }
    return ones;
  }

  /** Places all elements in a new segment. */
  void placeAll(int segment, int buckets, int depth) {
    for (int i = 0; i < count; i++) {
      place(i, segment, buckets, depth);
    }
  }

  /** Places those whose hash has {@code value} at {@code bit}. */
  void placeWithBit(int bit, int value, int segment, int buckets, int depth) {
    for (int i = 0; i < count; i++) {
      if (((int) (hashes[i] >>> bit) & 1) == value) {
        place(i, segment, buckets, depth);
      }
    }
  }

  private void place(int i, int segment, int buckets, int depth) {
    int home = Segment.home(hashes[i], depth, buckets);
    int tag = Segment.tag(hashes[i]);
    byte[] slab = arena.slab(segment);
    Segment.place(slab, Arena.offset(segment), buckets, home, tag, references[i], marks[i]);
  }

  private void ensureCapacity(int needed) {
    if (needed > references.length) {
      references = Arrays.copyOf(references, Segment.MAX_ELEMENTS);
      marks = Arrays.copyOf(marks, Segment.MAX_ELEMENTS);
      hashes = Arrays.copyOf(hashes, Segment.MAX_ELEMENTS);
    }
  }
}
