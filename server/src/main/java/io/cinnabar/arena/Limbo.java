package io.cinnabar.arena;

import org.jspecify.annotations.Nullable;

/**
 * The open views, and the blocks that were freed while a view saw them.
 *
 * <p>Such a block is noted at the newest view that was open when it was freed: a block that any
 * view sees, the newest of them sees. When that view is closed its list is handed, whole, to a
 * queue; {@link #reclaim} takes blocks off it in slices, and frees each or notes it at the next
 * older open view if that one sees it, too. Views opened after the block was freed don't see it and
 * aren't asked. What a {@link ReaderLimbo} of the view has kept goes the same way, some of it
 * before the view is closed.
 *
 * <pre>
 *   entry: 2 ints
 *   +0  reference
 *   +1  stamp: the epoch in which the block was written
 * </pre>
 */
final class Limbo {

  private static final int CHUNK_INTS = 1020;

  /** Some entries, all of one view. */
  static final class Chunk {
    final int[] entries = new int[CHUNK_INTS];
    final int viewEpoch;
    int length;
    @Nullable Chunk next;

    Chunk(int viewEpoch, @Nullable Chunk next) {
      this.viewEpoch = viewEpoch;
      this.next = next;
    }
  }

  private @Nullable Frozen newest;

  /** Chunks of closed views. */
  private @Nullable Chunk released;

  private long bytes;
  private long blocks;
  private long heldBytes;
  private int resets;

  long bytes() {
    return bytes;
  }

  long blocks() {
    return blocks;
  }

  /** Bytes of the slabs that open views hold on to since the arena was reset. */
  long heldBytes() {
    return heldBytes;
  }

  int newestEpoch() {
    return newest == null ? 0 : newest.epoch();
  }

  @SuppressWarnings("ReferenceEquality") // the very view
  boolean isOnly(Frozen view) {
    return newest == view && view.older == null;
  }

  void open(Frozen view) {
    view.resets = resets;
    view.older = newest;
    if (newest != null) {
      newest.newer = view;
    }
    newest = view;
  }

  void close(Frozen view) {
    Frozen older = view.older;
    Frozen newer = view.newer;
    if (newer == null) {
      newest = older;
    } else {
      newer.older = older;
    }
    if (older != null) {
      older.newer = newer;
    }
    if (older != null && older.resets == view.resets) {
      older.heldBytes += view.heldBytes;
    } else {
      heldBytes -= view.heldBytes;
    }
    release(view.firstChunk, view.lastChunk);
    for (ReaderLimbo reader = view.readers; reader != null; reader = reader.next) {
      reader.passedAll();
    }
    view.older = null;
    view.newer = null;
    view.firstChunk = null;
    view.lastChunk = null;
    view.readers = null;
  }

  /** Hands a chain of chunks to the queue. */
  void release(@Nullable Chunk first, @Nullable Chunk last) {
    if (last != null) {
      last.next = released;
      released = first;
    }
  }

  /**
   * Notes a block that the newest view sees; nothing has changed when it throws. {@link #count}
   * comes next.
   */
  void add(int reference, int stamp) {
    Frozen view = newest;
    if (view == null) {
      throw new AssertionError("no view is open");
    }
    note(view, reference, stamp);
  }

  /** Another block was noted. */
  void count(int sizeBytes) {
    blocks++;
    bytes += sizeBytes;
  }

  private static void note(Frozen view, int reference, int stamp) {
    assert stamp <= view.epoch() : stamp;
    view.firstChunk = note(view.firstChunk, view.epoch(), reference, stamp);
    if (view.lastChunk == null) {
      view.lastChunk = view.firstChunk;
    }
  }

  /** Adds an entry to a chain; its first chunk, which may be a new one. */
  static Chunk note(@Nullable Chunk first, int viewEpoch, int reference, int stamp) {
    Chunk chunk = first;
    if (chunk == null || chunk.length == CHUNK_INTS) {
      try {
        chunk = new Chunk(viewEpoch, chunk);
      } catch (OutOfMemoryError exhausted) {
        throw new ArenaFullException("the heap is exhausted");
      }
    }
    chunk.entries[chunk.length] = reference;
    chunk.entries[chunk.length + 1] = stamp;
    chunk.length += 2;
    return chunk;
  }

  /**
   * Frees blocks that no open view sees, looking at {@code maxBlocks}; whether more are waiting.
   */
  boolean reclaim(Arena arena, int maxBlocks) {
    Chunk chunk = released;
    for (int left = maxBlocks; chunk != null && left > 0; left--) {
      if (chunk.length == 0) {
        chunk = chunk.next;
        released = chunk;
        continue;
      }
      int reference = chunk.entries[chunk.length - 2];
      int stamp = chunk.entries[chunk.length - 1];
      Frozen older = newestBefore(chunk.viewEpoch);
      if (older != null && stamp <= older.epoch()) {
        note(older, reference, stamp);
      } else {
        blocks--;
        bytes -= arena.capacity(reference);
        arena.giveBack(reference);
      }
      chunk.length -= 2;
    }
    return released != null;
  }

  /** The newest open view that is older than a closed one. */
  private @Nullable Frozen newestBefore(int viewEpoch) {
    Frozen view = newest;
    while (view != null && view.epoch() > viewEpoch) {
      view = view.older;
    }
    return view;
  }

  /** The arena is reset: views keep its slabs whole, nothing in them will be used again. */
  void forget(long reservedBytes) {
    if (newest != null && newest.resets == resets) {
      newest.heldBytes = reservedBytes;
      heldBytes += reservedBytes;
    }
    for (Frozen view = newest; view != null; view = view.older) {
      view.firstChunk = null;
      view.lastChunk = null;
      for (ReaderLimbo reader = view.readers; reader != null; reader = reader.next) {
        reader.forget();
      }
    }
    released = null;
    blocks = 0;
    bytes = 0;
    resets++;
  }

  /** Invariant 6, and the count of the entries. */
  void validate() {
    long noted = count(released, Integer.MAX_VALUE);
    for (Frozen view = newest; view != null; view = view.older) {
      noted += count(view.firstChunk, view.epoch());
      for (ReaderLimbo reader = view.readers; reader != null; reader = reader.next) {
        noted += reader.count();
      }
    }
    Validation.require(noted == blocks, "6: entries in limbo", noted, blocks);
  }

  static long count(@Nullable Chunk first, int epoch) {
    long entries = 0;
    for (Chunk chunk = first; chunk != null; chunk = chunk.next) {
      for (int i = 0; i < chunk.length; i += 2) {
        int stamp = chunk.entries[i + 1];
        Validation.require(stamp <= epoch, "6: stamp in limbo", stamp, epoch);
        entries++;
      }
    }
    return entries;
  }
}
