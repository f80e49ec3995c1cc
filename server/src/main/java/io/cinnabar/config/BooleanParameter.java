package io.cinnabar.config;

import java.util.List;

/** A parameter that is {@code yes} or {@code no}. */
public final class BooleanParameter extends Parameter {

  private final boolean initial;

  BooleanParameter(String name, boolean initial) {
    super(name);
    this.initial = initial;
  }

  @Override
  void reset(Values values) {
    values.numbers[index()] = initial ? 1 : 0;
  }

  @Override
  void assign(Values values, List<String> arguments, boolean adding) throws ConfigException {
    boolean yes = arguments.get(0).equalsIgnoreCase("yes");
    if (!yes && !arguments.get(0).equalsIgnoreCase("no")) {
      throw new ConfigException("argument must be 'yes' or 'no'");
    }
    values.numbers[index()] = yes ? 1 : 0;
  }

  @Override
  String format(Values values) {
    return values.numbers[index()] != 0 ? "yes" : "no";
  }
}
