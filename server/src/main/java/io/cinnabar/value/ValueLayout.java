package io.cinnabar.value;

import io.cinnabar.arena.Arena;

/**
 * What a value consists of, by its encoding: the bytes in its entry and the blocks beside it. The
 * one place that copying, freeing, compaction and accounting go through, whatever the type.
 */
public final class ValueLayout {
  private ValueLayout() {}

  /** What the value takes in its entry. */
  public static int entryBytes(Encoding encoding, byte[] slab, int valueOffset) {
    return StringValue.entryBytes(encoding, StringValue.inlineLength(slab, valueOffset));
  }

  /**
   * Gives the value at {@code valueOffset}, a copy of another's bytes, blocks of its own.
   *
   * @throws io.cinnabar.arena.ArenaFullException and has changed nothing
   */
  public static void duplicate(Arena arena, Encoding encoding, byte[] slab, int valueOffset) {
    if (encoding == Encoding.RAW_BLOCK) {
      int reference = StringBlock.reference(slab, valueOffset);
      int length = StringBlock.length(slab, valueOffset);
      int copy = StringBlock.copy(arena, reference, length, length);
      StringBlock.put(slab, valueOffset, copy, length);
    }
  }

  /** Frees the blocks of the value at {@code valueOffset}; the value must not be used again. */
  public static void free(Arena arena, Encoding encoding, byte[] slab, int valueOffset) {
    if (encoding == Encoding.RAW_BLOCK) {
      StringBlock.free(arena, StringBlock.reference(slab, valueOffset));
    }
  }

  /** Whether compaction wants one of them moved. */
  public static boolean areEvacuating(
      Arena arena, Encoding encoding, byte[] slab, int valueOffset) {
    return encoding == Encoding.RAW_BLOCK
        && arena.isEvacuating(StringBlock.reference(slab, valueOffset));
  }

  /**
   * Moves them. The value itself must be free to be written.
   *
   * @throws io.cinnabar.arena.ArenaFullException and has changed nothing
   */
  public static void move(Arena arena, Encoding encoding, byte[] slab, int valueOffset) {
    if (encoding == Encoding.RAW_BLOCK) {
      int reference = StringBlock.reference(slab, valueOffset);
      int length = StringBlock.length(slab, valueOffset);
      int capacity = StringBlock.capacity(arena, reference);
      int moved = StringBlock.copy(arena, reference, length, capacity);
      StringBlock.put(slab, valueOffset, moved, length);
      StringBlock.free(arena, reference);
    }
  }

  /** Stamps them with the arena's epoch; no view may be open. */
  public static void restamp(Arena arena, Encoding encoding, byte[] slab, int valueOffset) {
    if (encoding == Encoding.RAW_BLOCK) {
      StringBlock.restamp(arena, StringBlock.reference(slab, valueOffset));
    }
  }

  /** What they take in the arena. */
  public static long sizeBytes(Arena arena, Encoding encoding, byte[] slab, int valueOffset) {
    return encoding == Encoding.RAW_BLOCK
        ? arena.capacity(StringBlock.reference(slab, valueOffset))
        : 0;
  }
}
