package io.cinnabar.config;

import io.cinnabar.host.Disk;
import java.io.IOException;
import java.util.List;

/** Reads a configuration at start: the file, then standard input, then the command line. */
public final class ConfigLoader {

  /** Files that include each other without end are refused at this depth. */
  private static final int MAX_INCLUDE_DEPTH = 16;

  private static final String READING = "Reading the configuration file, ";

  /** The server can't start; {@link #report} is for its operator. */
  public static final class LoadException extends Exception {

    private static final long serialVersionUID = 1L;

    private final boolean unreadable;

    private LoadException(String report, boolean unreadable) {
      super(report, null, false, false);
      this.unreadable = unreadable;
    }

    /** The lines to print, without a line break at the end. */
    public String report() {
      return String.valueOf(getMessage());
    }

    /** Whether a file can't be read, which is a line of the log; else the report is for stderr. */
    public boolean isUnreadable() {
      return unreadable;
    }
  }

  private final Config config;
  private final Disk disk;
  private final String version;
  private final FileGlob glob;

  /**
   * @param config receives the values
   * @param version the version that error messages name
   */
  public ConfigLoader(Config config, Disk disk, String version) {
    this.config = config;
    this.disk = disk;
    this.version = version;
    this.glob = new FileGlob(disk);
  }

  /**
   * Reads all that {@code commandLine} names.
   *
   * @param stdin what standard input holds; empty unless the command line asks for it
   */
  public void load(CommandLine commandLine, byte[] stdin) throws LoadException {
    StringBuilder text = new StringBuilder();
    String path = commandLine.configFile();
    if (path != null) {
      text.append(read(path));
      config.startedWith(path);
    }
    text.append(ByteText.of(stdin));
    if (!commandLine.options().isEmpty()) {
      text.append('\n').append(commandLine.options());
    }
    load(text.toString(), 0);
  }

  private void load(String text, int depth) throws LoadException {
    int number = 0;
    for (String raw : text.split("\n", -1)) {
      number++;
      String line = trim(raw);
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      String place = "at line " + number + "\n>>> '" + ByteText.decode(line) + "'\n";
      try {
        loadLine(line, place, depth);
      } catch (ConfigException refusal) {
        throw new LoadException(report(version, READING + place + refusal.reason()), false);
      }
    }
  }

  private void loadLine(String line, String place, int depth)
      throws ConfigException, LoadException {
    List<String> words = QuotedWords.split(line);
    if (words == null) {
      throw new ConfigException("Unbalanced quotes in configuration line");
    }
    if (words.isEmpty()) {
      return; // white space of rarer kinds
    }
    String name = ByteText.lowerCase(words.get(0));
    List<String> arguments = words.subList(1, words.size());
    if (name.equals(Directives.INCLUDE) && arguments.size() == 1) {
      include(config.resolve(ByteText.decode(arguments.get(0))), depth);
    } else if (name.equals(Directives.USER) && !arguments.isEmpty()) {
      List<String> rules = List.copyOf(arguments.subList(1, arguments.size()));
      config.declare(new UserDeclaration(arguments.get(0), rules, READING + place));
    } else if (name.equals(Directives.RENAME_COMMAND) && arguments.size() == 2) {
      config.rename(new CommandRename(arguments.get(0), arguments.get(1), READING + place));
    } else if (name.equals(Directives.LOADMODULE) && !arguments.isEmpty()) {
      throw new ConfigException(
          "modules are not supported by this version: '" + ByteText.decode(arguments.get(0)) + "'");
    } else if (name.equals(Directives.SENTINEL)) {
      if (!arguments.isEmpty()) {
        throw new ConfigException("sentinel directive while not in sentinel mode");
      }
    } else if (!Directives.isOutlived(name) || arguments.size() != 1) {
      config.setLine(name, arguments);
    }
  }

  /** Reads a file, or all files of a pattern, which may be none, as if they were one. */
  private void include(String path, int depth) throws ConfigException, LoadException {
    if (depth == MAX_INCLUDE_DEPTH) {
      throw new ConfigException("too many files include each other");
    }
    if (!FileGlob.isPattern(path)) {
      load(read(path), depth + 1);
      return;
    }
    StringBuilder text = new StringBuilder();
    for (String file : glob.expand(path)) {
      String part = read(file);
      text.append(part).append(part.endsWith("\n") ? "" : "\n");
    }
    load(text.toString(), depth + 1);
  }

  private String read(String path) throws LoadException {
    try {
      return ByteText.of(disk.read(path));
    } catch (IOException failure) {
      throw new LoadException(
          "Fatal error, can't open config file '" + path + "': " + failure.getMessage(), true);
    }
  }

  /**
   * What is printed when the server can't start with its configuration.
   *
   * @param reason without a line break at the end
   */
  public static String report(String version, String reason) {
    return "\n*** FATAL CONFIG FILE ERROR (Redis " + version + ") ***\n" + reason;
  }

  /** The line without white space at its ends. */
  static String trim(String line) {
    int start = 0;
    int end = line.length();
    while (start < end && isTrimmed(line.charAt(start))) {
      start++;
    }
    while (end > start && isTrimmed(line.charAt(end - 1))) {
      end--;
    }
    return line.substring(start, end);
  }

  private static boolean isTrimmed(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
  }
}
