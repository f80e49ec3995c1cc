package io.cinnabar.lua;

/** What can be assigned to. */
abstract class Target {
  /** Evaluates the value, and assigns it. */
  abstract void assign(Frame f, Expression value);

  /** Evaluates what names the place, into the array. */
  void prepare(Frame f, Object[] into, int at) {}

  /** Assigns to the place that was prepared. */
  abstract void assign(Frame f, Object[] prepared, int at, Object value);

  static final class Local extends Target {
    private final int slot;

    Local(int slot) {
      this.slot = slot;
    }

    int slot() {
      return slot;
    }

    @Override
    void assign(Frame f, Expression value) {
      f.slots[slot] = value.evaluate(f);
    }

    @Override
    void assign(Frame f, Object[] prepared, int at, Object value) {
      f.slots[slot] = value;
    }
  }

  static final class Captured extends Target {
    private final int slot;

    Captured(int slot) {
      this.slot = slot;
    }

    @Override
    void assign(Frame f, Expression value) {
      Object result = value.evaluate(f);
      ((Cell) f.slots[slot]).value = result;
    }

    @Override
    void assign(Frame f, Object[] prepared, int at, Object value) {
      ((Cell) f.slots[slot]).value = value;
    }
  }

  /** A local that begins to be, in a cell of its own. */
  static final class NewCaptured extends Target {
    private final int slot;

    NewCaptured(int slot) {
      this.slot = slot;
    }

    @Override
    void assign(Frame f, Expression value) {
      f.slots[slot] = new Cell(value.evaluate(f));
    }

    @Override
    void assign(Frame f, Object[] prepared, int at, Object value) {
      f.slots[slot] = new Cell(value);
    }
  }

  static final class Upvalue extends Target {
    private final int index;

    Upvalue(int index) {
      this.index = index;
    }

    @Override
    void assign(Frame f, Expression value) {
      f.closure.upvalues[index].value = value.evaluate(f);
    }

    @Override
    void assign(Frame f, Object[] prepared, int at, Object value) {
      f.closure.upvalues[index].value = value;
    }
  }

  static final class Global extends Target {
    private final LuaString name;
    private final int site;

    Global(LuaString name, int site) {
      this.name = name;
      this.site = site;
    }

    @Override
    void assign(Frame f, Expression value) {
      write(f, value.evaluate(f));
    }

    @Override
    void assign(Frame f, Object[] prepared, int at, Object value) {
      write(f, value);
    }

    private void write(Frame f, Object value) {
      f.site = site;
      Operators.setIndex(f.lua, f.closure.environment, name, value, null);
    }
  }

  static final class Field extends Target {
    private final Index index;

    Field(Index index) {
      this.index = index;
    }

    @Override
    void assign(Frame f, Expression value) {
      Object object = index.object.evaluate(f);
      double number = index.key.number(f);
      if (Numbers.isSignal(number)) {
        Object key = f.value;
        index.assign(f, object, key, value.evaluate(f));
      } else {
        index.assign(f, object, number, value.evaluate(f));
      }
    }

    @Override
    void prepare(Frame f, Object[] into, int at) {
      into[at] = index.object.evaluate(f);
      into[at + 1] = index.key.evaluate(f);
    }

    @Override
    void assign(Frame f, Object[] prepared, int at, Object value) {
      index.assign(f, prepared[at], prepared[at + 1], value);
    }
  }
}
