package io.cinnabar.structure;

import org.jspecify.annotations.Nullable;

/**
 * Bytes as the key of a map, by a hash that clients can't foresee. Equal bytes of different spaces,
 * such as two databases, are different keys.
 */
public final class BytesKey {

  private final Slice bytes = new Slice();
  private int space;
  private long hash;

  /** A key that keeps its bytes. */
  public static BytesKey copyOf(BytesKey other) {
    return new BytesKey().set(other.space, new Slice(other.bytes.toByteArray()), other.hash);
  }

  /** Makes this another key, whose bytes are not copied. */
  public BytesKey set(int space, Slice bytes, long hash) {
    this.space = space;
    this.bytes.set(bytes);
    this.hash = hash;
    return this;
  }

  public int space() {
    return space;
  }

  public Slice bytes() {
    return bytes;
  }

  /** The {@link KeyHash} of the bytes. */
  public long hash() {
    return hash;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(hash) + space;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof BytesKey key
        && key.space == space
        && key.hash == hash
        && key.bytes.contentEquals(bytes);
  }
}
