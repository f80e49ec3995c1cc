package io.cinnabar.lua;

/** A function as it was written: what its closures have in common. */
final class Prototype {
  final String chunk;
  final int line;
  int parameters;
  boolean isVararg;

  /**
   * The slot of the table {@code arg} of functions that don't use {@code ...} themselves, or -1.
   */
  int argSlot = -1;

  int slots;
  int[] capturedParameters = {};
  CallSite[] sites = {};

  /** For each upvalue the slot of the enclosing function, or the complement of its upvalue. */
  int[] captures = {};

  String[] upvalueNames = {};
  Statement body = Block.EMPTY;

  Prototype(String chunk, int line) {
    this.chunk = chunk;
    this.line = line;
  }
}
