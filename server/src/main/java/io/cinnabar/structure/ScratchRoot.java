package io.cinnabar.structure;

import java.util.Arrays;

/** A root outside of any entry, for a tree that is being built. */
public final class ScratchRoot implements EditableBytes {
  private final byte[] bytes;

  /**
   * @param sizeBytes of the root and what stands behind it
   */
  public ScratchRoot(int sizeBytes) {
    bytes = new byte[sizeBytes];
  }

  /** Makes it the root of an empty tree, which owns nothing. */
  public ScratchRoot reset() {
    Arrays.fill(bytes, (byte) 0);
    return this;
  }

  @Override
  public byte[] array() {
    return bytes;
  }

  @Override
  public int offset() {
    return 0;
  }

  @Override
  public int length() {
    return bytes.length;
  }

  @Override
  public void resize(int length) {
    assert length == bytes.length;
  }
}
