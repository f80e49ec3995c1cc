package io.cinnabar.config;

/**
 * A parameter that is one of the constants of an enum. Each constant's word is its name in lower
 * case, with a hyphen for each underscore.
 */
public final class ChoiceParameter<E extends Enum<E>> extends WordParameter {

  private final E[] choices;

  ChoiceParameter(String name, E initial) {
    super(name, word(initial), words(initial.getDeclaringClass().getEnumConstants()));
    this.choices = initial.getDeclaringClass().getEnumConstants();
  }

  E choice(Values values) {
    return choices[position(values)];
  }

  private static String[] words(Enum<?>[] choices) {
    String[] words = new String[choices.length];
    for (int i = 0; i < words.length; i++) {
      words[i] = word(choices[i]);
    }
    return words;
  }

  private static String word(Enum<?> choice) {
    return ByteText.lowerCase(choice.name()).replace('_', '-');
  }
}
