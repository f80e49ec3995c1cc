package io.cinnabar.arena;

/**
 * Chooses the slabs whose blocks are to be moved together. Blocks freed at random leave all slabs
 * of a class half empty, and none can be given back; when the blocks of the sparsest fit into the
 * holes of the others, they are marked: nothing is allocated in them any more, the owner moves what
 * is left, and the emptied slabs serve other classes or go back to the heap.
 */
final class Compaction {

  /** Slabs are sorted by how full they are into this many buckets. */
  private static final int BUCKETS = 32;

  /** From this bucket on a slab is full enough: moving its blocks would gain too little. */
  private static final int FULL_BUCKET = 28;

  private final SlabTable table;

  // Blocks by class and bucket.
  private final long[] liveByFill = new long[SizeClasses.COUNT * BUCKETS];
  private final long[] freeByFill = new long[SizeClasses.COUNT * BUCKETS];

  // By class: the blocks that have to find room, the room that is left to them, and the first
  // bucket that can't be evacuated as a whole.
  private final long[] moving = new long[SizeClasses.COUNT];
  private final long[] room = new long[SizeClasses.COUNT];
  private final int[] boundary = new int[SizeClasses.COUNT];

  private Compaction(SlabTable table) {
    this.table = table;
  }

  /**
   * Bytes of the slabs that could be emptied, counted from each class's free blocks beyond those of
   * the slab that it would get next.
   */
  static long savableBytes(SlabTable table) {
    long savableBytes = 0;
    for (int sizeClass = 0; sizeClass < SizeClasses.COUNT; sizeClass++) {
      long free = table.freeBlocks[sizeClass];
      if (free > 0) {
        // At least two of them: with one to go on with and holes for another there is a choice.
        int slabBlocks = table.blocksOfNextSlab(sizeClass);
        if (free >= 2L * slabBlocks) {
          savableBytes += (free - slabBlocks) * SizeClasses.sizeBytes(sizeClass);
        }
      }
    }
    return savableBytes;
  }

  /** Marks the sparsest slabs in two passes over the records; how many are marked. */
  static int choose(SlabTable table) {
    finish(table);
    Compaction compaction = new Compaction(table);
    compaction.countByFill();
    for (int sizeClass = 0; sizeClass < SizeClasses.COUNT; sizeClass++) {
      compaction.findBoundary(sizeClass);
    }
    for (int slab = 1; slab <= table.highestNumber; slab++) {
      compaction.mark(slab);
    }
    return table.evacuatingCount;
  }

  private void countByFill() {
    for (int slab = 1; slab <= table.highestNumber; slab++) {
      int base = slab << SlabTable.RECORD_SHIFT;
      int sizeClass = table.records[base + SlabTable.CLASS];
      if (sizeClass >= 0) {
        int free = table.records[base + SlabTable.FREE_COUNT];
        int index = sizeClass * BUCKETS + bucket(table.records, base);
        liveByFill[index] += table.records[base + SlabTable.BLOCKS] - free;
        freeByFill[index] += free;
      }
    }
  }

  private void findBoundary(int sizeClass) {
    long live = 0;
    long free = table.freeBlocks[sizeClass];
    int bucket = 0;
    for (; bucket < FULL_BUCKET; bucket++) {
      int index = sizeClass * BUCKETS + bucket;
      if (live + liveByFill[index] > free - freeByFill[index]) {
        break;
      }
      live += liveByFill[index];
      free -= freeByFill[index];
    }
    moving[sizeClass] = live;
    room[sizeClass] = free;
    boundary[sizeClass] = bucket;
  }

  private void mark(int slab) {
    int base = slab << SlabTable.RECORD_SHIFT;
    int sizeClass = table.records[base + SlabTable.CLASS];
    if (sizeClass < 0) {
      return;
    }
    int free = table.records[base + SlabTable.FREE_COUNT];
    int live = table.records[base + SlabTable.BLOCKS] - free;
    int bucket = bucket(table.records, base);
    if (live == 0 || bucket >= FULL_BUCKET || bucket > boundary[sizeClass]) {
      return;
    }
    if (bucket == boundary[sizeClass]) {
      if (moving[sizeClass] + live > room[sizeClass] - free) {
        return;
      }
      moving[sizeClass] += live;
      room[sizeClass] -= free;
    }
    table.unlinkRoom(slab, sizeClass);
    table.evacuating[slab] = true;
    table.evacuatingCount++;
  }

  private static int bucket(int[] records, int base) {
    int blocks = records[base + SlabTable.BLOCKS];
    int live = blocks - records[base + SlabTable.FREE_COUNT];
    return live == blocks ? BUCKETS - 1 : live * BUCKETS / blocks;
  }

  /** Ends the evacuation: what still holds blocks takes part in allocation again. */
  static void finish(SlabTable table) {
    if (table.evacuatingCount == 0) {
      return;
    }
    for (int slab = 1; slab <= table.highestNumber; slab++) {
      if (table.evacuating[slab]) {
        int base = slab << SlabTable.RECORD_SHIFT;
        table.evacuating[slab] = false;
        table.linkRoom(slab, table.records[base + SlabTable.CLASS]);
      }
    }
    table.evacuatingCount = 0;
  }
}
