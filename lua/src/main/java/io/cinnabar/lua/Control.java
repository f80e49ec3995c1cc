package io.cinnabar.lua;

/** Conditions, returns, and calls for what they do. */
final class Control {
  private Control() {}

  static final class CallStatement extends Statement {
    private final Expression call;

    CallStatement(Expression call) {
      this.call = call;
    }

    @Override
    int execute(Frame f) {
      call.results(f);
      return NORMAL;
    }
  }

  static final class If extends Statement {
    private final Expression condition;
    private final Statement then;
    private final Statement otherwise;

    If(Expression condition, Statement then, Statement otherwise) {
      this.condition = condition;
      this.then = then;
      this.otherwise = otherwise;
    }

    @Override
    int execute(Frame f) {
      return condition.test(f) ? then.execute(f) : otherwise.execute(f);
    }
  }

  static final class Break extends Statement {
    @Override
    int execute(Frame f) {
      return BREAK;
    }
  }

  static final class ReturnOne extends Statement {
    private final Expression value;

    ReturnOne(Expression value) {
      this.value = value;
    }

    @Override
    int execute(Frame f) {
      f.results = value.evaluate(f);
      return RETURN;
    }
  }

  static final class Return extends Statement {
    private final Expression[] values;
    private final boolean isOpen;

    Return(Expression[] values, boolean isOpen) {
      this.values = values;
      this.isOpen = isOpen;
    }

    @Override
    int execute(Frame f) {
      Object[] all = Lists.evaluate(f, values, isOpen);
      f.results = all.length == 1 ? all[0] : all;
      return RETURN;
    }
  }
}
