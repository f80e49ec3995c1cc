package io.cinnabar.config;

import java.util.List;

/** A parameter that is any text, or bytes: a path, a password. */
public final class TextParameter extends Parameter {

  private final String initial;

  TextParameter(String name, String initial) {
    super(name);
    this.initial = initial;
  }

  byte[] bytes(Values values) {
    return (byte[]) values.objects[index()];
  }

  @Override
  void reset(Values values) {
    values.objects[index()] = ByteText.bytes(initial);
  }

  @Override
  void assign(Values values, List<String> arguments, boolean adding) {
    values.objects[index()] = ByteText.bytes(arguments.get(0));
  }

  @Override
  String format(Values values) {
    return ByteText.of(bytes(values));
  }
}
