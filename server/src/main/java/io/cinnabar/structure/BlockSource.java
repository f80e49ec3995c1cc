package io.cinnabar.structure;

import io.cinnabar.arena.Arena;

/** Where the blocks of a structure are: the arena, or a frozen view of it. */
public interface BlockSource {

  /** The array in which a block lies. */
  byte[] slabOf(int reference);

  /** The arena, for changes; never called on a frozen view. */
  Arena arena();
}
