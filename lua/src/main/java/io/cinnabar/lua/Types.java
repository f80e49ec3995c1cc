package io.cinnabar.lua;

/** The names of Lua's types, and what a value is true for. */
final class Types {
  private Types() {}

  static String name(Object value) {
    if (value == null) {
      return "nil";
    }
    if (value instanceof Double) {
      return "number";
    }
    if (value instanceof LuaString) {
      return "string";
    }
    if (value instanceof LuaTable) {
      return "table";
    }
    if (value instanceof LuaFunction) {
      return "function";
    }
    if (value instanceof Boolean) {
      return "boolean";
    }
    return "userdata";
  }

  static boolean isTrue(Object value) {
    return value instanceof Boolean b ? b : value != null;
  }

  /** Equality without metamethods. */
  @SuppressWarnings("ReferenceEquality")
  static boolean rawEqual(Object a, Object b) {
    if (a == b) {
      // A boxed NaN is the same object and yet not equal.
      return !(a instanceof Double d) || !Double.isNaN(d);
    }
    if (a instanceof Double x) {
      return b instanceof Double y && x.doubleValue() == y.doubleValue();
    }
    if (a instanceof LuaString || a instanceof Boolean) {
      return a.equals(b);
    }
    return false;
  }
}
