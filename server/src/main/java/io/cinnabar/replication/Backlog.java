package io.cinnabar.replication;

import io.cinnabar.resp.CommandWriter;
import org.jspecify.annotations.Nullable;

/**
 * The newest bytes of a stream, once for all who read it: of the stream of changes those that are
 * kept in case a replica comes back, and those that replicas still have to be sent; of a snapshot
 * those that are on their way. They lie in a chain of blocks, in which each replica has a {@link
 * BacklogCursor}.
 *
 * <pre>
 *   | block | block | block | block | block |
 *   first     ^               ^           end      numbers of bytes since the stream began
 *          a cursor           \__ limit __/
 * </pre>
 *
 * <ol>
 *   <li>The blocks lie one behind the other without a gap; all but the last are full.
 *   <li>At least the newest {@code limit} bytes are there, if there were so many.
 *   <li>A block that lies beyond the limit, counted from where the last one begins, is there only
 *       while a cursor is in it, or in one before it.
 * </ol>
 *
 * On the loop's thread.
 */
final class Backlog extends CommandWriter {

  static final int BLOCK_BYTES = 16 << 10;

  /**
   * As long as replicas are far behind, blocks are so large that the launcher's JVM makes them
   * where they stay: what still has to be sent is not copied by young collections.
   */
  static final int LARGE_BLOCK_BYTES = 256 << 10;

  /** How much is kept at most of blocks that are in use no longer. */
  private static final int MAX_SPARE_BYTES = 64 << 20;

  /** What a block costs beside its bytes. */
  private static final int OVERHEAD_BYTES = 56;

  private long limitBytes;
  private Block first;
  private Block last;
  private long memoryBytes = BLOCK_BYTES + OVERHEAD_BYTES;

  /**
   * Blocks that are in use no longer, for the next that are needed: a replica that falls behind and
   * catches up again, over and over, makes no garbage.
   */
  private @Nullable Block spare;

  private @Nullable Block largeSpare;

  private int spareBytes;

  /** A part of the stream. */
  static final class Block {
    final byte[] bytes;
    long start;
    int used;

    /** How many cursors are in it. */
    int cursors;

    @Nullable Block next;

    Block(int sizeBytes) {
      bytes = new byte[sizeBytes];
    }

    boolean isLarge() {
      return bytes.length == LARGE_BLOCK_BYTES;
    }
  }

  /**
   * An empty one.
   *
   * @param offset how many bytes of the stream there were before
   * @param limitBytes how many bytes are kept though nobody waits for them
   */
  Backlog(long offset, long limitBytes) {
    this.limitBytes = limitBytes;
    first = new Block(BLOCK_BYTES);
    first.start = offset;
    last = first;
  }

  /** Sets how many bytes are kept though nobody waits for them. */
  void limit(long newLimitBytes) {
    limitBytes = newLimitBytes;
    trim();
  }

  long limitBytes() {
    return limitBytes;
  }

  /** {@inheritDoc} They are the end of the stream. */
  @Override
  public void add(byte[] bytes, int offset, int length) {
    int at = offset;
    int end = offset + length;
    while (at < end) {
      if (last.used == last.bytes.length) {
        addBlock();
      }
      int count = Math.min(end - at, last.bytes.length - last.used);
      System.arraycopy(bytes, at, last.bytes, last.used, count);
      last.used += count;
      at += count;
    }
  }

  private void addBlock() {
    Block block = unusedBlock();
    block.start = endOffset();
    block.used = 0;
    block.next = null;
    last.next = block;
    last = block;
    memoryBytes += block.bytes.length + OVERHEAD_BYTES;
    trim();
  }

  private Block unusedBlock() {
    boolean isLarge = sizeBytes() >= 2 * limitBytes + LARGE_BLOCK_BYTES;
    Block block = isLarge ? largeSpare : spare;
    if (block == null) {
      return new Block(isLarge ? LARGE_BLOCK_BYTES : BLOCK_BYTES);
    }
    if (isLarge) {
      largeSpare = block.next;
    } else {
      spare = block.next;
    }
    spareBytes -= block.bytes.length;
    return block;
  }

  /** Lets go of the blocks that nobody needs. */
  private void trim() {
    Block next = first.next;
    while (next != null && first.cursors == 0 && isBeyondLimit(next)) {
      Block unused = first;
      first = next;
      next = first.next;
      memoryBytes -= unused.bytes.length + OVERHEAD_BYTES;
      keep(unused);
    }
  }

  private void keep(Block unused) {
    if (spareBytes >= MAX_SPARE_BYTES) {
      return;
    }
    spareBytes += unused.bytes.length;
    if (unused.isLarge()) {
      unused.next = largeSpare;
      largeSpare = unused;
    } else {
      unused.next = spare;
      spare = unused;
    }
  }

  /** Whether nobody needs what lies before a block, but for cursors. */
  private boolean isBeyondLimit(Block next) {
    return last.start - next.start >= limitBytes;
  }

  /** How many bytes of the stream there were before the first that is here. */
  long firstOffset() {
    return first.start;
  }

  /** How many bytes of the stream there were. */
  long endOffset() {
    return last.start + last.used;
  }

  /** How many bytes are here. */
  long sizeBytes() {
    return endOffset() - firstOffset();
  }

  /** Whether all bytes behind so many of the stream are here. */
  boolean reachesBackTo(long offset) {
    return offset >= firstOffset() && offset <= endOffset();
  }

  /** What it takes in memory, without spare blocks. */
  long memoryBytes() {
    return memoryBytes;
  }

  /**
   * A cursor behind so many bytes of the stream, which must be {@linkplain #reachesBackTo here}.
   */
  BacklogCursor cursor(long offset) {
    if (!reachesBackTo(offset)) {
      throw new IllegalArgumentException(offset + " is not in the backlog");
    }
    Block block = first;
    while (block.next != null && offset >= block.next.start) {
      block = block.next;
    }
    return new BacklogCursor(this, block, (int) (offset - block.start));
  }

  /** A cursor has gone into a block. */
  void entered(Block block) {
    block.cursors++;
  }

  /** A cursor has left a block. */
  void left(Block block) {
    block.cursors--;
    trim();
  }

  /** Checks the invariants. */
  void validate() {
    long expectedBytes = (long) first.bytes.length + OVERHEAD_BYTES;
    boolean isNeeded = first.cursors > 0;
    Block block = first;
    while (block.next != null) {
      check(block.used == block.bytes.length, "a block is not full");
      check(block.next.start == block.start + block.used, "there is a gap");
      check(!isBeyondLimit(block.next) || isNeeded, "a block is there for nobody");
      block = block.next;
      isNeeded |= block.cursors > 0;
      expectedBytes += block.bytes.length + OVERHEAD_BYTES;
    }
    check(block == last, "the chain does not end with the last block");
    check(expectedBytes == memoryBytes, "blocks are miscounted");
    check(spareBytes(spare) + spareBytes(largeSpare) == spareBytes, "spare bytes are miscounted");
  }

  private static int spareBytes(@Nullable Block first) {
    int bytes = 0;
    for (Block block = first; block != null; block = block.next) {
      check(block.cursors == 0, "a cursor is in a spare block");
      bytes += block.bytes.length;
    }
    return bytes;
  }

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }
}
