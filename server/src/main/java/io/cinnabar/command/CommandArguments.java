package io.cinnabar.command;

import io.cinnabar.structure.IntegerText;
import io.cinnabar.structure.Slice;

/** The words of a command, its name the first of them (and its subcommand's the second). */
public interface CommandArguments {

  int argCount();

  /** The word at {@code index}; it may be the same object, moved, at the next call. */
  Slice arg(int index);

  /**
   * Whether an argument is {@code word} (ASCII, lower case) in whatever case; see {@link
   * Slice#isWord}.
   */
  default boolean isWord(int index, String word) {
    return arg(index).isWord(word);
  }

  /** An argument as a 64-bit integer. */
  default long integer(int index) {
    return integer(index, CommandError.NOT_AN_INTEGER);
  }

  /** An argument as a 64-bit integer, or the given error. */
  default long integer(int index, CommandError error) {
    Slice text = arg(index);
    if (!IntegerText.isLong(text)) {
      throw error;
    }
    return IntegerText.toLong(text);
  }

  /** An argument as a 32-bit integer. */
  default int intArgument(int index) {
    long value = integer(index);
    if (value != (int) value) {
      throw CommandError.NOT_A_SHORT_INTEGER;
    }
    return (int) value;
  }

  /** An argument as a 32-bit integer. */
  default int int32(int index) {
    long value = integer(index);
    if (value != (int) value) {
      throw CommandError.NOT_AN_INT32;
    }
    return (int) value;
  }

  /** An argument as a 32-bit integer, or the given error. */
  default int int32(int index, CommandError error) {
    long value = integer(index, error);
    if (value != (int) value) {
      throw error;
    }
    return (int) value;
  }

  /** An argument as the text of an error shows it. */
  default String argText(int index) {
    return CommandError.shown(arg(index), Integer.MAX_VALUE);
  }
}
