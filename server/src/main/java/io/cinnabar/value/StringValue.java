package io.cinnabar.value;

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
 * RAW_BLOCK    see {@link BytesBlock}
 * </pre>
 *
 * <p>Slices handed in must not lie in this very value; those of other values may. All that change
 * the string throw {@link ArenaFullException} without having changed anything. Lengths are checked
 * against {@code proto-max-bulk-len} by the commands.
 */
public final class StringValue extends EntryBytes {
  /** The longest string with the encoding embstr. */
  public static final int MAX_EMBSTR_BYTES = 44;

  /** The longest string: what an array holds besides headers and eight bytes for BITFIELD. */
  public static final int MAX_BYTES = Integer.MAX_VALUE - 128;

  static final int INT_BYTES = 8;

  private final byte[] digits = new byte[IntegerText.MAX_LONG_BYTES];

  public StringValue(ValueBlock block) {
    super(block);
  }

  // Reading.

  /** Whether its encoding is raw, as that of everything that was edited. */
  public boolean isRaw() {
    return block.encoding() == Encoding.RAW || block.encoding() == Encoding.RAW_BLOCK;
  }

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
    return isInteger() ? IntegerText.length(integer()) : heldLength();
  }

  /**
   * The string; valid until the next call here or until the block is changed or moved to another
   * entry.
   */
  public Slice bytes() {
    if (!isInteger()) {
      return held();
    }
    bytes.set(digits, 0, IntegerText.write(integer(), digits, 0));
    return bytes;
  }

  /** Copies {@code length} bytes of the string from {@code from} on. */
  public void copyTo(int from, byte[] target, int targetOffset, int length) {
    Slice source = bytes();
    assert from >= 0 && from + length <= source.length;
    System.arraycopy(source.array, source.offset + from, target, targetOffset, length);
  }

  /** Lets go of the array that {@link #bytes} lay in. */
  public void release() {
    bytes.set(digits, 0, 0);
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
    if (block.encoding() == Encoding.INT) {
      Bytes.putLong(block.slab(), block.valueOffset(), IntegerText.toLong(value));
    } else {
      write(initialize(value.length), value);
    }
  }

  /**
   * As {@link #initialize(Slice)}, for a string other than an integer.
   *
   * @return its bytes, which are undefined, to be written; valid as long as that of {@link
   *     #bytes()}
   */
  public Slice initialize(int length) {
    return initializeBytes(length);
  }

  /** Makes it {@code value}, never as an integer: what INCRBYFLOAT stores. */
  public void setText(Slice value) {
    write(renew(encodingOf(value.length), value.length), value);
  }

  /** Makes it {@code value}, raw however short that is. */
  public void setRaw(Slice value) {
    write(renew(rawEncodingOf(value.length), value.length), value);
  }

  /**
   * Makes it raw and {@code length} bytes long.
   *
   * @return its bytes, which are undefined, to be written; valid as long as that of {@link
   *     #bytes()}
   */
  public Slice renew(int length) {
    return renew(rawEncodingOf(length), length);
  }

  /** Makes it an integer; in place where it is one already. */
  public void setInteger(long value) {
    int owned = ownBlock();
    block.reshape(Encoding.INT, INT_BYTES, 0);
    Bytes.putLong(block.slab(), block.valueOffset(), value);
    freeOwnBlock(owned);
  }

  /**
   * Makes it raw and free to be written to in place, through the bytes that this returns; they are
   * valid as long as those of {@link #bytes}.
   */
  public Slice edit() {
    return edit(length());
  }

  /** Makes it raw where it is an embstr, as whatever is about to edit it does. */
  public void makeRaw() {
    if (block.encoding() == Encoding.EMBSTR) {
      growRaw(length());
    }
  }

  /** Appends to it; from then on it is raw. */
  public void append(Slice value) {
    int length = length();
    Slice text = edit(length + value.length, length);
    System.arraycopy(value.array, value.offset, text.array, text.offset + length, value.length);
  }

  /**
   * Overwrites it from {@code offset} on, growing it as needed, with zeros between its end and
   * {@code offset}; from then on it is raw.
   */
  public void overwrite(int offset, Slice value) {
    Slice text = edit(offset + value.length, offset);
    System.arraycopy(value.array, value.offset, text.array, text.offset + offset, value.length);
  }

  /**
   * Makes it raw and at least {@code minLength} bytes long, with zeros behind its end.
   *
   * @return all of it, to be written; valid as long as that of {@link #bytes()}
   */
  public Slice edit(int minLength) {
    return edit(minLength, minLength);
  }

  /** As {@link #edit(int)}, with what lies beyond both its end and {@code zeroEnd} undefined. */
  private Slice edit(int minLength, int zeroEnd) {
    int length = length();
    growRaw(Math.max(length, minLength));
    assert isWritable();
    Slice text = bytes();
    if (zeroEnd > length) {
      Arrays.fill(text.array, text.offset + length, text.offset + zeroEnd, (byte) 0);
    }
    return text;
  }

  /**
   * Makes it raw, {@code newLength} bytes long, not shorter than it was, and free to be written.
   * The bytes beyond the old length are undefined.
   */
  private void growRaw(int newLength) {
    if (!isInteger()) {
      grow(Encoding.RAW, newLength);
      return;
    }
    Slice text = bytes();
    if (newLength > MAX_INLINE_BYTES) {
      moveIntoBlock(Encoding.RAW_BLOCK, text, newLength);
      return;
    }
    block.reshape(Encoding.RAW, entryBytes(Encoding.RAW, newLength), 0);
    byte[] slab = block.slab();
    int at = block.valueOffset();
    putLength(slab, at, newLength);
    System.arraycopy(text.array, text.offset, slab, at + lengthBytes(newLength), text.length);
  }

  // The layout.

  /** The encoding of a string of {@code length} bytes that is not kept as an integer. */
  public static Encoding encodingOf(int length) {
    return length <= MAX_EMBSTR_BYTES ? Encoding.EMBSTR : rawEncodingOf(length);
  }

  /** The encoding of a raw string of {@code length} bytes. */
  public static Encoding rawEncodingOf(int length) {
    return encodingFor(Encoding.RAW, length);
  }

  /** What a string of {@code length} bytes takes in its entry in this encoding. */
  public static int entryBytes(Encoding encoding, int length) {
    return encoding == Encoding.INT ? INT_BYTES : EntryBytes.entryBytes(encoding, length);
  }

  private static void write(Slice target, Slice value) {
    System.arraycopy(value.array, value.offset, target.array, target.offset, value.length);
  }
}
