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
