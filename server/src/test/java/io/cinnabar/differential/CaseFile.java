package io.cinnabar.differential;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads case files. {@code docs/testing.md} describes their syntax:
 *
 * <pre>
 * # A comment.
 * == A title opens a case
 * #! resp3-only               (of the case)
 * SET k "two words"
 * KEYS *                      #! sorted
 * &#64;b GET k                    (on a second connection)
 * &#64;b BLPOP l 0                #! blocks
 * &#64;b                          (now the reply comes)
 * #! reconnect b
 * </pre>
 */
final class CaseFile {
  /** The connection of lines that name none. */
  static final String MAIN = "main";

  private static final String TITLE = "== ";
  private static final String DIRECTIVES = "#!";

  private final String name;
  private final List<Case> cases = new ArrayList<>();
  private List<Step> steps = new ArrayList<>();
  private @Nullable Protocol onlyInCase;

  private CaseFile(String name) {
    this.name = name;
  }

  /** The cases of every file in the resource folder {@code cases}, in the order of their names. */
  static Map<String, List<Case>> loadAll() {
    URL folder = Objects.requireNonNull(CaseFile.class.getResource("cases"), "no case files");
    Map<String, List<Case>> cases = new TreeMap<>();
    try (Stream<Path> files = Files.list(Path.of(folder.toURI()))) {
      for (Path file : files.toList()) {
        String name = String.valueOf(file.getFileName());
        cases.put(name, parse(name, Files.readString(file)));
      }
      return cases;
    } catch (IOException | URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * @throws IllegalArgumentException naming the line that is wrong
   */
  static List<Case> parse(String name, String text) {
    CaseFile file = new CaseFile(name);
    String[] lines = text.split("\n", -1);
    for (int i = 0; i < lines.length; i++) {
      try {
        file.line(i + 1, lines[i]);
      } catch (RuntimeException e) {
        throw new IllegalArgumentException(name + ":" + (i + 1) + ": " + lines[i], e);
      }
    }
    return file.cases;
  }

  private void line(int number, String line) {
    if (line.startsWith(TITLE)) {
      steps = new ArrayList<>();
      onlyInCase = null;
      cases.add(new Case(name, number, line.substring(TITLE.length()), steps));
    } else if (line.startsWith(DIRECTIVES)) {
      ownLine(number, line.substring(DIRECTIVES.length()).trim());
    } else if (!line.isBlank() && !line.startsWith("#")) {
      if (cases.isEmpty()) {
        throw new IllegalArgumentException("a title must come first");
      }
      steps.add(step(number, line));
    }
  }

  /** A line of directives only is about the whole case, or about a connection. */
  private void ownLine(int number, String directive) {
    if (directive.startsWith("reconnect")) {
      String named = directive.substring("reconnect".length()).trim();
      StepBuilder builder = new StepBuilder(number, named.isEmpty() ? MAIN : named, directive);
      builder.action = Step.Action.RECONNECT;
      builder.replies = 0;
      builder.only = onlyInCase;
      steps.add(builder.build(List.of()));
    } else {
      onlyInCase = protocol(directive);
    }
  }

  private Step step(int number, String line) {
    int at = line.lastIndexOf(" " + DIRECTIVES);
    String text = at < 0 ? line : line.substring(0, at);
    String connection = MAIN;
    if (text.startsWith("@")) {
      int blank = (text + ' ').indexOf(' ');
      connection = text.substring(1, blank);
      text = text.substring(Math.min(blank + 1, text.length()));
    }
    StepBuilder builder = new StepBuilder(number, connection, text);
    builder.only = onlyInCase;
    if (text.isEmpty()) {
      builder.action = Step.Action.AWAIT;
    }
    if (at >= 0) {
      builder.directives(line.substring(at + 1 + DIRECTIVES.length()));
    }
    boolean isCommand = builder.action == Step.Action.COMMAND;
    return builder.build(isCommand ? Escapes.splitArguments(text) : List.of());
  }

  private static Protocol protocol(String directive) {
    return switch (directive) {
      case "resp2-only" -> Protocol.RESP2;
      case "resp3-only" -> Protocol.RESP3;
      default -> throw new IllegalArgumentException("no such directive: " + directive);
    };
  }

  /** What the directives of a line add up to. */
  private static final class StepBuilder {
    private static final String KNOWN = "known-difference ";

    private final int line;
    private final String connection;
    private final String text;
    private Step.Action action = Step.Action.COMMAND;
    private boolean blocks;
    private int replies = 1;
    private Comparison comparison = Comparison.EXACT;
    private Step.@Nullable Expectation known;
    private @Nullable Protocol only;

    StepBuilder(int line, String connection, String text) {
      this.line = line;
      this.connection = connection;
      this.text = text;
    }

    Step build(List<String> arguments) {
      return new Step(
          line, connection, action, text, arguments, blocks, replies, comparison, known, only);
    }

    /** Directives stand behind each other with semicolons between them, a known difference last. */
    void directives(String directives) {
      int knownAt = directives.indexOf(KNOWN);
      if (knownAt >= 0) {
        String difference = directives.substring(knownAt + KNOWN.length());
        int colon = difference.indexOf(": ");
        known =
            new Step.Expectation(
                KnownDifference.named(difference.substring(0, colon)),
                difference.substring(colon + 2).trim());
      }
      for (String each :
          (knownAt < 0 ? directives : directives.substring(0, knownAt)).split(";", -1)) {
        if (!each.isBlank()) {
          directive(each.trim());
        }
      }
    }

    private void directive(String directive) {
      if (directive.equals("raw")) {
        action = Step.Action.RAW;
      } else if (directive.equals("blocks")) {
        blocks = true;
        replies = 0;
      } else if (directive.equals("closes")) {
        // The connection's end counts as a reply: nothing may come after the first one.
        replies++;
      } else if (directive.startsWith("replies ")) {
        replies = Integer.parseInt(directive.substring("replies ".length()));
      } else if (directive.endsWith("-only")) {
        only = protocol(directive);
      } else {
        comparison = comparison.with(directive);
      }
    }
  }
}
