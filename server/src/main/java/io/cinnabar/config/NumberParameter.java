package io.cinnabar.config;

import java.util.List;

/** A parameter that is a whole number within bounds: a count, a duration, a size, permissions. */
public final class NumberParameter extends Parameter {

  /** How the number is written. */
  enum Notation {
    DECIMAL,
    /** Permission bits, written and shown in base 8. */
    OCTAL,
    /**
     * Bytes, with a unit such as {@code mb} (1,048,576) or {@code m} (1,000,000); shown in bytes.
     */
    MEMORY
  }

  private final Notation notation;
  private final long initial;
  private final long min;
  private final long max;
  private long lowest = Long.MIN_VALUE;
  private long highest = Long.MAX_VALUE;

  NumberParameter(String name, Notation notation, long initial, long min, long max) {
    super(name);
    this.notation = notation;
    this.initial = initial;
    this.min = min;
    this.max = max;
  }

  /** Values that are within the bounds but beyond these become these, without an error. */
  NumberParameter clampedTo(long lowest, long highest) {
    this.lowest = lowest;
    this.highest = highest;
    return this;
  }

  @Override
  void reset(Values values) {
    values.numbers[index()] = initial;
  }

  @Override
  void assign(Values values, List<String> arguments, boolean adding) throws ConfigException {
    long value = parse(arguments.get(0));
    if (value < min || value > max) {
      throw new ConfigException(
          "argument must be between " + show(min) + " and " + show(max) + " inclusive");
    }
    values.numbers[index()] = Math.min(Math.max(value, lowest), highest);
  }

  @Override
  String format(Values values) {
    return show(values.numbers[index()]);
  }

  private String show(long value) {
    return notation == Notation.OCTAL ? Long.toOctalString(value) : Long.toString(value);
  }

  private long parse(String text) throws ConfigException {
    return switch (notation) {
      case DECIMAL -> Numbers.integer(text);
      case OCTAL -> Numbers.octal(text);
      case MEMORY -> Numbers.memory(text);
    };
  }
}
