package io.cinnabar.config;

import java.util.List;

/** A parameter that is one of a few words. */
public sealed class WordParameter extends Parameter permits ChoiceParameter {

  private final List<String> words;
  private final int initial;

  WordParameter(String name, String initial, String... words) {
    super(name);
    this.words = List.of(words);
    this.initial = this.words.indexOf(initial);
    if (this.initial < 0) {
      throw new IllegalArgumentException(name + ": " + initial);
    }
  }

  /** Which of the words it is, from 0. */
  final int position(Values values) {
    return (int) values.numbers[index()];
  }

  @Override
  final void reset(Values values) {
    values.numbers[index()] = initial;
  }

  @Override
  final void assign(Values values, List<String> arguments, boolean adding) throws ConfigException {
    for (int i = 0; i < words.size(); i++) {
      if (words.get(i).equalsIgnoreCase(arguments.get(0))) {
        values.numbers[index()] = i;
        return;
      }
    }
    throw noneOf(words);
  }

  /** The refusal of a word that is none of {@code words}. */
  static ConfigException noneOf(List<String> words) {
    return new ConfigException(
        "argument(s) must be one of the following: " + String.join(", ", words));
  }

  @Override
  final String format(Values values) {
    return words.get(position(values));
  }
}
