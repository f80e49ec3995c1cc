package io.cinnabar.value;

import io.cinnabar.arena.Arena;
import io.cinnabar.structure.BlockSource;
import io.cinnabar.structure.Slice;

/**
 * The block that a value lies in, as the value sees it: bytes from {@link #valueOffset} on in
 * {@link #slab}, and a way to get more or fewer of them. The keyspace's entry is one; it keeps
 * header and key before the value and tells the table when the block moves.
 */
public abstract class ValueBlock implements BlockSource {
  /** The array in which the block lies. */
  protected byte[] slab = new byte[0];

  /** Where the value begins in {@link #slab}. */
  protected int valueOffset;

  public final byte[] slab() {
    return slab;
  }

  public final int valueOffset() {
    return valueOffset;
  }

  public abstract Encoding encoding();

  /** The array of another block of this value's. */
  @Override
  public abstract byte[] slabOf(int reference);

  /** Where blocks of the value's own come from; never called on a frozen view. */
  @Override
  public abstract Arena arena();

  /** The seeded hash of an element; never called on a frozen view. */
  public abstract long hashOf(Slice element);

  /**
   * Makes the block this value's to write, {@code valueBytes} long, in the given encoding. It may
   * be another block then. The first {@code keptBytes} of the value are kept, the rest is
   * undefined.
   *
   * @throws io.cinnabar.arena.ArenaFullException and has changed nothing
   */
  public abstract void reshape(Encoding encoding, int valueBytes, int keptBytes);
}
