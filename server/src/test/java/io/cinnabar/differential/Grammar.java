package io.cinnabar.differential;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The syntax of commands, read from a resource that explains its own form. */
final class Grammar {
  private static final Pattern LINE = Pattern.compile("(\\d+) ([^#]*)(?:#!(.*))?");
  private static final Pattern TOKEN = Pattern.compile("\\.\\.\\.|[\\[\\]()|]|[^\\[\\]()| .]+");
  private static final int MOST_REPETITIONS = 4;

  private final List<Rule> rules = new ArrayList<>();

  /**
   * One command.
   *
   * @param weight how often it comes up, compared with the others
   * @param keywords every word of its syntax but the first
   * @param spoilable whether invalid forms of it may be made
   */
  record Rule(
      int weight, Node syntax, List<String> keywords, boolean spoilable, Comparison comparison) {}

  /** A part of a syntax: appends arguments that match it. */
  interface Node {
    void expand(Expansion expansion);
  }

  /**
   * Where arguments are collected.
   *
   * @param values makes what a {@code <name>} stands for
   */
  record Expansion(
      RandomGenerator random, Function<String, String> values, List<String> arguments) {}

  /** Reads a resource of this package. */
  static Grammar load(String name) {
    try (InputStream bytes = Grammar.class.getResourceAsStream(name)) {
      if (bytes == null) {
        throw new IllegalArgumentException("no grammar " + name);
      }
      Grammar grammar = new Grammar();
      new String(bytes.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .forEach(line -> grammar.rules.add(rule(line)));
      return grammar;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<Rule> rules() {
    return rules;
  }

  private static Rule rule(String line) {
    Matcher matcher = LINE.matcher(line);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(line);
    }
    Parser parser = new Parser(matcher.group(2));
    Node syntax = parser.choice();
    boolean spoilable = true;
    Comparison comparison = Comparison.EXACT;
    if (matcher.group(3) != null) {
      for (String directive : matcher.group(3).trim().split("; *", -1)) {
        boolean isAboutForms = directive.equals("unspoiled");
        spoilable &= !isAboutForms;
        comparison = isAboutForms ? comparison : comparison.with(directive);
      }
    }
    int weight = Integer.parseInt(matcher.group(1));
    return new Rule(weight, syntax, List.copyOf(parser.keywords), spoilable, comparison);
  }

  private static final class Parser {
    private final List<String> tokens;
    private final TreeSet<String> keywords = new TreeSet<>();
    private int position;

    Parser(String syntax) {
      tokens = TOKEN.matcher(syntax).results().map(match -> match.group()).toList();
    }

    /** Sequences with bars between them, up to the bracket that closes them, or the end. */
    Node choice() {
      List<Node> alternatives = new ArrayList<>();
      do {
        alternatives.add(sequence());
      } while (next("|"));
      return expansion -> {
        int chosen = expansion.random().nextInt(alternatives.size());
        alternatives.get(chosen).expand(expansion);
      };
    }

    private Node sequence() {
      List<Node> parts = new ArrayList<>();
      while (position < tokens.size() && !"|)]".contains(tokens.get(position))) {
        Node part = part();
        parts.add(next("...") ? repeated(part) : part);
      }
      return expansion -> parts.forEach(part -> part.expand(expansion));
    }

    private Node part() {
      boolean isOptional = next("[");
      if (isOptional || next("(")) {
        Node inner = choice();
        position++;
        return isOptional ? optional(inner) : inner;
      }
      String word = tokens.get(position++);
      if (word.startsWith("<")) {
        return expansion -> expansion.arguments().add(expansion.values().apply(word));
      }
      if (position > 1) {
        keywords.add(word);
      }
      return expansion -> expansion.arguments().add(word);
    }

    private static Node optional(Node inner) {
      return expansion -> {
        if (expansion.random().nextBoolean()) {
          inner.expand(expansion);
        }
      };
    }

    private static Node repeated(Node part) {
      return expansion -> {
        int times = 1 + expansion.random().nextInt(MOST_REPETITIONS);
        for (int i = 0; i < times; i++) {
          part.expand(expansion);
        }
      };
    }

    private boolean next(String token) {
      boolean matches = position < tokens.size() && tokens.get(position).equals(token);
      position += matches ? 1 : 0;
      return matches;
    }
  }
}
