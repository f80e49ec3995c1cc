package io.cinnabar.config;

import io.cinnabar.config.NumberParameter.Notation;
import io.cinnabar.config.Parameter.Effect;
import java.util.ArrayList;
import java.util.List;

/**
 * The parameters of one theme, in the order of their declaration. The methods that make one add it
 * to the group; the static ones say more of one that was made.
 */
final class ParameterGroup {

  /** The largest C {@code int}. */
  static final long INT = Integer.MAX_VALUE;

  /** The largest C {@code long}. */
  static final long LONG = Long.MAX_VALUE;

  static final long UNSIGNED_INT = (1L << 32) - 1;
  static final long MIB = 1L << 20;

  private final List<Parameter> parameters = new ArrayList<>();

  List<Parameter> parameters() {
    return List.copyOf(parameters);
  }

  <P extends Parameter> P add(P parameter) {
    parameters.add(parameter);
    return parameter;
  }

  BooleanParameter yesNo(String name, boolean initial) {
    return add(new BooleanParameter(name, initial));
  }

  NumberParameter number(String name, long initial, long min, long max) {
    return add(new NumberParameter(name, Notation.DECIMAL, initial, min, max));
  }

  NumberParameter octal(String name, long initial, long max) {
    return add(new NumberParameter(name, Notation.OCTAL, initial, 0, max));
  }

  NumberParameter memory(String name, long initial, long min, long max) {
    return add(new NumberParameter(name, Notation.MEMORY, initial, min, max));
  }

  /** A size of up to 2^64 - 1 bytes; its {@code long} is to be read as an unsigned number. */
  NumberParameter unsignedMemory(String name, long initial) {
    return add(new NumberParameter(name, Notation.UNSIGNED_MEMORY, initial, 0, -1));
  }

  /** A size, or a share of another one: a negative number is that many percent. */
  NumberParameter memoryOrPercent(String name, long initial) {
    return add(new NumberParameter(name, Notation.MEMORY_OR_PERCENT, initial, 0, LONG));
  }

  /** A text that is there, if only an empty one. */
  TextParameter text(String name, String initial) {
    return add(new TextParameter(name, initial, false));
  }

  /** A text that may be missing, which is what an empty one means. */
  TextParameter optionalText(String name) {
    return add(new TextParameter(name, "", true));
  }

  <E extends Enum<E>> ChoiceParameter<E> choice(String name, E initial) {
    return add(new ChoiceParameter<>(name, initial));
  }

  /** One of {@code words}, of which the first is the default only if it is {@code initial}. */
  WordParameter word(String name, String initial, String... words) {
    return add(new WordParameter(name, initial, words));
  }

  static <P extends Parameter> P immutable(P parameter) {
    parameter.immutable();
    return parameter;
  }

  static <P extends Parameter> P guarded(P parameter) {
    parameter.guarded();
    return parameter;
  }

  static <P extends Parameter> P hidden(P parameter) {
    parameter.hidden();
    return parameter;
  }

  static <P extends Parameter> P secret(P parameter) {
    parameter.secret();
    return parameter;
  }

  /** Gives it the name that it had in older versions, too. */
  static <P extends Parameter> P formerly(String name, P parameter) {
    parameter.formerName(name);
    return parameter;
  }

  /** Says that its value only names what counts, such as a file: setting it again reads that. */
  static <P extends Parameter> P reference(P parameter) {
    parameter.reference();
    return parameter;
  }

  static <P extends Parameter> P notYet(P parameter) {
    parameter.effect(Effect.NOT_YET);
    return parameter;
  }

  static <P extends Parameter> P never(P parameter) {
    parameter.effect(Effect.NEVER);
    return parameter;
  }

  /** Refuses all but the default, saying that {@code what} is missing. */
  static <P extends Parameter> P unsupported(String what, P parameter) {
    parameter.onlyDefault(what + " not supported by this version");
    return parameter;
  }
}
