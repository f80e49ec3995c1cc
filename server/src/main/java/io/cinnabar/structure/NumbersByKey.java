package io.cinnabar.structure;

import io.cinnabar.arena.Arena;
import io.cinnabar.arena.ArenaFullException;
import io.cinnabar.arena.Bytes;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * A set of numbers for each of many keys, in an arena of its own: such as the clients that have
 * cached a key. A key and its numbers are one block; no object is made for either.
 *
 * <pre>
 *   block  0  4  how many numbers
 *          4     the key, see {@link ElementKey}
 *         ..  4  each number, in ascending order
 * </pre>
 *
 * <p>Invariants, checked by {@link #validate}:
 *
 * <ol>
 *   <li>The table is whole, and holds every block that the arena has handed out for a key.
 *   <li>A key has at least one number; its numbers ascend.
 *   <li>The total is the sum of the keys' numbers.
 * </ol>
 *
 * <p>For the loop's thread alone.
 */
public final class NumbersByKey implements SegmentedTable.BlockMover {

  private static final int COUNT_BYTES = 4;
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
   * @param seed so that nobody can choose keys that collide
   */
  public NumbersByKey(long limitBytes, long seed) {
    arena = Arena.ofBytes(limitBytes);
    keyHash = new KeyHash(seed);
    table = newTable();
  }

  private SegmentedTable newTable() {
    return new SegmentedTable(arena, keyHash, COUNT_BYTES);
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

  // Numbers.

  /**
   * Adds a number to those of a key.
   *
   * @return whether the key didn't have it yet
   * @throws ArenaFullException when there is no memory for it; nothing has changed
   */
  public boolean add(Slice key, int number) {
    long hash = keyHash.of(key);
    int block = table.find(key, hash);
    if (block == 0) {
      insert(key, hash, number);
      return true;
    }
    byte[] slab = arena.slab(block);
    int numbers = numbers(slab, block);
    int count = count(slab, block);
    int at = placeOf(slab, numbers, count, number);
    if (at < count && Bytes.getInt(slab, numbers + at * NUMBER_BYTES) == number) {
      return false;
    }
    if (numbers - Arena.offset(block) + (count + 1) * NUMBER_BYTES > arena.capacity(block)) {
      block = enlarge(block, hash);
    }
    put(block, at, number);
    total++;
    return true;
  }

  private void insert(Slice key, long hash, int number) {
    int made = arena.allocate(COUNT_BYTES + ElementKey.sizeBytes(key) + NUMBER_BYTES);
    byte[] slab = arena.slab(made);
    int base = Arena.offset(made);
    Bytes.putInt(slab, base, 1);
    int numbers = ElementKey.write(slab, base + COUNT_BYTES, key);
    Bytes.putInt(slab, numbers, number);
    try {
      table.insert(hash, made, 0);
    } catch (ArenaFullException full) {
      arena.free(made);
      throw full;
    }
    total++;
  }

  /** Moves a key's block into one with room for half as many numbers more. */
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
    Bytes.putInt(slab, Arena.offset(block), count + 1);
  }

  /** How many of a block's numbers are below one. */
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

  private int count(byte[] slab, int block) {
    return Bytes.getInt(slab, Arena.offset(block));
  }

  private int numbers(byte[] slab, int block) {
    return ElementKey.end(slab, Arena.offset(block) + COUNT_BYTES);
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
    byte[] slab = arena.slab(block);
    int count = count(slab, block);
    if (removed.length < count) {
      removed = new int[Math.max(count, 2 * removed.length)];
    }
    int numbers = numbers(slab, block);
    for (int i = 0; i < count; i++) {
      removed[i] = Bytes.getInt(slab, numbers + i * NUMBER_BYTES);
    }
    table.remove(hash, block);
    arena.free(block);
    total -= count;
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
    ElementKey.read(arena.slab(block), Arena.offset(block) + COUNT_BYTES, into);
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
    byte[] slab = arena.slab(block);
    int count = count(slab, block);
    int[] numbers = new int[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = Bytes.getInt(slab, numbers(slab, block) + i * NUMBER_BYTES);
    }
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
