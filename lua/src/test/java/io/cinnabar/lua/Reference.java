package io.cinnabar.lua;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import party.iroiro.luajava.lua51.Lua51;

/** Runs scripts in the C implementation of Lua 5.1 and in ours, and shows what came of them. */
final class Reference {
  /** Calls the script protected, and joins what it returned, or its error, as one text. */
  private static final String HARNESS =
      """
      local function show(...)
        local t = {}
        for i = 1, select('#', ...) do t[i] = tostring((select(i, ...))) end
        return table.concat(t, '|')
      end
      local f, e = loadstring(SOURCE, '@user_script')
      if not f then return 'syntax: ' .. e end
      return show(pcall(f))
      """;

  private Reference() {}

  /** What the C implementation says. */
  static String run(String source) {
    try (Lua51 lua = new Lua51()) {
      lua.openLibraries();
      // The script as a literal: texts pass this binding as UTF-8, and bytes not at all.
      StringBuilder literal = new StringBuilder("SOURCE = '");
      for (byte b : source.getBytes(StandardCharsets.ISO_8859_1)) {
        literal.append(String.format("\\%03d", b & 0xff));
      }
      lua.run(literal.append("'\n").append(HARNESS).toString());
      ByteBuffer result = lua.toBuffer(-1);
      byte[] copy = new byte[result.remaining()];
      result.get(copy);
      return new String(copy, StandardCharsets.ISO_8859_1);
    }
  }

  /** What ours says. */
  static String ours(String source) {
    Lua lua = new Lua(Limits.DEFAULT, steps -> {}, java.time.InstantSource.system());
    return ours(lua, source);
  }

  static String ours(Lua lua, String source) {
    lua.globals()
        .set(LuaString.of("SOURCE"), LuaString.of(source.getBytes(StandardCharsets.ISO_8859_1)));
    LuaFunction harness = lua.load(HARNESS.getBytes(StandardCharsets.ISO_8859_1), "=harness");
    return String.valueOf(lua.call(harness)[0]);
  }
}
