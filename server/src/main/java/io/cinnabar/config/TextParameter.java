package io.cinnabar.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A parameter that is any text, or bytes: a path, a password. */
public final class TextParameter extends Parameter {

  /** Tells texts that are no values of the parameter. */
  @FunctionalInterface
  interface Check {

    /** Why {@code text}, byte text, is refused; null if it isn't. */
    @Nullable String refusal(String text);
  }

  private final String initial;
  private final boolean optional;
  private Check check = text -> null;

  /**
   * @param optional whether an empty text means that there is none, and so no line in a file
   */
  TextParameter(String name, String initial, boolean optional) {
    super(name);
    this.initial = initial;
    this.optional = optional;
  }

  TextParameter checkedBy(Check other) {
    check = other;
    return this;
  }

  byte[] bytes(Values values) {
    return (byte[]) values.objects[index()];
  }

  @Override
  void reset(Values values) {
    values.objects[index()] = ByteText.bytes(initial);
  }

  @Override
  void assign(Values values, List<String> arguments, boolean adding) throws ConfigException {
    String refusal = check.refusal(arguments.get(0));
    if (refusal != null) {
      throw new ConfigException(refusal);
    }
    values.objects[index()] = ByteText.bytes(arguments.get(0));
  }

  @Override
  String format(Values values) {
    return ByteText.of(bytes(values));
  }

  @Override
  String fileText(Values values) {
    return QuotedWords.quote(format(values));
  }

  @Override
  void rewrite(Values values, ConfigRewriter into) {
    if (optional && bytes(values).length == 0) {
      into.none(name());
    } else {
      super.rewrite(values, into);
    }
  }
}
