package io.cinnabar.command;

import io.cinnabar.structure.Slice;
import java.nio.charset.StandardCharsets;

/**
 * What a command answers instead of a reply. Thrown by handlers, caught by the dispatcher alone,
 * which drops the half-written reply and sends the message. The texts are protocol: byte for byte
 * Redis's. Without a stack trace, since an error reply is an ordinary answer.
 */
public final class CommandError extends RuntimeException {

  public static final CommandError SYNTAX = new CommandError("ERR syntax error");
  public static final CommandError NOT_AN_INTEGER =
      new CommandError("ERR value is not an integer or out of range");
  public static final CommandError NOT_AN_INT32 =
      new CommandError("ERR value is out of range, value must between -2147483648 and 2147483647");
  public static final CommandError NOT_A_SHORT_INTEGER =
      new CommandError("ERR value is out of range, value must between -2147483648 and 2147483647");
  public static final CommandError NOT_A_FLOAT = new CommandError("ERR value is not a valid float");
  public static final CommandError WRONG_TYPE =
      new CommandError("WRONGTYPE Operation against a key holding the wrong kind of value");
  public static final CommandError NO_SUCH_KEY = new CommandError("ERR no such key");
  public static final CommandError INDEX_OUT_OF_RANGE = new CommandError("ERR index out of range");
  public static final CommandError DATABASE_OUT_OF_RANGE =
      new CommandError("ERR DB index is out of range");
  public static final CommandError OUT_OF_MEMORY =
      new CommandError("OOM command not allowed when used memory > 'maxmemory'.");

  private static final int LONGEST_CODE = 30;

  private final String code;
  private final boolean rejection;

  /**
   * @param line the whole error line without the leading minus: the code, a space, the text
   */
  public CommandError(String line) {
    this(line, false);
  }

  private CommandError(String line, boolean rejection) {
    super(line, null, false, false);
    this.rejection = rejection;
    int space = line.indexOf(' ');
    code = space < 0 || space > LONGEST_CODE ? "ERR" : line.substring(0, space);
  }

  /**
   * The command was not run at all, since this client may not call it: the statistics count it as
   * rejected, neither as called nor as failed.
   *
   * @param line as for the constructor
   */
  public static CommandError rejection(String line) {
    return new CommandError(line, true);
  }

  static CommandError wrongArgumentCount(Command command) {
    return new CommandError(
        "ERR wrong number of arguments for '" + command.fullName() + "' command");
  }

  boolean isRejection() {
    return rejection;
  }

  /**
   * The first word of the line, by which clients and INFO tell errors apart; {@code ERR} when
   * nothing follows it, or when it is too long for a code.
   */
  public String code() {
    return code;
  }

  /**
   * Part of an error text that the client gave: up to the first NUL, where Redis's text ends too.
   *
   * @param mostBytes how much of it is shown
   */
  public static String shown(Slice text, int mostBytes) {
    int end = 0;
    while (end < text.length && end < mostBytes && text.at(end) != 0) {
      end++;
    }
    return new String(text.array, text.offset, end, StandardCharsets.ISO_8859_1);
  }

  /** The error line within another one: without the code that says no more than that. */
  String lineWithin() {
    return line().startsWith("ERR ") ? line().substring("ERR ".length()) : line();
  }

  /** The error line. */
  public String line() {
    return String.valueOf(getMessage());
  }
}
