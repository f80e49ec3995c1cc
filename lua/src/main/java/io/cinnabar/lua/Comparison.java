package io.cinnabar.lua;

/** The comparisons: they have a boolean, boxed only where a value is wanted. */
final class Comparison {
  private Comparison() {}

  /** What comparisons have in common. */
  abstract static class Binary extends Expression {
    final Expression a;
    final Expression b;
    final int site;

    Binary(Expression a, Expression b, int site) {
      this.a = a;
      this.b = b;
      this.site = site;
    }

    @Override
    Object evaluate(Frame f) {
      return test(f);
    }

    @Override
    abstract boolean test(Frame f);
  }

  static final class Equal extends Binary {
    private final boolean isWanted;

    /** Equal, or not equal where that isn't wanted. */
    Equal(Expression a, Expression b, int site, boolean isWanted) {
      super(a, b, site);
      this.isWanted = isWanted;
    }

    @Override
    boolean test(Frame f) {
      double x = a.number(f);
      if (Numbers.isSignal(x)) {
        Object left = f.value;
        Object right = b.evaluate(f);
        f.site = site;
        return Operators.equal(f.lua, left, right) == isWanted;
      }
      double y = b.number(f);
      return (!Numbers.isSignal(y) && x == y) == isWanted;
    }
  }

  static final class Less extends Binary {
    Less(Expression a, Expression b, int site) {
      super(a, b, site);
    }

    @Override
    boolean test(Frame f) {
      double x = a.number(f);
      if (Numbers.isSignal(x)) {
        Object left = f.value;
        return slow(f, left, b.evaluate(f));
      }
      double y = b.number(f);
      return Numbers.isSignal(y) ? slow(f, Numbers.box(x), f.value) : x < y;
    }

    private boolean slow(Frame f, Object left, Object right) {
      f.site = site;
      return Operators.less(f.lua, left, right);
    }
  }

  static final class LessOrEqual extends Binary {
    LessOrEqual(Expression a, Expression b, int site) {
      super(a, b, site);
    }

    @Override
    boolean test(Frame f) {
      double x = a.number(f);
      if (Numbers.isSignal(x)) {
        Object left = f.value;
        return slow(f, left, b.evaluate(f));
      }
      double y = b.number(f);
      return Numbers.isSignal(y) ? slow(f, Numbers.box(x), f.value) : x <= y;
    }

    private boolean slow(Frame f, Object left, Object right) {
      f.site = site;
      return Operators.lessOrEqual(f.lua, left, right);
    }
  }

  static final class Greater extends Binary {
    Greater(Expression a, Expression b, int site) {
      super(a, b, site);
    }

    @Override
    boolean test(Frame f) {
      double x = a.number(f);
      if (Numbers.isSignal(x)) {
        Object left = f.value;
        return slow(f, left, b.evaluate(f));
      }
      double y = b.number(f);
      return Numbers.isSignal(y) ? slow(f, Numbers.box(x), f.value) : x > y;
    }

    private boolean slow(Frame f, Object left, Object right) {
      f.site = site;
      return Operators.less(f.lua, right, left);
    }
  }

  static final class GreaterOrEqual extends Binary {
    GreaterOrEqual(Expression a, Expression b, int site) {
      super(a, b, site);
    }

    @Override
    boolean test(Frame f) {
      double x = a.number(f);
      if (Numbers.isSignal(x)) {
        Object left = f.value;
        return slow(f, left, b.evaluate(f));
      }
      double y = b.number(f);
      return Numbers.isSignal(y) ? slow(f, Numbers.box(x), f.value) : x >= y;
    }

    private boolean slow(Frame f, Object left, Object right) {
      f.site = site;
      return Operators.lessOrEqual(f.lua, right, left);
    }
  }
}
