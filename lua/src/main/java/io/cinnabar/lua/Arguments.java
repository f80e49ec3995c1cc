package io.cinnabar.lua;

/** The arguments of a function written in Java, checked with the reference's error texts. */
public final class Arguments {
  private final Lua lua;
  private final Object[] values;

  Arguments(Lua lua, Object[] values) {
    this.lua = lua;
    this.values = values;
  }

  public Lua lua() {
    return lua;
  }

  public int count() {
    return values.length;
  }

  Object[] values() {
    return values;
  }

  /** The argument at this place, counted from one; nil when it is missing. */
  public Object get(int place) {
    return place <= values.length ? values[place - 1] : null;
  }

  boolean isMissing(int place) {
    return place > values.length;
  }

  /** The argument, which must be there. */
  public Object any(int place) {
    if (isMissing(place)) {
      throw error(place, "value expected");
    }
    return values[place - 1];
  }

  public LuaTable table(int place) {
    if (get(place) instanceof LuaTable table) {
      return table;
    }
    throw typeError(place, "table");
  }

  public LuaFunction function(int place) {
    if (get(place) instanceof LuaFunction function) {
      return function;
    }
    throw typeError(place, "function");
  }

  /** A number, or a string that reads as one. */
  public double number(int place) {
    Object value = get(place);
    if (value instanceof Double number) {
      return number;
    }
    Double number = Numbers.convert(value);
    if (number == null) {
      throw typeError(place, "number");
    }
    return number;
  }

  public double number(int place, double otherwise) {
    return get(place) == null ? otherwise : number(place);
  }

  /** A number cut to an integer as C casts it on 64 bits. */
  public long integer(int place) {
    return Numbers.toInteger(number(place));
  }

  public long integer(int place, long otherwise) {
    return get(place) == null ? otherwise : integer(place);
  }

  /** A string, or a number as a string. */
  public LuaString string(int place) {
    Object value = get(place);
    if (value instanceof LuaString string) {
      return string;
    }
    if (value instanceof Double) {
      return Numbers.text(value);
    }
    throw typeError(place, "string");
  }

  LuaError typeError(int place, String expected) {
    String got = isMissing(place) ? "no value" : Types.name(get(place));
    return error(place, expected + " expected, got " + got);
  }

  /** The error of a bad argument, with the name by which the function was called. */
  public LuaError error(int place, String text) {
    CallSite site = lua.currentSite();
    String name = site == null || site.name() == null ? "?" : site.name();
    int number = place;
    if (site != null && site.isMethod() && --number == 0) {
      return lua.error("calling '" + name + "' on bad self (" + text + ")");
    }
    return lua.error("bad argument #" + number + " to '" + name + "' (" + text + ")");
  }
}
