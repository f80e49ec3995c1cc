package io.cinnabar.command;

import java.util.Arrays;

/**
 * Calls, time and failures of each command since the start, or since CONFIG RESETSTAT. Written on
 * the loop's thread at every call, so it is one flat array:
 *
 * <pre>
 *   ... | calls | nanos | rejected | failed | charged | ...
 *         ^5 * Command.id()                   calls whose time is in nanos
 * </pre>
 */
public final class CommandStatistics {

  private static final int CALLS = 0;
  private static final int NANOS = 1;
  private static final int REJECTED = 2;
  private static final int FAILED = 3;
  private static final int CHARGED = 4;
  private static final int FIELDS = 5;

  private final long[] counters;

  /**
   * @param commandCount one more than the greatest {@link Command#id}
   */
  CommandStatistics(int commandCount) {
    counters = new long[FIELDS * commandCount];
  }

  void called(Command command) {
    counters[FIELDS * command.id() + CALLS]++;
  }

  /**
   * Adds a time in which the command was called; not if all that was asked for was rejected.
   *
   * @return how many calls took the time
   */
  long spent(Command command, long nanos) {
    int base = FIELDS * command.id();
    long calls = counters[base + CALLS] - counters[base + CHARGED];
    if (calls != 0) {
      counters[base + CHARGED] += calls;
      counters[base + NANOS] += nanos;
    }
    return calls;
  }

  void rejected(Command command) {
    counters[FIELDS * command.id() + REJECTED]++;
  }

  void failed(Command command) {
    counters[FIELDS * command.id() + FAILED]++;
  }

  /** How often the command ran. */
  public long calls(Command command) {
    return counters[FIELDS * command.id() + CALLS];
  }

  /** How long it ran in all, in microseconds. */
  public long micros(Command command) {
    return counters[FIELDS * command.id() + NANOS] / 1000;
  }

  /** How often it was answered with an error without being run. */
  public long rejectedCalls(Command command) {
    return counters[FIELDS * command.id() + REJECTED];
  }

  /** How often it ran and ended with an error. */
  public long failedCalls(Command command) {
    return counters[FIELDS * command.id() + FAILED];
  }

  void reset() {
    Arrays.fill(counters, 0);
  }
}
