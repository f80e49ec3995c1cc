package io.cinnabar.config;

import io.cinnabar.command.OutputLimits;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of one server: a value for each of the {@link Parameters}. Numbers, booleans
 * and choices are read without boxing, so that {@code get} may stand on a hot path.
 *
 * <p>Filled before the server starts, then read and changed on the loop's thread only.
 */
public final class Config {

  /** Acts on a value that CONFIG SET has changed. */
  @FunctionalInterface
  public interface ChangeListener {

    /**
     * The new value is in place. Called once more, after a refusal by this or another listener of
     * the same CONFIG SET, when the old value is back.
     *
     * @throws ConfigException when the machine can't do it: CONFIG SET fails with this reason and
     *     nothing is changed; ignored in the second call
     */
    void changed() throws ConfigException;
  }

  private final Parameter.Values values = new Parameter.Values(Parameters.count());
  private final List<Subscription> subscriptions = new ArrayList<>();
  private @Nullable String file;

  /** All parameters at their defaults. */
  public Config() {
    for (Parameter parameter : Parameters.all()) {
      parameter.reset(values);
    }
  }

  public long get(NumberParameter parameter) {
    return values.numbers[parameter.index()];
  }

  public boolean get(BooleanParameter parameter) {
    return values.numbers[parameter.index()] != 0;
  }

  public <E extends Enum<E>> E get(ChoiceParameter<E> parameter) {
    return parameter.choice(values);
  }

  /** The choice as CONFIG GET shows it. */
  public String word(ChoiceParameter<?> parameter) {
    return format(parameter);
  }

  /** The value as UTF-8 text. */
  public String get(TextParameter parameter) {
    return new String(parameter.bytes(values), StandardCharsets.UTF_8);
  }

  /** The value as it was given; not a copy, so not to be written to. */
  public byte[] bytes(TextParameter parameter) {
    return parameter.bytes(values);
  }

  public List<String> get(ListParameter parameter) {
    return parameter.words(values);
  }

  public OutputLimits get(OutputLimitsParameter parameter) {
    return parameter.limits(values);
  }

  public List<SavePoint> get(SaveParameter parameter) {
    return parameter.points(values);
  }

  /** The path of the file that the server was started with, or null. */
  public @Nullable String file() {
    return file;
  }

  /** Calls {@code listener} whenever CONFIG SET has given {@code parameter} another value. */
  public void onChange(Parameter parameter, ChangeListener listener) {
    subscriptions.add(new Subscription(parameter, listener));
  }

  /**
   * Sets a parameter before the server starts, as a line of a config file does: nobody is told,
   * immutable parameters included.
   */
  public void set(String name, String... arguments) throws ConfigException {
    List<String> words = new ArrayList<>(arguments.length);
    for (String argument : arguments) {
      words.add(ByteText.of(argument));
    }
    setLine(name, words);
  }

  /** Sets a parameter from the words of a line, byte text all of them. */
  void setLine(String name, List<String> arguments) throws ConfigException {
    Parameter parameter = Parameters.find(name);
    if (parameter == null) {
      throw new ConfigException("Bad directive or wrong number of arguments");
    }
    if (parameter.takesList()) {
      parameter.assign(values, unpack(arguments), true);
    } else if (arguments.size() == 1) {
      parameter.assign(values, arguments, true);
    } else {
      throw new ConfigException("wrong number of arguments");
    }
  }

  /** A list may be quoted as a whole: one argument that is a line of words itself. */
  private static List<String> unpack(List<String> arguments) {
    if (arguments.size() != 1 || arguments.get(0).isEmpty()) {
      return arguments;
    }
    List<String> words = QuotedWords.split(arguments.get(0));
    return words == null ? List.of() : words;
  }

  void startedWith(String path) {
    file = path;
  }

  /** The value as CONFIG GET shows it, as byte text. */
  String format(Parameter parameter) {
    return parameter.format(values);
  }

  /**
   * Gives several parameters new values, all of them or none, and tells the listeners of those
   * whose value is another one now.
   *
   * @param texts the values as byte text, one for each parameter
   * @throws ChangeRefused with the parameter that is to blame; everything is as before
   */
  void change(List<Parameter> parameters, List<String> texts) throws ChangeRefused {
    Parameter.Values before = values.copy();
    for (int i = 0; i < parameters.size(); i++) {
      Parameter parameter = parameters.get(i);
      try {
        parameter.assign(values, words(parameter, texts.get(i)), false);
      } catch (ConfigException refusal) {
        values.copyFrom(before);
        throw new ChangeRefused(parameter, refusal, false);
      }
    }
    List<ChangeListener> told = new ArrayList<>();
    for (Parameter parameter : parameters) {
      if (!values.same(parameter.index(), before)) {
        announce(parameter, told, before);
      }
    }
  }

  private void announce(Parameter parameter, List<ChangeListener> told, Parameter.Values before)
      throws ChangeRefused {
    for (Subscription subscription : subscriptions) {
      ChangeListener listener = subscription.listener;
      if (subscription.parameter.index() != parameter.index() || told.contains(listener)) {
        continue;
      }
      told.add(listener);
      try {
        listener.changed();
      } catch (ConfigException refusal) {
        values.copyFrom(before);
        takeBack(told);
        throw new ChangeRefused(parameter, refusal, true);
      }
    }
  }

  private static void takeBack(List<ChangeListener> told) {
    for (ChangeListener listener : told) {
      try {
        listener.changed();
      } catch (ConfigException again) {
        // the refusal that led here is the one to tell
      }
    }
  }

  /** The words of a value that came as one text: itself, or for a list what its spaces separate. */
  private static List<String> words(Parameter parameter, String text) {
    if (!parameter.takesList()) {
      return List.of(text);
    }
    return text.isEmpty() ? List.of() : List.of(text.split(" ", -1));
  }

  private record Subscription(Parameter parameter, ChangeListener listener) {}

  /** A CONFIG SET that failed: which parameter is to blame, and why. */
  static final class ChangeRefused extends Exception {

    private static final long serialVersionUID = 1L;

    final transient Parameter parameter;
    final transient ConfigException refusal;

    /** Whether the value was good, but a listener could not act on it. */
    final boolean byListener;

    ChangeRefused(Parameter parameter, ConfigException refusal, boolean byListener) {
      super(null, null, false, false);
      this.parameter = parameter;
      this.refusal = refusal;
      this.byListener = byListener;
    }
  }
}
