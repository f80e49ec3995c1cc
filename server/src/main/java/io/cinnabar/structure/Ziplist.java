package io.cinnabar.structure;

import io.cinnabar.arena.Bytes;

/**
 * The strings and integers of a ziplist, one after the other. Redis kept small lists, hashes and
 * sorted sets like this up to 6.2; here they are only read, from files and payloads that are that
 * old. Numbers are little-endian, but for the lengths of strings.
 *
 * <pre>
 * 0  4  bytes in all
 * 4  4  offset of the last element, of the end byte where there is none
 * 8  2  number of elements; 65,535 where they have to be counted
 * 10    the elements
 *    1  0xff, the end
 *
 * an element:
 *    1 or 5  bytes of the element before it: below 254 itself, else 254 and four bytes
 *    1       00xxxxxx                     a string of x bytes
 *    2       01xxxxxx xxxxxxxx            a string of x bytes, big-endian
 *    5       10...... and four bytes      a string of that many bytes, big-endian
 *    1       0xc0, 0xd0, 0xe0, 0xf0, 0xfe an integer of 2, 4, 8, 3 or 1 bytes follows
 *    1       0xf1 to 0xfd                 the integers 0 to 12
 * </pre>
 */
public final class Ziplist {

  private static final int HEADER_BYTES = 10;
  private static final int END = 0xff;
  private static final int UNKNOWN_COUNT = 0xffff;
  private static final int LONG_PREVIOUS = 254;

  private byte[] bytes = {};
  private int count;
  private int at;
  private int last;

  private boolean isInteger;
  private long integer;
  private int stringOffset;
  private int stringLength;

  /**
   * Moves over these bytes, before the first element.
   *
   * @return whether they are a ziplist, checked to the last byte; else they must not be read
   */
  public boolean over(Slice ziplist) {
    bytes = ziplist.array;
    last = ziplist.end() - 1;
    at = ziplist.offset + HEADER_BYTES;
    count = 0;
    if (ziplist.length <= HEADER_BYTES
        || Bytes.getInt(bytes, ziplist.offset) != ziplist.length
        || Bytes.getUnsignedByte(bytes, last) != END) {
      return false;
    }
    int previousBytes = 0;
    while (Bytes.getUnsignedByte(bytes, at) != END) {
      int start = at;
      if (!decode(previousBytes)) {
        return false;
      }
      previousBytes = at - start;
      count++;
    }
    int tail = at - previousBytes - ziplist.offset;
    int stated = Bytes.getUnsignedShort(bytes, ziplist.offset + 8);
    boolean isWhole = at == last && (stated == UNKNOWN_COUNT || stated == count);
    at = ziplist.offset + HEADER_BYTES;
    return isWhole && Bytes.getInt(bytes, ziplist.offset + 4) == tail;
  }

  /** How many elements there are. */
  public int count() {
    return count;
  }

  /**
   * Goes to the next element.
   *
   * @param element is over its bytes then: in the ziplist, or digits of an integer
   * @param digits where those are written, {@link IntegerText#MAX_LONG_BYTES} or more
   * @return false if there is none
   */
  public boolean next(Slice element, byte[] digits) {
    if (at == last) {
      return false;
    }
    decodeValue(afterPrevious());
    if (isInteger) {
      element.set(digits, 0, IntegerText.write(integer, digits, 0));
    } else {
      element.set(bytes, stringOffset, stringLength);
    }
    return true;
  }

  /** Decodes the element at {@link #at}, if it is one and follows one of so many bytes. */
  private boolean decode(int previousBytes) {
    int header = afterPrevious();
    if (header >= last) {
      return false;
    }
    int stated = header == at + 1 ? Bytes.getUnsignedByte(bytes, at) : Bytes.getInt(bytes, at + 1);
    return stated == previousBytes && decodeValue(header);
  }

  private int afterPrevious() {
    return at + (Bytes.getUnsignedByte(bytes, at) < LONG_PREVIOUS ? 1 : 5);
  }

  /** Decodes the encoding and what follows it, and moves behind; false if it is not valid. */
  private boolean decodeValue(int header) {
    int encoding = Bytes.getUnsignedByte(bytes, header);
    isInteger = encoding >= 0xc0;
    return isInteger ? decodeInteger(header, encoding) : decodeString(header, encoding);
  }

  private boolean decodeString(int header, int encoding) {
    int kind = encoding >>> 6;
    stringOffset = header + (kind == 0 ? 1 : kind == 1 ? 2 : 5);
    if (stringOffset > last) {
      return false;
    }
    stringLength =
        switch (kind) {
          case 0 -> encoding;
          case 1 -> (encoding & 0x3f) << 8 | Bytes.getUnsignedByte(bytes, header + 1);
          default -> Integer.reverseBytes(Bytes.getInt(bytes, header + 1));
        };
    if (stringLength < 0 || stringLength > last - stringOffset) {
      return false;
    }
    at = stringOffset + stringLength;
    return true;
  }

  private boolean decodeInteger(int header, int encoding) {
    int value = header + 1;
    int length =
        switch (encoding) {
          case 0xc0 -> 2;
          case 0xd0 -> 4;
          case 0xe0 -> 8;
          case 0xf0 -> 3;
          case 0xfe -> 1;
          default -> encoding > 0xf0 && encoding < 0xfe ? 0 : -1;
        };
    if (length < 0 || length > last - value) {
      return false;
    }
    integer =
        switch (length) {
          case 0 -> (encoding & 0x0f) - 1;
          case 1 -> bytes[value];
          case 2 -> Bytes.getShort(bytes, value);
          case 3 -> Bytes.getUnsignedShort(bytes, value) | bytes[value + 2] << 16;
          case 4 -> Bytes.getInt(bytes, value);
          default -> Bytes.getLong(bytes, value);
        };
    at = value + length;
    return true;
  }
}
