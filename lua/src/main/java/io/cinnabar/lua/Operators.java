package io.cinnabar.lua;

/**
 * What operators do with values that the fast ways of the nodes don't take: metamethods, errors.
 */
final class Operators {
  private static final int MAX_CHAIN = 100;

  private Operators() {}

  static Object index(Lua lua, Object object, Object key, String name) {
    Object at = object;
    for (int i = 0; i < MAX_CHAIN; i++) {
      Object handler;
      if (at instanceof LuaTable table) {
        Object value = table.get(key);
        if (value != null || table.metatable() == null) {
          return value;
        }
        handler = lua.metamethod(at, Metamethods.INDEX);
        if (handler == null) {
          return null;
        }
      } else {
        handler = lua.metamethod(at, Metamethods.INDEX);
        if (handler == null) {
          throw lua.typeError("index", at, i == 0 ? name : null);
        }
      }
      if (handler instanceof LuaFunction function) {
        return Results.first(function.call2(at, key));
      }
      at = handler;
    }
    throw lua.error("loop in gettable");
  }

  static void setIndex(Lua lua, Object object, Object key, Object value, String name) {
    Object at = object;
    for (int i = 0; i < MAX_CHAIN; i++) {
      Object handler;
      if (at instanceof LuaTable table) {
        handler = table.metatable() == null ? null : lua.metamethod(at, Metamethods.NEWINDEX);
        if (handler == null || table.get(key) != null) {
          rawSet(lua, table, key, value);
          return;
        }
      } else {
        handler = lua.metamethod(at, Metamethods.NEWINDEX);
        if (handler == null) {
          throw lua.typeError("index", at, i == 0 ? name : null);
        }
      }
      if (handler instanceof LuaFunction function) {
        function.call3(at, key, value);
        return;
      }
      at = handler;
    }
    throw lua.error("loop in settable");
  }

  /** Sets without metamethods, with the errors for keys that can't be and tables not to write. */
  static void rawSet(Lua lua, LuaTable table, Object key, Object value) {
    if (table.isReadOnly()) {
      throw lua.error("Attempt to modify a readonly table");
    }
    if (key == null) {
      throw lua.error("table index is nil");
    }
    if (key instanceof Double number && number.isNaN()) {
      throw lua.error("table index is NaN");
    }
    table.set(key, value);
  }

  static Object arithmetic(
      Lua lua, Arithmetic.Operation operation, Object a, Object b, String nameA, String nameB) {
    Double x = Numbers.convert(a);
    Double y = x == null ? null : Numbers.convert(b);
    if (x != null && y != null) {
      return Numbers.box(operation.apply(x, y));
    }
    Object handler = lua.metamethod(a, operation.event);
    if (handler == null) {
      handler = lua.metamethod(b, operation.event);
    }
    if (handler != null) {
      return Results.first(lua.call(handler, new Object[] {a, b}, null));
    }
    throw x == null
        ? lua.typeError("perform arithmetic on", a, nameA)
        : lua.typeError("perform arithmetic on", b, nameB);
  }

  static Object negate(Lua lua, Object a, String name) {
    Double x = Numbers.convert(a);
    if (x != null) {
      return Numbers.box(-x);
    }
    Object handler = lua.metamethod(a, Metamethods.UNM);
    if (handler != null) {
      return Results.first(lua.call(handler, new Object[] {a, a}, null));
    }
    throw lua.typeError("perform arithmetic on", a, name);
  }

  static Object concat(Lua lua, Object a, Object b, String nameA, String nameB) {
    if (isText(a) && isText(b)) {
      byte[] left = Numbers.text(a).bytes;
      byte[] right = Numbers.text(b).bytes;
      lua.accountString((long) left.length + right.length);
      byte[] both = new byte[left.length + right.length];
      System.arraycopy(left, 0, both, 0, left.length);
      System.arraycopy(right, 0, both, left.length, right.length);
      return LuaString.of(both);
    }
    Object handler = lua.metamethod(a, Metamethods.CONCAT);
    if (handler == null) {
      handler = lua.metamethod(b, Metamethods.CONCAT);
    }
    if (handler != null) {
      return Results.first(lua.call(handler, new Object[] {a, b}, null));
    }
    throw isText(a)
        ? lua.typeError("concatenate", b, nameB)
        : lua.typeError("concatenate", a, nameA);
  }

  static boolean isText(Object value) {
    return value instanceof LuaString || value instanceof Double;
  }

  static Object length(Lua lua, Object value, String name) {
    if (value instanceof LuaTable table) {
      return Numbers.box(table.length());
    }
    if (value instanceof LuaString string) {
      return Numbers.box(string.length());
    }
    throw lua.typeError("get length of", value, name);
  }

  static boolean equal(Lua lua, Object a, Object b) {
    if (Types.rawEqual(a, b)) {
      return true;
    }
    if (!(a instanceof LuaTable && b instanceof LuaTable)) {
      return false;
    }
    Object handler = sharedHandler(lua, a, b, Metamethods.EQ);
    return handler != null
        && Types.isTrue(Results.first(lua.call(handler, new Object[] {a, b}, null)));
  }

  /** The metamethod for a comparison, which both values must have the same. */
  private static Object sharedHandler(Lua lua, Object a, Object b, LuaString event) {
    Object handler = lua.metamethod(a, event);
    return handler != null && Types.rawEqual(handler, lua.metamethod(b, event)) ? handler : null;
  }

  static boolean less(Lua lua, Object a, Object b) {
    if (a instanceof Double x && b instanceof Double y) {
      return x.doubleValue() < y.doubleValue();
    }
    if (a instanceof LuaString x && b instanceof LuaString y) {
      return x.compareTo(y) < 0;
    }
    Object handler = sameType(a, b) ? sharedHandler(lua, a, b, Metamethods.LT) : null;
    if (handler == null) {
      throw orderError(lua, a, b);
    }
    return Types.isTrue(Results.first(lua.call(handler, new Object[] {a, b}, null)));
  }

  static boolean lessOrEqual(Lua lua, Object a, Object b) {
    if (a instanceof Double x && b instanceof Double y) {
      return x.doubleValue() <= y.doubleValue();
    }
    if (a instanceof LuaString x && b instanceof LuaString y) {
      return x.compareTo(y) <= 0;
    }
    if (sameType(a, b)) {
      Object handler = sharedHandler(lua, a, b, Metamethods.LE);
      if (handler != null) {
        return Types.isTrue(Results.first(lua.call(handler, new Object[] {a, b}, null)));
      }
      handler = sharedHandler(lua, a, b, Metamethods.LT);
      if (handler != null) {
        return !Types.isTrue(Results.first(lua.call(handler, new Object[] {b, a}, null)));
      }
    }
    throw orderError(lua, a, b);
  }

  private static boolean sameType(Object a, Object b) {
    return Types.name(a).equals(Types.name(b));
  }

  private static LuaError orderError(Lua lua, Object a, Object b) {
    String left = Types.name(a);
    String right = Types.name(b);
    return lua.error(
        left.equals(right)
            ? "attempt to compare two " + left + " values"
            : "attempt to compare " + left + " with " + right);
  }

  /** What {@code tostring} gives. */
  static Object toText(Lua lua, Object value) {
    Object handler = lua.metamethod(value, Metamethods.TOSTRING);
    if (handler != null) {
      Frame frame = lua.enterNative();
      Object text = Results.first(lua.call(handler, new Object[] {value}, null));
      lua.leaveNative(frame);
      return text;
    }
    if (isText(value)) {
      return Numbers.text(value);
    }
    if (value == null || value instanceof Boolean) {
      return LuaString.of(value == null ? "nil" : value.toString());
    }
    int identity =
        value instanceof LuaTable table ? table.identity() : System.identityHashCode(value);
    return LuaString.of(
        Types.name(value) + ": 0x" + Long.toHexString(0x7f00_0000_0000L + identity * 32L));
  }
}
