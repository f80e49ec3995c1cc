package io.cinnabar.config;

import java.util.ArrayList;
import java.util.List;

/**
 * A parameter that is any number of a few words, in any order: how to go when a signal comes. One
 * more word stands for none of them.
 */
public final class WordSetParameter extends Parameter {

  private final List<String> all;
  private final String contradiction;

  /**
   * @param contradiction the reason given when the first two of {@code words} come together
   * @param none the word for none
   */
  WordSetParameter(String name, String contradiction, String none, String... words) {
    super(name);
    this.contradiction = contradiction;
    this.all = new ArrayList<>(List.of(words));
    this.all.add(0, none);
  }

  /** Whether {@code word} is among those that were given. */
  boolean contains(Values values, String word) {
    return (values.numbers[index()] & bit(all.indexOf(word))) != 0;
  }

  @Override
  boolean takesList() {
    return true;
  }

  @Override
  void reset(Values values) {
    values.numbers[index()] = 0;
  }

  @Override
  void assign(Values values, List<String> arguments, boolean adding) throws ConfigException {
    long bits = 0;
    for (String argument : arguments) {
      int position = all.indexOf(ByteText.lowerCase(argument));
      if (position < 0) {
        throw WordParameter.noneOf(all);
      }
      bits |= bit(position);
    }
    if (arguments.isEmpty()) {
      throw WordParameter.noneOf(all);
    }
    long contradicting = bit(1) | bit(2);
    if ((bits & contradicting) == contradicting) {
      throw new ConfigException(contradiction);
    }
    values.numbers[index()] = bits;
  }

  /** A bit for each word; none for the word that means none. */
  private static long bit(int position) {
    return 1L << position & ~1L;
  }

  @Override
  String format(Values values) {
    StringBuilder text = new StringBuilder();
    for (int i = 1; i < all.size(); i++) {
      if ((values.numbers[index()] & bit(i)) != 0) {
        text.append(text.length() > 0 ? " " : "").append(all.get(i));
      }
    }
    return text.length() > 0 ? text.toString() : all.get(0);
  }
}
