package io.cinnabar.family;

import io.cinnabar.command.CommandError;
import io.cinnabar.structure.Slice;
import java.util.List;

/** That no prefix of a client begins with another one, so that it is told of a key once. */
final class PrefixOverlaps {

  private PrefixOverlaps() {}

  /**
   * Does nothing if none do.
   *
   * @param asked the new ones
   * @param held those that the client has already
   * @throws CommandError for the first two that do
   */
  static void check(List<Slice> asked, List<Slice> held) {
    for (int i = 0; i < asked.size(); i++) {
      check(asked.get(i), held, "an existing prefix");
      check(asked.get(i), asked.subList(i + 1, asked.size()), "another provided prefix");
    }
  }

  private static void check(Slice asked, List<Slice> others, String what) {
    for (Slice other : others) {
      if (asked.startsWith(other) || other.startsWith(asked)) {
        throw new CommandError(
            "ERR Prefix '"
                + CommandError.shown(asked, Integer.MAX_VALUE)
                + "' overlaps with "
                + what
                + " '"
                + CommandError.shown(other, Integer.MAX_VALUE)
                + "'. Prefixes for a single client must not overlap.");
      }
    }
  }
}
