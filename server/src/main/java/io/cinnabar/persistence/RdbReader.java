package io.cinnabar.persistence;

import io.cinnabar.arena.Bytes;
import io.cinnabar.structure.DoubleText;
import io.cinnabar.structure.IntegerText;
import io.cinnabar.structure.Lzf;
import io.cinnabar.structure.Slice;

/**
 * Reads the parts that values in RDB consist of. The bytes may be anything: what is no such part,
 * or reaches beyond the end, is refused, and what they claim is not believed before it was checked
 * against what is left of them.
 *
 * <pre>
 * a length:
 *   1  00xxxxxx                    x
 *   2  01xxxxxx xxxxxxxx           x, big-endian
 *   5  10000000 and four bytes     these, big-endian
 *   9  10000001 and eight bytes    these, big-endian
 *
 * a string:
 *      a length, and that many bytes
 *   2  11000000 and one byte       an integer, its digits are the string
 *   3  11000001 and two bytes      likewise, little-endian
 *   5  11000010 and four bytes     likewise, little-endian
 *      11000011, a length c, a length n, and c bytes: compressed by LZF, n bytes without
 *
 * a double of old:
 *   1  253 not a number, 254 infinity, 255 minus infinity
 *      else a number of bytes, and so many: the text
 * </pre>
 */
final class RdbReader {

  private static final int NOT_A_NUMBER = 253;
  private static final int INFINITY = 254;
  private static final int MINUS_INFINITY = 255;

  /** LZF makes of three bytes at most 264. */
  private static final int MAX_EXPANSION = 88;

  private static final int MAX_STRING_BYTES = Integer.MAX_VALUE - 64;

  private byte[] bytes = {};
  private int at;
  private int end;
  private int compressedAt;
  private long compressedLength;

  /** Goes to the beginning of these bytes. */
  void over(Slice slice) {
    bytes = slice.array;
    at = slice.offset;
    end = slice.end();
  }

  /** How many bytes there are left. */
  int remaining() {
    return end - at;
  }

  /** Lets go of the bytes. */
  void release() {
    bytes = new byte[0];
    at = 0;
    end = 0;
  }

  /** Moves over {@code count} bytes; where they begin. */
  private int take(long count) throws RdbException {
    if (count < 0 || count > end - at) {
      throw new RdbException("ends too early");
    }
    int start = at;
    at += (int) count;
    return start;
  }

  /** A byte, 0 to 255. */
  int unsignedByte() throws RdbException {
    return Bytes.getUnsignedByte(bytes, take(1));
  }

  /** Moves {@code into} over so many bytes. */
  void bytes(int count, Slice into) throws RdbException {
    into.set(bytes, take(count), count);
  }

  /** Eight bytes, little-endian: milliseconds since 1970. */
  long millis() throws RdbException {
    return Bytes.getLong(bytes, take(Long.BYTES));
  }

  /** Eight bytes, little-endian. */
  double binaryDouble() throws RdbException {
    return Bytes.getDouble(bytes, take(Double.BYTES));
  }

  /** A double in the old format; NaN also if the text is no number. */
  double textDouble() throws RdbException {
    int length = unsignedByte();
    return switch (length) {
      case NOT_A_NUMBER -> Double.NaN;
      case INFINITY -> Double.POSITIVE_INFINITY;
      case MINUS_INFINITY -> Double.NEGATIVE_INFINITY;
      default -> DoubleText.parse(bytes, take(length), length);
    };
  }

  /** A length, or any other number from 0 to 2^64-1. */
  long length() throws RdbException {
    int first = unsignedByte();
    if (first >= RdbWriter.SPECIAL) {
      throw new RdbException("has an encoding for a length");
    }
    return length(first);
  }

  private long length(int first) throws RdbException {
    if (first < RdbWriter.LENGTH_14) {
      return first;
    }
    if (first < RdbWriter.LENGTH_32) {
      return (first & 0x3fL) << 8 | unsignedByte();
    }
    return switch (first) {
      case RdbWriter.LENGTH_32 ->
          Integer.reverseBytes(Bytes.getInt(bytes, take(Integer.BYTES))) & 0xffff_ffffL;
      case RdbWriter.LENGTH_64 -> Long.reverseBytes(Bytes.getLong(bytes, take(Long.BYTES)));
      default -> throw new RdbException("has an unknown encoding of a length");
    };
  }

  /** A number of parts that follow, each {@code minBytes} long or more. */
  int count(int minBytes) throws RdbException {
    long count = length();
    if (count < 0 || count > (end - at) / minBytes) {
      throw new RdbException("has more parts than bytes");
    }
    return (int) count;
  }

  /** A string; returns its bytes, which are those of {@code into}. */
  Slice string(RdbString into) throws RdbException {
    if (isCompressed()) {
      int length = openCompressed();
      byte[] own = into.own(length);
      decompress(own, 0, length);
      return into.bytes().set(own, 0, length);
    }
    int first = unsignedByte();
    if (first < RdbWriter.SPECIAL) {
      long length = length(first);
      return into.bytes().set(bytes, take(length), (int) length);
    }
    return switch (first) {
      case RdbWriter.INT_8 -> digits(bytes[take(Byte.BYTES)], into);
      case RdbWriter.INT_16 -> digits(Bytes.getShort(bytes, take(Short.BYTES)), into);
      case RdbWriter.INT_32 -> digits(Bytes.getInt(bytes, take(Integer.BYTES)), into);
      default -> throw new RdbException("has an unknown encoding of a string");
    };
  }

  private static Slice digits(int integer, RdbString into) {
    byte[] own = into.own(IntegerText.MAX_LONG_BYTES);
    return into.bytes().set(own, 0, IntegerText.write(integer, own, 0));
  }

  /** How long the string will be that comes next, if it is compressed; -1 if it is not. */
  int decompressedLength() throws RdbException {
    if (!isCompressed()) {
      return -1;
    }
    int start = at;
    int length = openCompressed();
    at = start;
    return length;
  }

  /** Reads a compressed string of {@link #decompressedLength} bytes into these. */
  void decompress(Slice target) throws RdbException {
    openCompressed();
    decompress(target.array, target.offset, target.length);
  }

  private boolean isCompressed() {
    return at < end && Bytes.getUnsignedByte(bytes, at) == RdbWriter.LZF;
  }

  /** Moves over a compressed string; how long it claims to be, which its bytes can be. */
  private int openCompressed() throws RdbException {
    take(1);
    compressedLength = length();
    long length = length();
    compressedAt = take(compressedLength);
    if (length < 0 || length > compressedLength * MAX_EXPANSION || length > MAX_STRING_BYTES) {
      throw new RdbException("has a string that claims to be longer than it can be");
    }
    return (int) length;
  }

  private void decompress(byte[] target, int offset, int length) throws RdbException {
    if (!Lzf.decompress(bytes, compressedAt, (int) compressedLength, target, offset, length)) {
      throw new RdbException("has a string that can't be decompressed");
    }
  }
}
