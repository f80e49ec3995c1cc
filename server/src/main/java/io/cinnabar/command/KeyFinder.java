package io.cinnabar.command;

/**
 * Finds the keys of a command for which {@linkplain KeySpec key specifications} are too weak: keys
 * behind keywords that may stand anywhere, or flags that depend on other arguments. It sees
 * commands of the right arity and otherwise unchecked arguments.
 */
@FunctionalInterface
public interface KeyFinder {

  /** Adds the keys to {@code keys}; false when the arguments make no sense. */
  boolean find(CommandArguments arguments, KeyPositions keys);
}
