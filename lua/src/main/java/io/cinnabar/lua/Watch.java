package io.cinnabar.lua;

/** Looks after a running script: is called every some thousand steps, on the script's thread. */
@FunctionalInterface
public interface Watch {
  /**
   * May do other work, and ends the script by throwing {@link LuaInterrupt}.
   *
   * @param steps how many steps (calls, turns of loops) the state has made altogether, about
   */
  void look(long steps);
}
