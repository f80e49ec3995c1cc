package io.cinnabar.lua;

import java.util.function.Supplier;

/**
 * An expression that was parsed. Its node is made when the whole function is known: only then is it
 * certain which locals are captured.
 *
 * @param name how error texts name it, as in "local 'x'"; or null
 * @param target makes the node that assigns to it; null for what can't be assigned to
 * @param constant the value of a constant, if it has one
 */
record Term(
    Kind kind,
    Supplier<? extends Expression> node,
    String name,
    Supplier<Target> target,
    Object constant) {
  /** What the grammar must know of an expression. */
  enum Kind {
    CALL,
    VARARGS,
    PLACE,
    OTHER
  }

  static Term of(Supplier<? extends Expression> node) {
    return new Term(Kind.OTHER, node, null, null, null);
  }

  static Term constant(Object value) {
    return new Term(Kind.OTHER, () -> new Constant(value), null, null, value);
  }

  static Term place(Supplier<? extends Expression> node, String name, Supplier<Target> target) {
    return new Term(Kind.PLACE, node, name, target, null);
  }

  boolean isOpen() {
    return kind == Kind.CALL || kind == Kind.VARARGS;
  }

  /** The same in parentheses: one value, and no place. */
  Term closed() {
    return new Term(
        Kind.OTHER, isOpen() ? () -> new Variables.Single(node.get()) : node, name, null, constant);
  }
}
