package io.cinnabar.arena;

import org.jspecify.annotations.Nullable;

/**
 * The blocks of an arena as they were when it was frozen. Another thread may read it, once it has
 * been handed over safely; it is closed on the arena's thread, after the last read. While it is
 * open no block that it sees changes, provided that owners keep to the stamps.
 */
public final class Frozen implements AutoCloseable {

  private static final byte[][] CLOSED = {};

  private final Arena arena;
  private final int epoch;
  private byte[][] slabs;

  // The arena's account of this view, see Limbo.

  @Nullable Frozen older;
  @Nullable Frozen newer;
  Limbo.@Nullable Chunk firstChunk;
  Limbo.@Nullable Chunk lastChunk;
  @Nullable ReaderLimbo readers;

  /** How often the arena had been reset before: views of the same slabs have the same number. */
  int resets;

  /** Bytes of the slabs that the arena has forgotten, of which this view is the newest open one. */
  long heldBytes;

  private boolean closed;

  Frozen(Arena arena, int epoch, byte[][] slabs) {
    this.arena = arena;
    this.epoch = epoch;
    this.slabs = slabs;
  }

  /** The array that holds the block, which existed when the arena was frozen. */
  public byte[] slab(int reference) {
    return slabs[reference >>> 16];
  }

  /** The last epoch that this view sees: blocks with later stamps came after it. */
  public int epoch() {
    return epoch;
  }

  /**
   * Where blocks are kept back for a reader that comes by their parts once, one after the other. On
   * the arena's thread, while this is the {@linkplain Arena#isOnlyView only view}.
   */
  public ReaderLimbo readerLimbo(int parts) {
    if (!arena.isOnlyView(this)) {
      throw new IllegalStateException("an older view may see what this one's reader has passed");
    }
    readers = new ReaderLimbo(arena, epoch, parts, readers);
    return readers;
  }

  /** Lets go of the blocks; closing again does nothing. Takes a bounded number of steps. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      slabs = CLOSED;
      arena.close(this);
    }
  }
}
