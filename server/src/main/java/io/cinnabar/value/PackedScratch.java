package io.cinnabar.value;

import io.cinnabar.structure.ScratchBytes;

/**
 * Packed bytes that are edited outside of any entry, so that several steps become one change: taken
 * from a value, edited, and given back all at once. It is used again and again.
 */
final class PackedScratch extends ScratchBytes {
  /** What is kept for the next time. */
  private static final int RETAINED_BYTES = 1 << 16;

  PackedScratch() {
    super(0);
  }

  /** Makes them a copy of {@code packed}. */
  void take(PackedBytes packed) {
    int taken = packed.length();
    resize(taken);
    System.arraycopy(packed.array(), packed.offset(), array(), 0, taken);
  }

  /**
   * Makes {@code packed} a copy of them.
   *
   * @throws io.cinnabar.arena.ArenaFullException and has changed nothing
   */
  void give(PackedBytes packed) {
    packed.resize(length());
    copyTo(packed);
  }

  /** As {@link #give}, with another encoding. */
  void giveAs(Encoding inEntry, PackedBytes packed) {
    packed.renewAs(inEntry, length());
    copyTo(packed);
  }

  private void copyTo(PackedBytes packed) {
    System.arraycopy(array(), 0, packed.array(), packed.offset(), length());
    trim(RETAINED_BYTES);
  }
}
