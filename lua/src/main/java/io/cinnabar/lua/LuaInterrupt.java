package io.cinnabar.lua;

/** Ends a script for good: no {@code pcall}, handler or coroutine of it can catch this. */
public final class LuaInterrupt extends RuntimeException {
  public LuaInterrupt(String message) {
    super(message, null, false, false);
  }
}
