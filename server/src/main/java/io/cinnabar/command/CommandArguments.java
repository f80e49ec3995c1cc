package io.cinnabar.command;

import io.cinnabar.structure.Slice;

/** The words of a command, its name the first of them (and its subcommand's the second). */
public interface CommandArguments {

  int argCount();

  /** The word at {@code index}; it may be the same object, moved, at the next call. */
  Slice arg(int index);
}
