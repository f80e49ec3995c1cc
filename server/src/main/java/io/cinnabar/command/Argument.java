package io.cinnabar.command;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A documented argument of a command: a node of the tree that COMMAND DOCS shows, made from the
 * command's {@link Syntax}.
 *
 * @param name unique among its siblings
 * @param displayText what documentation shows in its place; the name unless said otherwise
 * @param type what is written there
 * @param keySpecIndex the key specification that finds it, or -1
 * @param token the literal word in front of it, or which it is
 * @param since the first version that took it, where that differs from the command's
 * @param deprecatedSince the version from which it should no longer be used
 * @param optional whether it may be left out
 * @param multiple whether it may be repeated
 * @param multipleToken whether its token is repeated with it
 * @param children what a {@link ArgumentType#ONEOF} chooses from, or a {@link ArgumentType#BLOCK}
 *     consists of
 */
public record Argument(
    String name,
    String displayText,
    ArgumentType type,
    int keySpecIndex,
    @Nullable String token,
    @Nullable String since,
    @Nullable String deprecatedSince,
    boolean optional,
    boolean multiple,
    boolean multipleToken,
    List<Argument> children) {

  public Argument {
    children = List.copyOf(children);
  }

  /** The flags that COMMAND DOCS shows. */
  public List<String> flags() {
    List<String> flags = new ArrayList<>();
    if (optional) {
      flags.add("optional");
    }
    if (multiple) {
      flags.add("multiple");
    }
    if (multipleToken) {
      flags.add("multiple_token");
    }
    return flags;
  }

  /** Whether commands with and without it, or with one or two of it, differ in length. */
  boolean isVariable() {
    if (optional || multiple) {
      return true;
    }
    for (Argument child : children) {
      if (child.isVariable()
          || (type == ArgumentType.ONEOF
              && child.minimumWords() != children.get(0).minimumWords())) {
        return true;
      }
    }
    return false;
  }

  /** The fewest words that it takes on the wire. */
  int minimumWords() {
    if (optional) {
      return 0;
    }
    int own =
        switch (type) {
          case PURE_TOKEN -> 0;
          case ONEOF -> fewestOfChildren();
          case BLOCK -> sumOfChildren();
          default -> 1;
        };
    return own + (token == null ? 0 : 1);
  }

  private int fewestOfChildren() {
    int fewest = Integer.MAX_VALUE;
    for (Argument child : children) {
      fewest = Math.min(fewest, child.minimumWords());
    }
    return fewest;
  }

  private int sumOfChildren() {
    int sum = 0;
    for (Argument child : children) {
      sum += child.minimumWords();
    }
    return sum;
  }
}
