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
   * Where there are many blocks already, so many are made at once, in an array for all of them: so
   * large an array is made where it stays, and the collector does not copy it (bin/cinnabar-server,
   * PretenureSizeThreshold). It goes when all its blocks have gone.
   */
  private static final int MOST_AT_ONCE = 16;

  /** The share that is added at once to the blocks that there are, up to that. */
  private static final int GROWTH = 8;

  /** What a block costs beside its bytes. */
  private static final int OVERHEAD_BYTES = 56;

  private long limitBytes;
  private Block first;
  private Block last;
  private long blocks = 1;

  /**
   * Blocks that are in use no longer, for the next that are needed: a replica that falls behind and
   * catches up again, over and over, makes no garbage.
   */
  private @Nullable Block spare;

  private int spares;

  /** How many of them nobody has needed since the last {@link #giveBack}. */
  private int unneededSpares;

  /** A part of the stream. */
  static final class Block {

    /** Its bytes are those from {@link #base} on. */
    final byte[] array;

    final int base;
    long start;
    int used;

    /** How many cursors are in it. */
    int cursors;

    @Nullable Block next;

    Block(byte[] array, int base) {
      this.array = array;
      this.base = base;
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
    first = new Block(new byte[BLOCK_BYTES], 0);
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
      if (last.used == BLOCK_BYTES) {
        addBlock();
      }
      int count = Math.min(end - at, BLOCK_BYTES - last.used);
      System.arraycopy(bytes, at, last.array, last.base + last.used, count);
      last.used += count;
      at += count;
    }
  }

  private void addBlock() {
    Block block = takeSpare();
    block.start = endOffset();
    block.used = 0;
    block.next = null;
    last.next = block;
    last = block;
    blocks++;
    trim();
  }

  private Block takeSpare() {
    Block block = spare == null ? makeSpares() : spare;
    spare = block.next;
    spares--;
    unneededSpares = Math.min(unneededSpares, spares);
    return block;
  }

  private Block makeSpares() {
    int count = (int) Math.max(1, Math.min(MOST_AT_ONCE, blocks / GROWTH));
    byte[] array = new byte[count * BLOCK_BYTES];
    Block block = new Block(array, (count - 1) * BLOCK_BYTES);
    for (int i = count - 2; i >= 0; i--) {
      Block before = new Block(array, i * BLOCK_BYTES);
      before.next = block;
      block = before;
    }
    spares += count;
    return block;
  }

  /** Gives half of the memory back that was not needed since the last call; now and then. */
  void giveBack() {
    for (int i = (unneededSpares + 1) / 2; i > 0 && spare != null; i--) {
      spare = spare.next;
      spares--;
    }
    unneededSpares = spares;
  }

  /** Lets go of the blocks that nobody needs. */
  private void trim() {
    Block next = first.next;
    while (next != null && first.cursors == 0 && isBeyondLimit(next)) {
      first.next = spare;
      spare = first;
      spares++;
      first = next;
      blocks--;
      next = first.next;
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

  /** What it takes in memory. */
  long memoryBytes() {
    return (blocks + spares) * (BLOCK_BYTES + OVERHEAD_BYTES);
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
    long count = 1;
    boolean isNeeded = first.cursors > 0;
    Block block = first;
    while (block.next != null) {
      check(block.used == BLOCK_BYTES, "a block is not full");
      check(block.next.start == block.start + block.used, "there is a gap");
      check(!isBeyondLimit(block.next) || isNeeded, "a block is there for nobody");
      block = block.next;
      isNeeded |= block.cursors > 0;
      count++;
    }
    check(block == last, "the chain does not end with the last block");
    check(count == blocks, "blocks are miscounted");
    count = 0;
    for (Block free = spare; free != null; free = free.next) {
      check(free.cursors == 0, "a cursor is in a spare block");
      count++;
    }
    check(count == spares && unneededSpares <= spares, "spare blocks are miscounted");
  }

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }
}
