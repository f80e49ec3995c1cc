package io.cinnabar.lua;

/** A call of a function. */
@SuppressWarnings("StatementSwitchToExpressionSwitch")
final class Call extends Expression {
  private final Expression function;
  private final Expression[] args;
  private final boolean isOpen;
  private final String name;
  final int site;

  /**
   * @param isOpen whether the last argument gives all its results
   * @param name the function's in error texts, or null
   */
  Call(Expression function, Expression[] args, boolean isOpen, String name, int site) {
    this.function = function;
    this.args = args;
    this.isOpen = isOpen;
    this.name = name;
    this.site = site;
  }

  String name() {
    return name;
  }

  Object callee(Frame f) {
    return function.evaluate(f);
  }

  Object[] arguments(Frame f) {
    return Lists.evaluate(f, args, isOpen);
  }

  @Override
  Object evaluate(Frame f) {
    Object results = results(f);
    return results != null && results.getClass() == Object[].class
        ? Results.first(results)
        : results;
  }

  @Override
  Object results(Frame f) {
    Object callee = function.evaluate(f);
    if (isOpen || args.length > 3 || !(callee instanceof LuaFunction target)) {
      Object[] values = Lists.evaluate(f, args, isOpen);
      f.site = site;
      return f.lua.call(callee, values, name);
    }
    switch (args.length) {
      case 0:
        f.site = site;
        return target.call0();
      case 1:
        {
          Object a = args[0].evaluate(f);
          f.site = site;
          return target.call1(a);
        }
      case 2:
        {
          Object a = args[0].evaluate(f);
          Object b = args[1].evaluate(f);
          f.site = site;
          return target.call2(a, b);
        }
      default:
        {
          Object a = args[0].evaluate(f);
          Object b = args[1].evaluate(f);
          Object c = args[2].evaluate(f);
          f.site = site;
          return target.call3(a, b, c);
        }
    }
  }
}
