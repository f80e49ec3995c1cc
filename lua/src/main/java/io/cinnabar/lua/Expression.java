package io.cinnabar.lua;

/**
 * A node that has a value. Each form of evaluation may be overridden where it can do without
 * boxing; all mean the same.
 */
abstract class Expression {
  /** The value; of several results the first. */
  abstract Object evaluate(Frame f);

  /** The value as a number, or {@link Numbers#NO_NUMBER} with the value in {@link Frame#value}. */
  double number(Frame f) {
    Object value = evaluate(f);
    if (value instanceof Double number) {
      return number;
    }
    f.value = value;
    return Numbers.NO_NUMBER;
  }

  /** Whether the value is neither nil nor false. */
  boolean test(Frame f) {
    return Types.isTrue(evaluate(f));
  }

  /** All results, as {@link Results} has them. */
  Object results(Frame f) {
    return evaluate(f);
  }

  /** Whether {@link #number} is the form that costs least. */
  boolean isArithmetic() {
    return false;
  }
}
