package io.cinnabar.lua;

/** A table as it is written: fields in their order, list items in groups of fifty. */
final class TableConstructor extends Expression {
  private static final int GROUP = 50;

  /** Null for an item of the list. */
  private final Expression[] keys;

  private final Expression[] values;
  private final int items;
  private final boolean isOpen;
  private final int site;

  TableConstructor(Expression[] keys, Expression[] values, int items, boolean isOpen, int site) {
    this.keys = keys;
    this.values = values;
    this.items = items;
    this.isOpen = isOpen;
    this.site = site;
  }

  /** Sizes lose their low bits: the reference keeps them in one byte. */
  static int rounded(int size) {
    int mantissa = size;
    int exponent = 0;
    while (mantissa >= 16) {
      mantissa = (mantissa + 1) >> 1;
      exponent++;
    }
    return mantissa << exponent;
  }

  @Override
  Object evaluate(Frame f) {
    int fixed = isOpen ? items - 1 : items;
    LuaTable table = f.lua.newTable(rounded(fixed), rounded(keys.length - items));
    Object[] waiting = new Object[Math.min(items, GROUP)];
    int pending = 0;
    int stored = 0;
    for (int i = 0; i < keys.length; i++) {
      Expression key = keys[i];
      if (key != null) {
        Object at = key.evaluate(f);
        Object value = values[i].evaluate(f);
        f.site = site;
        Operators.rawSet(f.lua, table, at, value);
        continue;
      }
      if (pending == GROUP) {
        store(table, stored, waiting, pending);
        stored += pending;
        pending = 0;
      }
      if (isOpen && stored + pending == fixed && i == keys.length - 1) {
        Object[] all = Results.append(waiting, pending, values[i].results(f));
        store(table, stored, all, all.length);
        return table;
      }
      waiting[pending++] = values[i].evaluate(f);
    }
    store(table, stored, waiting, pending);
    return table;
  }

  private static void store(LuaTable table, int offset, Object[] values, int count) {
    table.reserveArray(count == 0 ? 0 : offset + count);
    for (int i = count; i > 0; i--) {
      table.set(offset + i, values[i - 1]);
    }
  }
}
