package io.cinnabar.config;

import java.util.Set;

/** The lines of a config file that are no parameters, by their first word. */
final class Directives {

  static final String INCLUDE = "include";
  static final String LOADMODULE = "loadmodule";
  static final String RENAME_COMMAND = "rename-command";
  static final String SENTINEL = "sentinel";
  static final String USER = "user";

  private static final Set<String> ALL =
      Set.of(INCLUDE, LOADMODULE, RENAME_COMMAND, SENTINEL, USER);

  /** Parameters of older versions that mean nothing any more: taken with one value, forgotten. */
  private static final Set<String> OUTLIVED =
      Set.of("list-max-ziplist-entries", "list-max-ziplist-value", "lua-replicate-commands");

  private Directives() {}

  /** Whether {@code name}, in lower case, is one of them. */
  static boolean contains(String name) {
    return ALL.contains(name);
  }

  static boolean isOutlived(String name) {
    return OUTLIVED.contains(name);
  }
}
