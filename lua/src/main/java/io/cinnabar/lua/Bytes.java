package io.cinnabar.lua;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A string that is being put together, within the limits of its state. */
final class Bytes {
  private final Lua lua;
  private byte[] bytes = new byte[64];
  private int length;

  Bytes(Lua lua) {
    this.lua = lua;
  }

  int length() {
    return length;
  }

  void add(int b) {
    room(1);
    bytes[length++] = (byte) b;
  }

  void add(byte[] more) {
    add(more, 0, more.length);
  }

  void add(byte[] more, int from, int to) {
    room(to - from);
    System.arraycopy(more, from, bytes, length, to - from);
    length += to - from;
  }

  void add(String text) {
    add(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private void room(int more) {
    long needed = (long) length + more;
    if (needed > bytes.length) {
      lua.accountString(needed);
      bytes = Arrays.copyOf(bytes, (int) Math.max(needed, Math.min(2L * bytes.length, 1 << 30)));
    }
  }

  LuaString toLuaString() {
    return LuaString.of(Arrays.copyOf(bytes, length));
  }
}
