package io.cinnabar.command;

import io.cinnabar.host.Log;
import java.io.PrintWriter;
import java.io.StringWriter;

/** What the log says when the server's own code has failed. */
public final class BugReport {

  private BugReport() {}

  /** What failed, and where: the lines of the stack trace. */
  public static String of(String what, RuntimeException failure) {
    StringWriter trace = new StringWriter();
    failure.printStackTrace(new PrintWriter(trace));
    return "A bug of the server: " + what + " failed. Please report this. " + trace;
  }

  /** Tells the log that a command has failed; what the client is answered. */
  static CommandError tell(Log log, Command command, RuntimeException failure) {
    String name = "command '" + command.fullName() + "'";
    log.warning(of(name, failure));
    return new CommandError("ERR internal error in " + name);
  }
}
