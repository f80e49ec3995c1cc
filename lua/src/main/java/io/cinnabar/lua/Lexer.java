package io.cinnabar.lua;

import java.nio.charset.StandardCharsets;
import java.util.Set;

/** Splits a script, whose characters are bytes, into tokens; stands at one of them. */
@SuppressWarnings("StatementSwitchToExpressionSwitch")
final class Lexer {
  static final String NAME = "<name>";
  static final String STRING = "<string>";
  static final String NUMBER = "<number>";
  static final String END = "<eof>";

  private static final Set<String> WORDS =
      Set.of(
          "and",
          "break",
          "do",
          "else",
          "elseif",
          "end",
          "false",
          "for",
          "function",
          "if",
          "in",
          "local",
          "nil",
          "not",
          "or",
          "repeat",
          "return",
          "then",
          "true",
          "until",
          "while");

  private final String source;
  private final String chunk;
  private int at;
  private int line = 1;
  private int lastLine = 1;
  private String kind = END;

  /** What a name or string says. */
  private String text = "";

  private double number;

  /** The token as it stands in the script, as far as it was read. */
  private final StringBuilder raw = new StringBuilder();

  private String aheadKind;
  private String aheadText = "";
  private double aheadNumber;
  private int aheadLine;

  Lexer(String source, String chunk) {
    this.source = source;
    this.chunk = chunk;
    if (source.startsWith("#")) {
      skipLine();
    }
  }

  /** The token's kind: a word or sign as itself, or one of the constants here. */
  String kind() {
    return kind;
  }

  boolean is(String other) {
    return kind.equals(other);
  }

  String text() {
    return text;
  }

  double number() {
    return number;
  }

  int line() {
    return line;
  }

  /** The line of the token before. */
  int lastLine() {
    return lastLine;
  }

  void next() {
    lastLine = line;
    if (aheadKind != null) {
      kind = aheadKind;
      text = aheadText;
      number = aheadNumber;
      line = aheadLine;
      aheadKind = null;
      return;
    }
    kind = scan();
  }

  /** The kind of the token after this one. */
  String ahead() {
    String savedText = text;
    double savedNumber = number;
    int savedLine = line;
    aheadKind = scan();
    aheadText = text;
    aheadNumber = number;
    aheadLine = line;
    text = savedText;
    number = savedNumber;
    line = savedLine;
    return aheadKind;
  }

  LuaError syntaxError(String message) {
    return error(message, kind);
  }

  LuaError error(String message, String token) {
    String full = chunk + ":" + line + ": " + message;
    if (token != null) {
      boolean isRaw = token.equals(NAME) || token.equals(STRING) || token.equals(NUMBER);
      full += " near '" + (isRaw ? raw.toString() : token) + "'";
    }
    return new LuaError(LuaString.of(full.getBytes(StandardCharsets.ISO_8859_1)));
  }

  private int peek() {
    return at < source.length() ? source.charAt(at) : -1;
  }

  private int peek(int offset) {
    return at + offset < source.length() ? source.charAt(at + offset) : -1;
  }

  private void save() {
    raw.append(source.charAt(at++));
  }

  private void skipLine() {
    while (peek() != -1 && peek() != '\n' && peek() != '\r') {
      at++;
    }
  }

  private void newLine() {
    int first = source.charAt(at++);
    int second = peek();
    if ((second == '\n' || second == '\r') && second != first) {
      at++;
    }
    line++;
  }

  private String scan() {
    raw.setLength(0);
    while (true) {
      int c = peek();
      switch (c) {
        case -1:
          return END;
        case '\n', '\r':
          newLine();
          continue;
        case ' ', '\t', '\f', 0x0b:
          at++;
          continue;
        case '-':
          if (peek(1) != '-') {
            at++;
            return "-";
          }
          skipComment();
          continue;
        case '[':
          return bracket();
        case '=':
          return withEquals("=", "==");
        case '<':
          return withEquals("<", "<=");
        case '>':
          return withEquals(">", ">=");
        case '~':
          return withEquals("~", "~=");
        case '"', '\'':
          readString(c);
          return STRING;
        case '.':
          return dots();
        default:
          return other(c);
      }
    }
  }

  private String withEquals(String one, String two) {
    at++;
    if (peek() != '=') {
      return one;
    }
    at++;
    return two;
  }

  private String dots() {
    if (isDigit(peek(1))) {
      readNumber();
      return NUMBER;
    }
    at++;
    if (peek() != '.') {
      return ".";
    }
    at++;
    if (peek() != '.') {
      return "..";
    }
    at++;
    return "...";
  }

  private String other(int c) {
    if (isDigit(c)) {
      readNumber();
      return NUMBER;
    }
    if (isWordPart(c)) {
      while (isWordPart(peek())) {
        save();
      }
      text = raw.toString();
      return WORDS.contains(text) ? text : NAME;
    }
    at++;
    return c < ' ' || c == 127 ? "char(" + c + ")" : String.valueOf((char) c);
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isWordPart(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || isDigit(c) || c == '_';
  }

  private void readNumber() {
    while (isDigit(peek()) || peek() == '.') {
      save();
    }
    if (peek() == 'e' || peek() == 'E') {
      save();
      if (peek() == '+' || peek() == '-') {
        save();
      }
    }
    while (isWordPart(peek())) {
      save();
    }
    Double value = Numbers.parse(raw.toString());
    if (value == null) {
      throw error("malformed number", NUMBER);
    }
    number = value;
  }

  private String bracket() {
    int level = longBracket();
    if (level >= 0) {
      readLong(level, false);
      return STRING;
    }
    if (level == -1) {
      at++;
      return "[";
    }
    while (raw.length() < -level) {
      save();
    }
    throw error("invalid long string delimiter", STRING);
  }

  /** How many signs = a long bracket here has; -1 for a single one, less for one not complete. */
  private int longBracket() {
    int count = 1;
    while (peek(count) == '=') {
      count++;
    }
    return peek(count) == peek() ? count - 1 : -count;
  }

  private void skipComment() {
    at += 2;
    if (peek() == '[') {
      int level = longBracket();
      if (level >= 0) {
        readLong(level, true);
        raw.setLength(0);
        return;
      }
    }
    skipLine();
  }

  private void readLong(int level, boolean isComment) {
    for (int i = 0; i < level + 2; i++) {
      save();
    }
    StringBuilder content = new StringBuilder();
    if (peek() == '\n' || peek() == '\r') {
      newLine();
    }
    while (true) {
      int c = peek();
      if (c == -1) {
        throw error(isComment ? "unfinished long comment" : "unfinished long string", END);
      } else if (c == ']' && longBracket() == level) {
        at += level + 2;
        raw.append(content).append("]".repeat(level + 2));
        text = content.toString();
        return;
      } else if (c == '[' && level == 0 && longBracket() == 0) {
        throw error("nesting of [[...]] is deprecated", "[");
      } else if (c == '\n' || c == '\r') {
        content.append('\n');
        newLine();
      } else {
        content.append((char) c);
        at++;
      }
    }
  }

  private void readString(int delimiter) {
    StringBuilder content = new StringBuilder();
    save();
    while (peek() != delimiter) {
      int c = peek();
      switch (c) {
        case -1:
          throw error("unfinished string", END);
        case '\n', '\r':
          throw error("unfinished string", STRING);
        case '\\':
          at++;
          escape(content);
          break;
        default:
          save();
          content.append((char) c);
          break;
      }
    }
    save();
    text = content.toString();
  }

  private void escape(StringBuilder content) {
    int c = peek();
    int start = content.length();
    switch (c) {
      case -1:
        return;
      case '\n', '\r':
        content.append('\n');
        newLine();
        raw.append('\n');
        return;
      default:
        break;
    }
    if (isDigit(c)) {
      int code = 0;
      for (int i = 0; i < 3 && isDigit(peek()); i++) {
        code = code * 10 + peek() - '0';
        at++;
      }
      if (code > 255) {
        throw error("escape sequence too large", STRING);
      }
      content.append((char) code);
    } else {
      int escaped = "abfnrtv".indexOf(c);
      content.append(escaped >= 0 ? "\u0007\b\f\n\r\t\u000b".charAt(escaped) : (char) c);
      at++;
    }
    raw.append(content, start, content.length());
  }
}
