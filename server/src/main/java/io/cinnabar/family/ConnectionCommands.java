package io.cinnabar.family;

import static io.cinnabar.command.CommandFlag.ALLOW_BUSY;
import static io.cinnabar.command.CommandFlag.FAST;
import static io.cinnabar.command.CommandFlag.LOADING;
import static io.cinnabar.command.CommandFlag.NOSCRIPT;
import static io.cinnabar.command.CommandFlag.NO_AUTH;
import static io.cinnabar.command.CommandFlag.STALE;
import static io.cinnabar.command.InTransaction.AT_ONCE;

import io.cinnabar.command.Call;
import io.cinnabar.command.CommandError;
import io.cinnabar.command.CommandTable;
import io.cinnabar.command.CommandTips;
import io.cinnabar.command.FamilyBuilder;
import io.cinnabar.command.User;
import io.cinnabar.structure.Slice;

/** Commands on the connection that they come over. */
public final class ConnectionCommands {

  private static final CommandError PASSWORD_WITHOUT_NEED =
      new CommandError(
          "ERR AUTH <password> called without any password configured for the default user. Are you"
              + " sure your configuration is correct?");

  private static final Slice NOTHING = new Slice();

  private ConnectionCommands() {}

  public static void declare(CommandTable.Builder table) {
    FamilyBuilder connection = table.family("connection");
    declareLogin(connection);
    connection
        .command("PING [message]", ConnectionCommands::ping)
        .whileSubscribed()
        .failingWithWrites()
        .flags(FAST)
        .tips(CommandTips.REQUEST_ALL_SHARDS, CommandTips.RESPONSE_ALL_SUCCEEDED)
        .since("1.0.0")
        .complexity("O(1)")
        .summary("Shows that the server answers.");
    connection
        .command("ECHO message", ConnectionCommands::echo)
        .flags(LOADING, STALE, FAST)
        .since("1.0.0")
        .complexity("O(1)")
        .summary("Sends a message back.");
    connection
        .command("SELECT index:integer", ConnectionCommands::select)
        .flags(LOADING, STALE, FAST)
        .since("1.0.0")
        .complexity("O(1)")
        .summary("Chooses the connection's database.");
    connection
        .command("QUIT", ConnectionCommands::quit)
        .whileSubscribed()
        .inTransaction(AT_ONCE)
        .arity(-1)
        .flags(NOSCRIPT, LOADING, STALE, FAST, NO_AUTH, ALLOW_BUSY)
        .since("1.0.0")
        .complexity("O(1)")
        .deprecated("7.2.0", "just closing the connection")
        .summary("Closes the connection after the replies that it waits for.");
    connection
        .command("RESET", ConnectionCommands::reset)
        .whileSubscribed()
        .inTransaction(AT_ONCE)
        .flags(NOSCRIPT, LOADING, STALE, FAST, NO_AUTH, ALLOW_BUSY)
        .since("6.2.0")
        .complexity("O(1)")
        .summary("Brings the connection back to the state in which it began.");
  }

  private static void declareLogin(FamilyBuilder connection) {
    connection
        .command("AUTH [username@6.0.0] password", ConnectionCommands::auth)
        .flags(NOSCRIPT, LOADING, STALE, FAST, NO_AUTH, ALLOW_BUSY)
        .since("1.0.0")
        .complexity("O(N) for a user with N passwords")
        .summary("Logs the connection in.")
        .history("6.0.0", "Takes the name of a user.");
    connection
        .command(
            "HELLO [arguments:<protover:integer [AUTH auth:<username password>]"
                + " [SETNAME clientname]>]",
            HelloCommand::run)
        .flags(NOSCRIPT, LOADING, STALE, FAST, NO_AUTH, ALLOW_BUSY)
        .since("6.0.0")
        .complexity("O(1)")
        .summary("Chooses the protocol, may log in, and tells about the server.")
        .history("6.2.0", "Without arguments it tells of the connection as it is.");
  }

  private static void ping(Call call) {
    if (call.argCount() > 2) {
      throw call.wrongArgumentCount();
    }
    if (call.session().isSubscribed() && !call.session().isResp3()) {
      // Between messages the reply must look like one.
      call.reply().array(2);
      call.reply().bulk("pong");
      call.reply().bulk(call.argCount() == 1 ? NOTHING : call.arg(1));
    } else if (call.argCount() == 1) {
      call.reply().simple("PONG");
    } else {
      call.reply().bulk(call.arg(1));
    }
  }

  private static void echo(Call call) {
    call.reply().bulk(call.arg(1));
  }

  private static void select(Call call) {
    int index = call.int32(1);
    call.session().database(call.database(index).index());
    call.reply().ok();
  }

  private static void quit(Call call) {
    call.reply().ok();
    call.session().closeAfterReply();
  }

  private static void reset(Call call) {
    call.session().reset();
    call.reply().target(call.reply().buffer(), false);
    call.reply().simple("RESET");
  }

  private static void auth(Call call) {
    if (call.argCount() > 3) {
      throw CommandError.SYNTAX;
    }
    for (int i = 1; i < call.argCount(); i++) {
      call.redact(i);
    }
    if (call.argCount() == 2) {
      User user = call.engine().access().defaultUser();
      if (user.isPasswordless()) {
        throw PASSWORD_WITHOUT_NEED;
      }
      call.engine().access().logIn(call, new Slice(user.name()), call.arg(1));
    } else {
      call.engine().access().logIn(call, call.arg(1), call.arg(2));
    }
    call.reply().ok();
  }
}
