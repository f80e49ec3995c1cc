package io.cinnabar.lua;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** The functions that are globals themselves. */
final class BaseLibrary {
  private BaseLibrary() {}

  static void install(Lua lua) {
    LuaTable globals = lua.globals();
    Library.set(globals, "_G", globals);
    Library.set(globals, "_VERSION", LuaString.of("Lua 5.1"));
    Library.add(lua, globals, "assert", BaseLibrary::assertTrue);
    Library.add(lua, globals, "error", BaseLibrary::error);
    Library.add(lua, globals, "getmetatable", BaseLibrary::getMetatable);
    Library.add(lua, globals, "setmetatable", BaseLibrary::setMetatable);
    Library.add(lua, globals, "rawequal", a -> Types.rawEqual(a.any(1), a.any(2)));
    Library.add(lua, globals, "rawget", a -> rawGet(a));
    Library.add(lua, globals, "rawset", BaseLibrary::rawSet);
    Library.add(lua, globals, "type", a -> LuaString.of(Types.name(a.any(1))));
    Library.add(lua, globals, "tostring", a -> Operators.toText(a.lua(), a.any(1)));
    Library.add(lua, globals, "tonumber", BaseLibrary::toNumber);
    Library.add(lua, globals, "next", BaseLibrary::next);
    Object next = globals.get(LuaString.of("next"));
    Library.add(lua, globals, "pairs", a -> new Object[] {next, a.table(1), null});
    LuaFunction step = lua.newFunction(BaseLibrary::nextItem);
    Library.add(lua, globals, "ipairs", a -> new Object[] {step, a.table(1), Numbers.box(0)});
    Library.add(lua, globals, "select", BaseLibrary::select);
    Library.add(lua, globals, "unpack", BaseLibrary::unpack);
    Library.add(lua, globals, "getfenv", BaseLibrary::getEnvironment);
    Library.add(lua, globals, "setfenv", BaseLibrary::setEnvironment);
    Library.add(lua, globals, "loadstring", BaseLibrary::loadString);
    Library.add(lua, globals, "load", BaseLibrary::load);
    Library.add(lua, globals, "collectgarbage", BaseLibrary::collectGarbage);
    Library.add(lua, globals, "pcall", Protected::call);
    Library.add(lua, globals, "xpcall", Protected::callWithHandler);
    LuaTable os = Library.table(lua, "os");
    Library.add(lua, os, "clock", a -> lua.clock().millis() / 1000.0);
  }

  private static Object assertTrue(Arguments args) {
    if (Types.isTrue(args.any(1))) {
      return Results.of(args.values());
    }
    if (args.get(2) == null) {
      throw args.lua().error("assertion failed!");
    }
    throw args.lua().error(args.string(2).toString());
  }

  private static Object error(Arguments args) {
    int level = (int) args.integer(2, 1);
    Object value = args.get(1);
    if (Operators.isText(value) && level > 0) {
      byte[] where = LuaString.of(args.lua().where(level)).bytes;
      byte[] text = Numbers.text(value).bytes;
      byte[] both = Arrays.copyOf(where, where.length + text.length);
      System.arraycopy(text, 0, both, where.length, text.length);
      value = LuaString.of(both);
    }
    throw new LuaError(value);
  }

  private static Object getMetatable(Arguments args) {
    LuaTable metatable = args.lua().metatable(args.any(1));
    if (metatable == null) {
      return null;
    }
    Object shown = metatable.get(Metamethods.METATABLE);
    return shown == null ? metatable : shown;
  }

  private static Object setMetatable(Arguments args) {
    LuaTable table = args.table(1);
    Object metatable = args.get(2);
    if (args.isMissing(2) || !(metatable == null || metatable instanceof LuaTable)) {
      throw args.error(2, "nil or table expected");
    }
    LuaTable old = table.metatable();
    if (old != null && old.get(Metamethods.METATABLE) != null) {
      throw args.lua().error("cannot change a protected metatable");
    }
    if (table.isReadOnly()) {
      throw args.lua().error("Attempt to modify a readonly table");
    }
    table.setMetatable((LuaTable) metatable);
    return table;
  }

  private static Object rawGet(Arguments args) {
    return args.table(1).get(args.any(2));
  }

  private static Object rawSet(Arguments args) {
    LuaTable table = args.table(1);
    Operators.rawSet(args.lua(), table, args.any(2), args.any(3));
    return table;
  }

  private static Object toNumber(Arguments args) {
    long base = args.integer(2, 10);
    if (base == 10) {
      return Numbers.convert(args.any(1));
    }
    String text = args.string(1).toString();
    if (base < 2 || base > 36) {
      throw args.error(2, "base out of range");
    }
    return Integers.parse(text, (int) base);
  }

  private static Object next(Arguments args) {
    LuaTable table = args.table(1);
    int after = table.placeAfter(args.get(2));
    if (after < 0) {
      throw LuaTable.unknownKey();
    }
    int place = table.occupied(after);
    return place < 0 ? null : new Object[] {table.keyAt(place), table.valueAt(place)};
  }

  private static Object nextItem(Arguments args) {
    double index = args.number(2) + 1;
    Object value = args.table(1).get(index);
    return value == null ? Results.NONE : new Object[] {Numbers.box(index), value};
  }

  private static Object select(Arguments args) {
    if (args.get(1) instanceof LuaString string && string.toString().startsWith("#")) {
      return Numbers.box(args.count() - 1);
    }
    long from = args.integer(1);
    if (from < 0) {
      from = args.count() + from;
    } else if (from > args.count()) {
      from = args.count();
    }
    if (from < 1) {
      throw args.error(1, "index out of range");
    }
    return Results.of(Arrays.copyOfRange(args.values(), (int) from, args.count()));
  }

  private static Object unpack(Arguments args) {
    LuaTable table = args.table(1);
    long from = (int) args.integer(2, 1);
    long to = args.get(3) == null ? table.length() : (int) args.integer(3);
    if (from > to) {
      return Results.NONE;
    }
    if (to - from >= 8000) {
      throw args.lua().error("too many results to unpack");
    }
    Object[] values = new Object[(int) (to - from + 1)];
    for (int i = 0; i < values.length; i++) {
      values[i] = table.get((double) (from + i));
    }
    return Results.of(values);
  }

  /** The function that getfenv and setfenv are about; null for the globals of the state. */
  private static LuaFunction environmentOwner(Arguments args, boolean isOptional) {
    Lua lua = args.lua();
    if (args.get(1) instanceof LuaFunction function) {
      return function;
    }
    int level = (int) (isOptional ? args.integer(1, 1) : args.integer(1));
    if (level < 0) {
      throw args.error(1, "level must be non-negative");
    }
    if (level == 0) {
      return null;
    }
    if (!lua.hasLevel(level)) {
      throw args.error(1, "invalid level");
    }
    Closure closure = lua.closureAt(level);
    if (closure == null) {
      throw lua.error("no function environment for tail call at level " + level);
    }
    return closure;
  }

  private static Object getEnvironment(Arguments args) {
    LuaFunction owner = environmentOwner(args, true);
    return owner instanceof Closure ? owner.environment : args.lua().globals();
  }

  private static Object setEnvironment(Arguments args) {
    LuaTable environment = args.table(2);
    LuaFunction owner = environmentOwner(args, false);
    if (owner == null || owner instanceof Builtin) {
      throw args.lua().error("'setfenv' cannot change environment of given object");
    }
    owner.environment = environment;
    return owner;
  }

  private static Object loadString(Arguments args) {
    LuaString source = args.string(1);
    String name = args.get(2) == null ? source.toString() : args.string(2).toString();
    return load(args.lua(), source.bytes, name);
  }

  private static Object load(Lua lua, byte[] source, String name) {
    try {
      return lua.load(source, name);
    } catch (LuaError e) {
      return new Object[] {null, e.value()};
    }
  }

  private static Object load(Arguments args) {
    LuaFunction reader = args.function(1);
    String name = args.get(2) == null ? "=(load)" : args.string(2).toString();
    ByteArrayOutputStream source = new ByteArrayOutputStream();
    while (true) {
      Object piece = Results.first(reader.call0());
      if (piece == null) {
        break;
      }
      if (!Operators.isText(piece)) {
        return new Object[] {
          null, args.lua().error("reader function must return a string").value()
        };
      }
      byte[] bytes = Numbers.text(piece).bytes;
      if (bytes.length == 0) {
        break;
      }
      args.lua().accountString(bytes.length);
      source.write(bytes, 0, bytes.length);
    }
    return load(args.lua(), source.toByteArray(), name);
  }

  private static Object collectGarbage(Arguments args) {
    String option = args.get(1) == null ? "collect" : args.string(1).toString();
    return switch (option) {
      case "count" -> args.lua().allocated() / 1024.0;
      case "collect", "stop", "restart", "setpause", "setstepmul" -> Numbers.box(0);
      case "step" -> true;
      default -> throw args.error(1, "invalid option '" + option + "'");
    };
  }
}
