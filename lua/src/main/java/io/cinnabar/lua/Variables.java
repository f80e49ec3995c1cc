package io.cinnabar.lua;

/** The nodes that read variables: locals in slots or cells, upvalues, globals. */
@SuppressWarnings("ReferenceEquality")
final class Variables {
  private Variables() {}

  static final class Local extends Expression {
    private final int slot;

    Local(int slot) {
      this.slot = slot;
    }

    @Override
    Object evaluate(Frame f) {
      Object value = f.slots[slot];
      return value == Frame.NUMBER ? Numbers.box(f.numbers[slot]) : value;
    }

    @Override
    double number(Frame f) {
      Object value = f.slots[slot];
      if (value == Frame.NUMBER) {
        return f.numbers[slot];
      }
      if (value instanceof Double number) {
        return number;
      }
      f.value = value;
      return Numbers.NO_NUMBER;
    }

    @Override
    boolean test(Frame f) {
      return Types.isTrue(f.slots[slot]);
    }
  }

  static final class Captured extends Expression {
    private final int slot;

    Captured(int slot) {
      this.slot = slot;
    }

    @Override
    Object evaluate(Frame f) {
      return ((Cell) f.slots[slot]).value;
    }
  }

  static final class Upvalue extends Expression {
    private final int index;

    Upvalue(int index) {
      this.index = index;
    }

    @Override
    Object evaluate(Frame f) {
      return f.closure.upvalues[index].value;
    }
  }

  static final class Global extends Expression {
    private final LuaString name;
    private final int site;

    Global(LuaString name, int site) {
      this.name = name;
      this.site = site;
    }

    @Override
    Object evaluate(Frame f) {
      LuaTable environment = f.closure.environment;
      Object value = environment.get(name);
      if (value == null && environment.metatable() != null) {
        f.site = site;
        return Operators.index(f.lua, environment, name, null);
      }
      return value;
    }
  }

  /** {@code ...} */
  static final class Varargs extends Expression {
    @Override
    Object evaluate(Frame f) {
      return f.varargs.length == 0 ? null : f.varargs[0];
    }

    @Override
    Object results(Frame f) {
      return f.varargs;
    }
  }

  /** An expression in parentheses, or anything of which one result is wanted. */
  static final class Single extends Expression {
    private final Expression inner;

    Single(Expression inner) {
      this.inner = inner;
    }

    @Override
    Object evaluate(Frame f) {
      return inner.evaluate(f);
    }
  }
}
