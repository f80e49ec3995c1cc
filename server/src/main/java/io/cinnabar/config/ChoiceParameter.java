package io.cinnabar.config;

import java.util.List;

/**
 * A parameter that is one of a few words. Each word is the name of an enum constant in lower case,
 * with a hyphen for each underscore.
 */
public final class ChoiceParameter<E extends Enum<E>> extends Parameter {

  private final E initial;
  private final E[] choices;
  private final String[] words;

  ChoiceParameter(String name, E initial) {
    super(name);
    this.initial = initial;
    this.choices = initial.getDeclaringClass().getEnumConstants();
    this.words = new String[choices.length];
    for (int i = 0; i < words.length; i++) {
      words[i] = word(choices[i]);
    }
  }

  E choice(Values values) {
    return initial.getDeclaringClass().cast(values.objects[index()]);
  }

  @Override
  void reset(Values values) {
    values.objects[index()] = initial;
  }

  @Override
  void assign(Values values, List<String> arguments, boolean adding) throws ConfigException {
    for (int i = 0; i < words.length; i++) {
      if (words[i].equalsIgnoreCase(arguments.get(0))) {
        values.objects[index()] = choices[i];
        return;
      }
    }
    throw new ConfigException(
        "argument(s) must be one of the following: " + String.join(", ", words));
  }

  @Override
  String format(Values values) {
    return word(choice(values));
  }

  private static String word(Enum<?> choice) {
    return ByteText.lowerCase(choice.name()).replace('_', '-');
  }
}
