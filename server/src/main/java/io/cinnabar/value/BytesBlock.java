package io.cinnabar.value;

import io.cinnabar.arena.Arena;
import io.cinnabar.arena.Bytes;

/**
 * The block of its own that a long string lies in. The entry holds its reference and the string's
 * length, so that the block is the same under another key or expiry.
 *
 * <p>A string that a frozen view sees is copied whole when it is changed for the first time,
 * whatever its length: up to {@code proto-max-bulk-len}, once for each string and view.
 *
 * <pre>
 * value in the entry   0  4 reference of the block    block   0  4 stamp
 *                      4  4 length of the string              4    the string, and room to grow
 * </pre>
 */
final class BytesBlock {
  /** What the value takes in the entry. */
  static final int VALUE_BYTES = 8;

  private static final int STAMP_BYTES = 4;
  private static final int MEBIBYTE = 1 << 20;

  private BytesBlock() {}

  static int reference(byte[] slab, int valueOffset) {
    return Bytes.getInt(slab, valueOffset);
  }

  static int length(byte[] slab, int valueOffset) {
    return Bytes.getInt(slab, valueOffset + 4);
  }

  static void put(byte[] slab, int valueOffset, int reference, int length) {
    Bytes.putInt(slab, valueOffset, reference);
    Bytes.putInt(slab, valueOffset + 4, length);
  }

  /** Where the string begins in the array of its block. */
  static int textOffset(int reference) {
    return Arena.offset(reference) + STAMP_BYTES;
  }

  /** A block for a string of {@code length} bytes, which are undefined. */
  static int allocate(Arena arena, int length) {
    int reference = arena.allocate(STAMP_BYTES + length);
    Bytes.putInt(arena.slab(reference), Arena.offset(reference), arena.epoch());
    return reference;
  }

  static void free(Arena arena, int reference) {
    arena.free(reference, stamp(arena, reference));
  }

  static boolean isFrozen(Arena arena, int reference) {
    return arena.isFrozen(stamp(arena, reference));
  }

  private static int stamp(Arena arena, int reference) {
    return Bytes.getInt(arena.slab(reference), Arena.offset(reference));
  }

  static void restamp(Arena arena, int reference) {
    Bytes.putInt(arena.slab(reference), Arena.offset(reference), arena.epoch());
  }

  /** How long a string in this block can be. */
  static int capacity(Arena arena, int reference) {
    return arena.capacity(reference) - STAMP_BYTES;
  }

  /** Whether the block is about the one that a new string of {@code length} bytes would get. */
  static boolean suits(Arena arena, int reference, int length) {
    int capacity = capacity(arena, reference);
    return length <= capacity
        && (Arena.capacityFor(STAMP_BYTES + length) == capacity + STAMP_BYTES
            || capacity - length <= capacity >>> 3);
  }

  /** What a string that grows to {@code length} should have room for: sds's rule. */
  static int lengthWithSlack(int length) {
    long wanted = length < MEBIBYTE ? 2L * length : (long) length + MEBIBYTE;
    return (int) Math.min(wanted, Integer.MAX_VALUE - 64);
  }

  /** A copy of the block's first {@code length} bytes; {@code newLength} have room in it. */
  static int copy(Arena arena, int reference, int length, int newLength) {
    int copy = allocate(arena, newLength);
    System.arraycopy(
        arena.slab(reference), textOffset(reference), arena.slab(copy), textOffset(copy), length);
    return copy;
  }
}
