package io.cinnabar.lua;

/** A field of a table. */
final class Index extends Expression {
  final Expression object;
  final Expression key;
  final String objectName;
  final int site;

  Index(Expression object, Expression key, String objectName, int site) {
    this.object = object;
    this.key = key;
    this.objectName = objectName;
    this.site = site;
  }

  @Override
  Object evaluate(Frame f) {
    Object on = object.evaluate(f);
    if (key instanceof Constant constant && constant.value instanceof LuaString name) {
      return field(f, on, name);
    }
    double number = key.number(f);
    Object at;
    if (Numbers.isSignal(number)) {
      at = f.value;
      if (on instanceof LuaTable table) {
        Object value = table.get(at);
        if (value != null || table.metatable() == null) {
          return value;
        }
      }
    } else {
      if (on instanceof LuaTable table) {
        Object value = table.get(number);
        if (value != null || table.metatable() == null) {
          return value;
        }
      }
      at = Numbers.box(number);
    }
    f.site = site;
    return Operators.index(f.lua, on, at, objectName);
  }

  private Object field(Frame f, Object on, LuaString name) {
    if (on instanceof LuaTable table) {
      Object value = table.get(name);
      if (value != null || table.metatable() == null) {
        return value;
      }
    }
    f.site = site;
    return Operators.index(f.lua, on, name, objectName);
  }

  void assign(Frame f, Object on, Object at, Object value) {
    if (on instanceof LuaTable table
        && table.metatable() == null
        && !table.isReadOnly()
        && at instanceof LuaString) {
      f.site = site;
      table.set(at, value);
      return;
    }
    f.site = site;
    Operators.setIndex(f.lua, on, at, value, objectName);
  }

  void assign(Frame f, Object on, double at, Object value) {
    f.site = site;
    if (on instanceof LuaTable table
        && table.metatable() == null
        && !table.isReadOnly()
        && !Double.isNaN(at)) {
      table.set(at, value);
      return;
    }
    Operators.setIndex(f.lua, on, Numbers.box(at), value, objectName);
  }
}
