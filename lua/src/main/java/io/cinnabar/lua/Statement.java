package io.cinnabar.lua;

/** A node that does something. */
abstract class Statement {
  static final int NORMAL = 0;
  static final int BREAK = 1;
  static final int RETURN = 2;

  /** Does it, and says how the block goes on; what is returned is in the frame. */
  abstract int execute(Frame f);
}
