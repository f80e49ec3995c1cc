package io.cinnabar.lua;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A string of Lua's: bytes of no character set. Immutable: nobody writes the array afterwards. */
public final class LuaString implements Comparable<LuaString> {
  static final LuaString EMPTY = new LuaString(new byte[0]);

  final byte[] bytes;

  /** Zero while unknown, which is a rare hash. */
  private int hash;

  private LuaString(byte[] bytes) {
    this.bytes = bytes;
  }

  /** A string over this array, which now belongs to it. */
  public static LuaString of(byte[] bytes) {
    return bytes.length == 0 ? EMPTY : new LuaString(bytes);
  }

  /** A string of the text's UTF-8. */
  public static LuaString of(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  public int length() {
    return bytes.length;
  }

  /** A copy of the bytes. */
  public byte[] toBytes() {
    return bytes.clone();
  }

  LuaString slice(int from, int to) {
    return from == 0 && to == bytes.length ? this : of(Arrays.copyOfRange(bytes, from, to));
  }

  /** The reference implementation's: the order of {@code pairs} depends on it. */
  @Override
  public int hashCode() {
    int h = hash;
    if (h == 0) {
      int length = bytes.length;
      int step = (length >> 5) + 1;
      h = length;
      for (int i = length; i >= step; i -= step) {
        h ^= (h << 5) + (h >>> 2) + (bytes[i - 1] & 0xff);
      }
      hash = h;
    }
    return h;
  }

  @Override
  public boolean equals(Object other) {
    return this == other
        || (other instanceof LuaString that
            && bytes.length == that.bytes.length
            && hashCode() == that.hashCode()
            && Arrays.equals(bytes, that.bytes));
  }

  @Override
  public int compareTo(LuaString other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  /** The bytes as ISO 8859-1, so that none is lost. */
  @Override
  public String toString() {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
