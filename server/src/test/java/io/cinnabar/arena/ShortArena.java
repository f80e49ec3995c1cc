package io.cinnabar.arena;

/** Arenas whose epochs or blocks are soon used up, for tests of their owners. */
public final class ShortArena {
  private ShortArena() {}

  public static Arena withEpochs(int lastEpoch) {
    return new Arena(SlabTable.MAX_SLABS, lastEpoch);
  }

  /**
   * Has an arena refuse blocks as if it were full: not the next {@code after}, but {@code count}
   * behind them.
   */
  public static void refuse(Arena arena, long after, long count) {
    arena.audit.refuse(after, count);
  }

  /** Has an arena hand out blocks again; how many it might have refused yet. */
  public static long refuseNone(Arena arena) {
    long left = arena.audit.refusedYet();
    arena.audit.refuse(Long.MAX_VALUE, 0);
    return left;
  }
}
