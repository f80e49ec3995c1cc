package io.cinnabar.arena;

import java.util.Arrays;

/**
 * The slabs by number: their arrays, one record each about their blocks, for each size class the
 * list of its slabs with room, and a pool of empty slabs that fit every class. Number 0 is never
 * used, so that no reference is 0.
 *
 * <pre>
 *   record: 8 ints
 *   +0  CLASS       size class of the blocks, or LARGE, POOLED, UNUSED
 *   +1  FREE_HEAD   grain of the block freed last, or NONE; its first 4 bytes hold the grain of the next
 *   +2  FREE_COUNT  blocks to be had: freed ones and those never carved
 *   +3  BUMP        grain of the first byte never carved
 *   +4  BLOCKS      all blocks of the slab
 *   +5  NEXT        next in the list that the slab is in: slabs with room, pool, unused numbers
 *   +6  PREVIOUS    previous in the list of slabs with room
 *   +7  (nothing)
 * </pre>
 *
 * <p>A grain is an offset divided by 16. Blocks never used are carved off by moving {@code BUMP},
 * so the pages of a new slab are touched only when its blocks are.
 */
final class SlabTable {

  static final int RECORD_SHIFT = 3;
  static final int CLASS = 0;
  static final int FREE_HEAD = 1;
  static final int FREE_COUNT = 2;
  static final int BUMP = 3;
  static final int BLOCKS = 4;
  static final int NEXT = 5;
  static final int PREVIOUS = 6;

  static final int LARGE = -1;
  static final int POOLED = -2;
  static final int UNUSED = -3;

  /** No block starts at this grain: it lies behind the last byte of a full slab. */
  static final int NONE = 0xFFFF;

  static final int MAX_SLABS = 0xFFFF;

  /** What the collector adds to an array: its header, and the padding up to 8 bytes at most. */
  static final int ARRAY_HEADER_BYTES = 16;

  private static final int FIRST_SLAB_BYTES = 16 << 10;
  private static final int LAST_SMALL_SLAB_BYTES = 512 << 10;

  /**
   * Slabs of a large arena have more than this. Such an array is made in the old generation at
   * once, where the launcher has it so; smaller ones are copied there in the collector's pauses.
   */
  private static final int LARGE_ARENA_SLAB_BYTES = 288 << 10;

  private static final int FIRST_NUMBERS = 32;

  /** Arrays of freed large blocks are kept up to this part of the limit, and no more than that. */
  private static final int SPARE_PART = 32;

  private static final long MAX_SPARE_BYTES = 128L << 20;

  /** Behind numbers without a slab: whoever uses a stale reference hits a bound. */
  private static final byte[] NO_SLAB = {};

  byte[][] slabs;
  int[] records;

  /** Whether the blocks of a slab are to be moved elsewhere. */
  boolean[] evacuating;

  int evacuatingCount;

  /** First slab with room by class, or 0; allocations come from it. */
  final int[] room = new int[SizeClasses.COUNT];

  /** Blocks to be had by class, those of evacuating slabs included. */
  final long[] freeBlocks = new long[SizeClasses.COUNT];

  /** All blocks of the slabs of a class. */
  final long[] totalBlocks = new long[SizeClasses.COUNT];

  int largeBlocks;

  /** Bytes of the arrays that have a number, headers included. */
  long reservedBytes;

  /** Slabs in the pool. */
  int pooledSlabs;

  int highestNumber;

  private final int slabLimit;
  private long limitBytes;
  private final SpareArrays spare;
  private int slabCount;
  private int unused;
  private int pool;

  /**
   * An empty table.
   *
   * @param slabLimit the most slabs and large blocks
   * @param limitBytes the most that they may take of the heap
   */
  SlabTable(int slabLimit, long limitBytes) {
    this.slabLimit = slabLimit;
    this.limitBytes = limitBytes;
    spare = new SpareArrays(Math.min(MAX_SPARE_BYTES, limitBytes / SPARE_PART));
    slabs = new byte[FIRST_NUMBERS][];
    Arrays.fill(slabs, NO_SLAB);
    records = new int[FIRST_NUMBERS << RECORD_SHIFT];
    records[CLASS] = UNUSED;
    evacuating = new boolean[FIRST_NUMBERS];
  }

  /**
   * Forgets all blocks. The slabs that fit every class go to the pool, the others to the collector;
   * all numbers stay. Takes nothing from the heap, so that it cannot fail halfway.
   */
  void clear() {
    Arrays.fill(room, 0);
    Arrays.fill(freeBlocks, 0);
    Arrays.fill(totalBlocks, 0);
    Arrays.fill(evacuating, false);
    evacuatingCount = 0;
    largeBlocks = 0;
    pool = 0;
    pooledSlabs = 0;
    // From the highest down, so that the lowest numbers are the first to be used again.
    for (int number = highestNumber; number > 0; number--) {
      if (slabs[number].length == SizeClasses.SLAB_BYTES) {
        toPool(number);
      } else if (records[(number << RECORD_SHIFT) + CLASS] != UNUSED) {
        remove(number);
      }
    }
  }

  /**
   * Gives a class, which has no slab with room, one with nothing but room.
   *
   * @throws ArenaFullException when there is neither heap nor number for it; nothing has changed
   */
  void addSlab(int sizeClass) {
    int sizeBytes = SizeClasses.sizeBytes(sizeClass);
    int fullBlocks = SizeClasses.blocksPerSlab(sizeClass);
    int blocks = blocksOfNextSlab(sizeClass, sizeBytes, fullBlocks);
    int slab;
    // An empty slab costs nothing more: a class that fills one anyway has it before its time.
    boolean large = totalBlocks[sizeClass] >= fullBlocks;
    if (pool != 0 && (large || blocks == fullBlocks)) {
      slab = takePooled();
      blocks = fullBlocks;
    } else {
      try {
        slab = add(blocks == fullBlocks ? SizeClasses.SLAB_BYTES : blocks * sizeBytes);
      } catch (ArenaFullException full) {
        if (pool == 0) {
          throw full;
        }
        slab = takePooled();
        blocks = fullBlocks;
      }
    }
    int base = slab << RECORD_SHIFT;
    records[base + CLASS] = sizeClass;
    records[base + BLOCKS] = blocks;
    records[base + FREE_COUNT] = blocks;
    records[base + FREE_HEAD] = NONE;
    records[base + BUMP] = 0;
    totalBlocks[sizeClass] += blocks;
    freeBlocks[sizeClass] += blocks;
    linkRoom(slab, sizeClass);
  }

  /** How many blocks the next slab of a class will have. */
  int blocksOfNextSlab(int sizeClass) {
    return blocksOfNextSlab(
        sizeClass, SizeClasses.sizeBytes(sizeClass), SizeClasses.blocksPerSlab(sizeClass));
  }

  /**
   * Slabs grow with their class, a thirty-second of what it has, so that a small data set reserves
   * little; and with the arena, a 256th of it at first.
   */
  private int blocksOfNextSlab(int sizeClass, int sizeBytes, int fullBlocks) {
    long classBytes = totalBlocks[sizeClass] * sizeBytes;
    long leastBytes = Math.min(LARGE_ARENA_SLAB_BYTES, reservedBytes >> 8);
    long targetBytes = Math.max(Math.max(FIRST_SLAB_BYTES, leastBytes), classBytes >> 5);
    long blocks = Math.max(2, targetBytes / sizeBytes);
    boolean large = totalBlocks[sizeClass] >= fullBlocks;
    return large && blocks * sizeBytes > LAST_SMALL_SLAB_BYTES
        ? fullBlocks
        : (int) Math.min(blocks, fullBlocks);
  }

  /**
   * Makes a slab of one large block, an array of {@link SpareArrays#lengthFor} its size.
   *
   * @throws ArenaFullException when there is neither heap nor number for it; nothing has changed
   */
  int addLarge(int sizeBytes) {
    int lengthBytes = SpareArrays.lengthFor(sizeBytes);
    byte[] array = slabCount < slabLimit ? spare.take(lengthBytes) : null;
    int slab = array == null ? add(lengthBytes) : add(array);
    int base = slab << RECORD_SHIFT;
    records[base + CLASS] = LARGE;
    records[base + BLOCKS] = 1;
    records[base + FREE_COUNT] = 0;
    largeBlocks++;
    return slab;
  }

  void removeLarge(int slab) {
    largeBlocks--;
    spare.give(slabs[slab]);
    remove(slab);
  }

  /** Puts a slab at the front of its class's list, so that it is filled up first. */
  void linkRoom(int slab, int sizeClass) {
    int next = room[sizeClass];
    records[(slab << RECORD_SHIFT) + NEXT] = next;
    records[(slab << RECORD_SHIFT) + PREVIOUS] = 0;
    if (next != 0) {
      records[(next << RECORD_SHIFT) + PREVIOUS] = slab;
    }
    room[sizeClass] = slab;
  }

  void unlinkRoom(int slab, int sizeClass) {
    int next = records[(slab << RECORD_SHIFT) + NEXT];
    int previous = records[(slab << RECORD_SHIFT) + PREVIOUS];
    if (next != 0) {
      records[(next << RECORD_SHIFT) + PREVIOUS] = previous;
    }
    if (previous == 0) {
      room[sizeClass] = next;
    } else {
      records[(previous << RECORD_SHIFT) + NEXT] = next;
    }
  }

  /** Takes a slab back whose last block has just been freed. */
  void emptied(int slab) {
    int base = slab << RECORD_SHIFT;
    int sizeClass = records[base + CLASS];
    int blocks = records[base + BLOCKS];
    boolean full = slabs[slab].length == SizeClasses.SLAB_BYTES;
    boolean wasEvacuating = evacuating[slab];
    if (!full && !wasEvacuating && freeBlocks[sizeClass] == blocks) {
      // The only room of its class: a value that comes and goes must not make arrays each time.
      records[base + FREE_HEAD] = NONE;
      records[base + BUMP] = 0;
      return;
    }
    if (wasEvacuating) {
      evacuating[slab] = false;
      evacuatingCount--;
    } else {
      unlinkRoom(slab, sizeClass);
    }
    totalBlocks[sizeClass] -= blocks;
    freeBlocks[sizeClass] -= blocks;
    if (full) {
      toPool(slab);
    } else {
      remove(slab);
    }
  }

  private void toPool(int slab) {
    int base = slab << RECORD_SHIFT;
    records[base + CLASS] = POOLED;
    records[base + NEXT] = pool;
    pool = slab;
    pooledSlabs++;
  }

  /** Gives the empty slabs of the pool, and the spare arrays, to the collector. */
  void drainPool() {
    shrinkTo(0);
  }

  /** Gives spare arrays and empty slabs to the collector until no more than this is reserved. */
  void shrinkTo(long bytes) {
    if (reservedBytes + spare.reservedBytes() > bytes) {
      spare.drain();
    }
    while (pool != 0 && reservedBytes > bytes) {
      remove(takePooled());
    }
  }

  /** Sets the most that the slabs may take of the heap. */
  void limitBytes(long limitBytes) {
    this.limitBytes = limitBytes;
  }

  /** The first empty slab, or 0. */
  int pool() {
    return pool;
  }

  /** The first number without a slab of those that had one, or 0. */
  int unused() {
    return unused;
  }

  private int takePooled() {
    int slab = pool;
    pool = records[(slab << RECORD_SHIFT) + NEXT];
    pooledSlabs--;
    return slab;
  }

  private int add(int lengthBytes) {
    if (slabCount == slabLimit) {
      throw new ArenaFullException("all slab numbers are taken");
    }
    if (lengthBytes > limitBytes - ARRAY_HEADER_BYTES - reservedBytes()) {
      spare.drain();
    }
    if (lengthBytes > limitBytes - ARRAY_HEADER_BYTES - reservedBytes) {
      throw new ArenaFullException("the arena has its share of the heap");
    }
    return add(newArray(lengthBytes));
  }

  private byte[] newArray(int lengthBytes) {
    while (true) {
      try {
        return new byte[lengthBytes];
      } catch (OutOfMemoryError exhausted) {
        if (spare.reservedBytes() == 0) {
          throw new ArenaFullException("the heap is exhausted");
        }
        spare.drain();
      }
    }
  }

  /** Bytes of the heap that spare arrays take. */
  long spareBytes() {
    return spare.reservedBytes();
  }

  /** Bytes of the heap that all arrays take, those that are spare included. */
  long reservedBytes() {
    return reservedBytes + spare.reservedBytes();
  }

  private int add(byte[] array) {
    if (unused == 0 && highestNumber + 1 == slabs.length) {
      growNumbers();
    }
    int slab = unused;
    if (slab != 0) {
      unused = records[(slab << RECORD_SHIFT) + NEXT];
    } else {
      slab = ++highestNumber;
    }
    slabs[slab] = array;
    slabCount++;
    reservedBytes += (long) array.length + ARRAY_HEADER_BYTES;
    return slab;
  }

  private void remove(int slab) {
    reservedBytes -= (long) slabs[slab].length + ARRAY_HEADER_BYTES;
    slabCount--;
    slabs[slab] = NO_SLAB;
    records[(slab << RECORD_SHIFT) + CLASS] = UNUSED;
    records[(slab << RECORD_SHIFT) + NEXT] = unused;
    unused = slab;
  }

  private void growNumbers() {
    int numbers = slabs.length << 1;
    byte[][] moreSlabs = Arrays.copyOf(slabs, numbers);
    Arrays.fill(moreSlabs, slabs.length, numbers, NO_SLAB);
    int[] moreRecords = Arrays.copyOf(records, numbers << RECORD_SHIFT);
    boolean[] moreEvacuating = Arrays.copyOf(evacuating, numbers);
    slabs = moreSlabs;
    records = moreRecords;
    evacuating = moreEvacuating;
  }
}
