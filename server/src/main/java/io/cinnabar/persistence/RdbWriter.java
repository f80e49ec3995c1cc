package io.cinnabar.persistence;

import io.cinnabar.arena.Bytes;
import io.cinnabar.structure.IntegerText;
import io.cinnabar.structure.Lzf;
import io.cinnabar.structure.Slice;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes the parts that values in RDB consist of, as {@link RdbReader} draws them. They gather in
 * an array that grows; or they go to a sink piece by piece, whatever the size of a value.
 */
final class RdbWriter {

  /** Takes what was written, in order. */
  @FunctionalInterface
  interface Sink {
    /** Takes these bytes, which change afterwards. */
    void take(byte[] array, int offset, int length);
  }

  static final int LENGTH_14 = 0x40;
  static final int LENGTH_32 = 0x80;
  static final int LENGTH_64 = 0x81;
  static final int SPECIAL = 0xc0;
  static final int INT_8 = 0xc0;
  static final int INT_16 = 0xc1;
  static final int INT_32 = 0xc2;
  static final int LZF = 0xc3;

  private static final int FIRST_BYTES = 256;
  private static final int KEPT_BYTES = 64 << 10;
  private static final int MAX_BYTES = Integer.MAX_VALUE - 8;

  /** The longest text of an integer that is written as one. */
  private static final int MAX_INTEGER_BYTES = 11;

  /** Shorter strings are not worth compressing. */
  private static final int MIN_COMPRESSED_BYTES = 21;

  /** What compression has to save. */
  private static final int MIN_SAVED_BYTES = 4;

  /**
   * Longer strings are compressed only if no more than this is left of them: beside the largest
   * values there is no memory for as much again.
   */
  private static final int MAX_COMPRESSED_BYTES = 16 << 20;

  /** What gathers before it goes to the sink. */
  private static final int PIECE_BYTES = 64 << 10;

  private final @Nullable Sink sink;
  private final Lzf lzf = new Lzf();
  private byte[] bytes = new byte[FIRST_BYTES];
  private byte[] compressed = new byte[FIRST_BYTES];
  private int size;
  private boolean compresses;

  /** One that gathers. */
  RdbWriter() {
    sink = null;
  }

  /** One that hands on what it is given, the last of it when it is told to {@link #drain}. */
  RdbWriter(Sink sink) {
    this.sink = sink;
  }

  /** Whether strings are compressed where that makes them shorter. */
  void compress(boolean compresses) {
    this.compresses = compresses;
  }

  /** The array that was written to; another one after the next write, perhaps. */
  byte[] array() {
    return bytes;
  }

  /** How many bytes were written. */
  int size() {
    return size;
  }

  /** Begins anew, and gives memory back if it was much. */
  void reset() {
    size = 0;
    if (bytes.length > KEPT_BYTES) {
      bytes = new byte[FIRST_BYTES];
    }
    if (compressed.length > KEPT_BYTES) {
      compressed = new byte[FIRST_BYTES];
    }
  }

  /** Hands on what has gathered. */
  void drain() {
    if (sink != null && size > 0) {
      sink.take(bytes, 0, size);
      size = 0;
    }
  }

  /** Makes room for {@code count} bytes that are about to be written; where they go. */
  private int add(int count) {
    if (sink != null && size + count > PIECE_BYTES) {
      drain();
    }
    int start = size;
    if (bytes.length - size < count) {
      if (count > MAX_BYTES - size) {
        throw new OutOfMemoryError("a value in RDB exceeds an array");
      }
      long doubled = Math.min(MAX_BYTES, 2L * bytes.length);
      bytes = Arrays.copyOf(bytes, Math.max((int) doubled, size + count));
    }
    size += count;
    return start;
  }

  /** A byte, 0 to 255. */
  void unsignedByte(int value) {
    int start = add(1);
    bytes[start] = (byte) value;
  }

  /** These bytes as they are. */
  void bytes(byte[] array) {
    bytes(array, 0, array.length);
  }

  private void bytes(byte[] array, int offset, int length) {
    if (sink != null && length > PIECE_BYTES) {
      drain();
      sink.take(array, offset, length);
      return;
    }
    int start = add(length);
    System.arraycopy(array, offset, bytes, start, length);
  }

  /** Two bytes, little-endian. */
  void unsignedShort(int value) {
    int start = add(Short.BYTES);
    Bytes.putShort(bytes, start, value);
  }

  /** Eight bytes, little-endian. */
  void longValue(long value) {
    int start = add(Long.BYTES);
    Bytes.putLong(bytes, start, value);
  }

  /** Eight bytes, little-endian. */
  void binaryDouble(double value) {
    longValue(Double.doubleToRawLongBits(value));
  }

  /** A length, or any other number from 0 to 2^64-1. */
  void length(long length) {
    if (length >= 0 && length < 1 << 6) {
      unsignedByte((int) length);
    } else if (length >= 0 && length < 1 << 14) {
      int start = add(Short.BYTES);
      bytes[start] = (byte) (LENGTH_14 | length >>> 8);
      bytes[start + 1] = (byte) length;
    } else if (length >>> 32 == 0) {
      unsignedByte(LENGTH_32);
      int start = add(Integer.BYTES);
      Bytes.putInt(bytes, start, Integer.reverseBytes((int) length));
    } else {
      unsignedByte(LENGTH_64);
      longValue(Long.reverseBytes(length));
    }
  }

  /** A string, as short as it gets. */
  void string(Slice string) {
    string(string.array, string.offset, string.length);
  }

  /** As {@link #string(Slice)}. */
  void string(byte[] array, int offset, int length) {
    if (length <= MAX_INTEGER_BYTES && IntegerText.isLong(array, offset, length)) {
      long value = IntegerText.toLong(array, offset, length);
      if (value == (int) value) {
        integer((int) value);
        return;
      }
    }
    if (!compresses || length < MIN_COMPRESSED_BYTES || !writeCompressed(array, offset, length)) {
      length(length);
      bytes(array, offset, length);
    }
  }

  private void integer(int value) {
    if (value == (byte) value) {
      unsignedByte(INT_8);
      unsignedByte(value);
    } else if (value == (short) value) {
      unsignedByte(INT_16);
      unsignedShort(value);
    } else {
      unsignedByte(INT_32);
      int start = add(Integer.BYTES);
      Bytes.putInt(bytes, start, value);
    }
  }

  /** Writes a string compressed; false if that saves too little, and then nothing is written. */
  private boolean writeCompressed(byte[] array, int offset, int length) {
    int room = Math.min(length - MIN_SAVED_BYTES, MAX_COMPRESSED_BYTES);
    if (compressed.length < room) {
      compressed = new byte[room];
    }
    int compressedLength = lzf.compress(array, offset, length, compressed, 0, room);
    if (compressedLength == 0) {
      return false;
    }
    unsignedByte(LZF);
    length(compressedLength);
    length(length);
    bytes(compressed, 0, compressedLength);
    return true;
  }
}
