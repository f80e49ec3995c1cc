package io.cinnabar.lua;

/**
 * A place in a script from which something can be called or go wrong.
 *
 * @param kind what the name names: local, global, field, upvalue or method
 */
record CallSite(int line, String kind, String name) {
  boolean isMethod() {
    return "method".equals(kind);
  }
}
