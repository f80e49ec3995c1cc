package io.cinnabar.lua;

/** A function as a value: takes the variables that it uses from around it. */
final class FunctionExpression extends Expression {
  private final Prototype prototype;

  FunctionExpression(Prototype prototype) {
    this.prototype = prototype;
  }

  @Override
  Object evaluate(Frame f) {
    int[] captures = prototype.captures;
    Cell[] cells = new Cell[captures.length];
    for (int i = 0; i < captures.length; i++) {
      int from = captures[i];
      cells[i] = from >= 0 ? (Cell) f.slots[from] : f.closure.upvalues[~from];
    }
    return new Closure(f.lua, prototype, cells, f.closure.environment);
  }
}
