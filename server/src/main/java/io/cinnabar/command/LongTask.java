package io.cinnabar.command;

/** What takes a command so long that others should be answered meanwhile. */
@FunctionalInterface
public interface LongTask {

  /**
   * Does it.
   *
   * @param servesOthers whether no command is under way, so that others' can run in between; else
   *     all wait
   * @throws CommandError when it fails
   */
  void run(boolean servesOthers);
}
