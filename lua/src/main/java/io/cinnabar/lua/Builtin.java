package io.cinnabar.lua;

/** A function written in Java. */
public final class Builtin extends LuaFunction {
  /** What it does. */
  @FunctionalInterface
  public interface Body {
    /** Results as {@link Results} has them. */
    Object call(Arguments args);
  }

  private final Lua lua;
  private final Body body;

  Builtin(Lua lua, Body body) {
    super(lua.globals());
    this.lua = lua;
    this.body = body;
  }

  @Override
  Object call(Object[] args) {
    lua.step();
    return body.call(new Arguments(lua, args));
  }
}
