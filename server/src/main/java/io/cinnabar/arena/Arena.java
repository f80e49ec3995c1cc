package io.cinnabar.arena;

/**
 * Memory for the data set that the collector never traces: blocks inside large byte arrays (slabs),
 * named by integer references. A block keeps its place until it is freed; what it contains when it
 * is handed out is undefined.
 *
 * <pre>
 *   reference:  31            16 15             0
 *              [  slab number   |  offset / 16   ]     as an unsigned number; 0 is no block
 * </pre>
 *
 * <p>A block of up to 349,520 bytes shares a slab of up to 1 MiB with blocks of its size class; a
 * larger one is an array of its own, at most an eighth longer than was asked for, and takes a slab
 * number like a slab. There are 65,535 slab numbers: 64 GiB of small blocks. The first slabs of a
 * class are small, 16 KiB, and grow with it.
 *
 * <p><b>Snapshots.</b> {@link #freeze} raises the epoch. Owners stamp blocks with {@link #epoch}
 * when they write them; a block whose stamp {@link #isFrozen} must not be changed, but copied;
 * freed with its stamp, it is kept back until the last view that sees it is closed.
 *
 * <p><b>Memory once taken is kept.</b> A slab that becomes empty waits for the next class that
 * needs one, and {@link #reset} keeps the slabs too; up to a limit the arrays of large blocks wait
 * for blocks of the same length. No load, however it changes, makes garbage of the old generation
 * out of slabs. Only when slab numbers or heap run out are empty ones given up.
 *
 * <p><b>Compaction.</b> The arena doesn't know who holds references. When {@link #wantsCompaction},
 * the owner calls {@link #chooseSparse}, walks all its references in slices, moves those that
 * {@link #isEvacuating} into a newly allocated block and frees the old one, and calls {@link
 * #finishCompaction}.
 *
 * <p><b>Threads.</b> Everything here happens on one thread. Only frozen views may be read by
 * others.
 *
 * <p><b>Invariants</b>, checked by {@link #validate}:
 *
 * <ol>
 *   <li>In a slab of a class, the free list and the part never carved hold as many blocks as its
 *       record says; no block is in the list twice.
 *   <li>The list of slabs with room of a class holds exactly the slabs of the class that have a
 *       free block and aren't evacuating; it is linked both ways.
 *   <li>The counters of each class are the sums over its slabs.
 *   <li>Each number up to the highest is a slab of a class, a large block, in the pool of empty
 *       slabs, or unused; both lists hold exactly theirs. An evacuating slab is one of a class,
 *       with blocks and with room.
 *   <li>Reserved bytes are the lengths of all arrays with their headers; used bytes and those in
 *       limbo together are the sizes of all blocks that aren't free.
 *   <li>Blocks are in limbo only at views: the list of a view holds only blocks that it sees.
 * </ol>
 */
public final class Arena {

  /** What blocks are stamped with at first, and again after {@link #restarted}. */
  public static final int FIRST_EPOCH = 1;

  /** The highest epoch: stamps have 24 bits. */
  public static final int LAST_EPOCH = (1 << 24) - 1;

  /** Share of the used bytes, in percent, that compaction should be able to give back. */
  public static final int DEFAULT_OVERHEAD_PERCENT = 10;

  private static final int BLOCKS_RECLAIMED_AT_A_TIME = 256;

  private static final int OVERDRAFT_SHIFT = 5;

  private static final int SLAB_HEAP_BYTES = SizeClasses.SLAB_BYTES + SlabTable.ARRAY_HEADER_BYTES;

  /** The table's slabs: an alias that spares every access to a block one load. */
  private byte[][] slabs;

  private SlabTable table;
  private long usedBytes;

  /** The epoch of the newest live view, or 0: the other side of {@link #isFrozen}. */
  private int newestFrozenEpoch;

  private int epoch = FIRST_EPOCH;
  private final int lastEpoch;
  private final int slabLimit;
  private final long limitBytes;
  private final Limbo limbo = new Limbo();
  final BlockAudit audit = new BlockAudit();
  private boolean insisting;

  public Arena() {
    this(SlabTable.MAX_SLABS);
  }

  /**
   * An arena that is full when its slabs take {@code limitBytes} of the heap ({@link
   * #reservedBytes}), so that the heap has room left for everybody else.
   */
  public static Arena ofBytes(long limitBytes) {
    return new Arena(SlabTable.MAX_SLABS, LAST_EPOCH, limitBytes);
  }

  /**
   * An arena that is full early.
   *
   * @param slabLimit how many slabs and large blocks there may be, at most 65,535
   */
  public Arena(int slabLimit) {
    this(slabLimit, LAST_EPOCH);
  }

  Arena(int slabLimit, int lastEpoch) {
    this(slabLimit, lastEpoch, Long.MAX_VALUE);
  }

  private Arena(int slabLimit, int lastEpoch, long limitBytes) {
    if (slabLimit < 1 || slabLimit > SlabTable.MAX_SLABS) {
      throw new IllegalArgumentException("slab limit " + slabLimit);
    }
    this.slabLimit = slabLimit;
    this.lastEpoch = lastEpoch;
    this.limitBytes = limitBytes;
    table = new SlabTable(slabLimit, limitBytes);
    slabs = table.slabs;
  }

  // Blocks

  /**
   * Takes a block of at least {@code sizeBytes}.
   *
   * @return its reference, never 0
   * @throws ArenaFullException when the heap is exhausted or all references are taken; nothing has
   *     changed
   */
  public int allocate(int sizeBytes) {
    assert sizeBytes >= 0 && (insisting || audit.admits()) : sizeBytes;
    if (sizeBytes > SizeClasses.MAX_BYTES) {
      return allocateLarge(sizeBytes);
    }
    int sizeClass = SizeClasses.of(sizeBytes);
    SlabTable table = this.table;
    int slab = table.room[sizeClass];
    if (slab == 0) {
      slab = makeRoom(sizeClass);
    }
    int classBytes = SizeClasses.sizeBytes(sizeClass);
    int[] records = table.records;
    int base = slab << SlabTable.RECORD_SHIFT;
    int grain = records[base + SlabTable.FREE_HEAD];
    if (grain != SlabTable.NONE) {
      records[base + SlabTable.FREE_HEAD] =
          Bytes.getInt(slabs[slab], grain << SizeClasses.GRAIN_SHIFT);
    } else {
      grain = records[base + SlabTable.BUMP];
      records[base + SlabTable.BUMP] = grain + (classBytes >> SizeClasses.GRAIN_SHIFT);
    }
    if (--records[base + SlabTable.FREE_COUNT] == 0) {
      table.unlinkRoom(slab, sizeClass);
    }
    table.freeBlocks[sizeClass]--;
    usedBytes += classBytes;
    int reference = slab << 16 | grain;
    assert audit.allocated(reference) : "handed out twice: " + reference;
    return reference;
  }

  /**
   * Gives a block back that no live view sees: one stamped with an epoch that isn't {@link
   * #isFrozen}. It may be used again at once.
   */
  public void free(int reference) {
    assert audit.freed(reference) : "not a block: " + reference;
    usedBytes -= capacity(reference);
    giveBack(reference);
  }

  /**
   * Gives a block back; where a live view still sees it, it is kept until that view is closed.
   *
   * @param stamp the epoch it was written in
   * @throws ArenaFullException when the heap can't hold even the note that the block is to be freed
   *     later; nothing has changed
   */
  public void free(int reference, int stamp) {
    if (!isFrozen(stamp)) {
      free(reference);
      return;
    }
    limbo.add(reference, stamp);
    keepBack(reference);
  }

  /** Counts a block out that is in limbo from now on. */
  void keepBack(int reference) {
    int sizeBytes = capacity(reference);
    limbo.count(sizeBytes);
    usedBytes -= sizeBytes;
    assert audit.freed(reference) : "not a block: " + reference;
  }

  Limbo limbo() {
    return limbo;
  }

  /**
   * From now on blocks may take a little more of the heap than the limit allows, a thirty-second of
   * it: for the rest of a change that consists of several steps, of which the first was made within
   * the limit. So it is made as a whole or not at all, unless it is huge. Ends with {@link
   * #relent}.
   */
  public void insist() {
    if (!insisting) {
      insisting = true;
      table.limitBytes(
          limitBytes + (limitBytes == Long.MAX_VALUE ? 0 : limitBytes >> OVERDRAFT_SHIFT));
    }
  }

  /** Ends what {@link #insist} has begun, if it has. */
  public void relent() {
    if (insisting) {
      insisting = false;
      table.limitBytes(limitBytes);
    }
  }

  /** The array that holds the block. */
  public byte[] slab(int reference) {
    return slabs[reference >>> 16];
  }

  /** The index of the block's first byte in its {@link #slab}. */
  public static int offset(int reference) {
    return (reference & 0xFFFF) << SizeClasses.GRAIN_SHIFT;
  }

  /** The bytes of the block that may be used: at least what was asked for. */
  public int capacity(int reference) {
    int slab = reference >>> 16;
    int sizeClass = table.records[(slab << SlabTable.RECORD_SHIFT) + SlabTable.CLASS];
    return sizeClass >= 0 ? SizeClasses.sizeBytes(sizeClass) : slabs[slab].length;
  }

  /** What the capacity of a block of {@code sizeBytes} will be. */
  public static int capacityFor(int sizeBytes) {
    return sizeBytes > SizeClasses.MAX_BYTES
        ? SpareArrays.lengthFor(sizeBytes)
        : SizeClasses.sizeBytes(SizeClasses.of(sizeBytes));
  }

  /**
   * Forgets every block at once, and those in limbo; the time doesn't depend on how many there are.
   * Live views keep what they see; without any, the slabs are used again, and nothing is taken from
   * the heap. Where that has too little for the few arrays that a live view makes necessary, the
   * error is thrown before anything has changed.
   */
  public void reset() {
    if (newestFrozenEpoch == 0) {
      limbo.forget(table.reservedBytes);
      table.clear();
    } else {
      SlabTable empty = new SlabTable(slabLimit, limitBytes);
      limbo.forget(table.reservedBytes);
      relent();
      table = empty;
      slabs = empty.slabs;
    }
    usedBytes = 0;
    assert audit.reset();
  }

  // Figures

  /** Bytes of all blocks handed out, by capacity; without those kept back for views. */
  public long usedBytes() {
    return usedBytes;
  }

  /**
   * Bytes of the heap that the slabs and large blocks take, headers included, and (an upper bound)
   * those that live views hold on to since a {@link #reset}.
   */
  public long reservedBytes() {
    return table.reservedBytes() + limbo.heldBytes();
  }

  /**
   * Bytes of the empty slabs, which every size class may take, and of the arrays kept for large
   * blocks; a part of the reserved bytes.
   */
  public long pooledBytes() {
    return (long) table.pooledSlabs * SLAB_HEAP_BYTES + table.spareBytes();
  }

  /** The most that {@link #reservedBytes} may come to, but for what {@link #insist} allows. */
  public long limitBytes() {
    return limitBytes;
  }

  /** Bytes of the blocks that were freed while a view saw them and can't be used again yet. */
  public long limboBytes() {
    return limbo.bytes();
  }

  /** How many blocks are handed out; without those kept back for views. */
  public long liveBlocks() {
    long blocks = table.largeBlocks - limbo.blocks();
    for (int sizeClass = 0; sizeClass < SizeClasses.COUNT; sizeClass++) {
      blocks += table.totalBlocks[sizeClass] - table.freeBlocks[sizeClass];
    }
    return blocks;
  }

  // Epochs

  /** What a block written now is stamped with: from {@link #FIRST_EPOCH} to {@link #LAST_EPOCH}. */
  public int epoch() {
    return epoch;
  }

  /** Whether this view is open, and no other. */
  public boolean isOnlyView(Frozen view) {
    return limbo.isOnly(view);
  }

  /** Whether a view is open; without one no block {@link #isFrozen}. */
  public boolean hasViews() {
    return newestFrozenEpoch != 0;
  }

  /**
   * Whether a live view may see a block with this stamp, so that it must be copied before a change.
   */
  public boolean isFrozen(int stamp) {
    return stamp <= newestFrozenEpoch;
  }

  /**
   * Opens a view of all blocks as they are now and raises the epoch. Several views may be open;
   * each must be closed, in any order.
   *
   * @throws IllegalStateException when {@link #needsRestamp}
   */
  public Frozen freeze() {
    if (needsRestamp()) {
      throw new IllegalStateException("no epoch is left; restamp the blocks first");
    }
    // Shared, not copied: the slab of a block that the view sees stays at its number until the view
    // is closed, and a reset or a longer array leaves this one as it is.
    Frozen view = new Frozen(this, epoch, slabs);
    limbo.open(view);
    newestFrozenEpoch = epoch++;
    return view;
  }

  /** Whether the epochs are used up, so that {@link #restarted} has to come before a freeze. */
  public boolean needsRestamp() {
    return epoch == lastEpoch;
  }

  /**
   * Starts again with {@link #FIRST_EPOCH}: the owner has stamped all its blocks with it, or does
   * so before it freezes again.
   *
   * @throws IllegalStateException when a view is open
   */
  public void restarted() {
    if (newestFrozenEpoch != 0) {
      throw new IllegalStateException("a view is open");
    }
    // What closed views left in limbo may now seem visible to a new one, and waits for it: no harm.
    epoch = FIRST_EPOCH;
  }

  void close(Frozen view) {
    limbo.close(view);
    newestFrozenEpoch = limbo.newestEpoch();
  }

  /**
   * Frees blocks that closed views had kept back. A part of housekeeping; what it leaves undone is
   * done, bit by bit, when memory is needed.
   *
   * @param maxBlocks bound on the blocks looked at
   * @return whether more are waiting
   */
  public boolean reclaim(int maxBlocks) {
    return limbo.reclaim(this, maxBlocks);
  }

  // Compaction

  /** Whether compaction may take place: no view is open, and no walk is under way. */
  public boolean canCompact() {
    // Moving the blocks that a view sees would only take more.
    return newestFrozenEpoch == 0 && table.evacuatingCount == 0;
  }

  /**
   * What compaction would about make free for other classes or give back, beside one slab for each
   * class to go on with. Takes a few dozen comparisons.
   */
  public long savableBytes() {
    return Compaction.savableBytes(table);
  }

  /** As {@link #wantsCompaction(int)}, with {@link #DEFAULT_OVERHEAD_PERCENT}. */
  public boolean wantsCompaction() {
    return wantsCompaction(DEFAULT_OVERHEAD_PERCENT);
  }

  /** Whether compaction would give back so many percent of the used bytes, and a whole slab. */
  public boolean wantsCompaction(int overheadPercent) {
    long savableBytes = canCompact() ? savableBytes() : 0;
    return savableBytes >= SLAB_HEAP_BYTES && savableBytes * 100 > usedBytes * overheadPercent;
  }

  /**
   * Gives empty slabs to the collector until the {@link #reservedBytes} are no more than this, or
   * none is left.
   */
  public void shrinkTo(long bytes) {
    table.shrinkTo(bytes - limbo.heldBytes());
  }

  /**
   * Chooses the sparsest slabs of each class, as far as their blocks find room in the others, and
   * allocates nothing in them from now on. Looks at each slab twice.
   *
   * @return how many slabs are to be evacuated; with none there is no need to walk
   */
  public int chooseSparse() {
    return Compaction.choose(table);
  }

  /** Whether the block is to be moved: one array load, no look at the block. */
  public boolean isEvacuating(int reference) {
    return table.evacuating[reference >>> 16];
  }

  /** Ends a walk: slabs that haven't been emptied are slabs like others again. */
  public void finishCompaction() {
    Compaction.finish(table);
  }

  // Slow paths

  private int allocateLarge(int sizeBytes) {
    limbo.reclaim(this, BLOCKS_RECLAIMED_AT_A_TIME);
    int slab;
    try {
      slab = table.addLarge(sizeBytes);
    } catch (ArenaFullException full) {
      if (!scrapeTogether()) {
        throw full;
      }
      table.drainPool();
      slab = table.addLarge(sizeBytes);
    }
    slabs = table.slabs;
    usedBytes += slabs[slab].length;
    int reference = slab << 16;
    assert audit.allocated(reference) : "handed out twice: " + reference;
    return reference;
  }

  private int makeRoom(int sizeClass) {
    limbo.reclaim(this, BLOCKS_RECLAIMED_AT_A_TIME);
    if (table.room[sizeClass] == 0) {
      try {
        table.addSlab(sizeClass);
      } catch (ArenaFullException full) {
        boolean more = scrapeTogether();
        if (table.room[sizeClass] == 0) {
          if (!more) {
            throw full;
          }
          table.addSlab(sizeClass);
        }
      }
      slabs = table.slabs;
    }
    return table.room[sizeClass];
  }

  /**
   * Makes all room usable that there is. Whether a slab came of it: without one another attempt
   * would only have the collector search a full heap again.
   */
  private boolean scrapeTogether() {
    long reservedBytes = table.reservedBytes;
    limbo.reclaim(this, Integer.MAX_VALUE);
    Compaction.finish(table);
    return table.pool() != 0 || table.reservedBytes < reservedBytes;
  }

  /** Makes a block's room usable again; the block has been counted out before. */
  void giveBack(int reference) {
    SlabTable table = this.table;
    int[] records = table.records;
    int slab = reference >>> 16;
    int base = slab << SlabTable.RECORD_SHIFT;
    int sizeClass = records[base + SlabTable.CLASS];
    if (sizeClass < 0) {
      assert sizeClass == SlabTable.LARGE : sizeClass;
      table.removeLarge(slab);
      return;
    }
    assert BlockAudit.poison(slabs[slab], offset(reference), SizeClasses.sizeBytes(sizeClass));
    Bytes.putInt(slabs[slab], offset(reference), records[base + SlabTable.FREE_HEAD]);
    records[base + SlabTable.FREE_HEAD] = reference & 0xFFFF;
    int free = ++records[base + SlabTable.FREE_COUNT];
    table.freeBlocks[sizeClass]++;
    if (free == records[base + SlabTable.BLOCKS]) {
      table.emptied(slab);
    } else if (free == 1) {
      // Not a slab that is evacuating: those have had room since they were chosen.
      table.linkRoom(slab, sizeClass);
    }
  }

  /**
   * Tells of each size class that has slabs how it is filled, then of the large blocks as of one
   * class with blocks of size 0.
   */
  public void describe(ClassVisitor visitor) {
    for (int sizeClass = 0; sizeClass < SizeClasses.COUNT; sizeClass++) {
      long blocks = table.totalBlocks[sizeClass];
      if (blocks > 0) {
        long used = blocks - table.freeBlocks[sizeClass];
        visitor.sizeClass(SizeClasses.sizeBytes(sizeClass), blocks, used);
      }
    }
    visitor.sizeClass(0, table.largeBlocks, table.largeBlocks);
  }

  /** What {@link #describe} tells. */
  @FunctionalInterface
  public interface ClassVisitor {
    /**
     * One class.
     *
     * @param blocks those that its slabs hold, free ones included
     * @param used those that are handed out, or kept back for views
     */
    void sizeClass(int blockBytes, long blocks, long used);
  }

  /**
   * Checks the invariants; takes time in proportion to the blocks.
   *
   * @throws AssertionError when one is broken
   */
  public void validate() {
    new Validation(table).check(usedBytes, limbo);
    limbo.validate();
    assert audit.count() == liveBlocks() : audit.count() + " " + liveBlocks();
  }
}
