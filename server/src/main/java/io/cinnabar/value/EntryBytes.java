package io.cinnabar.value;

import io.cinnabar.arena.Arena;
import io.cinnabar.arena.ArenaFullException;
import io.cinnabar.structure.Slice;

/**
 * The bytes of a value, which lie in its entry while they are few and in a block of their own else.
 *
 * <pre>
 * in the entry  length: one byte below 128, else two (low seven bits with the top bit set, the
 *               rest); then the bytes, at most {@link #MAX_INLINE_BYTES}
 * in a block    see {@link BytesBlock}
 * </pre>
 */
abstract class EntryBytes {
  /** The most bytes that lie in their entry. */
  public static final int MAX_INLINE_BYTES = 1024;

  final ValueBlock block;
  final Slice bytes = new Slice();

  EntryBytes(ValueBlock block) {
    this.block = block;
  }

  // Reading.

  /** How many there are. */
  final int heldLength() {
    return block.encoding().layout() == Encoding.Layout.IN_BLOCK
        ? BytesBlock.length(block.slab(), block.valueOffset())
        : inlineLength(block.slab(), block.valueOffset());
  }

  /** The bytes, in the slice that is moved with every call. */
  final Slice held() {
    byte[] slab = block.slab();
    int at = block.valueOffset();
    if (block.encoding().layout() == Encoding.Layout.IN_BLOCK) {
      return inBlock(BytesBlock.reference(slab, at), BytesBlock.length(slab, at));
    }
    int length = inlineLength(slab, at);
    return bytes.set(slab, at + lengthBytes(length), length);
  }

  private Slice inBlock(int reference, int length) {
    return bytes.set(block.slabOf(reference), BytesBlock.textOffset(reference), length);
  }

  // Making.

  /** The encoding for so many bytes, of those for few and for many. */
  static Encoding encodingFor(Encoding inEntry, int length) {
    return length <= MAX_INLINE_BYTES ? inEntry : inEntry.inBlock();
  }

  /** What {@code length} bytes take in the entry in this encoding. */
  static int entryBytes(Encoding encoding, int length) {
    return encoding.layout() == Encoding.Layout.IN_BLOCK
        ? BytesBlock.VALUE_BYTES
        : lengthBytes(length) + length;
  }

  /** The first bytes of a new entry, which has their encoding already; they are undefined. */
  final Slice initializeBytes(int length) {
    if (block.encoding().layout() == Encoding.Layout.IN_BLOCK) {
      int reference = BytesBlock.allocate(block.arena(), length);
      BytesBlock.put(block.slab(), block.valueOffset(), reference, length);
      return inBlock(reference, length);
    }
    return putInline(length);
  }

  /**
   * Makes the value {@code length} undefined bytes, whatever it was.
   *
   * @throws ArenaFullException and has changed nothing
   */
  final Slice renew(Encoding encoding, int length) {
    int owned = ownBlock();
    if (encoding.layout() == Encoding.Layout.IN_BLOCK) {
      return renewBlock(encoding, owned, length);
    }
    block.reshape(encoding, entryBytes(encoding, length), 0);
    Slice made = putInline(length);
    freeOwnBlock(owned);
    return made;
  }

  // Changing.

  /**
   * Makes the bytes {@code newLength}, not fewer than there were, and free to be written. Those
   * added are undefined.
   *
   * @param inEntry the encoding while they lie in the entry
   */
  final void grow(Encoding inEntry, int newLength) {
    if (block.encoding().layout() == Encoding.Layout.IN_BLOCK) {
      growBlock(newLength);
      return;
    }
    int length = heldLength();
    if (newLength > MAX_INLINE_BYTES) {
      moveIntoBlock(inEntry.inBlock(), held(), newLength);
      return;
    }
    block.reshape(inEntry, entryBytes(inEntry, newLength), entryBytes(inEntry, length));
    putLength(length, newLength, length);
  }

  /** Makes the bytes {@code newLength}, not more than there were, and free to be written. */
  final void shrink(int newLength) {
    Encoding encoding = block.encoding();
    if (encoding.layout() == Encoding.Layout.IN_BLOCK) {
      shrinkBlock(encoding, newLength);
      return;
    }
    int length = heldLength();
    // All of it is kept at first: the length's own bytes may become fewer.
    block.reshape(encoding, entryBytes(encoding, length), entryBytes(encoding, length));
    putLength(length, newLength, newLength);
    int valueBytes = entryBytes(encoding, newLength);
    try {
      block.reshape(encoding, valueBytes, valueBytes);
    } catch (ArenaFullException full) {
      // What becomes less has its place where it is.
      return;
    }
  }

  private void putLength(int length, int newLength, int kept) {
    int from = lengthBytes(length);
    int to = lengthBytes(newLength);
    byte[] slab = block.slab();
    int at = block.valueOffset();
    if (from != to) {
      System.arraycopy(slab, at + from, slab, at + to, kept);
    }
    putLength(slab, at, newLength);
  }

  /** Moves {@code text}, which is not in a block of the value's, into one with room to grow. */
  final void moveIntoBlock(Encoding encoding, Slice text, int newLength) {
    Arena arena = block.arena();
    int made = BytesBlock.allocate(arena, BytesBlock.lengthWithSlack(newLength));
    System.arraycopy(
        text.array, text.offset, arena.slab(made), BytesBlock.textOffset(made), text.length);
    putBlock(encoding, made, newLength, 0, true);
  }

  private void growBlock(int newLength) {
    Arena arena = block.arena();
    int reference = BytesBlock.reference(block.slab(), block.valueOffset());
    int length = BytesBlock.length(block.slab(), block.valueOffset());
    boolean stays =
        newLength <= BytesBlock.capacity(arena, reference)
            && !BytesBlock.isFrozen(arena, reference);
    int room = newLength > length ? BytesBlock.lengthWithSlack(newLength) : length;
    int grown = stays ? reference : BytesBlock.copy(arena, reference, length, room);
    putBlock(block.encoding(), grown, newLength, stays ? 0 : reference, !stays);
  }

  private void shrinkBlock(Encoding encoding, int newLength) {
    Arena arena = block.arena();
    int reference = BytesBlock.reference(block.slab(), block.valueOffset());
    if (newLength <= MAX_INLINE_BYTES / 2) {
      Encoding inEntry = encoding.inEntry();
      block.reshape(inEntry, entryBytes(inEntry, newLength), 0);
      Slice made = putInline(newLength);
      byte[] slab = arena.slab(reference);
      int from = BytesBlock.textOffset(reference);
      System.arraycopy(slab, from, made.array, made.offset, newLength);
      freeOwnBlock(reference);
      return;
    }
    boolean isFrozen = BytesBlock.isFrozen(arena, reference);
    boolean stays = newLength > BytesBlock.capacity(arena, reference) / 4 && !isFrozen;
    int kept = reference;
    if (!stays) {
      try {
        kept = BytesBlock.copy(arena, reference, newLength, newLength);
      } catch (ArenaFullException full) {
        if (isFrozen) {
          throw full;
        }
        // What becomes less has its place where it is.
        stays = true;
      }
    }
    putBlock(encoding, kept, newLength, stays ? 0 : reference, !stays);
  }

  private Slice renewBlock(Encoding encoding, int owned, int length) {
    Arena arena = block.arena();
    boolean stays =
        owned != 0 && !BytesBlock.isFrozen(arena, owned) && BytesBlock.suits(arena, owned, length);
    int reference = stays ? owned : BytesBlock.allocate(arena, length);
    // The entry before any byte: should there be no memory for it, the old value must be whole.
    putBlock(encoding, reference, length, stays ? 0 : owned, !stays);
    assert isWritable();
    return inBlock(reference, length);
  }

  /** Notes the block in the entry and frees the one it comes instead of. */
  private void putBlock(Encoding encoding, int reference, int length, int replaced, boolean isNew) {
    try {
      block.reshape(encoding, BytesBlock.VALUE_BYTES, 0);
    } catch (ArenaFullException e) {
      if (isNew) {
        BytesBlock.free(block.arena(), reference);
      }
      throw e;
    }
    BytesBlock.put(block.slab(), block.valueOffset(), reference, length);
    freeOwnBlock(replaced);
  }

  /** Whether no view sees the bytes; the entry asserts it of its own. */
  final boolean isWritable() {
    return ownBlock() == 0 || !BytesBlock.isFrozen(block.arena(), ownBlock());
  }

  /** The block that the bytes lie in, or 0. */
  final int ownBlock() {
    return block.encoding().layout() == Encoding.Layout.IN_BLOCK
        ? BytesBlock.reference(block.slab(), block.valueOffset())
        : 0;
  }

  final void freeOwnBlock(int reference) {
    if (reference != 0) {
      BytesBlock.free(block.arena(), reference);
    }
  }

  // The layout.

  /** Notes the length of bytes in the entry; the bytes it will have. */
  private Slice putInline(int length) {
    byte[] slab = block.slab();
    int at = block.valueOffset();
    putLength(slab, at, length);
    return bytes.set(slab, at + lengthBytes(length), length);
  }

  static int lengthBytes(int length) {
    return length < 0x80 ? 1 : 2;
  }

  static void putLength(byte[] slab, int offset, int length) {
    if (length < 0x80) {
      slab[offset] = (byte) length;
    } else {
      slab[offset] = (byte) (length | 0x80);
      slab[offset + 1] = (byte) (length >>> 7);
    }
  }

  static int inlineLength(byte[] slab, int valueOffset) {
    int first = slab[valueOffset];
    return first >= 0 ? first : (first & 0x7f) | slab[valueOffset + 1] << 7;
  }
}
