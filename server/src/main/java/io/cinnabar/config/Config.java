package io.cinnabar.config;

import io.cinnabar.command.CommitAcks;
import io.cinnabar.command.OutputLimits;
import io.cinnabar.config.Parameter.Effect;
import io.cinnabar.host.Disk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
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

  private final Disk disk;
  private final Parameter.Values values;
  private final List<Subscription> subscriptions = new ArrayList<>();
  private final List<CommandRename> commandRenames = new ArrayList<>();
  private final List<UserDeclaration> userDeclarations = new ArrayList<>();
  private Supplier<List<String>> userLines = List::of;
  private @Nullable String file;

  /** All parameters at their defaults; {@code dir} is where the process works. */
  public Config(Disk disk) {
    this.disk = disk;
    values = new Parameter.Values(Parameters.all(), disk);
  }

  /** The same without files: for a server that shall not touch any. */
  public Config() {
    this(NoDisk.INSTANCE);
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

  /** The word as CONFIG GET shows it. */
  public String word(WordParameter parameter) {
    return format(parameter);
  }

  /** Whether {@code word} is among those that were given. */
  public boolean contains(WordSetParameter parameter, String word) {
    return parameter.contains(values, word);
  }

  /** Host and port with a space between them; empty for nobody. */
  public String get(ReplicaOfParameter parameter) {
    return parameter.format(values);
  }

  /** In the order in which they were given; not a copy, so not to be written to. */
  public double[] get(PercentilesParameter parameter) {
    return parameter.value(values);
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
    return parameter.value(values);
  }

  /** The bits of {@link io.cinnabar.command.KeyspaceEvents}. */
  public long get(KeyspaceEventsParameter parameter) {
    return parameter.value(values);
  }

  public OutputLimits get(OutputLimitsParameter parameter) {
    return parameter.value(values);
  }

  public CommitAcks get(CommitAcksParameter parameter) {
    return parameter.value(values);
  }

  public List<SavePoint> get(SaveParameter parameter) {
    return parameter.points(values);
  }

  /**
   * The path that the operator has given with a parameter, to be opened at start: a relative one
   * starts at {@code dir}. Empty when none was given.
   */
  public String path(TextParameter parameter) {
    return resolve(get(parameter));
  }

  /** The path of {@code dir} from the root, without links. */
  public String directory() {
    return Parameters.DIR.path(values);
  }

  /** The same for a path from elsewhere. */
  String resolve(String path) {
    return Parameters.DIR.resolve(values, path);
  }

  /** What {@code rename-command} says, in this order. */
  public List<CommandRename> commandRenames() {
    return List.copyOf(commandRenames);
  }

  /** What {@code user} lines say, in this order. */
  public List<UserDeclaration> userDeclarations() {
    return List.copyOf(userDeclarations);
  }

  /**
   * Says what CONFIG REWRITE writes of the users.
   *
   * @param lines gives the lines without their first word, byte text
   */
  public void writesUsers(Supplier<List<String>> lines) {
    userLines = lines;
  }

  /**
   * Reads the file that a parameter names.
   *
   * @throws IOException when it can't be read
   */
  public byte[] readFile(TextParameter parameter) throws IOException {
    return disk.read(path(parameter));
  }

  /**
   * Gives the file that a parameter names new contents, as {@link Disk#replace} does.
   *
   * @throws IOException when it can't be done
   */
  public void replaceFile(TextParameter parameter, byte[] contents) throws IOException {
    disk.replace(path(parameter), contents);
  }

  /** The parameters with a value other than the default that does nothing yet. */
  public List<String> withoutEffect() {
    List<String> names = new ArrayList<>();
    for (Parameter parameter : Parameters.all()) {
      if (isWithoutEffect(parameter)) {
        names.add(parameter.name());
      }
    }
    return names;
  }

  boolean isWithoutEffect(Parameter parameter) {
    return parameter.effect() == Effect.NOT_YET && !parameter.isDefault(values);
  }

  /** The path of the file that the server was started with, or null. */
  public @Nullable String file() {
    return file;
  }

  /**
   * Calls {@code listener} whenever CONFIG SET has given {@code parameter} another value, or the
   * same where that is the name of a file.
   */
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

  /** Has a command found under another name, or with an empty one not at all. */
  void rename(CommandRename rename) {
    commandRenames.add(rename);
  }

  /** Has a user made when the server starts. */
  void declare(UserDeclaration declaration) {
    userDeclarations.add(declaration);
  }

  /** Sets a parameter from the words of a line, byte text all of them. */
  void setLine(String name, List<String> arguments) throws ConfigException {
    Parameter parameter = Parameters.find(name);
    if (parameter == null) {
      throw new ConfigException("Bad directive or wrong number of arguments");
    }
    if (!parameter.takesList() && arguments.size() != 1) {
      throw new ConfigException("wrong number of arguments");
    }
    assign(parameter, parameter.takesList() ? unpack(arguments) : arguments, true);
  }

  private void assign(Parameter parameter, List<String> arguments, boolean adding)
      throws ConfigException {
    parameter.assign(values, arguments, adding);
    String refusal = parameter.refusal();
    if (refusal != null && !parameter.isDefault(values)) {
      throw new ConfigException(refusal);
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
        assign(parameter, words(parameter, texts.get(i)), false);
      } catch (ConfigException refusal) {
        values.copyFrom(before);
        throw new ChangeRefused(i, refusal, false);
      }
    }
    List<ChangeListener> told = new ArrayList<>();
    for (int i = 0; i < parameters.size(); i++) {
      Parameter parameter = parameters.get(i);
      if (parameter.isReference() || !values.same(parameter.index(), before)) {
        announce(parameter, i, told, before);
      }
    }
  }

  private void announce(
      Parameter parameter, int position, List<ChangeListener> told, Parameter.Values before)
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
        throw new ChangeRefused(position, refusal, true);
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

  /**
   * Writes the values into the file that the server was started with, as {@code CONFIG REWRITE}
   * does: it is replaced as a whole, or stays as it is.
   *
   * @throws IOException when it can't be; the message is the machine's reason
   */
  void rewriteFile(String path) throws IOException {
    String before = disk.exists(path) ? ByteText.of(disk.read(path)) : "";
    disk.replace(path, ByteText.bytes(rewritten(before)));
  }

  /** The text of a config file, brought up to the values; byte text both. */
  String rewritten(String before) {
    return ConfigRewriter.rewrite(before, values, userLines.get());
  }

  private record Subscription(Parameter parameter, ChangeListener listener) {}

  /** A CONFIG SET that failed: which parameter is to blame, and why. */
  static final class ChangeRefused extends Exception {

    private static final long serialVersionUID = 1L;

    /** The position of the parameter among those that were to change. */
    final int position;

    final transient ConfigException refusal;

    /** Whether the value was good, but a listener could not act on it. */
    final boolean byListener;

    ChangeRefused(int position, ConfigException refusal, boolean byListener) {
      super(null, null, false, false);
      this.position = position;
      this.refusal = refusal;
      this.byListener = byListener;
    }
  }
}
