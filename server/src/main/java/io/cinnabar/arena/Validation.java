package io.cinnabar.arena;

import java.util.BitSet;

/** Checks the invariants of {@link Arena} by looking at everything; for tests. */
final class Validation {

  private final SlabTable table;
  private final int[] records;
  private final long[] freeBlocks = new long[SizeClasses.COUNT];
  private final long[] totalBlocks = new long[SizeClasses.COUNT];
  private final int[] slabsWithRoom = new int[SizeClasses.COUNT];
  private long reservedBytes;
  private long takenBytes;
  private int largeBlocks;
  private int pooled;
  private int unused;
  private int evacuating;

  Validation(SlabTable table) {
    this.table = table;
    records = table.records;
  }

  void check(long usedBytes, Limbo limbo) {
    for (int slab = 1; slab <= table.highestNumber; slab++) {
      checkSlab(slab);
    }
    for (int sizeClass = 0; sizeClass < SizeClasses.COUNT; sizeClass++) {
      checkRoom(sizeClass);
      require(freeBlocks[sizeClass], table.freeBlocks[sizeClass], "3: free blocks");
      require(totalBlocks[sizeClass], table.totalBlocks[sizeClass], "3: blocks of a class");
    }
    require(listLength(table.pool(), SlabTable.POOLED), pooled, "4: pool");
    require(table.pooledSlabs, pooled, "4: pooled slabs");
    require(listLength(table.unused(), SlabTable.UNUSED), unused, "4: unused numbers");
    require(evacuating, table.evacuatingCount, "4: evacuating slabs");
    require(largeBlocks, table.largeBlocks, "5: large blocks");
    require(reservedBytes, table.reservedBytes, "5: reserved bytes");
    require(takenBytes, usedBytes + limbo.bytes(), "5: used bytes");
  }

  private void checkSlab(int slab) {
    int sizeClass = records[(slab << SlabTable.RECORD_SHIFT) + SlabTable.CLASS];
    int lengthBytes = table.slabs[slab].length;
    if (sizeClass == SlabTable.UNUSED) {
      require(lengthBytes, 0, "4: bytes of an unused number");
      unused++;
      return;
    }
    reservedBytes += lengthBytes + SlabTable.ARRAY_HEADER_BYTES;
    if (sizeClass == SlabTable.POOLED) {
      require(lengthBytes, SizeClasses.SLAB_BYTES, "4: bytes of an empty slab");
      pooled++;
    } else if (sizeClass == SlabTable.LARGE) {
      largeBlocks++;
      takenBytes += lengthBytes;
    } else {
      checkBlocks(slab, sizeClass);
    }
    require(sizeClass >= 0 || !table.evacuating[slab], "4: evacuating", slab, sizeClass);
  }

  private void checkBlocks(int slab, int sizeClass) {
    int base = slab << SlabTable.RECORD_SHIFT;
    int sizeBytes = SizeClasses.sizeBytes(sizeClass);
    int grains = sizeBytes >> SizeClasses.GRAIN_SHIFT;
    int blocks = records[base + SlabTable.BLOCKS];
    int bump = records[base + SlabTable.BUMP];
    BitSet seen = new BitSet();
    int grain = records[base + SlabTable.FREE_HEAD];
    while (grain != SlabTable.NONE) {
      require(grain % grains == 0 && grain < bump && !seen.get(grain), "1: list", slab, grain);
      seen.set(grain);
      grain = Bytes.getInt(table.slabs[slab], grain << SizeClasses.GRAIN_SHIFT);
    }
    int free = seen.cardinality() + blocks - bump / grains;
    require(blocks * sizeBytes <= table.slabs[slab].length, "1: length", slab, blocks);
    require(free, records[base + SlabTable.FREE_COUNT], "1: free blocks of a slab");
    freeBlocks[sizeClass] += free;
    totalBlocks[sizeClass] += blocks;
    takenBytes += (long) (blocks - free) * sizeBytes;
    if (table.evacuating[slab]) {
      require(free > 0 && free < blocks, "4: evacuating slab", slab, free);
      evacuating++;
    } else if (free > 0) {
      slabsWithRoom[sizeClass]++;
    }
  }

  private void checkRoom(int sizeClass) {
    int previous = 0;
    int listed = 0;
    for (int slab = table.room[sizeClass]; slab != 0; ) {
      int base = slab << SlabTable.RECORD_SHIFT;
      require(records[base + SlabTable.CLASS], sizeClass, "2: class of a slab with room");
      require(records[base + SlabTable.PREVIOUS], previous, "2: link back");
      require(records[base + SlabTable.FREE_COUNT] > 0, "2: full", slab, 0);
      require(!table.evacuating[slab], "2: evacuating", slab, sizeClass);
      listed++;
      previous = slab;
      slab = records[base + SlabTable.NEXT];
    }
    require(listed, slabsWithRoom[sizeClass], "2: slabs with room");
  }

  private int listLength(int first, int sizeClass) {
    int length = 0;
    for (int slab = first; slab != 0; ) {
      int base = slab << SlabTable.RECORD_SHIFT;
      require(records[base + SlabTable.CLASS], sizeClass, "4: list of numbers");
      length++;
      slab = records[base + SlabTable.NEXT];
    }
    return length;
  }

  private static void require(long found, long expected, String what) {
    require(found == expected, what, found, expected);
  }

  static void require(boolean holds, String what, long first, long second) {
    if (!holds) {
      throw new AssertionError("invariant " + what + " (" + first + ", " + second + ")");
    }
  }
}
