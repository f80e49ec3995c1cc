package io.cinnabar.family;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads JSON as far as test resources use it: objects, arrays, strings without {@code \\u},
 * integers.
 */
final class Json {

  private final String text;
  private int position;

  private Json(String text) {
    this.text = text;
  }

  /** Maps, lists, strings and integers. */
  static Object parse(String text) {
    return new Json(text).value();
  }

  private Object value() {
    return switch (peek()) {
      case '{' -> object();
      case '[' -> array();
      case '"' -> string();
      default -> integer();
    };
  }

  private Map<String, Object> object() {
    Map<String, Object> object = new LinkedHashMap<>();
    position++;
    while (peek() != '}') {
      String name = string();
      expect(':');
      object.put(name, value());
      skipComma();
    }
    position++;
    return object;
  }

  private List<Object> array() {
    List<Object> array = new ArrayList<>();
    position++;
    while (peek() != ']') {
      array.add(value());
      skipComma();
    }
    position++;
    return array;
  }

  private String string() {
    expect('"');
    StringBuilder string = new StringBuilder();
    while (text.charAt(position) != '"') {
      if (text.charAt(position) == '\\') {
        position++;
      }
      string.append(text.charAt(position++));
    }
    position++;
    return string.toString();
  }

  private Integer integer() {
    int start = position;
    while ("-0123456789".indexOf(text.charAt(position)) >= 0) {
      position++;
    }
    return Integer.valueOf(text.substring(start, position));
  }

  private void skipComma() {
    if (peek() == ',') {
      position++;
    }
  }

  private void expect(char symbol) {
    if (peek() != symbol) {
      throw new IllegalArgumentException("expected " + symbol + " at " + position);
    }
    position++;
  }

  private char peek() {
    while (Character.isWhitespace(text.charAt(position))) {
      position++;
    }
    return text.charAt(position);
  }
}
