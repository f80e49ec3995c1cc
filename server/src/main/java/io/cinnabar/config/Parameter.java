package io.cinnabar.config;

import java.util.List;
import java.util.Objects;

/**
 * One parameter of the configuration: its name, its kind of value, its default. A parameter is a
 * declaration, shared by all servers in the process; the values are in each server's {@link
 * Config}. All parameters are listed in {@link Parameters}.
 */
public abstract class Parameter {

  private final String name;
  private boolean immutable;
  private int index = -1;

  Parameter(String name) {
    this.name = name;
  }

  /** The name under which CONFIG GET shows it. */
  public final String name() {
    return name;
  }

  /** Whether it can be set at start only. */
  public final boolean isImmutable() {
    return immutable;
  }

  /** Where its value lies in {@link Values}. */
  final int index() {
    return index;
  }

  final void immutable() {
    immutable = true;
  }

  final void declaredAt(int position) {
    index = position;
  }

  /** Whether a line may name several values; a single one is then split at its spaces. */
  boolean takesList() {
    return false;
  }

  /** Puts the default into {@code values}. */
  abstract void reset(Values values);

  /**
   * Reads {@code arguments} and puts the value into {@code values}.
   *
   * @param arguments byte text; exactly one unless {@link #takesList}
   * @param adding whether a list that may be spread over several lines is extended (config file)
   *     rather than replaced (CONFIG SET)
   */
  abstract void assign(Values values, List<String> arguments, boolean adding)
      throws ConfigException;

  /** The value as CONFIG GET shows it, as byte text. */
  abstract String format(Values values);

  @Override
  public final String toString() {
    return name;
  }

  /**
   * The values of one configuration: numbers, booleans and choices unboxed, the rest as objects.
   */
  static final class Values {
    final long[] numbers;
    final Object[] objects;

    Values(int count) {
      this(new long[count], new Object[count]);
    }

    private Values(long[] numbers, Object[] objects) {
      this.numbers = numbers;
      this.objects = objects;
    }

    Values copy() {
      return new Values(numbers.clone(), objects.clone());
    }

    void copyFrom(Values other) {
      System.arraycopy(other.numbers, 0, numbers, 0, numbers.length);
      System.arraycopy(other.objects, 0, objects, 0, objects.length);
    }

    boolean same(int index, Values other) {
      return numbers[index] == other.numbers[index]
          && Objects.deepEquals(objects[index], other.objects[index]);
    }
  }
}
