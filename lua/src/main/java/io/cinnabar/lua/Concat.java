package io.cinnabar.lua;

/** A chain of {@code ..}, whose texts are joined once; metamethods are tried from the right. */
final class Concat extends Expression {
  private final Expression[] parts;
  private final String[] names;
  private final int site;

  Concat(Expression[] parts, String[] names, int site) {
    this.parts = parts;
    this.names = names;
    this.site = site;
  }

  @Override
  Object evaluate(Frame f) {
    Object[] values = new Object[parts.length];
    boolean areTexts = true;
    long length = 0;
    for (int i = 0; i < parts.length; i++) {
      Object value = parts[i].evaluate(f);
      if (value instanceof Double) {
        value = Numbers.text(value);
      }
      values[i] = value;
      if (value instanceof LuaString string) {
        length += string.length();
      } else {
        areTexts = false;
      }
    }
    f.site = site;
    return areTexts ? join(f, values, length) : fold(f, values);
  }

  private static Object join(Frame f, Object[] values, long length) {
    f.lua.accountString(length);
    byte[] all = new byte[(int) length];
    int at = 0;
    for (Object value : values) {
      byte[] bytes = ((LuaString) value).bytes;
      System.arraycopy(bytes, 0, all, at, bytes.length);
      at += bytes.length;
    }
    return LuaString.of(all);
  }

  private Object fold(Frame f, Object[] values) {
    int last = values.length - 1;
    Object right = values[last];
    String nameRight = names[last];
    for (int i = last - 1; i >= 0; i--) {
      right = Operators.concat(f.lua, values[i], right, names[i], nameRight);
      nameRight = null;
    }
    return right;
  }
}
