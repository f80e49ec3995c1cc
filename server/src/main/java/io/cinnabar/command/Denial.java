package io.cinnabar.command;

import io.cinnabar.structure.Slice;
import java.nio.charset.StandardCharsets;

/**
 * Why a user may not run a command.
 *
 * @param argument the key or channel that is to blame; 0 for the command itself
 */
public record Denial(Reason reason, int argument) {

  /** What is forbidden; what comes later has got further. */
  public enum Reason {
    COMMAND,
    KEY,
    CHANNEL
  }

  /** What the client is answered. */
  public String brief(User user, Command command) {
    return switch (reason) {
      case COMMAND -> ofCommand(user, command);
      case KEY -> "No permissions to access a key";
      case CHANNEL -> "No permissions to access a channel";
    };
  }

  /** What the client is answered instead of the reply to a queued command. */
  public String belated() {
    String what =
        switch (reason) {
          case COMMAND -> "execute the command or subcommand";
          case KEY -> "touch the specified keys";
          case CHANNEL -> "access one of the channels used as arguments to the command";
        };
    return "ACLs rules changed between the moment the transaction was accumulated and the EXEC"
        + " call. This command is no longer allowed for the following reason: no permission to "
        + what;
  }

  /** The same with the name of the key or channel, for somebody who may know it. */
  public String detailed(User user, Command command, CommandArguments arguments) {
    return switch (reason) {
      case COMMAND -> ofCommand(user, command);
      case KEY -> ofArgument(user, arguments, "key");
      case CHANNEL -> ofArgument(user, arguments, "channel");
    };
  }

  private static String ofCommand(User user, Command command) {
    return "User "
        + user.nameText()
        + " has no permissions to run the '"
        + command.fullName()
        + "' command";
  }

  private String ofArgument(User user, CommandArguments arguments, String kind) {
    Slice name = arguments.arg(argument);
    return "User "
        + user.nameText()
        + " has no permissions to access the '"
        + new String(name.array, name.offset, name.length, StandardCharsets.ISO_8859_1)
        + "' "
        + kind;
  }
}
