package io.cinnabar.host;

/**
 * Where the server tells its operator what happens. Callable from every thread. A text that costs
 * something to make is made only after {@link #isEnabled} has said yes.
 */
public interface Log {

  /** How much a line matters, the least first. */
  enum Level {
    DEBUG,
    VERBOSE,
    NOTICE,
    WARNING,
    /** No line has it; as the least level that is shown it hides all of them. */
    NOTHING
  }

  /** Shows nothing. */
  Log SILENT =
      new Log() {
        @Override
        public void log(Level level, String text) {}

        @Override
        public boolean isEnabled(Level level) {
          return false;
        }
      };

  /** Writes one line, if {@code level} is shown. */
  void log(Level level, String text);

  /** Whether lines of {@code level} are shown. */
  boolean isEnabled(Level level);

  /** What helps a developer; much of it. */
  default void debug(String text) {
    log(Level.DEBUG, text);
  }

  /** What is rarely of use, but no flood. */
  default void verbose(String text) {
    log(Level.VERBOSE, text);
  }

  /** What an operator wants to know. */
  default void notice(String text) {
    log(Level.NOTICE, text);
  }

  /** What an operator has to know. */
  default void warning(String text) {
    log(Level.WARNING, text);
  }
}
