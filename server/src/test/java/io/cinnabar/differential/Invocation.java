package io.cinnabar.differential;

/** A command, and how the two replies to it are compared. */
record Invocation(Command command, Comparison comparison) {

  static Invocation exactly(String... arguments) {
    return new Invocation(Command.of(arguments), Comparison.EXACT);
  }
}
