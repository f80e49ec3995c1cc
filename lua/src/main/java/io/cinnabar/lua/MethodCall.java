package io.cinnabar.lua;

/** The two nodes of {@code object:method(...)}: the function, and the object as first argument. */
final class MethodCall {
  private MethodCall() {}

  /** The object, which is read before another call can replace it. */
  static final class Self extends Expression {
    @Override
    Object evaluate(Frame f) {
      return f.self;
    }
  }

  /** The method; leaves the object in the frame for {@link Self}. */
  static final class Method extends Expression {
    private final Expression object;
    private final LuaString method;
    private final String objectName;
    private final int site;

    Method(Expression object, LuaString method, String objectName, int site) {
      this.object = object;
      this.method = method;
      this.objectName = objectName;
      this.site = site;
    }

    @Override
    Object evaluate(Frame f) {
      Object self = object.evaluate(f);
      f.self = self;
      if (self instanceof LuaTable table) {
        Object value = table.get(method);
        if (value != null) {
          return value;
        }
      }
      f.site = site;
      return Operators.index(f.lua, self, method, objectName);
    }
  }
}
