package io.cinnabar.value;

import io.cinnabar.arena.Arena;
import io.cinnabar.arena.ArenaFullException;
import io.cinnabar.arena.Bytes;
import io.cinnabar.structure.IntegerText;
import io.cinnabar.structure.Slice;
import java.util.Arrays;

/**
 * The string in a {@link ValueBlock}. There is one for each block object, which is moved from entry
 * to entry; it has no state of the string's.
 *
 * <pre>
 * INT          8 bytes
 * EMBSTR, RAW  length: one byte below 128, else two (low seven bits with the top bit set, the rest);
 *              then the string, at most {@link #MAX_INLINE_BYTES}
 * RAW_BLOCK    see {@link StringBlock}
 * </pre>
 *
 * <p>Slices handed in must not lie in this very value; those of other values may. All that change
 * the string throw {@link ArenaFullException} without having changed anything. Lengths are checked
 * against {@code proto-max-bulk-len} by the commands.
 */
public final class StringValue {
  /** The longest string with the encoding embstr. */
  public static final int MAX_EMBSTR_BYTES = 44;

  /** The longest string that lies in its entry. */
  public static final int MAX_INLINE_BYTES = 1024;

  private static final int INT_BYTES = 8;

  private final ValueBlock block;
  private final Slice bytes = new Slice();
  private final byte[] digits = new byte[IntegerText.MAX_LONG_BYTES];

  public StringValue(ValueBlock block) {
    this.block = block;
  }

  // Reading.

  /** Whether it is kept as an integer. */
  public boolean isInteger() {
    return block.encoding() == Encoding.INT;
  }

  /** The integer; only where {@link #isInteger}. */
  public long integer() {
    assert isInteger();
    return Bytes.getLong(block.slab(), block.valueOffset());
  }

  /** Its length in bytes, of an integer's digits. */
  public int length() {
    return switch (block.encoding()) {
      case INT -> IntegerText.length(integer());
      case EMBSTR, RAW -> inlineLength();
      case RAW_BLOCK -> StringBlock.length(block.slab(), block.valueOffset());
    };
  }

  /**
   * The string; valid until the next call here or until the block is changed or moved to another
   * entry.
   */
  public Slice bytes() {
    switch (block.encoding()) {
      case INT -> bytes.set(digits, 0, IntegerText.write(integer(), digits, 0));
      case EMBSTR, RAW -> {
        int length = inlineLength();
        bytes.set(block.slab(), block.valueOffset() + lengthBytes(length), length);
      }
      case RAW_BLOCK -> {
        int reference = StringBlock.reference(block.slab(), block.valueOffset());
        bytes.set(
            block.slabOf(reference),
            StringBlock.textOffset(reference),
            StringBlock.length(block.slab(), block.valueOffset()));
      }
    }
    return bytes;
  }

  /** Copies {@code length} bytes of the string from {@code from} on. */
  public void copyTo(int from, byte[] target, int targetOffset, int length) {
    Slice source = bytes();
    assert from >= 0 && from + length <= source.length;
    System.arraycopy(source.array, source.offset + from, target, targetOffset, length);
  }

  // Changing.

  /** Makes it {@code value}, in the encoding that SET gives it: an integer where it is one. */
  public void set(Slice value) {
    if (IntegerText.isLong(value)) {
      setInteger(IntegerText.toLong(value));
    } else {
      setText(value);
    }
  }

  /**
   * Writes the first value of a new block, which has the encoding of {@code value} already and is
   * as long as {@link #entryBytes} says.
   */
  public void initialize(Slice value) {
    byte[] slab = block.slab();
    int at = block.valueOffset();
    switch (block.encoding()) {
      case INT -> Bytes.putLong(slab, at, IntegerText.toLong(value));
      case EMBSTR, RAW -> putInline(slab, at, value);
      case RAW_BLOCK -> {
        int reference = StringBlock.allocate(block.arena(), value.length);
        StringBlock.put(slab, at, reference, value.length);
        StringBlock.write(block.arena(), reference, value);
      }
    }
  }

  /** Makes it {@code value}, never as an integer: what INCRBYFLOAT stores. */
  public void setText(Slice value) {
    Encoding encoding = encodingOf(value.length);
    if (encoding == Encoding.RAW_BLOCK) {
      setBlock(value);
      return;
    }
    int owned = ownBlock();
    block.reshape(encoding, inlineBytes(value.length), 0);
    putInline(block.slab(), block.valueOffset(), value);
    freeOwnBlock(owned);
  }

  /** Makes it an integer; in place where it is one already. */
  public void setInteger(long value) {
    int owned = ownBlock();
    block.reshape(Encoding.INT, INT_BYTES, 0);
    Bytes.putLong(block.slab(), block.valueOffset(), value);
    freeOwnBlock(owned);
  }

  /** Appends to it; from then on it is raw. */
  public void append(Slice value) {
    int length = length();
    grow(length + value.length);
    Slice text = bytes();
    System.arraycopy(value.array, value.offset, text.array, text.offset + length, value.length);
  }

  /**
   * Overwrites it from {@code offset} on, growing it as needed, with zeros between its end and
   * {@code offset}; from then on it is raw.
   */
  public void overwrite(int offset, Slice value) {
    int length = length();
    grow(Math.max(length, offset + value.length));
    Slice text = bytes();
    if (offset > length) {
      Arrays.fill(text.array, text.offset + length, text.offset + offset, (byte) 0);
    }
    System.arraycopy(value.array, value.offset, text.array, text.offset + offset, value.length);
  }

  /**
   * Makes it raw, {@code newLength} bytes long, not shorter than it was, and free to be written.
   * The bytes beyond the old length are undefined.
   */
  private void grow(int newLength) {
    Encoding encoding = block.encoding();
    if (encoding == Encoding.RAW_BLOCK) {
      growBlock(newLength);
      return;
    }
    int length = length();
    if (newLength > MAX_INLINE_BYTES) {
      moveIntoBlock(length, newLength);
      return;
    }
    if (encoding == Encoding.INT) {
      Slice text = bytes();
      block.reshape(Encoding.RAW, inlineBytes(newLength), 0);
      putLength(block.slab(), block.valueOffset(), newLength);
      System.arraycopy(
          text.array,
          text.offset,
          block.slab(),
          block.valueOffset() + lengthBytes(newLength),
          length);
      return;
    }
    int from = lengthBytes(length);
    int to = lengthBytes(newLength);
    block.reshape(Encoding.RAW, inlineBytes(newLength), inlineBytes(length));
    byte[] slab = block.slab();
    int at = block.valueOffset();
    if (from != to) {
      System.arraycopy(slab, at + from, slab, at + to, length);
    }
    putLength(slab, at, newLength);
  }

  private void growBlock(int newLength) {
    Arena arena = block.arena();
    int reference = StringBlock.reference(block.slab(), block.valueOffset());
    int length = StringBlock.length(block.slab(), block.valueOffset());
    boolean stays =
        newLength <= StringBlock.capacity(arena, reference)
            && !StringBlock.isFrozen(arena, reference);
    int room = newLength > length ? StringBlock.lengthWithSlack(newLength) : length;
    int grown = stays ? reference : StringBlock.copy(arena, reference, length, room);
    putBlock(grown, newLength, stays ? 0 : reference, !stays);
  }

  private void moveIntoBlock(int length, int newLength) {
    Arena arena = block.arena();
    int made = StringBlock.allocate(arena, StringBlock.lengthWithSlack(newLength));
    copyTo(0, arena.slab(made), StringBlock.textOffset(made), length);
    putBlock(made, newLength, 0, true);
  }

  private void setBlock(Slice value) {
    Arena arena = block.arena();
    int owned = ownBlock();
    int length = value.length;
    boolean stays =
        owned != 0
            && !StringBlock.isFrozen(arena, owned)
            && StringBlock.suits(arena, owned, length);
    int reference = stays ? owned : StringBlock.allocate(arena, length);
    // The entry first: should there be no memory for it, the old string must still be whole.
    putBlock(reference, length, stays ? 0 : owned, !stays);
    StringBlock.write(arena, reference, value);
  }

  /** Notes the block in the entry and frees the one it comes instead of. */
  private void putBlock(int reference, int length, int replaced, boolean isNew) {
    try {
      block.reshape(Encoding.RAW_BLOCK, StringBlock.VALUE_BYTES, 0);
    } catch (ArenaFullException e) {
      if (isNew) {
        StringBlock.free(block.arena(), reference);
      }
      throw e;
    }
    StringBlock.put(block.slab(), block.valueOffset(), reference, length);
    freeOwnBlock(replaced);
  }

  private int ownBlock() {
    return block.encoding() == Encoding.RAW_BLOCK
        ? StringBlock.reference(block.slab(), block.valueOffset())
        : 0;
  }

  private void freeOwnBlock(int reference) {
    if (reference != 0) {
      StringBlock.free(block.arena(), reference);
    }
  }

  // The layout.

  /** The encoding of a string of {@code length} bytes that is not kept as an integer. */
  public static Encoding encodingOf(int length) {
    if (length <= MAX_EMBSTR_BYTES) {
      return Encoding.EMBSTR;
    }
    return length <= MAX_INLINE_BYTES ? Encoding.RAW : Encoding.RAW_BLOCK;
  }

  /** What a string of {@code length} bytes takes in its entry in this encoding. */
  public static int entryBytes(Encoding encoding, int length) {
    return switch (encoding) {
      case INT -> INT_BYTES;
      case EMBSTR, RAW -> inlineBytes(length);
      case RAW_BLOCK -> StringBlock.VALUE_BYTES;
    };
  }

  private static int inlineBytes(int length) {
    return lengthBytes(length) + length;
  }

  private static void putInline(byte[] slab, int offset, Slice value) {
    putLength(slab, offset, value.length);
    int at = offset + lengthBytes(value.length);
    System.arraycopy(value.array, value.offset, slab, at, value.length);
  }

  private static int lengthBytes(int length) {
    return length < 0x80 ? 1 : 2;
  }

  private static void putLength(byte[] slab, int offset, int length) {
    if (length < 0x80) {
      slab[offset] = (byte) length;
    } else {
      slab[offset] = (byte) (length | 0x80);
      slab[offset + 1] = (byte) (length >>> 7);
    }
  }

  private int inlineLength() {
    return inlineLength(block.slab(), block.valueOffset());
  }

  static int inlineLength(byte[] slab, int valueOffset) {
    int first = slab[valueOffset];
    return first >= 0 ? first : (first & 0x7f) | slab[valueOffset + 1] << 7;
  }
}
