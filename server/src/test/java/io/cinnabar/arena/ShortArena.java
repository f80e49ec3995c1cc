package io.cinnabar.arena;

/** Arenas whose epochs are soon used up, for tests of their owners. */
public final class ShortArena {
  private ShortArena() {}

  public static Arena withEpochs(int lastEpoch) {
    return new Arena(SlabTable.MAX_SLABS, lastEpoch);
  }
}
