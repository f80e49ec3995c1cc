package io.cinnabar.value;

import io.cinnabar.structure.EditableBytes;

/**
 * The packed bytes of a small collection: a listpack, an intset, or the sequence of a hash. There
 * is one for each block object, which is moved from entry to entry; it has no state of the
 * collection's.
 */
public final class PackedBytes extends EntryBytes implements EditableBytes {
  private static final byte[] NONE = {};

  public PackedBytes(ValueBlock block) {
    super(block);
  }

  @Override
  public byte[] array() {
    return held().array;
  }

  @Override
  public int offset() {
    return held().offset;
  }

  @Override
  public int length() {
    return heldLength();
  }

  @Override
  public void resize(int length) {
    if (length >= heldLength()) {
      grow(block.encoding().inEntry(), length);
    } else {
      shrink(length);
    }
    assert isWritable();
  }

  /**
   * Gives the value another encoding, and {@code length} undefined bytes; what it had is gone, with
   * its blocks. For values that were packed before.
   *
   * @param inEntry the encoding while the bytes lie in the entry
   * @throws io.cinnabar.arena.ArenaFullException and has changed nothing
   */
  public void renewAs(Encoding inEntry, int length) {
    renew(encodingFor(inEntry, length), length);
  }

  /** Gives packed bytes another name and leaves them as they are. */
  public void rename(Encoding inEntry) {
    Encoding encoding = block.encoding();
    boolean inBlock = encoding.layout() == Encoding.Layout.IN_BLOCK;
    int valueBytes = entryBytes(encoding, heldLength());
    block.reshape(inBlock ? inEntry.inBlock() : inEntry, valueBytes, valueBytes);
  }

  /** Makes the value of a new entry {@code length} undefined bytes. */
  public void initialize(int length) {
    initializeBytes(length);
  }

  /** Lets go of the array that the bytes lay in. */
  public void release() {
    bytes.set(NONE, 0, 0);
  }
}
