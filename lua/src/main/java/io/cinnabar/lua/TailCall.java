package io.cinnabar.lua;

/** A call in a return statement: the caller of the function makes it, so that no stack grows. */
final class TailCall extends Statement {
  /** In place of results: the function and its arguments wait in the state. */
  static final Object PENDING = new Object();

  private final Call call;

  TailCall(Call call) {
    this.call = call;
  }

  @Override
  int execute(Frame f) {
    Object callee = call.callee(f);
    if (callee instanceof Closure closure) {
      Object[] args = call.arguments(f);
      f.site = call.site;
      f.lua.leaveTailCall(closure, args);
      f.results = PENDING;
    } else {
      Object[] args = call.arguments(f);
      f.site = call.site;
      f.results = f.lua.call(callee, args, call.name());
    }
    return RETURN;
  }
}
