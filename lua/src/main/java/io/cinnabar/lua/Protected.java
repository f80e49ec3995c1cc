package io.cinnabar.lua;

import java.util.Arrays;

/** {@code pcall} and {@code xpcall}: what a script may catch, and only that. */
final class Protected {
  private static final Object[] NO_ERROR = {};

  private Protected() {}

  static Object call(Arguments args) {
    Object function = args.any(1);
    Object[] rest = Arrays.copyOfRange(args.values(), 1, args.count());
    return run(args.lua(), function, rest, null);
  }

  static Object callWithHandler(Arguments args) {
    args.any(2);
    return run(args.lua(), args.get(1), Results.NONE, new Object[] {args.get(2)});
  }

  private static Object run(Lua lua, Object function, Object[] args, Object[] handler) {
    Frame frame = lua.frame();
    int depth = lua.depth();
    int nativeDepth = lua.nativeDepth();
    Object error;
    try {
      Frame inner = lua.enterNative();
      Object results = lua.call(function, args, null);
      lua.leaveNative(inner);
      return prefixed(true, Results.all(results));
    } catch (LuaError e) {
      error = e.value();
      if (handler != null) {
        error = handled(lua, handler[0], error);
      }
    } catch (StackOverflowError e) {
      error = lua.error("stack overflow").value();
    }
    lua.unwind(frame, depth, nativeDepth);
    return prefixed(false, new Object[] {error});
  }

  /** Asks the handler, above the calls that failed; an error of its own ends in a plain text. */
  private static Object handled(Lua lua, Object handler, Object error) {
    try {
      Object results =
          handler instanceof LuaFunction ? lua.call(handler, new Object[] {error}, null) : NO_ERROR;
      return handler instanceof LuaFunction
          ? Results.first(results)
          : LuaString.of("error in error handling");
    } catch (LuaError | StackOverflowError e) {
      return LuaString.of("error in error handling");
    }
  }

  private static Object[] prefixed(boolean isSuccess, Object[] values) {
    Object[] all = new Object[values.length + 1];
    all[0] = isSuccess;
    System.arraycopy(values, 0, all, 1, values.length);
    return all;
  }
}
