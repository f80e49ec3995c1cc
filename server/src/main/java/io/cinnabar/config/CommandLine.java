package io.cinnabar.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What redis-server's command line says: {@code [config-file] [-] [--option value ...] [-]}.
 *
 * @param action what the program is to do
 * @param configFile the file to read, as the action says, or null
 * @param fromStdin whether standard input is read after the file, for {@code -}
 * @param options the options as lines of a config file, byte text; they come last and so win
 */
public record CommandLine(
    Action action, @Nullable String configFile, boolean fromStdin, String options) {

  /** What the program is to do. */
  public enum Action {
    RUN,
    SHOW_VERSION,
    SHOW_HELP,
    /** To examine a file in RDB, which stands where the config file does else. */
    CHECK_RDB,
    /** The same for an append-only file or its manifest. */
    CHECK_AOF,
    /** The same, and to cut off what is damaged. */
    FIX_AOF
  }

  /** What {@code --help} shows. */
  public static final String HELP =
      """
      Usage: cinnabar-server [config-file] [-] [--option value ...]
             cinnabar-server -v | --version
             cinnabar-server -h | --help
             cinnabar-server --check-rdb file
             cinnabar-server --check-aof [--fix] file

      The file has the format of redis.conf; a hyphen, first or last, reads more of it
      from standard input. Options have the names of its directives and win over it.

      Examples:
             cinnabar-server
             cinnabar-server --port 7777 --loglevel verbose
             cinnabar-server /etc/cinnabar.conf --requirepass secret
             echo 'timeout 60' | cinnabar-server -
      """;

  /** Reads the arguments of the program; what they say is checked when it is loaded. */
  public static CommandLine parse(String... arguments) {
    String first = arguments.length > 0 ? arguments[0] : "";
    if (first.equals("-v") || first.equals("--version")) {
      return new CommandLine(Action.SHOW_VERSION, null, false, "");
    }
    if (first.equals("-h") || first.equals("--help")) {
      return new CommandLine(Action.SHOW_HELP, null, false, "");
    }
    if (first.equals("--check-rdb") || first.equals("--check-aof")) {
      return check(arguments);
    }
    String configFile = first.isEmpty() || first.startsWith("-") ? null : first;
    boolean fromStdin = false;
    OptionLines options = new OptionLines(arguments);
    for (int i = configFile == null ? 0 : 1; i < arguments.length; i++) {
      if (arguments[i].equals("-") && (i == 0 || i == arguments.length - 1)) {
        fromStdin = true;
      } else {
        options.add(i);
      }
    }
    return new CommandLine(Action.RUN, configFile, fromStdin, options.lines.toString());
  }

  /** With anything but one file they can't mean what they say. */
  private static CommandLine check(String... arguments) {
    boolean isRdb = arguments[0].equals("--check-rdb");
    boolean isFixing = !isRdb && arguments.length > 1 && arguments[1].equals("--fix");
    if (arguments.length != (isFixing ? 3 : 2)) {
      return new CommandLine(Action.SHOW_HELP, null, false, "");
    }
    Action action = isRdb ? Action.CHECK_RDB : isFixing ? Action.FIX_AOF : Action.CHECK_AOF;
    return new CommandLine(action, arguments[arguments.length - 1], false, "");
  }

  /** The same with another config file, or with none for null. */
  public CommandLine withConfigFile(@Nullable String path) {
    return new CommandLine(action, path, fromStdin, options);
  }

  /** Turns {@code --name value value} into lines of a config file. */
  private static final class OptionLines {
    private final String[] arguments;
    final StringBuilder lines = new StringBuilder();

    /** Whether the next argument is a value whatever it looks like: an option has just begun. */
    private boolean valueDue;

    OptionLines(String[] arguments) {
      this.arguments = arguments;
    }

    void add(int i) {
      String argument = arguments[i];
      if (valueDue || !argument.startsWith("--")) {
        lines.append(QuotedWords.quote(ByteText.of(argument))).append(' ');
        valueDue = false;
        return;
      }
      if (lines.length() > 0) {
        lines.append('\n');
      }
      String line = ByteText.of(argument.substring(2));
      lines.append(line).append(' ');
      List<String> words = QuotedWords.split(line);
      boolean nameOnly = words == null || words.size() <= 1;
      if (nameOnly && argument.equalsIgnoreCase("--save") && !hasValue(i)) {
        lines.append("\"\"");
      } else {
        valueDue = nameOnly;
      }
    }

    /** Whether what follows can't be the next option. */
    private boolean hasValue(int i) {
      return i + 1 < arguments.length && !arguments[i + 1].startsWith("--");
    }
  }
}
