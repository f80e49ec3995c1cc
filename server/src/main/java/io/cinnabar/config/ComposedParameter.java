package io.cinnabar.config;

/**
 * A parameter whose value is made of the several words of a line.
 *
 * @param <T> what they are made into; never changed
 */
abstract class ComposedParameter<T> extends Parameter {

  private final T initial;

  ComposedParameter(String name, T initial) {
    super(name);
    this.initial = initial;
  }

  final T initial() {
    return initial;
  }

  @SuppressWarnings("unchecked") // only this class puts objects at its index
  final T value(Values values) {
    return (T) values.objects[index()];
  }

  final void value(Values values, T value) {
    values.objects[index()] = value;
  }

  @Override
  final boolean takesList() {
    return true;
  }

  @Override
  final void reset(Values values) {
    value(values, initial);
  }
}
