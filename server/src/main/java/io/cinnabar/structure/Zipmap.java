package io.cinnabar.structure;

import io.cinnabar.arena.Bytes;

/**
 * The fields and values of a zipmap, one pair after the other. Redis kept small hashes like this up
 * to 2.4; here they are only read, from files and payloads that are that old.
 *
 * <pre>
 * 0  1       number of pairs; 254 where they have to be counted
 * 1          the pairs: a field, a value
 *    1       0xff, the end
 *
 * a field or value:
 *    1 or 5  its length: below 254 itself, else 254 and four bytes, little-endian
 *    1       only of a value: unused bytes that follow it
 *            the bytes
 * </pre>
 */
public final class Zipmap {

  private static final int END = 0xff;
  private static final int LONG_LENGTH = 254;
  private static final int UNKNOWN_COUNT = 254;

  private byte[] bytes = {};
  private int count;
  private int at;
  private int last;

  /**
   * Moves over these bytes, before the first pair.
   *
   * @return whether they are a zipmap, checked to the last byte; else they must not be read
   */
  public boolean over(Slice zipmap) {
    bytes = zipmap.array;
    last = zipmap.end() - 1;
    at = zipmap.offset + 1;
    count = 0;
    if (zipmap.length < 2 || Bytes.getUnsignedByte(bytes, last) != END) {
      return false;
    }
    while (Bytes.getUnsignedByte(bytes, at) != END) {
      if (!skip(0) || !skip(1)) {
        return false;
      }
      count++;
    }
    int stated = Bytes.getUnsignedByte(bytes, zipmap.offset);
    boolean isWhole = at == last && (stated == UNKNOWN_COUNT || stated == count);
    at = zipmap.offset + 1;
    return isWhole;
  }

  /** How many pairs there are. */
  public int count() {
    return count;
  }

  /**
   * Goes to the next pair; false if there is none.
   *
   * @param field is over the field's bytes in the zipmap then
   * @param value is over the value's
   */
  public boolean next(Slice field, Slice value) {
    if (at == last) {
      return false;
    }
    int length = length();
    field.set(bytes, at + lengthBytes(), length);
    at = field.end();
    length = length();
    int unused = Bytes.getUnsignedByte(bytes, at + lengthBytes());
    value.set(bytes, at + lengthBytes() + 1, length);
    at = value.end() + unused;
    return true;
  }

  /**
   * Moves behind a field, or a value with its {@code unusedBytes} of one byte; false if it can't.
   */
  private boolean skip(int unusedBytes) {
    int start = at + lengthBytes() + unusedBytes;
    // The end byte stands behind all of this, so there is a next element to look at.
    if (start > last) {
      return false;
    }
    int length = length();
    int unused = unusedBytes == 0 ? 0 : Bytes.getUnsignedByte(bytes, start - 1);
    if (length < 0 || length > last - start - unused) {
      return false;
    }
    at = start + length + unused;
    return true;
  }

  private int lengthBytes() {
    return Bytes.getUnsignedByte(bytes, at) < LONG_LENGTH ? 1 : 5;
  }

  private int length() {
    return lengthBytes() == 1 ? Bytes.getUnsignedByte(bytes, at) : Bytes.getInt(bytes, at + 1);
  }
}
