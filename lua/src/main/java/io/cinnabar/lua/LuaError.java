package io.cinnabar.lua;

/**
 * An error of a script, which {@code pcall} catches: any value, mostly a text with its position.
 */
public final class LuaError extends RuntimeException {
  private final transient Object value;

  public LuaError(Object value) {
    super(null, null, false, false);
    this.value = value;
  }

  /** What {@code error} was called with, or a text of the interpreter's own. */
  public Object value() {
    return value;
  }

  @Override
  public String getMessage() {
    return value instanceof LuaString || value instanceof Double
        ? String.valueOf(Numbers.text(value))
        : "(error object is a " + Types.name(value) + " value)";
  }
}
