package io.cinnabar.lua;

/**
 * {@code table.sort}: a quicksort with the median of three, which makes the comparisons that the
 * reference makes, for scripts see them and their order decides what an inconsistent one leaves.
 */
final class Sorting {
  private final Lua lua;
  private final LuaTable table;
  private final Object order;

  private Sorting(Lua lua, LuaTable table, Object order) {
    this.lua = lua;
    this.table = table;
    this.order = order;
  }

  static Object sort(Arguments args) {
    LuaTable table = args.table(1);
    Object order = args.get(2) == null ? null : args.function(2);
    Lua lua = args.lua();
    if (table.isReadOnly()) {
      throw lua.error("Attempt to modify a readonly table");
    }
    int size = table.length();
    Frame frame = lua.enterNative();
    new Sorting(lua, table, order).sort(1, size);
    lua.leaveNative(frame);
    return Results.NONE;
  }

  private LuaError invalidOrder() {
    return lua.callerError("invalid order function for sorting");
  }

  private Object get(int index) {
    return table.get((double) index);
  }

  private boolean isLess(Object a, Object b) {
    lua.step();
    if (order == null) {
      return Operators.less(lua, a, b);
    }
    return Types.isTrue(Results.first(((LuaFunction) order).call2(a, b)));
  }

  /** Puts the two in order, if they aren't. */
  private void order(int low, int high) {
    Object a = get(low);
    Object b = get(high);
    if (isLess(b, a)) {
      table.set((double) low, b);
      table.set((double) high, a);
    }
  }

  private void sort(int from, int to) {
    int low = from;
    int high = to;
    while (low < high) {
      order(low, high);
      if (high - low == 1) {
        return;
      }
      int middle = (low + high) / 2;
      medianToMiddle(low, middle, high);
      if (high - low == 2) {
        return;
      }
      int split = partition(low, middle, high);
      if (split - low < high - split) {
        sort(low, split - 1);
        low = split + 1;
      } else {
        sort(split + 1, high);
        high = split - 1;
      }
    }
  }

  private void medianToMiddle(int low, int middle, int high) {
    Object a = get(middle);
    Object b = get(low);
    if (isLess(a, b)) {
      table.set((double) middle, b);
      table.set((double) low, a);
      return;
    }
    b = get(high);
    if (isLess(b, a)) {
      table.set((double) middle, b);
      table.set((double) high, a);
    }
  }

  private int partition(int low, int middle, int high) {
    Object pivot = get(middle);
    table.set((double) middle, get(high - 1));
    table.set((double) (high - 1), pivot);
    int i = low;
    int j = high - 1;
    while (true) {
      Object a = get(++i);
      while (isLess(a, pivot)) {
        if (i > high) {
          throw invalidOrder();
        }
        a = get(++i);
      }
      Object b = get(--j);
      while (isLess(pivot, b)) {
        if (j < low) {
          throw invalidOrder();
        }
        b = get(--j);
      }
      if (j < i) {
        break;
      }
      table.set((double) i, b);
      table.set((double) j, a);
    }
    Object last = get(high - 1);
    table.set((double) (high - 1), get(i));
    table.set((double) i, last);
    return i;
  }
}
