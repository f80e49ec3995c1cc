package io.cinnabar.lua;

/** {@code and}, {@code or}, {@code not}, and the length. */
final class Logic {
  private Logic() {}

  static final class And extends Expression {
    private final Expression a;
    private final Expression b;

    And(Expression a, Expression b) {
      this.a = a;
      this.b = b;
    }

    @Override
    Object evaluate(Frame f) {
      Object value = a.evaluate(f);
      return Types.isTrue(value) ? b.evaluate(f) : value;
    }

    @Override
    boolean test(Frame f) {
      return a.test(f) && b.test(f);
    }
  }

  static final class Or extends Expression {
    private final Expression a;
    private final Expression b;

    Or(Expression a, Expression b) {
      this.a = a;
      this.b = b;
    }

    @Override
    Object evaluate(Frame f) {
      Object value = a.evaluate(f);
      return Types.isTrue(value) ? value : b.evaluate(f);
    }

    @Override
    boolean test(Frame f) {
      return a.test(f) || b.test(f);
    }
  }

  static final class Not extends Expression {
    private final Expression a;

    Not(Expression a) {
      this.a = a;
    }

    @Override
    Object evaluate(Frame f) {
      return !a.test(f);
    }

    @Override
    boolean test(Frame f) {
      return !a.test(f);
    }
  }

  static final class Length extends Expression {
    private final Expression a;
    private final String name;
    private final int site;

    Length(Expression a, String name, int site) {
      this.a = a;
      this.name = name;
      this.site = site;
    }

    @Override
    Object evaluate(Frame f) {
      Object value = a.evaluate(f);
      f.site = site;
      return Operators.length(f.lua, value, name);
    }
  }
}
