package io.cinnabar.config;

import io.cinnabar.host.Disk;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One parameter of the configuration: its name, its kind of value, its default. A parameter is a
 * declaration, shared by all servers in the process; the values are in each server's {@link
 * Config}. All parameters are listed in {@link Parameters}.
 */
public abstract class Parameter {

  /** What the server does with a value. */
  public enum Effect {
    /** It does what the parameter is for. */
    ACTS,
    /** It keeps and shows the value: what the parameter is for does not exist yet. */
    NOT_YET,
    /** It keeps and shows the value: what the parameter is for does not exist in a JVM. */
    NEVER,
    /**
     * It takes the default and refuses the rest: a value without effect would be a false promise.
     */
    ONLY_DEFAULT
  }

  private final String name;
  private @Nullable String formerName;
  private boolean immutable;
  private boolean guarded;
  private boolean hidden;
  private boolean secret;
  private boolean reference;
  private Effect effect = Effect.ACTS;
  private @Nullable String refusal;
  private int index = -1;

  Parameter(String name) {
    this.name = name;
  }

  /** The name under which CONFIG GET shows it. */
  public final String name() {
    return name;
  }

  /** A second name for the same value, from an older version; null when there is none. */
  public final @Nullable String formerName() {
    return formerName;
  }

  /** Whether it can be set at start only. */
  public final boolean isImmutable() {
    return immutable;
  }

  /** Whether CONFIG SET changes it only where {@code enable-protected-configs} says so. */
  final boolean isGuarded() {
    return guarded;
  }

  /** Whether CONFIG GET shows it only to those who know its name. */
  final boolean isHidden() {
    return hidden;
  }

  /** Whether its values must not show where commands are shown to others. */
  final boolean isSecret() {
    return secret;
  }

  /** Whether its value names what counts, such as a file, so that setting it again is a change. */
  final boolean isReference() {
    return reference;
  }

  public final Effect effect() {
    return effect;
  }

  /** What is answered to a value other than the default; null when others are taken. */
  final @Nullable String refusal() {
    return refusal;
  }

  /** Where its value lies in {@link Values}. */
  final int index() {
    return index;
  }

  final void immutable() {
    immutable = true;
  }

  final void guarded() {
    guarded = true;
  }

  final void hidden() {
    hidden = true;
  }

  final void secret() {
    secret = true;
  }

  final void reference() {
    reference = true;
  }

  final void formerName(String other) {
    formerName = other;
  }

  final void effect(Effect other) {
    effect = other;
  }

  final void onlyDefault(String reason) {
    effect = Effect.ONLY_DEFAULT;
    refusal = reason;
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

  /**
   * The value's lines in a file that CONFIG REWRITE writes; where the file has none yet, they are
   * added only if the value is not the default.
   */
  void rewrite(Values values, ConfigRewriter into) {
    into.line(name, fileText(values), !isDefault(values));
  }

  /** The value as it stands in a file, as byte text; reading it gives the same value again. */
  String fileText(Values values) {
    return format(values);
  }

  final boolean isDefault(Values values) {
    return values.same(index, values.defaults);
  }

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

    /** What the values were before anything was set; the defaults of themselves. */
    final Values defaults;

    /** Where the folder is looked for that a parameter names. */
    final Disk disk;

    /** All parameters at their defaults. */
    Values(List<Parameter> parameters, Disk disk) {
      this.disk = disk;
      numbers = new long[parameters.size()];
      objects = new Object[parameters.size()];
      for (Parameter parameter : parameters) {
        parameter.reset(this);
      }
      defaults = new Values(this, null);
    }

    private Values(Values other, @Nullable Values defaults) {
      this.numbers = other.numbers.clone();
      this.objects = other.objects.clone();
      this.disk = other.disk;
      this.defaults = defaults == null ? this : defaults;
    }

    Values copy() {
      return new Values(this, defaults);
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
