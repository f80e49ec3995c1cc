package io.cinnabar.structure;

import io.cinnabar.arena.Arena;
import io.cinnabar.arena.ArenaFullException;
import io.cinnabar.arena.Bytes;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * A set of numbers, from 0 on, for each of many keys, in an arena of its own: such as the clients
 * that have cached a key. A key and its numbers are one block; no object is made for either. Low
 * numbers, which most are while there are few in all, are bits.
 *
 * <pre>
 *   block  0  8  bit n: n is one of the numbers, for n from 0 to 63
 *          8  4  how many numbers there are from 64 on
 *         12     the key, see {@link ElementKey}
 *         ..  4  each number from 64 on, in ascending order
 * </pre>
 *
 * <p>Invariants, checked by {@link #validate}:
 *
 * <ol>
 *   <li>The table is whole, and holds every block that the arena has handed out for a key.
 *   <li>A key has at least one number; those from 64 on ascend.
 *   <li>The total is the sum of the keys' numbers.
 * </ol>
 *
 * <p>For the loop's thread alone.
 */
public final class NumbersByKey implements SegmentedTable.BlockMover {

  private static final int BITS = Long.SIZE;
  private static final int COUNT = 8;
  private static final int KEY = 12;
  private static final int NUMBER_BYTES = 4;

  /** Empty slabs that are kept for what comes next. */
  private static final long KEPT_BYTES = 1 << 20;

  private final Arena arena;
  private final KeyHash keyHash;
  private SegmentedTable table;
  private long total;
  private int[] removed = new int[8];

  /** Whether a walk of the compaction is under way, and where it goes on. */
  private boolean walking;

  private long position;

  /** What the last walk has left; another one is worth it when there is considerably more. */
  private long leftBytes;

  /**
   * Without keys.
   *
   * @param limitBytes the most that all of it may take of the heap
   * @param keyHash what keys are hashed with, for the passes over a batch too
   */
  public NumbersByKey(long limitBytes, KeyHash keyHash) {
    arena = Arena.ofBytes(limitBytes);
    this.keyHash = keyHash;
    table = newTable();
  }

  private SegmentedTable newTable() {
    return new SegmentedTable(arena, keyHash, KEY);
  }

  // Figures.

  /** How many keys there are. */
  public long size() {
    return table.size();
  }

  /** How many numbers all keys have together. */
  public long total() {
    return total;
  }

  /** What all of it takes of the heap. */
  public long memoryBytes() {
    return arena.reservedBytes() + table.directoryBytes();
  }

  // Ahead of a batch.

  /** First pass over a batch: see {@link SegmentedTable#touchBucket}. */
  public int touchBucket(long hash) {
    return table.touchBucket(hash);
  }

  /** Second pass: see {@link SegmentedTable#candidate}. */
  public int candidate(long hash) {
    return table.candidate(hash);
  }

  /** Third pass, over what the second yielded, for a key of {@code keyLength} bytes. */
  public int touchCandidate(int candidate, int keyLength) {
    return table.touchElement(candidate, KEY + keyLength);
  }

  // Numbers.

  /**
   * Adds a number to those of a key.
   *
   * @param hash of the key, by the hash that was given to this
   * @return whether the key didn't have it yet
   * @throws ArenaFullException when there is no memory for it; nothing has changed
   */
  public boolean add(Slice key, long hash, int number) {
    int block = table.find(key, hash);
    if (block == 0) {
      insert(key, hash, number);
      return true;
    }
    boolean added = number < BITS ? addBit(block, number) : addNumber(block, hash, number);
    total += added ? 1 : 0;
    return added;
  }

  private boolean addBit(int block, int number) {
    byte[] slab = arena.slab(block);
    long before = bits(slab, block);
    Bytes.putLong(slab, Arena.offset(block), before | 1L << number);
    return (before & 1L << number) == 0;
  }

  private boolean addNumber(int block, long hash, int number) {
    byte[] slab = arena.slab(block);
    int numbers = numbers(slab, block);
    int count = count(slab, block);
    int at = placeOf(slab, numbers, count, number);
    if (at < count && Bytes.getInt(slab, numbers + at * NUMBER_BYTES) == number) {
      return false;
    }
    boolean fits =
        numbers - Arena.offset(block) + (count + 1) * NUMBER_BYTES <= arena.capacity(block);
    put(fits ? block : enlarge(block, hash), at, number);
    return true;
  }

  private void insert(Slice key, long hash, int number) {
    boolean isBit = number < BITS;
    int made = arena.allocate(KEY + ElementKey.sizeBytes(key) + (isBit ? 0 : NUMBER_BYTES));
    byte[] slab = arena.slab(made);
    int base = Arena.offset(made);
    Bytes.putLong(slab, base, isBit ? 1L << number : 0);
    Bytes.putInt(slab, base + COUNT, isBit ? 0 : 1);
    int numbers = ElementKey.write(slab, base + KEY, key);
    if (!isBit) {
      Bytes.putInt(slab, numbers, number);
    }
    try {
      table.insert(hash, made, 0);
    } catch (ArenaFullException full) {
      arena.free(made);
      throw full;
    }
    total++;
  }

  /** Moves a key's block into one with room for half as many numbers more, and one. */
  private int enlarge(int block, long hash) {
    byte[] slab = arena.slab(block);
    int count = count(slab, block);
    int usedBytes = numbers(slab, block) - Arena.offset(block) + count * NUMBER_BYTES;
    int made = arena.allocate(usedBytes + (1 + count / 2) * NUMBER_BYTES);
    System.arraycopy(
        arena.slab(block), Arena.offset(block), arena.slab(made), Arena.offset(made), usedBytes);
    table.replace(hash, block, made, 0);
    arena.free(block);
    return made;
  }

  private void put(int block, int at, int number) {
    byte[] slab = arena.slab(block);
    int count = count(slab, block);
    int place = numbers(slab, block) + at * NUMBER_BYTES;
    System.arraycopy(slab, place, slab, place + NUMBER_BYTES, (count - at) * NUMBER_BYTES);
    Bytes.putInt(slab, place, number);
    Bytes.putInt(slab, Arena.offset(block) + COUNT, count + 1);
  }

  /** How many of a block's numbers from 64 on are below one. */
  private static int placeOf(byte[] slab, int numbers, int count, int number) {
    int low = 0;
    int high = count;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Bytes.getInt(slab, numbers + middle * NUMBER_BYTES) < number) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static long bits(byte[] slab, int block) {
    return Bytes.getLong(slab, Arena.offset(block));
  }

  private static int count(byte[] slab, int block) {
    return Bytes.getInt(slab, Arena.offset(block) + COUNT);
  }

  private static int numbers(byte[] slab, int block) {
    return ElementKey.end(slab, Arena.offset(block) + KEY);
  }

  /**
   * Takes a key out.
   *
   * @return how many numbers it had: they stand in {@link #removed} until the next call
   */
  public int remove(Slice key) {
    long hash = keyHash.of(key);
    int block = table.find(key, hash);
    if (block == 0) {
      return 0;
    }
    int count = readNumbers(block);
    table.remove(hash, block);
    arena.free(block);
    total -= count;
    return count;
  }

  /** Copies a block's numbers to {@link #removed}; how many they are. */
  private int readNumbers(int block) {
    byte[] slab = arena.slab(block);
    long bits = bits(slab, block);
    int further = count(slab, block);
    int count = Long.bitCount(bits) + further;
    if (removed.length < count) {
      removed = new int[Math.max(count, 2 * removed.length)];
    }
    int to = 0;
    for (; bits != 0; bits &= bits - 1) {
      removed[to++] = Long.numberOfTrailingZeros(bits);
    }
    int numbers = numbers(slab, block);
    for (int i = 0; i < further; i++) {
      removed[to++] = Bytes.getInt(slab, numbers + i * NUMBER_BYTES);
    }
    return count;
  }

  /** The numbers of the key that was taken out last, and undefined ones behind them. */
  public int[] removed() {
    return removed;
  }

  /** Sets {@code into} to a key, each as likely as any other; valid until the next change. */
  public void random(RandomGenerator random, Slice into) {
    int block = table.random(random);
    if (block == 0) {
      throw new IllegalStateException("there is no key");
    }
    ElementKey.read(arena.slab(block), Arena.offset(block) + KEY, into);
  }

  /** Takes all keys out, in a time that doesn't depend on how many there are. */
  public void clear() {
    arena.reset();
    table = newTable();
    total = 0;
    walking = false;
  }

  // Housekeeping.

  /**
   * Empties slabs that are nearly empty, a segment of the table at a time, and gives empty ones
   * back.
   *
   * @return whether there is more to do
   */
  public boolean compactStep() {
    if (!walking) {
      arena.shrinkTo(arena.usedBytes() + KEPT_BYTES);
      long savableBytes = arena.savableBytes();
      leftBytes = Math.min(leftBytes, savableBytes);
      if (savableBytes < leftBytes + KEPT_BYTES
          || !arena.wantsCompaction()
          || arena.chooseSparse() == 0) {
        return false;
      }
      walking = true;
      position = 0;
    }
    try {
      table.evacuate(position, this);
      position = table.nextSegment(position);
    } catch (ArenaFullException full) {
      position = 0;
    }
    if (position == 0) {
      arena.finishCompaction();
      walking = false;
      leftBytes = arena.savableBytes();
    }
    return true;
  }

  @Override
  public int move(int block, int marks) {
    int sizeBytes = arena.capacity(block);
    int made;
    try {
      made = arena.allocate(sizeBytes);
    } catch (ArenaFullException full) {
      // Nothing is lost: the arena has given up the compaction by itself.
      return block;
    }
    System.arraycopy(
        arena.slab(block), Arena.offset(block), arena.slab(made), Arena.offset(made), sizeBytes);
    arena.free(block);
    return made;
  }

  /**
   * Checks the invariants; takes time and garbage in proportion to the keys.
   *
   * @throws IllegalStateException when one is broken
   */
  public void validate() {
    table.validate();
    arena.validate();
    long sum = 0;
    long keys = 0;
    long at = 0;
    do {
      int[] blocks = new int[SegmentedTable.MAX_SEGMENT_ELEMENTS];
      int found = table.collect(at, 0, blocks);
      keys += found;
      for (int i = 0; i < found; i++) {
        sum += checkNumbers(blocks[i]);
      }
      at = table.nextSegment(at);
    } while (at != 0);
    require(keys + table.segmentCount() == arena.liveBlocks(), 1);
    require(sum == total, 3);
  }

  private int checkNumbers(int block) {
    int count = readNumbers(block);
    int[] numbers = Arrays.copyOf(removed, count);
    require(count > 0, 2);
    require(Arrays.equals(Arrays.stream(numbers).distinct().sorted().toArray(), numbers), 2);
    return count;
  }

  private static void require(boolean holds, int invariant) {
    if (!holds) {
      throw new IllegalStateException("invariant " + invariant);
    }
  }
}
