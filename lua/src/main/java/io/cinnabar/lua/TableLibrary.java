package io.cinnabar.lua;

/** The functions of {@code table}. */
@SuppressWarnings("StatementSwitchToExpressionSwitch")
final class TableLibrary {
  private TableLibrary() {}

  static void install(Lua lua) {
    LuaTable table = Library.table(lua, "table");
    Library.add(lua, table, "concat", TableLibrary::concat);
    Library.add(lua, table, "insert", TableLibrary::insert);
    Library.add(lua, table, "remove", TableLibrary::remove);
    Library.add(lua, table, "sort", Sorting::sort);
    Library.add(lua, table, "getn", a -> Numbers.box(a.table(1).length()));
    Library.add(lua, table, "setn", TableLibrary::setSize);
    Library.add(lua, table, "maxn", TableLibrary::maxIndex);
    Library.add(lua, table, "foreach", TableLibrary::forEach);
    Library.add(lua, table, "foreachi", TableLibrary::forEachItem);
  }

  private static Object setSize(Arguments args) {
    args.table(1);
    throw args.lua().error("'setn' is obsolete");
  }

  private static Object concat(Arguments args) {
    LuaTable table = args.table(1);
    LuaString separator = args.get(2) == null ? LuaString.EMPTY : args.string(2);
    long from = args.integer(3, 1);
    long to = args.get(4) == null ? table.length() : args.integer(4);
    Bytes all = new Bytes(args.lua());
    for (long i = from; i <= to; i++) {
      args.lua().step();
      Object value = table.get((double) i);
      if (!Operators.isText(value)) {
        throw args.lua()
            .error(
                "invalid value ("
                    + Types.name(value)
                    + ") at index "
                    + i
                    + " in table for 'concat'");
      }
      all.add(Numbers.text(value).bytes);
      if (i != to) {
        all.add(separator.bytes);
      }
    }
    return all.toLuaString();
  }

  private static Object insert(Arguments args) {
    LuaTable table = args.table(1);
    int end = table.length() + 1;
    Object value;
    int place = end;
    switch (args.count()) {
      case 2:
        value = args.get(2);
        break;
      case 3:
        place = (int) args.integer(2);
        value = args.get(3);
        for (int i = Math.max(end, place); i > place; i--) {
          args.lua().step();
          Operators.rawSet(args.lua(), table, Numbers.box(i), table.get((double) (i - 1)));
        }
        break;
      default:
        throw args.lua().error("wrong number of arguments to 'insert'");
    }
    Operators.rawSet(args.lua(), table, Numbers.box(place), value);
    return Results.NONE;
  }

  private static Object remove(Arguments args) {
    LuaTable table = args.table(1);
    int end = table.length();
    int place = (int) args.integer(2, end);
    if (place < 1 || place > end) {
      return Results.NONE;
    }
    Object removed = table.get((double) place);
    for (int i = place; i < end; i++) {
      args.lua().step();
      Operators.rawSet(args.lua(), table, Numbers.box(i), table.get((double) (i + 1)));
    }
    Operators.rawSet(args.lua(), table, Numbers.box(end), null);
    return removed;
  }

  private static Object maxIndex(Arguments args) {
    LuaTable table = args.table(1);
    double max = 0;
    for (int at = table.occupied(0); at >= 0; at = table.occupied(at + 1)) {
      if (table.keyAt(at) instanceof Double key) {
        max = Math.max(max, key);
      }
    }
    return Numbers.box(max);
  }

  private static Object forEach(Arguments args) {
    LuaTable table = args.table(1);
    LuaFunction function = args.function(2);
    Frame frame = args.lua().enterNative();
    Object key = null;
    while (true) {
      int place = table.placeAfter(key);
      if (place < 0) {
        throw LuaTable.unknownKey();
      }
      place = table.occupied(place);
      if (place < 0) {
        args.lua().leaveNative(frame);
        return Results.NONE;
      }
      key = table.keyAt(place);
      Object result = Results.first(function.call2(key, table.valueAt(place)));
      if (result != null) {
        args.lua().leaveNative(frame);
        return result;
      }
    }
  }

  private static Object forEachItem(Arguments args) {
    LuaTable table = args.table(1);
    LuaFunction function = args.function(2);
    int end = table.length();
    Frame frame = args.lua().enterNative();
    for (int i = 1; i <= end; i++) {
      Object result = Results.first(function.call2(Numbers.box(i), table.get((double) i)));
      if (result != null) {
        args.lua().leaveNative(frame);
        return result;
      }
    }
    args.lua().leaveNative(frame);
    return Results.NONE;
  }
}
