package io.cinnabar.config;

import java.util.ArrayList;
import java.util.List;

/** A parameter that is several words, separated by spaces: the addresses to listen on. */
public final class ListParameter extends ComposedParameter<List<String>> {

  private final int maxCount;
  private final String tooMany;

  /**
   * @param maxCount how many words it takes at most
   * @param tooMany the reason given when there are more
   */
  ListParameter(String name, List<String> initial, int maxCount, String tooMany) {
    super(name, initial);
    this.maxCount = maxCount;
    this.tooMany = tooMany;
  }

  @Override
  void assign(Values values, List<String> arguments, boolean adding) throws ConfigException {
    if (arguments.size() > maxCount) {
      throw new ConfigException(tooMany);
    }
    List<String> words = new ArrayList<>(arguments.size());
    for (String argument : arguments) {
      if (!argument.isEmpty()) {
        words.add(ByteText.decode(argument));
      }
    }
    value(values, List.copyOf(words));
  }

  @Override
  String format(Values values) {
    return ByteText.of(String.join(" ", value(values)));
  }
}
