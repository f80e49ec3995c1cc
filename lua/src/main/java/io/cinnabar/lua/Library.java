package io.cinnabar.lua;

/** What libraries are installed with. */
final class Library {
  private Library() {}

  static void set(LuaTable into, String name, Object value) {
    into.set(LuaString.of(name), value);
  }

  static void add(Lua lua, LuaTable into, String name, Builtin.Body body) {
    set(into, name, lua.newFunction(body));
  }

  /** A new table as a global. */
  static LuaTable table(Lua lua, String name) {
    LuaTable table = lua.newTable();
    set(lua.globals(), name, table);
    return table;
  }
}
