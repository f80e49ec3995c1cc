package io.cinnabar.config;

import java.util.ArrayList;
import java.util.List;

/** A parameter that is so many whole numbers, each within the same bounds. */
public final class IntegersParameter extends ComposedParameter<List<Integer>> {

  private final int min;
  private final int max;

  IntegersParameter(String name, List<Integer> initial, int min, int max) {
    super(name, initial);
    this.min = min;
    this.max = max;
  }

  @Override
  void assign(Values values, List<String> arguments, boolean adding) throws ConfigException {
    if (arguments.size() != initial().size()) {
      throw new ConfigException("wrong number of arguments");
    }
    List<Integer> numbers = new ArrayList<>(arguments.size());
    for (String argument : arguments) {
      numbers.add(number(argument));
    }
    value(values, List.copyOf(numbers));
  }

  private int number(String text) throws ConfigException {
    try {
      int number = text.isEmpty() ? 0 : Integer.parseInt(text);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException malformed) {
      // answered below
    }
    throw new ConfigException(
        "Invalid " + name() + ", elements must be between " + min + " and " + max + ".");
  }

  @Override
  String format(Values values) {
    StringBuilder text = new StringBuilder();
    for (int number : value(values)) {
      text.append(text.length() > 0 ? " " : "").append(number);
    }
    return text.toString();
  }
}
