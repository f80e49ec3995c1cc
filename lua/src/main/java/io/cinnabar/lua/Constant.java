package io.cinnabar.lua;

/** A value that stands in the script. */
final class Constant extends Expression {
  final Object value;
  private final double number;

  Constant(Object value) {
    this.value = value;
    this.number = value instanceof Double d ? d : Numbers.NO_NUMBER;
  }

  @Override
  Object evaluate(Frame f) {
    return value;
  }

  @Override
  double number(Frame f) {
    if (value instanceof Double) {
      return number;
    }
    f.value = value;
    return Numbers.NO_NUMBER;
  }

  @Override
  boolean isArithmetic() {
    return value instanceof Double;
  }
}
