package io.cinnabar.command;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What COMMAND DOCS tells of a command beside its arguments.
 *
 * @param summary one sentence
 * @param since the first version that had it
 * @param group the family that documentation files it under
 * @param complexity how its time grows
 * @param flags {@code deprecated} and {@code syscmd}, where they hold
 * @param deprecatedSince the version from which it should no longer be used
 * @param replacedBy what to use instead
 * @param history what later versions changed
 */
public record CommandDocs(
    @Nullable String summary,
    @Nullable String since,
    String group,
    @Nullable String complexity,
    List<String> flags,
    @Nullable String deprecatedSince,
    @Nullable String replacedBy,
    List<Change> history) {

  /** A change that a later version made. */
  public record Change(String version, String text) {}

  public CommandDocs {
    flags = List.copyOf(flags);
    history = List.copyOf(history);
  }
}
