package io.cinnabar.lua;

/** Lists of expressions, the last of which may give several values. */
final class Lists {
  private Lists() {}

  static Object[] evaluate(Frame f, Expression[] expressions, boolean isOpen) {
    int count = expressions.length;
    if (count == 0) {
      return Results.NONE;
    }
    Object[] values = new Object[count];
    int fixed = isOpen ? count - 1 : count;
    for (int i = 0; i < fixed; i++) {
      values[i] = expressions[i].evaluate(f);
    }
    return isOpen ? Results.append(values, fixed, expressions[fixed].results(f)) : values;
  }
}
