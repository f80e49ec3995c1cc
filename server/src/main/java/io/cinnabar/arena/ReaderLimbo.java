package io.cinnabar.arena;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Blocks that were freed while one view alone saw them, and that this view's reader comes by once,
 * in the order of their parts. They are given back when it has passed their part, not only when the
 * view is closed. On the arena's thread.
 */
public final class ReaderLimbo {

  /** The next one of the same view. */
  final @Nullable ReaderLimbo next;

  private final Arena arena;
  private final int viewEpoch;

  /** A chain of entries for each part, newest chunk first. */
  private final Limbo.@Nullable Chunk[] first;

  private final Limbo.@Nullable Chunk[] last;

  /** How many parts were passed. */
  private int passed;

  ReaderLimbo(Arena arena, int viewEpoch, int parts, @Nullable ReaderLimbo next) {
    this.arena = arena;
    this.viewEpoch = viewEpoch;
    this.next = next;
    first = new Limbo.Chunk[parts];
    last = new Limbo.Chunk[parts];
  }

  /**
   * Gives a block back, once the reader has passed its part.
   *
   * @param stamp the epoch it was written in
   * @throws ArenaFullException as {@link Arena#free(int, int)} does
   */
  public void free(int reference, int stamp, int part) {
    if (part < passed || !arena.isFrozen(stamp)) {
      arena.free(reference);
      return;
    }
    assert stamp <= viewEpoch : stamp;
    // As of the view before this one, of which there is none: nobody else sees them.
    first[part] = Limbo.note(first[part], viewEpoch - 1, reference, stamp);
    if (last[part] == null) {
      last[part] = first[part];
    }
    arena.keepBack(reference);
  }

  /** The reader has passed so many parts; what it has left behind is reclaimed in slices. */
  public void passed(int parts) {
    for (; passed < parts; passed++) {
      arena.limbo().release(first[passed], last[passed]);
      first[passed] = null;
      last[passed] = null;
    }
  }

  void passedAll() {
    passed(first.length);
  }

  /** The arena was reset. */
  void forget() {
    Arrays.fill(first, null);
    Arrays.fill(last, null);
  }

  /** How many blocks are here. */
  long count() {
    long entries = 0;
    for (Limbo.Chunk chain : first) {
      entries += Limbo.count(chain, viewEpoch);
    }
    return entries;
  }
}
