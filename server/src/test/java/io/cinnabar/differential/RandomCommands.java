package io.cinnabar.differential;

import java.util.random.RandomGenerator;

/**
 * Random commands over every data type, as {@code commands.grammar} has them, for tests without a
 * real server. Their keys are in the databases 0 to 3 and 15; none of them asks a server to wait
 * longer than a millisecond. The same generator of chance gives the same commands.
 */
public final class RandomCommands {

  private static final int AT_ONCE = 16;
  private static final Grammar GRAMMAR = Grammar.load("commands.grammar");

  private final CommandGenerator generator;

  public RandomCommands(RandomGenerator random) {
    generator = new CommandGenerator(GRAMMAR, random);
  }

  /** Some of them as a client sends them, each byte one character. */
  public String next() {
    StringBuilder encoded = new StringBuilder();
    for (Invocation invocation : generator.generate(AT_ONCE)) {
      encoded.append(invocation.command().encoded());
    }
    return encoded.toString();
  }
}
