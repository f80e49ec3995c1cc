package io.cinnabar.lua;

import java.util.function.DoubleUnaryOperator;

/** The functions of {@code math}. */
@SuppressWarnings("StatementSwitchToExpressionSwitch")
final class MathLibrary {
  private MathLibrary() {}

  static void install(Lua lua) {
    LuaTable math = Library.table(lua, "math");
    Library.set(math, "pi", Math.PI);
    Library.set(math, "huge", Double.POSITIVE_INFINITY);
    add(lua, math, "abs", Math::abs);
    addUnsigned(lua, math, "acos", Math::acos);
    addUnsigned(lua, math, "asin", Math::asin);
    add(lua, math, "atan", Math::atan);
    add(lua, math, "ceil", Math::ceil);
    add(lua, math, "cos", Math::cos);
    add(lua, math, "cosh", Math::cosh);
    add(lua, math, "deg", x -> x / (Math.PI / 180));
    add(lua, math, "exp", Math::exp);
    add(lua, math, "floor", Math::floor);
    addUnsigned(lua, math, "log", Math::log);
    addUnsigned(lua, math, "log10", Math::log10);
    add(lua, math, "rad", x -> x * (Math.PI / 180));
    add(lua, math, "sin", Math::sin);
    add(lua, math, "sinh", Math::sinh);
    add(lua, math, "sqrt", Math::sqrt);
    add(lua, math, "tan", Math::tan);
    add(lua, math, "tanh", Math::tanh);
    Library.add(lua, math, "atan2", a -> Numbers.box(Math.atan2(a.number(1), a.number(2))));
    Library.add(lua, math, "pow", a -> Numbers.box(Numbers.power(a.number(1), a.number(2))));
    Library.add(lua, math, "fmod", MathLibrary::remainder);
    Library.add(lua, math, "mod", MathLibrary::remainder);
    Library.add(lua, math, "modf", MathLibrary::split);
    Library.add(lua, math, "frexp", MathLibrary::exponent);
    Library.add(lua, math, "ldexp", a -> Numbers.box(scale(a.number(1), (int) a.integer(2))));
    Library.add(lua, math, "max", MathLibrary::max);
    Library.add(lua, math, "min", MathLibrary::min);
    Library.add(lua, math, "random", MathLibrary::random);
    Library.add(lua, math, "randomseed", MathLibrary::seed);
  }

  private static void add(Lua lua, LuaTable math, String name, DoubleUnaryOperator function) {
    Library.add(
        lua,
        math,
        name,
        a -> {
          double x = a.number(1);
          double result = function.applyAsDouble(x);
          return Numbers.box(!Double.isNaN(result) ? result : Numbers.nan(x, x));
        });
  }

  /** The same, for a function whose NaN has no sign in the C library. */
  private static void addUnsigned(
      Lua lua, LuaTable math, String name, DoubleUnaryOperator function) {
    Library.add(
        lua,
        math,
        name,
        a -> {
          double x = a.number(1);
          double result = function.applyAsDouble(x);
          return Numbers.box(!Double.isNaN(result) ? result : !Double.isNaN(x) ? Double.NaN : x);
        });
  }

  private static Object remainder(Arguments args) {
    double a = args.number(1);
    double b = args.number(2);
    double result = a % b;
    return Numbers.box(!Double.isNaN(result) ? result : Numbers.nan(a, b));
  }

  private static Object split(Arguments args) {
    double x = args.number(1);
    double whole = x < 0 ? Math.ceil(x) : Math.floor(x);
    double fraction = Double.isInfinite(x) ? Math.copySign(0, x) : Math.copySign(x - whole, x);
    return new Object[] {Numbers.box(whole), Numbers.box(fraction)};
  }

  private static Object exponent(Arguments args) {
    double x = args.number(1);
    if (x == 0 || Double.isInfinite(x) || Double.isNaN(x)) {
      return new Object[] {Numbers.box(x), Numbers.box(0)};
    }
    int exponent = Math.getExponent(x) + 1;
    if (exponent == Double.MIN_EXPONENT) {
      exponent = Math.getExponent(x * 0x1p54) + 1 - 54;
    }
    return new Object[] {Numbers.box(scale(x, -exponent)), Numbers.box(exponent)};
  }

  private static double scale(double x, int exponent) {
    return Math.scalb(x, exponent);
  }

  private static Object max(Arguments args) {
    double max = args.number(1);
    for (int i = 2; i <= args.count(); i++) {
      double x = args.number(i);
      max = x > max ? x : max;
    }
    return Numbers.box(max);
  }

  private static Object min(Arguments args) {
    double min = args.number(1);
    for (int i = 2; i <= args.count(); i++) {
      double x = args.number(i);
      min = x < min ? x : min;
    }
    return Numbers.box(min);
  }

  private static Object random(Arguments args) {
    double chance = args.lua().chance().next();
    switch (args.count()) {
      case 0:
        return Numbers.box(chance);
      case 1:
        {
          int high = (int) args.integer(1);
          if (high < 1) {
            throw args.error(1, "interval is empty");
          }
          return Numbers.box(Math.floor(chance * high) + 1);
        }
      case 2:
        {
          int low = (int) args.integer(1);
          int high = (int) args.integer(2);
          if (low > high) {
            throw args.error(2, "interval is empty");
          }
          return Numbers.box(Math.floor(chance * (high - low + 1)) + low);
        }
      default:
        throw args.lua().error("wrong number of arguments");
    }
  }

  private static Object seed(Arguments args) {
    args.lua().chance().seed((int) args.integer(1));
    return Results.NONE;
  }
}
