package io.cinnabar.persistence;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.cinnabar.structure.Crc64;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The line that stands before each batch of commands in an append-only file. Redis takes it for an
 * annotation, which it skips.
 *
 * <pre>
 *   #CRC64-1 000000012c 0000000031 5f0c8f1fa6cbd3a2\r\n
 *   |        |          |          |
 *   |        |          |          checksum of the line up to here, and of the batch
 *   |        |          bytes before the line that were not known to be on disk yet
 *   |        bytes of the batch, which begins behind the line
 *   what it is, and the version of this format
 * </pre>
 *
 * It stands before the batch, so that a batch that was not written whole is found out as such,
 * while commands that another server has added are not mistaken for one. The third number tells the
 * two kinds of damage apart: what was written last may be incomplete after a crash, but what was on
 * disk when a later batch was written has no business to be.
 *
 * @param lengthBytes of the batch
 * @param unforcedBytes of the file before the line; at most so many, where there are very many
 */
record AofSeal(long lengthBytes, long unforcedBytes, long checksum) {

  /** Bytes of the line. */
  static final int BYTES = 49;

  /** What each begins with. */
  static final byte[] START = "#CRC64-1 ".getBytes(US_ASCII);

  private static final int NUMBER_DIGITS = 10;
  private static final long MAX_NUMBER = (1L << (4 * NUMBER_DIGITS)) - 1;
  private static final int CHECKSUM_DIGITS = 16;
  private static final int LENGTH_AT = START.length;
  private static final int UNFORCED_AT = LENGTH_AT + NUMBER_DIGITS + 1;

  /** Where the checksum stands; the line up to here is under it. */
  private static final int CHECKSUM_AT = UNFORCED_AT + NUMBER_DIGITS + 1;

  /**
   * Begins a line: all but its checksum.
   *
   * @return the checksum so far, to be continued with the bytes of the batch
   */
  static long begin(byte[] line, long lengthBytes, long unforcedBytes) {
    System.arraycopy(START, 0, line, 0, START.length);
    hex(line, LENGTH_AT, NUMBER_DIGITS, lengthBytes);
    hex(line, UNFORCED_AT, NUMBER_DIGITS, Math.min(unforcedBytes, MAX_NUMBER));
    line[UNFORCED_AT - 1] = ' ';
    line[CHECKSUM_AT - 1] = ' ';
    return Crc64.update(0, line, 0, CHECKSUM_AT);
  }

  /** Ends a line with the checksum. */
  static void end(byte[] line, long checksum) {
    hex(line, CHECKSUM_AT, CHECKSUM_DIGITS, checksum);
    line[BYTES - 2] = '\r';
    line[BYTES - 1] = '\n';
  }

  /** The line of a batch without bytes. */
  static byte[] ofNothing() {
    byte[] line = new byte[BYTES];
    end(line, begin(line, 0, 0));
    return line;
  }

  /** Whether these bytes begin as such a line does, of whatever version they are. */
  static boolean isStart(byte[] bytes, int offset, int length) {
    return length >= START.length
        && Arrays.equals(bytes, offset, offset + START.length, START, 0, START.length);
  }

  /** The line at {@code offset}; null when there is none that is whole and well-formed. */
  static @Nullable AofSeal parse(byte[] bytes, int offset, int length) {
    if (length < BYTES
        || !isStart(bytes, offset, length)
        || bytes[offset + UNFORCED_AT - 1] != ' '
        || bytes[offset + CHECKSUM_AT - 1] != ' '
        || bytes[offset + BYTES - 2] != '\r'
        || bytes[offset + BYTES - 1] != '\n'
        || !isHex(bytes, offset + LENGTH_AT, NUMBER_DIGITS)
        || !isHex(bytes, offset + UNFORCED_AT, NUMBER_DIGITS)
        || !isHex(bytes, offset + CHECKSUM_AT, CHECKSUM_DIGITS)) {
      return null;
    }
    return new AofSeal(
        number(bytes, offset + LENGTH_AT, NUMBER_DIGITS),
        number(bytes, offset + UNFORCED_AT, NUMBER_DIGITS),
        number(bytes, offset + CHECKSUM_AT, CHECKSUM_DIGITS));
  }

  /** The checksum of a line at {@code offset}, to be continued with the bytes of the batch. */
  static long checksumOfLine(byte[] bytes, int offset) {
    return Crc64.update(0, bytes, offset, CHECKSUM_AT);
  }

  private static void hex(byte[] into, int at, int digits, long value) {
    for (int i = 0; i < digits; i++) {
      int digit = (int) (value >>> (4 * (digits - 1 - i))) & 15;
      into[at + i] = (byte) (digit < 10 ? '0' + digit : 'a' + digit - 10);
    }
  }

  private static boolean isHex(byte[] bytes, int at, int digits) {
    for (int i = at; i < at + digits; i++) {
      byte b = bytes[i];
      if ((b < '0' || b > '9') && (b < 'a' || b > 'f')) {
        return false;
      }
    }
    return true;
  }

  private static long number(byte[] bytes, int at, int digits) {
    long value = 0;
    for (int i = at; i < at + digits; i++) {
      byte b = bytes[i];
      value = (value << 4) | (b <= '9' ? b - '0' : b - 'a' + 10);
    }
    return value;
  }
}
