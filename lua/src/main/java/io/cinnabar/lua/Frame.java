package io.cinnabar.lua;

/**
 * One call of a closure: its local variables and where it is. A number that was computed lies
 * unboxed in {@link #numbers}, with {@link #NUMBER} in its slot; other values, and numbers that
 * came boxed, lie in {@link #slots}. Frames are linked for positions in error texts.
 */
@SuppressWarnings("ReferenceEquality")
final class Frame {
  /** In a slot: the value is a number beside it. */
  static final Object NUMBER = new Object();

  private static final Object[] NO_SLOTS = {};
  private static final double[] NO_NUMBERS = {};

  final Lua lua;

  /** Null where a function written in Java calls back. */
  final Closure closure;

  final Object[] slots;
  final double[] numbers;
  Object[] varargs = Results.NONE;
  Frame parent;

  /** Which of the function's {@link CallSite}s was reached last. */
  int site;

  /** How many calls were replaced by this one. */
  int tailCalls;

  /** What an expression asked for a number had instead. */
  Object value;

  /** The object of the method call whose arguments are being evaluated. */
  Object self;

  /** What a return statement returns. */
  Object results;

  Frame(Closure closure, int size) {
    this.lua = closure.lua;
    this.closure = closure;
    this.slots = size == 0 ? NO_SLOTS : new Object[size];
    this.numbers = size == 0 ? NO_NUMBERS : new double[size];
  }

  /** A frame of a function written in Java, which has no position. */
  Frame(Lua lua) {
    this.lua = lua;
    this.closure = null;
    this.slots = NO_SLOTS;
    this.numbers = NO_NUMBERS;
  }

  void set(int slot, double value) {
    numbers[slot] = value;
    slots[slot] = NUMBER;
  }

  Object get(int slot) {
    Object value = slots[slot];
    return value == NUMBER ? Numbers.box(numbers[slot]) : value;
  }
}
