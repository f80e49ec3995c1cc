package io.cinnabar.persistence;

import io.cinnabar.arena.Bytes;
import io.cinnabar.structure.Crc64;
import io.cinnabar.structure.DoubleText;
import io.cinnabar.structure.IntegerText;
import io.cinnabar.structure.Lzf;
import io.cinnabar.structure.Slice;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the parts that values in RDB consist of. The bytes may be anything: what is no such part,
 * or reaches beyond the end, is refused, and what they claim is not believed before it was checked
 * against what is left of them.
 *
 * <p>They lie in an array, or come from a source into windows of bounded size, one after the other.
 * A part never lies in two windows: what is left of one is copied to the beginning of the next, and
 * a part that is longer gets a window of its own. So what was read stays where it is until {@link
 * #settle}, which lets go of all windows but the last.
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

  private static final int WINDOW_BYTES = 256 << 10;
  private static final byte[] NONE = {};
  private static final int NOT_OPEN = -1;

  private @Nullable RdbSource source;

  /** The window. */
  private byte[] bytes = NONE;

  private int at;
  private int end;

  /** What came before the window. */
  private long windowPosition;

  /** The window before, in which may still lie what was read; and one that is free. */
  private byte @Nullable [] retired;

  private byte @Nullable [] spare;

  /** The checksum of what was read from the source, up to an index in the window. */
  private long checksum;

  private int summedUpTo;

  /** The length of a string whose bytes come next, or {@link #NOT_OPEN}. */
  private int openLength = NOT_OPEN;

  private boolean openIsCompressed;
  private int compressedAt;
  private long compressedLength;

  /** Goes to the beginning of these bytes. */
  void over(Slice slice) {
    source = null;
    bytes = slice.array;
    at = slice.offset;
    end = slice.end();
    openLength = NOT_OPEN;
  }

  /** Goes to where the source is. */
  void over(RdbSource from) {
    source = from;
    bytes = NONE;
    at = 0;
    end = 0;
    openLength = NOT_OPEN;
    windowPosition = 0;
    checksum = 0;
    summedUpTo = 0;
  }

  /** How many bytes there are left, or {@link RdbSource#UNKNOWN}. */
  long remaining() {
    long held = (long) end - at;
    RdbSource from = source;
    if (from == null) {
      return held;
    }
    long more = from.remaining();
    return more == RdbSource.UNKNOWN ? RdbSource.UNKNOWN : held + more;
  }

  /** How many bytes of the source were read. */
  long position() {
    return windowPosition + at;
  }

  /** The checksum of the bytes of the source that were read. */
  long checksum() {
    sum();
    return checksum;
  }

  /** Says that nobody needs any more what was read so far. */
  void settle() {
    if (retired != null) {
      spare = retired;
      retired = null;
    }
    if (source != null && bytes.length > WINDOW_BYTES && end - at <= WINDOW_BYTES) {
      moveToWindow(WINDOW_BYTES);
    }
  }

  /** Lets go of the bytes. */
  void release() {
    source = null;
    bytes = NONE;
    at = 0;
    end = 0;
    retired = null;
    spare = null;
  }

  /** Moves over {@code count} bytes; where they begin, in a window that may be a new one. */
  private int take(long count) throws RdbException {
    if (count < 0 || count > end - at) {
      gather(count);
    }
    int start = at;
    at += (int) count;
    return start;
  }

  /** Has so many bytes in the window, from {@link #at} on. */
  private void gather(long count) throws RdbException {
    RdbSource from = source;
    if (from == null || count < 0 || count > MAX_STRING_BYTES || count > remaining()) {
      throw endsTooEarly();
    }
    boolean isCertain = from.remaining() != RdbSource.UNKNOWN;
    while (end - at < count) {
      int wanted = (int) (isCertain ? count : Math.min(count, believable()));
      if (bytes.length - at < wanted) {
        moveToWindow(Math.max(wanted, WINDOW_BYTES));
      }
      end += read(from, bytes, end, bytes.length - end);
    }
  }

  /** What is worth a window where nobody knows what comes: twice as much as is there. */
  private long believable() {
    return Math.max(WINDOW_BYTES, 2L * (end - at));
  }

  private static int read(RdbSource from, byte[] into, int offset, int length) throws RdbException {
    int count;
    try {
      count = from.read(into, offset, length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (count < 0) {
      throw endsTooEarly();
    }
    return count;
  }

  private static RdbException endsTooEarly() {
    return new RdbException("ends too early");
  }

  /** Takes what is left into another window. */
  private void moveToWindow(int length) {
    sum();
    byte[] fresh = length == WINDOW_BYTES && spare != null ? spare : new byte[length];
    spare = null;
    int held = end - at;
    System.arraycopy(bytes, at, fresh, 0, held);
    if (bytes.length == WINDOW_BYTES) {
      retired = bytes;
    }
    bytes = fresh;
    windowPosition += at;
    at = 0;
    end = held;
    summedUpTo = 0;
  }

  private void sum() {
    checksum = Crc64.update(checksum, bytes, summedUpTo, at - summedUpTo);
    summedUpTo = at;
  }

  /** A byte, 0 to 255. */
  int unsignedByte() throws RdbException {
    int start = take(1);
    return Bytes.getUnsignedByte(bytes, start);
  }

  /** Moves {@code into} over so many bytes. */
  void bytes(int count, Slice into) throws RdbException {
    int start = take(count);
    into.set(bytes, start, count);
  }

  /** Four bytes, little-endian. */
  int int32() throws RdbException {
    int start = take(Integer.BYTES);
    return Bytes.getInt(bytes, start);
  }

  /** Eight bytes, little-endian. */
  long int64() throws RdbException {
    int start = take(Long.BYTES);
    return Bytes.getLong(bytes, start);
  }

  /** Eight bytes, little-endian: milliseconds since 1970. */
  long millis() throws RdbException {
    return int64();
  }

  /** Eight bytes, little-endian. */
  double binaryDouble() throws RdbException {
    return Double.longBitsToDouble(int64());
  }

  /** A double in the old format; NaN also if the text is no number. */
  double textDouble() throws RdbException {
    int length = unsignedByte();
    return switch (length) {
      case NOT_A_NUMBER -> Double.NaN;
      case INFINITY -> Double.POSITIVE_INFINITY;
      case MINUS_INFINITY -> Double.NEGATIVE_INFINITY;
      default -> {
        int start = take(length);
        yield DoubleText.parse(bytes, start, length);
      }
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
      case RdbWriter.LENGTH_32 -> Integer.reverseBytes(int32()) & 0xffff_ffffL;
      case RdbWriter.LENGTH_64 -> Long.reverseBytes(int64());
      default -> throw new RdbException("has an unknown encoding of a length");
    };
  }

  /** A number of parts that follow, each {@code minBytes} long or more. */
  int count(int minBytes) throws RdbException {
    long count = length();
    if (count < 0 || count > Integer.MAX_VALUE || count > remaining() / minBytes) {
      throw new RdbException("has more parts than bytes");
    }
    return (int) count;
  }

  /** A string; returns its bytes, which are those of {@code into}. */
  Slice string(RdbString into) throws RdbException {
    if (openLength != NOT_OPEN) {
      return openString(into);
    }
    int first = unsignedByte();
    if (first == RdbWriter.LZF) {
      openCompressed();
      return openString(into);
    }
    if (first < RdbWriter.SPECIAL) {
      long length = length(first);
      int start = take(length);
      return into.bytes().set(bytes, start, (int) length);
    }
    return digits(integer(first), into);
  }

  private Slice openString(RdbString into) throws RdbException {
    int length = openLength;
    if (openIsCompressed) {
      byte[] own = into.own(length);
      fill(into.bytes().set(own, 0, length));
      return into.bytes();
    }
    openLength = NOT_OPEN;
    int start = take(length);
    return into.bytes().set(bytes, start, length);
  }

  private int integer(int first) throws RdbException {
    return switch (first) {
      case RdbWriter.INT_8 -> (byte) unsignedByte();
      case RdbWriter.INT_16 -> {
        int start = take(Short.BYTES);
        yield Bytes.getShort(bytes, start);
      }
      case RdbWriter.INT_32 -> int32();
      default -> throw new RdbException("has an unknown encoding of a string");
    };
  }

  private static Slice digits(int integer, RdbString into) {
    byte[] own = into.own(IntegerText.MAX_LONG_BYTES);
    return into.bytes().set(own, 0, IntegerText.write(integer, own, 0));
  }

  /**
   * How long the string is that comes next; it is read by {@link #fill}, or by {@link #string} as
   * ever. Negative where only the latter can be.
   */
  int nextLength() throws RdbException {
    if (at == end) {
      gather(1);
    }
    int first = Bytes.getUnsignedByte(bytes, at);
    if (first == RdbWriter.LZF) {
      take(1);
      openCompressed();
      return openLength;
    }
    if (first >= RdbWriter.SPECIAL) {
      return NOT_OPEN;
    }
    take(1);
    long length = length(first);
    if (length < 0 || length > MAX_STRING_BYTES || length > remaining()) {
      throw endsTooEarly();
    }
    openLength = (int) length;
    openIsCompressed = false;
    return remaining() == RdbSource.UNKNOWN ? NOT_OPEN : openLength;
  }

  /** Reads the string of {@link #nextLength} bytes into these. */
  void fill(Slice target) throws RdbException {
    assert target.length == openLength;
    openLength = NOT_OPEN;
    if (openIsCompressed) {
      if (!Lzf.decompress(
          bytes,
          compressedAt,
          (int) compressedLength,
          target.array,
          target.offset,
          target.length)) {
        throw new RdbException("has a string that can't be decompressed");
      }
      return;
    }
    int held = Math.min(target.length, end - at);
    System.arraycopy(bytes, at, target.array, target.offset, held);
    at += held;
    if (held < target.length) {
      readBeside(target, held);
    }
  }

  /** Reads bytes to where they stay, past a window that is read to its end. */
  private void readBeside(Slice target, int from) throws RdbException {
    RdbSource in = source;
    if (in == null) {
      throw endsTooEarly();
    }
    sum();
    int done = from;
    while (done < target.length) {
      int count = read(in, target.array, target.offset + done, target.length - done);
      checksum = Crc64.update(checksum, target.array, target.offset + done, count);
      windowPosition += count;
      done += count;
    }
  }

  /** Moves over a compressed string; how long it claims to be, which its bytes can be. */
  private void openCompressed() throws RdbException {
    compressedLength = length();
    long length = length();
    compressedAt = take(compressedLength);
    if (length < 0 || length > compressedLength * MAX_EXPANSION || length > MAX_STRING_BYTES) {
      throw new RdbException("has a string that claims to be longer than it can be");
    }
    openLength = (int) length;
    openIsCompressed = true;
  }
}
