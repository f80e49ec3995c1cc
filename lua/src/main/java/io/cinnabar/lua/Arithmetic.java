package io.cinnabar.lua;

/** The arithmetic operators, which compute without boxing where both sides are numbers. */
final class Arithmetic {
  /** An operator, with the event by which metatables know it. */
  enum Operation {
    ADD,
    SUB,
    MUL,
    DIV,
    MOD,
    POW;

    @SuppressWarnings("ImmutableEnumChecker") // The lazy hash is always the same.
    final LuaString event = LuaString.of("__" + name().toLowerCase(java.util.Locale.ROOT));

    double apply(double x, double y) {
      double result =
          switch (this) {
            case ADD -> x + y;
            case SUB -> x - y;
            case MUL -> x * y;
            case DIV -> x / y;
            case MOD -> Numbers.modulo(x, y);
            case POW -> Numbers.power(x, y);
          };
      return !Double.isNaN(result) ? result : Numbers.nan(x, y);
    }
  }

  private Arithmetic() {}

  static Expression of(
      Operation operation, Expression a, Expression b, String nameA, String nameB, int site) {
    return switch (operation) {
      case ADD -> new Add(a, b, nameA, nameB, site);
      case SUB -> new Subtract(a, b, nameA, nameB, site);
      case MUL -> new Multiply(a, b, nameA, nameB, site);
      case DIV -> new Divide(a, b, nameA, nameB, site);
      case MOD -> new Modulo(a, b, nameA, nameB, site);
      case POW -> new Power(a, b, nameA, nameB, site);
    };
  }

  /** What the operators have in common: the way out where a side is no number. */
  abstract static class Binary extends Expression {
    final Expression a;
    final Expression b;
    private final Operation operation;
    private final String nameA;
    private final String nameB;
    private final int site;

    Binary(Operation operation, Expression a, Expression b, String nameA, String nameB, int site) {
      this.operation = operation;
      this.a = a;
      this.b = b;
      this.nameA = nameA;
      this.nameB = nameB;
      this.site = site;
    }

    @Override
    boolean isArithmetic() {
      return true;
    }

    @Override
    Object evaluate(Frame f) {
      double result = number(f);
      return Numbers.isSignal(result) ? f.value : Numbers.box(result);
    }

    double withoutLeft(Frame f) {
      Object left = f.value;
      return slow(f, left, b.evaluate(f));
    }

    double withoutRight(Frame f, double left) {
      return slow(f, Numbers.box(left), f.value);
    }

    private double slow(Frame f, Object left, Object right) {
      f.site = site;
      Object value = Operators.arithmetic(f.lua, operation, left, right, nameA, nameB);
      if (value instanceof Double number) {
        return number;
      }
      f.value = value;
      return Numbers.NO_NUMBER;
    }
  }

  static final class Add extends Binary {
    Add(Expression a, Expression b, String nameA, String nameB, int site) {
      super(Operation.ADD, a, b, nameA, nameB, site);
    }

    @Override
    double number(Frame f) {
      double x = a.number(f);
      if (Numbers.isSignal(x)) {
        return withoutLeft(f);
      }
      double y = b.number(f);
      if (Numbers.isSignal(y)) {
        return withoutRight(f, x);
      }
      double result = x + y;
      return !Double.isNaN(result) ? result : Numbers.nan(x, y);
    }
  }

  static final class Subtract extends Binary {
    Subtract(Expression a, Expression b, String nameA, String nameB, int site) {
      super(Operation.SUB, a, b, nameA, nameB, site);
    }

    @Override
    double number(Frame f) {
      double x = a.number(f);
      if (Numbers.isSignal(x)) {
        return withoutLeft(f);
      }
      double y = b.number(f);
      if (Numbers.isSignal(y)) {
        return withoutRight(f, x);
      }
      double result = x - y;
      return !Double.isNaN(result) ? result : Numbers.nan(x, y);
    }
  }

  static final class Multiply extends Binary {
    Multiply(Expression a, Expression b, String nameA, String nameB, int site) {
      super(Operation.MUL, a, b, nameA, nameB, site);
    }

    @Override
    double number(Frame f) {
      double x = a.number(f);
      if (Numbers.isSignal(x)) {
        return withoutLeft(f);
      }
      double y = b.number(f);
      if (Numbers.isSignal(y)) {
        return withoutRight(f, x);
      }
      double result = x * y;
      return !Double.isNaN(result) ? result : Numbers.nan(x, y);
    }
  }

  static final class Divide extends Binary {
    Divide(Expression a, Expression b, String nameA, String nameB, int site) {
      super(Operation.DIV, a, b, nameA, nameB, site);
    }

    @Override
    double number(Frame f) {
      double x = a.number(f);
      if (Numbers.isSignal(x)) {
        return withoutLeft(f);
      }
      double y = b.number(f);
      if (Numbers.isSignal(y)) {
        return withoutRight(f, x);
      }
      double result = x / y;
      return !Double.isNaN(result) ? result : Numbers.nan(x, y);
    }
  }

  static final class Modulo extends Binary {
    Modulo(Expression a, Expression b, String nameA, String nameB, int site) {
      super(Operation.MOD, a, b, nameA, nameB, site);
    }

    @Override
    double number(Frame f) {
      double x = a.number(f);
      if (Numbers.isSignal(x)) {
        return withoutLeft(f);
      }
      double y = b.number(f);
      if (Numbers.isSignal(y)) {
        return withoutRight(f, x);
      }
      return Numbers.modulo(x, y);
    }
  }

  static final class Power extends Binary {
    Power(Expression a, Expression b, String nameA, String nameB, int site) {
      super(Operation.POW, a, b, nameA, nameB, site);
    }

    @Override
    double number(Frame f) {
      double x = a.number(f);
      if (Numbers.isSignal(x)) {
        return withoutLeft(f);
      }
      double y = b.number(f);
      if (Numbers.isSignal(y)) {
        return withoutRight(f, x);
      }
      return Numbers.power(x, y);
    }
  }

  static final class Negate extends Expression {
    private final Expression a;
    private final String name;
    private final int site;

    Negate(Expression a, String name, int site) {
      this.a = a;
      this.name = name;
      this.site = site;
    }

    @Override
    boolean isArithmetic() {
      return true;
    }

    @Override
    Object evaluate(Frame f) {
      double result = number(f);
      return Numbers.isSignal(result) ? f.value : Numbers.box(result);
    }

    @Override
    double number(Frame f) {
      double x = a.number(f);
      if (!Numbers.isSignal(x)) {
        return -x;
      }
      f.site = site;
      Object value = Operators.negate(f.lua, f.value, name);
      if (value instanceof Double number) {
        return number;
      }
      f.value = value;
      return Numbers.NO_NUMBER;
    }
  }
}
