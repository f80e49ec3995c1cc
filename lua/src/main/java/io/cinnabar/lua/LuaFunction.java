package io.cinnabar.lua;

/** What can be called: a closure of a script, or a function written in Java. */
public abstract class LuaFunction {
  /** Where the globals of the function are: {@code getfenv}. */
  LuaTable environment;

  LuaFunction(LuaTable environment) {
    this.environment = environment;
  }

  /** Calls it; {@link Results} tells how what it returns is to be read. */
  abstract Object call(Object[] args);

  Object call0() {
    return call(Results.NONE);
  }

  Object call1(Object a) {
    return call(new Object[] {a});
  }

  Object call2(Object a, Object b) {
    return call(new Object[] {a, b});
  }

  Object call3(Object a, Object b, Object c) {
    return call(new Object[] {a, b, c});
  }
}
