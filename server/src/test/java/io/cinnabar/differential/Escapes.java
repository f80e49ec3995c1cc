package io.cinnabar.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The escapes of redis-cli, both ways, and one of our own: {@code \{5*ab}} stands for {@code
 * ababababab}. Every char is one byte.
 */
final class Escapes {
  private static final Pattern BARE = Pattern.compile("[\\x21-\\x7e&&[^\"'\\\\$#]]+");
  private static final int LONGEST_SHOWN = 600;

  private Escapes() {}

  /**
   * Splits a line into arguments at blanks; double quotes keep blanks and take escapes, single
   * quotes keep everything but {@code \'}.
   *
   * @throws IllegalArgumentException if a quote is not closed, or something follows it directly
   */
  static List<String> splitArguments(String line) {
    List<String> arguments = new ArrayList<>();
    int at = 0;
    while (true) {
      while (at < line.length() && line.charAt(at) == ' ') {
        at++;
      }
      if (at == line.length()) {
        return arguments;
      }
      char quote = line.charAt(at);
      boolean quoted = quote == '"' || quote == '\'';
      int end = quoted ? closingQuote(line, at) : firstBlank(line, at);
      String inside = line.substring(quoted ? at + 1 : at, end);
      arguments.add(
          switch (quote) {
            case '"' -> unescape(inside);
            case '\'' -> inside.replace("\\'", "'");
            default -> inside;
          });
      at = quoted ? end + 1 : end;
      if (at < line.length() && line.charAt(at) != ' ') {
        throw new IllegalArgumentException("a blank must follow the quote: " + line);
      }
    }
  }

  private static int firstBlank(String line, int from) {
    int end = line.indexOf(' ', from);
    return end < 0 ? line.length() : end;
  }

  private static int closingQuote(String line, int open) {
    for (int at = open + 1; at < line.length(); at++) {
      if (line.charAt(at) == '\\') {
        at++;
      } else if (line.charAt(at) == line.charAt(open)) {
        return at;
      }
    }
    throw new IllegalArgumentException("the quote is not closed: " + line);
  }

  /** Resolves the escapes in {@code text}: {@code \n \r \t \a \b \xHH \{n*text}}, else itself. */
  static String unescape(String text) {
    StringBuilder bytes = new StringBuilder();
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c != '\\' || at == text.length()) {
        bytes.append(c);
        continue;
      }
      char escaped = text.charAt(at++);
      switch (escaped) {
        case 'n' -> bytes.append('\n');
        case 'r' -> bytes.append('\r');
        case 't' -> bytes.append('\t');
        case 'b' -> bytes.append('\b');
        case 'a' -> bytes.append((char) 7);
        case 'x' -> {
          bytes.append((char) Integer.parseInt(text, at, at + 2, 16));
          at += 2;
        }
        case '{' -> {
          int star = text.indexOf('*', at);
          int close = text.indexOf('}', star);
          int times = Integer.parseInt(text, at, star, 10);
          bytes.append(unescape(text.substring(star + 1, close)).repeat(times));
          at = close + 1;
        }
        default -> bytes.append(escaped);
      }
    }
    return bytes.toString();
  }

  /** Double quotes around {@code bytes} whose unprintable ones are escaped. */
  static String quote(String bytes) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < bytes.length(); i++) {
      char c = bytes.charAt(i);
      switch (c) {
        case '\n' -> quoted.append("\\n");
        case '\r' -> quoted.append("\\r");
        case '\t' -> quoted.append("\\t");
        case '"', '\\' -> quoted.append('\\').append(c);
        default -> {
          if (c >= ' ' && c <= '~') {
            quoted.append(c);
          } else {
            quoted.append(String.format("\\x%02x", (int) c));
          }
        }
      }
    }
    return quoted.append('"').toString();
  }

  static String quoteWhereNeeded(String bytes) {
    return BARE.matcher(bytes).matches() ? bytes : quote(bytes);
  }

  /** {@code text} with its middle cut out if it is too long to read. */
  static String abbreviate(String text) {
    if (text.length() <= LONGEST_SHOWN) {
      return text;
    }
    int half = LONGEST_SHOWN / 2;
    String cut = " ...(" + (text.length() - 2 * half) + " more)... ";
    return text.substring(0, half) + cut + text.substring(text.length() - half);
  }
}
