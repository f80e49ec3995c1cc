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
    MEMORY,
    /** The same up to 2^64 - 1. */
    UNSIGNED_MEMORY,
    /** The same up to 2^63 - 1, or a share such as {@code 5%}, which is the number -5. */
    MEMORY_OR_PERCENT
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
    if (notation == Notation.MEMORY_OR_PERCENT && value < 0) {
      if (value < -100) {
        throw new ConfigException("percentage argument must be less or equal to 100");
      }
    } else if (notation != Notation.UNSIGNED_MEMORY && (value < min || value > max)) {
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
    return switch (notation) {
      case DECIMAL, MEMORY -> Long.toString(value);
      case OCTAL -> Long.toOctalString(value);
      case UNSIGNED_MEMORY -> Long.toUnsignedString(value);
      case MEMORY_OR_PERCENT -> value < 0 ? -value + "%" : Long.toString(value);
    };
  }

  /** Sizes in the largest unit of which they are a multiple. */
  @Override
  String fileText(Values values) {
    long value = values.numbers[index()];
    if (value <= 0 || notation == Notation.DECIMAL || notation == Notation.OCTAL) {
      return show(value);
    }
    return Numbers.withUnit(value);
  }

  private long parse(String text) throws ConfigException {
    return switch (notation) {
      case DECIMAL -> Numbers.integer(text);
      case OCTAL -> Numbers.octal(text);
      case MEMORY, UNSIGNED_MEMORY -> Numbers.memory(text);
      case MEMORY_OR_PERCENT -> Numbers.memoryOrPercent(text);
    };
  }
}
