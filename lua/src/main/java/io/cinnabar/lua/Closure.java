package io.cinnabar.lua;

import java.util.Arrays;

/** A function of a script with the variables that it took from around it. */
@SuppressWarnings("ReferenceEquality")
final class Closure extends LuaFunction {
  final Lua lua;
  final Prototype prototype;
  final Cell[] upvalues;

  Closure(Lua lua, Prototype prototype, Cell[] upvalues, LuaTable environment) {
    super(environment);
    this.lua = lua;
    this.prototype = prototype;
    this.upvalues = upvalues;
  }

  @Override
  Object call(Object[] args) {
    return run(frame(args));
  }

  @Override
  Object call0() {
    if (prototype.isVararg) {
      return call(Results.NONE);
    }
    return run(prepared(new Frame(this, prototype.slots)));
  }

  @Override
  Object call1(Object a) {
    if (prototype.isVararg) {
      return call(new Object[] {a});
    }
    Frame frame = new Frame(this, prototype.slots);
    if (prototype.parameters > 0) {
      frame.slots[0] = a;
    }
    return run(prepared(frame));
  }

  @Override
  Object call2(Object a, Object b) {
    if (prototype.isVararg) {
      return call(new Object[] {a, b});
    }
    Frame frame = new Frame(this, prototype.slots);
    int parameters = prototype.parameters;
    if (parameters > 0) {
      frame.slots[0] = a;
      if (parameters > 1) {
        frame.slots[1] = b;
      }
    }
    return run(prepared(frame));
  }

  @Override
  Object call3(Object a, Object b, Object c) {
    if (prototype.isVararg || prototype.parameters < 3) {
      return call(new Object[] {a, b, c});
    }
    Frame frame = new Frame(this, prototype.slots);
    frame.slots[0] = a;
    frame.slots[1] = b;
    frame.slots[2] = c;
    return run(prepared(frame));
  }

  private Frame frame(Object[] args) {
    Frame frame = new Frame(this, prototype.slots);
    int parameters = prototype.parameters;
    System.arraycopy(args, 0, frame.slots, 0, Math.min(parameters, args.length));
    if (prototype.isVararg) {
      frame.varargs =
          args.length > parameters
              ? Arrays.copyOfRange(args, parameters, args.length, Object[].class)
              : Results.NONE;
      if (prototype.argSlot >= 0) {
        frame.slots[prototype.argSlot] = argTable(frame.varargs);
      }
    }
    return prepared(frame);
  }

  private LuaTable argTable(Object[] values) {
    LuaTable table = lua.newTable(values.length, 1);
    for (int i = 0; i < values.length; i++) {
      table.set(i + 1, values[i]);
    }
    table.set(LuaString.of("n"), Numbers.box(values.length));
    return table;
  }

  private Frame prepared(Frame frame) {
    for (int slot : prototype.capturedParameters) {
      frame.slots[slot] = new Cell(frame.slots[slot]);
    }
    return frame;
  }

  private Object run(Frame frame) {
    Object results = execute(frame);
    return results == TailCall.PENDING ? finish() : results;
  }

  private Object execute(Frame frame) {
    Lua state = lua;
    state.enter(frame);
    Object results =
        prototype.body.execute(frame) == Statement.RETURN ? frame.results : Results.NONE;
    state.leave(frame);
    return results;
  }

  /** Makes the calls that were left to the caller, one after the other. */
  private Object finish() {
    Lua state = lua;
    int tailCalls = 0;
    while (true) {
      Closure callee = state.takeTailFunction();
      Frame frame = callee.frame(state.takeTailArguments());
      frame.tailCalls = ++tailCalls;
      Object results = callee.execute(frame);
      if (results != TailCall.PENDING) {
        return results;
      }
    }
  }
}
