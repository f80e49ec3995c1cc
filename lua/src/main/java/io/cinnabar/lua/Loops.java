package io.cinnabar.lua;

/** The loops; each turn is a step that the state's watch can make the last. */
@SuppressWarnings("ReferenceEquality")
final class Loops {
  private Loops() {}

  static final class While extends Statement {
    private final Expression condition;
    private final Statement body;

    While(Expression condition, Statement body) {
      this.condition = condition;
      this.body = body;
    }

    @Override
    int execute(Frame f) {
      Lua lua = f.lua;
      while (condition.test(f)) {
        int how = body.execute(f);
        if (how != NORMAL) {
          return how == RETURN ? RETURN : NORMAL;
        }
        lua.step();
      }
      return NORMAL;
    }
  }

  static final class Repeat extends Statement {
    private final Statement body;
    private final Expression condition;

    Repeat(Statement body, Expression condition) {
      this.body = body;
      this.condition = condition;
    }

    @Override
    int execute(Frame f) {
      Lua lua = f.lua;
      while (true) {
        int how = body.execute(f);
        if (how != NORMAL) {
          return how == RETURN ? RETURN : NORMAL;
        }
        if (condition.test(f)) {
          return NORMAL;
        }
        lua.step();
      }
    }
  }

  static final class Numeric extends Statement {
    private final Expression start;
    private final Expression limit;
    private final Expression step;
    private final int slot;
    private final boolean isCaptured;
    private final Statement body;
    private final int site;

    Numeric(
        Expression start,
        Expression limit,
        Expression step,
        int slot,
        boolean isCaptured,
        Statement body,
        int site) {
      this.start = start;
      this.limit = limit;
      this.step = step;
      this.slot = slot;
      this.isCaptured = isCaptured;
      this.body = body;
      this.site = site;
    }

    @Override
    int execute(Frame f) {
      Object from = start.evaluate(f);
      Object to = limit.evaluate(f);
      Object by = step.evaluate(f);
      f.site = site;
      double i = number(f, from, "initial value");
      double end = number(f, to, "limit");
      double delta = number(f, by, "step");
      return run(f, i, end, delta);
    }

    private int run(Frame f, double from, double end, double delta) {
      Lua lua = f.lua;
      for (double i = from; delta > 0 ? i <= end : end <= i; i += delta) {
        if (isCaptured) {
          f.slots[slot] = new Cell(Numbers.box(i));
        } else {
          f.numbers[slot] = i;
          if (f.slots[slot] != Frame.NUMBER) {
            f.slots[slot] = Frame.NUMBER;
          }
        }
        int how = body.execute(f);
        if (how != NORMAL) {
          return how == RETURN ? RETURN : NORMAL;
        }
        lua.step();
      }
      return NORMAL;
    }

    private static double number(Frame f, Object value, String what) {
      Double number = Numbers.convert(value);
      if (number == null) {
        throw f.lua.error("'for' " + what + " must be a number");
      }
      return number;
    }
  }

  static final class Generic extends Statement {
    private final Expression[] values;
    private final boolean isOpen;
    private final int[] slots;
    private final boolean[] areCaptured;
    private final Statement body;
    private final int site;

    Generic(
        Expression[] values,
        boolean isOpen,
        int[] slots,
        boolean[] areCaptured,
        Statement body,
        int site) {
      this.values = values;
      this.isOpen = isOpen;
      this.slots = slots;
      this.areCaptured = areCaptured;
      this.body = body;
      this.site = site;
    }

    @Override
    int execute(Frame f) {
      Lua lua = f.lua;
      Object[] all = Lists.evaluate(f, values, isOpen);
      Object iterator = all.length > 0 ? all[0] : null;
      Object state = all.length > 1 ? all[1] : null;
      Object control = all.length > 2 ? all[2] : null;
      while (true) {
        f.site = site;
        Object results =
            iterator instanceof LuaFunction function
                ? function.call2(state, control)
                : lua.call(iterator, new Object[] {state, control}, null);
        control = Results.first(results);
        if (control == null) {
          return NORMAL;
        }
        Object[] many = Results.isMany(results) ? (Object[]) results : null;
        for (int i = 0; i < slots.length; i++) {
          Object value = i == 0 ? control : many == null || i >= many.length ? null : many[i];
          f.slots[slots[i]] = areCaptured[i] ? new Cell(value) : value;
        }
        int how = body.execute(f);
        if (how != NORMAL) {
          return how == RETURN ? RETURN : NORMAL;
        }
        lua.step();
      }
    }
  }
}
