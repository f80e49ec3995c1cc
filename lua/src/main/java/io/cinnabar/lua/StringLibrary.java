package io.cinnabar.lua;

/** The functions of {@code string}, those with patterns aside. */
final class StringLibrary {
  private StringLibrary() {}

  static void install(Lua lua) {
    LuaTable string = Library.table(lua, "string");
    Library.add(lua, string, "byte", StringLibrary::bytes);
    Library.add(lua, string, "char", StringLibrary::fromBytes);
    Library.add(lua, string, "dump", StringLibrary::dump);
    Library.add(lua, string, "find", a -> PatternFunctions.find(a, true));
    Library.add(lua, string, "format", Format::format);
    Library.add(lua, string, "gfind", PatternFunctions::iterate);
    Library.add(lua, string, "gmatch", PatternFunctions::iterate);
    Library.add(lua, string, "gsub", PatternFunctions::replace);
    Library.add(lua, string, "len", a -> Numbers.box(a.string(1).length()));
    Library.add(lua, string, "lower", a -> mapped(a, 'A', 'Z', 32));
    Library.add(lua, string, "match", a -> PatternFunctions.find(a, false));
    Library.add(lua, string, "rep", StringLibrary::repeat);
    Library.add(lua, string, "reverse", StringLibrary::reverse);
    Library.add(lua, string, "sub", StringLibrary::slice);
    Library.add(lua, string, "upper", a -> mapped(a, 'a', 'z', -32));
    LuaTable metatable = lua.newTable();
    metatable.set(Metamethods.INDEX, string);
    lua.setStringMetatable(metatable);
  }

  /** A place counted from the end where it is negative. */
  static long place(long place, int length) {
    return place >= 0 ? place : Math.max(0, place + length + 1);
  }

  private static Object slice(Arguments args) {
    LuaString string = args.string(1);
    int length = string.length();
    long from = Math.max(1, place(args.integer(2), length));
    long to = Math.min(length, place(args.integer(3, -1), length));
    if (from > to) {
      return LuaString.EMPTY;
    }
    args.lua().account(to - from + 33);
    return string.slice((int) from - 1, (int) to);
  }

  private static Object bytes(Arguments args) {
    LuaString string = args.string(1);
    long first = place(args.integer(2, 1), string.length());
    long from = Math.max(1, first);
    long to = Math.min(string.length(), place(args.integer(3, first), string.length()));
    if (from > to) {
      return Results.NONE;
    }
    if (to - from >= 8000) {
      throw args.lua().error("string slice too long");
    }
    Object[] values = new Object[(int) (to - from + 1)];
    for (int i = 0; i < values.length; i++) {
      values[i] = Numbers.box(string.bytes[(int) from - 1 + i] & 0xff);
    }
    return Results.of(values);
  }

  private static Object fromBytes(Arguments args) {
    byte[] bytes = new byte[args.count()];
    for (int i = 1; i <= bytes.length; i++) {
      int code = (int) args.integer(i);
      if (code < 0 || code > 255) {
        throw args.error(i, "invalid value");
      }
      bytes[i - 1] = (byte) code;
    }
    return LuaString.of(bytes);
  }

  private static Object dump(Arguments args) {
    args.function(1);
    throw args.lua().error("unable to dump given function");
  }

  private static Object mapped(Arguments args, char from, char to, int shift) {
    byte[] bytes = args.string(1).toBytes();
    args.lua().accountString(bytes.length);
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] >= from && bytes[i] <= to) {
        bytes[i] += (byte) shift;
      }
    }
    return LuaString.of(bytes);
  }

  private static Object repeat(Arguments args) {
    byte[] bytes = args.string(1).bytes;
    long count = (int) args.integer(2);
    if (count <= 0 || bytes.length == 0) {
      return LuaString.EMPTY;
    }
    args.lua().accountString(bytes.length * count);
    byte[] all = new byte[(int) (bytes.length * count)];
    System.arraycopy(bytes, 0, all, 0, bytes.length);
    for (int done = bytes.length; done < all.length; done *= 2) {
      System.arraycopy(all, 0, all, done, Math.min(done, all.length - done));
    }
    return LuaString.of(all);
  }

  private static Object reverse(Arguments args) {
    byte[] bytes = args.string(1).bytes;
    args.lua().accountString(bytes.length);
    byte[] all = new byte[bytes.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = bytes[bytes.length - 1 - i];
    }
    return LuaString.of(all);
  }
}
