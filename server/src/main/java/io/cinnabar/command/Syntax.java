package io.cinnabar.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A command's name and arguments, written in one line close to how documentation prints them. The
 * arity and the arguments of COMMAND DOCS follow from it.
 *
 * <pre>
 * syntax   = name { argument }
 * name     = COMMAND | CONTAINER "|" SUBCOMMAND
 * argument = "[" item "]"                         may be left out
 *          | item
 * item     = TOKEN [ "..." ] value                a token and what follows it; with the dots,
 *                                                 both are repeated together
 *          | value
 * value    = name [ "=" display ] [ ":" type ] suffix
 *          | TOKEN suffix                         a word to be written as it is,
 *          | name ":" TOKEN suffix                where its name isn't its lower case
 *          | name ":" TOKEN { "|" TOKEN }         one of some such words
 *          | name ":(" argument { "|" argument } ")" suffix    one of some arguments
 *          | name ":&lt;" argument { argument } "&gt;" suffix        some arguments together
 * suffix   = [ "..." ]                            may be repeated
 *            [ "#" index ]                        which key specification finds it
 *            [ "@" [ since ] [ ".." deprecated ] ]   versions
 * TOKEN    = a word without lower-case letters, or any in single quotes
 * type     = string | integer | double | key | pattern | unix-time
 * </pre>
 *
 * Without a type, {@code key} and {@code pattern} are what they say and all else is a string.
 * Without a name, a choice of words is called by all of them with underscores between. Keys belong
 * to the key specifications in their order, the last one taking what is left. For example
 *
 * <pre>
 * SET key value [condition:(NX | XX)@2.6.12] [GET@6.2.0] [expiration:(EX seconds:integer | KEEPTTL)]
 * MSET data:&lt;key value&gt;...
 * SORT key [BY by-pattern:pattern#1] [LIMIT limit:&lt;offset:integer count:integer&gt;] [GET... pattern#1]
 * </pre>
 */
final class Syntax {

  /** Stands for the next key specification, until it is known how many there are. */
  private static final int NEXT_KEY_SPEC = -2;

  private static final String SYMBOLS = "[]()<>|";

  private final String text;
  private final String name;
  private final List<Argument> arguments = new ArrayList<>();
  private int position;

  /** Inside parentheses a bar ends an alternative. */
  private boolean inChoice;

  private Syntax(String text) {
    this.text = text;
    name = name(text);
    position = name.length();
    for (skipSpace(); position < text.length(); skipSpace()) {
      arguments.add(argument());
    }
  }

  /**
   * Parses a declaration.
   *
   * @throws IllegalArgumentException if it isn't in the language above
   */
  static Syntax parse(String text) {
    return new Syntax(text);
  }

  /**
   * The name in a declaration, without a look at the rest: in lower case, the container's name and
   * a bar in front of a subcommand's.
   */
  static String name(String text) {
    int end = text.indexOf(' ');
    return text.substring(0, end < 0 ? text.length() : end).toLowerCase(Locale.ROOT);
  }

  /** The number of words of a call, or, where that varies, the least number, negative. */
  int arity() {
    int words = name.indexOf('|') < 0 ? 1 : 2;
    boolean variable = false;
    for (Argument argument : arguments) {
      words += argument.minimumWords();
      variable |= argument.isVariable();
    }
    return variable ? -words : words;
  }

  /** The arguments of a command with so many key specifications. */
  List<Argument> arguments(int keySpecCount) {
    return numberKeys(arguments, keySpecCount, new int[1]);
  }

  private static List<Argument> numberKeys(List<Argument> list, int keySpecCount, int[] next) {
    List<Argument> numbered = new ArrayList<>();
    for (Argument argument : list) {
      int keySpec = argument.keySpecIndex();
      if (keySpec == NEXT_KEY_SPEC) {
        keySpec = Math.min(next[0]++, keySpecCount - 1);
      }
      numbered.add(
          new Argument(
              argument.name(),
              argument.displayText(),
              argument.type(),
              keySpec,
              argument.token(),
              argument.since(),
              argument.deprecatedSince(),
              argument.optional(),
              argument.multiple(),
              argument.multipleToken(),
              numberKeys(argument.children(), keySpecCount, next)));
    }
    return numbered;
  }

  private Argument argument() {
    skipSpace();
    if (!take('[')) {
      return item();
    }
    Node node = node();
    node.optional = true;
    expect(']');
    return node.toArgument();
  }

  private Argument item() {
    return node().toArgument();
  }

  private Node node() {
    skipSpace();
    String word = word();
    if (isToken(word) && !at('|')) {
      boolean repeated = word.endsWith("...");
      String token = repeated ? word.substring(0, word.length() - 3) : word;
      skipSpace();
      if (startsValue()) {
        Node node = value(word());
        node.token = unquote(token);
        node.multiple |= repeated;
        node.multipleToken = repeated;
        return node;
      }
    }
    return value(word);
  }

  /** Whether a value stands here that a token may belong to: no further token, no bracket. */
  private boolean startsValue() {
    if (position == text.length() || SYMBOLS.indexOf(text.charAt(position)) >= 0) {
      return false;
    }
    int start = position;
    String word = word();
    position = start;
    return !isToken(word) && !isToken(afterColon(word));
  }

  private Node value(String word) {
    if (word.endsWith(":") && take('(')) {
      return group(word, ArgumentType.ONEOF, ')');
    }
    if (word.endsWith(":") && take('<')) {
      return group(word, ArgumentType.BLOCK, '>');
    }
    return at('|') && !inChoice ? words(word) : simple(word);
  }

  private Node group(String word, ArgumentType type, char end) {
    Node node = new Node(word.substring(0, word.length() - 1), type);
    boolean outer = inChoice;
    inChoice = type == ArgumentType.ONEOF;
    do {
      node.children.add(argument());
      skipSpace();
    } while (type == ArgumentType.ONEOF ? take('|') : !at(end));
    inChoice = outer;
    expect(end);
    node.suffix(word());
    return node;
  }

  private Node words(String first) {
    int colon = first.lastIndexOf(':');
    Node node = new Node(colon < 0 ? "" : first.substring(0, colon), ArgumentType.ONEOF);
    node.children.add(simple(first.substring(colon + 1)).toArgument());
    while (take('|')) {
      node.children.add(simple(word()).toArgument());
    }
    for (Argument child : node.children) {
      if (child.type() != ArgumentType.PURE_TOKEN || child.since() != null) {
        throw error("put the choice in parentheses");
      }
    }
    if (colon < 0) {
      StringBuilder names = new StringBuilder();
      for (Argument child : node.children) {
        names.append(names.isEmpty() ? "" : "_").append(child.name());
      }
      node.name = names.toString();
    }
    return node;
  }

  private Node simple(String word) {
    int end = suffixStart(word);
    String body = word.substring(0, end);
    Node node;
    if (isToken(body)) {
      node = new Node(unquote(body).toLowerCase(Locale.ROOT), ArgumentType.PURE_TOKEN);
      node.token = unquote(body);
    } else if (isToken(afterColon(body))) {
      node = new Node(body.substring(0, body.lastIndexOf(':')), ArgumentType.PURE_TOKEN);
      node.token = unquote(afterColon(body));
    } else {
      node = named(body);
    }
    node.suffix(word.substring(end));
    return node;
  }

  private Node named(String body) {
    ArgumentType type = type(afterColon(body));
    String names = type == null ? body : body.substring(0, body.lastIndexOf(':'));
    int equals = names.indexOf('=');
    String name = equals < 0 ? names : names.substring(0, equals);
    if (name.isEmpty()) {
      throw error("a name is missing");
    }
    Node node = new Node(name, type == null ? defaultType(name) : type);
    if (equals >= 0) {
      node.displayText = names.substring(equals + 1);
    }
    return node;
  }

  private static ArgumentType defaultType(String name) {
    return switch (name) {
      case "key" -> ArgumentType.KEY;
      case "pattern" -> ArgumentType.PATTERN;
      default -> ArgumentType.STRING;
    };
  }

  private static @Nullable ArgumentType type(String word) {
    return switch (word) {
      case "string" -> ArgumentType.STRING;
      case "integer" -> ArgumentType.INTEGER;
      case "double" -> ArgumentType.DOUBLE;
      case "key" -> ArgumentType.KEY;
      case "pattern" -> ArgumentType.PATTERN;
      case "unix-time" -> ArgumentType.UNIX_TIME;
      default -> null;
    };
  }

  private static boolean isToken(String word) {
    String body = word.substring(0, suffixStart(word));
    if (body.startsWith("'")) {
      return true;
    }
    return !body.isEmpty()
        && body.indexOf(':') < 0
        && body.equals(body.toUpperCase(Locale.ROOT))
        && !body.equals(body.toLowerCase(Locale.ROOT));
  }

  private static String unquote(String token) {
    return token.startsWith("'") ? token.substring(1, token.length() - 1) : token;
  }

  /** What follows the last colon outside quotes; empty without one. */
  private static String afterColon(String word) {
    int quote = word.indexOf('\'');
    int colon = quote < 0 ? word.lastIndexOf(':') : quote - 1;
    return colon < 0 ? "" : word.substring(colon + 1);
  }

  private static int suffixStart(String word) {
    int start = word.lastIndexOf('\'') + 1;
    for (int i = start; i < word.length(); i++) {
      if (word.charAt(i) == '#' || word.charAt(i) == '@' || word.startsWith("...", i)) {
        return i;
      }
    }
    return word.length();
  }

  private void skipSpace() {
    while (at(' ')) {
      position++;
    }
  }

  private boolean at(char symbol) {
    return position < text.length() && text.charAt(position) == symbol;
  }

  private boolean take(char symbol) {
    if (at(symbol)) {
      position++;
      return true;
    }
    return false;
  }

  private void expect(char symbol) {
    skipSpace();
    if (!take(symbol)) {
      throw error("expected " + symbol);
    }
  }

  private String word() {
    int start = position;
    boolean quoted = false;
    while (position < text.length()) {
      char c = text.charAt(position);
      if (c == '\'') {
        quoted = !quoted;
      } else if (!quoted && (c == ' ' || SYMBOLS.indexOf(c) >= 0)) {
        break;
      }
      position++;
    }
    return text.substring(start, position);
  }

  private IllegalArgumentException error(String what) {
    return new IllegalArgumentException(what + " at " + position + ": " + text);
  }

  /** An argument while it is being read. */
  private final class Node {

    private String name;
    private @Nullable String displayText;
    private final ArgumentType type;
    private int keySpecIndex;
    private @Nullable String token;
    private @Nullable String since;
    private @Nullable String deprecatedSince;
    private boolean optional;
    private boolean multiple;
    private boolean multipleToken;
    private final List<Argument> children = new ArrayList<>();

    private Node(String name, ArgumentType type) {
      this.name = name;
      this.type = type;
      this.keySpecIndex = type == ArgumentType.KEY ? NEXT_KEY_SPEC : -1;
    }

    private void suffix(String suffix) {
      String rest = suffix;
      if (rest.startsWith("...")) {
        multiple = true;
        rest = rest.substring(3);
      }
      if (rest.startsWith("#")) {
        int end = rest.indexOf('@') < 0 ? rest.length() : rest.indexOf('@');
        keySpecIndex = Integer.parseInt(rest.substring(1, end));
        rest = rest.substring(end);
      }
      if (rest.startsWith("@")) {
        int dots = rest.indexOf("..");
        since = dots == 1 ? null : version(rest.substring(1, dots < 0 ? rest.length() : dots));
        deprecatedSince = dots < 0 ? null : version(rest.substring(dots + 2));
        rest = "";
      }
      if (!rest.isEmpty()) {
        throw error("what is " + rest);
      }
    }

    private String version(String version) {
      boolean digit = false;
      for (int i = 0; i < version.length(); i++) {
        char c = version.charAt(i);
        if (c == '.' ? !digit : c < '0' || c > '9') {
          throw error("not a version: " + version);
        }
        digit = c != '.';
      }
      if (!digit) {
        throw error("not a version: " + version);
      }
      return version;
    }

    private Argument toArgument() {
      return new Argument(
          name,
          displayText == null ? name : displayText,
          type,
          keySpecIndex,
          token,
          since,
          deprecatedSince,
          optional,
          multiple,
          multipleToken,
          children);
    }
  }
}
