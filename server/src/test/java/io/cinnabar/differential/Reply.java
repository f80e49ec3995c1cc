package io.cinnabar.differential;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A reply as a tree. Every char of a text is one byte.
 *
 * @param kind its type in RESP2 or RESP3, or what came instead of a reply
 * @param text what a leaf says, without header and line ends; empty for nulls and aggregates
 * @param elements what an aggregate holds; keys and values of a map in turn
 */
record Reply(Kind kind, String text, List<Reply> elements) {

  /** The types of RESP2 and RESP3, and two ways to get no reply. */
  enum Kind {
    SIMPLE_STRING("+"),
    ERROR("-"),
    INTEGER(":"),
    BULK_STRING("$"),
    NULL_BULK_STRING("$nil"),
    ARRAY("*"),
    NULL_ARRAY("*nil"),
    NULL("_"),
    BOOLEAN("#"),
    DOUBLE(","),
    BIG_NUMBER("("),
    BULK_ERROR("!"),
    VERBATIM_STRING("="),
    MAP("%"),
    SET("~"),
    ATTRIBUTE("|"),
    PUSH(">"),
    CLOSED("(connection closed)"),
    SILENCE("(no reply)");

    private final String mark;

    Kind(String mark) {
      this.mark = mark;
    }
  }

  static Reply leaf(Kind kind, String text) {
    return new Reply(kind, text, List.of());
  }

  static Reply aggregate(Kind kind, List<Reply> elements) {
    return new Reply(kind, "", Collections.unmodifiableList(elements));
  }

  boolean isAggregate() {
    return switch (kind) {
      case ARRAY, MAP, SET, ATTRIBUTE, PUSH -> true;
      default -> false;
    };
  }

  boolean isKeyed() {
    return kind == Kind.MAP || kind == Kind.ATTRIBUTE;
  }

  /** Every part of this reply replaced, the elements before what holds them. */
  Reply mapped(UnaryOperator<Reply> change) {
    if (elements.isEmpty()) {
      return change.apply(this);
    }
    List<Reply> changed = new ArrayList<>(elements.size());
    for (Reply element : elements) {
      changed.add(element.mapped(change));
    }
    return change.apply(new Reply(kind, text, changed));
  }

  /**
   * Readable, and what {@code known-difference} in a case file expects: {@code +OK}, {@code -ERR
   * syntax error}, {@code :1}, {@code "a bulk string"}, {@code $nil}, {@code *nil}, {@code _},
   * {@code [:1, "b"]}, {@code %["key": :1]}, {@code ~["a"]}, {@code >["push"]}, {@code ,1.5}.
   */
  @Override
  public String toString() {
    return switch (kind) {
      case BULK_STRING -> Escapes.quote(text);
      case VERBATIM_STRING, BULK_ERROR -> kind.mark + Escapes.quote(text);
      case SIMPLE_STRING, ERROR, INTEGER, BOOLEAN, DOUBLE, BIG_NUMBER -> kind.mark + text;
      case ARRAY -> listed("");
      case MAP, SET, ATTRIBUTE, PUSH -> listed(kind.mark);
      case NULL_BULK_STRING, NULL_ARRAY, NULL, CLOSED, SILENCE -> kind.mark;
    };
  }

  private String listed(String mark) {
    StringBuilder list = new StringBuilder(mark).append('[');
    for (int i = 0; i < elements.size(); i++) {
      boolean isValue = isKeyed() && i % 2 == 1;
      list.append(i == 0 ? "" : isValue ? ": " : ", ").append(elements.get(i));
    }
    return list.append(']').toString();
  }
}
