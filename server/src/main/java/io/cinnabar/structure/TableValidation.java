package io.cinnabar.structure;

import io.cinnabar.arena.Arena;

/** One check of the invariants of a {@link SegmentedTable}, numbered as there. */
final class TableValidation {
  private static final int MAX_DEPTH = 64;

  private final SegmentedTable table;
  private final Arena arena;
  private final int[] segmentsOfDepth = new int[MAX_DEPTH + 1];
  private long size;
  private long expiring;

  TableValidation(SegmentedTable table, Arena arena) {
    this.table = table;
    this.arena = arena;
  }

  void check() {
    long[] directory = table.words();
    require(directory.length == 1 << table.directoryDepth(), 1, "length of the directory");
    for (int i = 0; i < directory.length; ) {
      long word = directory[i];
      int depth = SegmentDirectory.depth(word);
      int width = directory.length >>> depth;
      require(width > 0 && (i & width - 1) == 0, 1, "prefix of a segment");
      for (int j = i; j < i + width; j++) {
        require(directory[j] == word, 1, "words of one segment");
      }
      segmentsOfDepth[depth]++;
      checkSegment(i / width, word);
      i += width;
    }
    require(size == table.size(), 4, "size " + size + ", noted " + table.size());
    require(expiring == table.expiring(), 4, "expiring " + expiring);
    for (int depth = 0; depth <= table.directoryDepth(); depth++) {
      require(segmentsOfDepth[depth] == table.segmentsOfDepth(depth), 6, "segments of a depth");
    }
  }

  private void checkSegment(long prefix, long word) {
    int buckets = SegmentDirectory.buckets(word);
    int depth = SegmentDirectory.depth(word);
    byte[] slab = arena.slab((int) word);
    int base = Arena.offset((int) word);
    int[] passing = new int[buckets];
    int elements = 0;
    int marked = 0;
    for (int index = 0; index < buckets; index++) {
      int bucket = Segment.bucket(base, index);
      for (int slot = 0; slot < Segment.SLOTS; slot++) {
        int reference = Segment.reference(slab, bucket, slot);
        require(reference != 0 ^ Segment.isFree(slab, bucket, slot), 3, "a free slot");
        if (reference != 0) {
          long hash = table.hashOf(reference);
          require(depth == 0 || hash >>> (64 - depth) == prefix, 2, "segment of an element");
          require((slab[bucket + slot] & 0xff) == Segment.tag(hash), 3, "tag");
          require(table.find(keyOf(reference), hash) == reference, 5, "an element that is found");
          int home = Segment.home(hash, depth, buckets);
          for (int i = home; i != index; i = i + 1 == buckets ? 0 : i + 1) {
            passing[i]++;
          }
          elements++;
          marked += Segment.marks(slab, bucket, slot) & Segment.EXPIRES;
        }
      }
    }
    for (int i = 0; i < buckets; i++) {
      int overflow = Segment.overflow(slab, Segment.bucket(base, i));
      require(overflow == 255 || overflow == passing[i], 2, "overflow of a bucket");
    }
    require(elements == Segment.count(slab, base), 4, "count of a segment");
    require(marked == Segment.expiring(slab, base), 4, "count of those that expire");
    size += elements;
    expiring += marked;
  }

  private Slice keyOf(int reference) {
    return ElementKey.of(arena.slab(reference), Arena.offset(reference) + table.keyOffset);
  }

  private static void require(boolean holds, int invariant, String what) {
    if (!holds) {
      throw new IllegalStateException("invariant " + invariant + ": " + what);
    }
  }
}
