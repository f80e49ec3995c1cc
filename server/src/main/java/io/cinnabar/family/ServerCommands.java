package io.cinnabar.family;

import static io.cinnabar.command.CommandFlag.ADMIN;
import static io.cinnabar.command.CommandFlag.ALLOW_BUSY;
import static io.cinnabar.command.CommandFlag.FAST;
import static io.cinnabar.command.CommandFlag.LOADING;
import static io.cinnabar.command.CommandFlag.NOSCRIPT;
import static io.cinnabar.command.CommandFlag.NO_MULTI;
import static io.cinnabar.command.CommandFlag.READONLY;
import static io.cinnabar.command.CommandFlag.STALE;

import io.cinnabar.command.Call;
import io.cinnabar.command.CommandError;
import io.cinnabar.command.CommandTable;
import io.cinnabar.command.CommandTips;
import io.cinnabar.command.Engine.Lifecycle;
import io.cinnabar.command.FamilyBuilder;
import io.cinnabar.command.ShutdownMode;
import io.cinnabar.command.ShutdownMode.Save;
import java.time.Instant;

/** Commands on the server as a whole. */
public final class ServerCommands {

  private static final CommandError NO_SHUTDOWN = new CommandError("ERR No shutdown in progress.");

  private static final int NANOS_PER_MICRO = 1000;

  private ServerCommands() {}

  public static void declare(CommandTable.Builder table) {
    FamilyBuilder server = table.family("server");
    server
        .command("TIME", ServerCommands::time)
        .flags(LOADING, STALE, FAST)
        .tips(CommandTips.NONDETERMINISTIC_OUTPUT)
        .since("2.6.0")
        .complexity("O(1)")
        .summary("Tells the time of the server's clock.");
    server
        .command("LOLWUT [VERSION version:integer]", LolwutCommand::run)
        .arity(-1)
        .flags(READONLY, FAST)
        .since("5.0.0")
        .summary("Draws a picture, and tells the version.");
    server
        .command("DEBUG", DebugCommand::run)
        .arity(-2)
        .flags(ADMIN, NOSCRIPT, LOADING, STALE)
        .systemCommand()
        .since("1.0.0")
        .complexity("That of the subcommand.")
        .summary("Holds commands for tests of the server.");
    server
        .command(
            "SHUTDOWN [save-selector:(NOSAVE | SAVE)] [NOW@7.0.0] [FORCE@7.0.0] [ABORT@7.0.0]",
            ServerCommands::shutdown)
        .flags(ADMIN, NOSCRIPT, LOADING, STALE, NO_MULTI, ALLOW_BUSY)
        .since("1.0.0")
        .complexity("O(N) for N keys if they are saved, else O(1)")
        .summary("Ends the server in order.")
        .history("7.0.0", "Takes `NOW`, `FORCE` and `ABORT`.");
  }

  private static void time(Call call) {
    Instant now = call.engine().host().wallClock().instant();
    call.reply().array(2);
    call.reply().bulkInteger(now.getEpochSecond());
    call.reply().bulkInteger(now.getNano() / NANOS_PER_MICRO);
  }

  private static void shutdown(Call call) {
    Save save = Save.IF_CONFIGURED;
    boolean force = false;
    boolean now = false;
    boolean abort = false;
    for (int i = 1; i < call.argCount(); i++) {
      if (call.isWord(i, "nosave") && save != Save.ALWAYS) {
        save = Save.NEVER;
      } else if (call.isWord(i, "save") && save != Save.NEVER) {
        save = Save.ALWAYS;
      } else if (call.isWord(i, "now")) {
        now = true;
      } else if (call.isWord(i, "force")) {
        force = true;
      } else if (call.isWord(i, "abort")) {
        abort = true;
      } else {
        throw CommandError.SYNTAX;
      }
    }
    Lifecycle lifecycle = call.engine().lifecycle();
    if (!abort) {
      call.parkUntilEnd();
      lifecycle.shutdown(new ShutdownMode(save, now, force));
    } else if (save != Save.IF_CONFIGURED || now || force) {
      throw CommandError.SYNTAX;
    } else if (lifecycle.abortShutdown()) {
      call.reply().ok();
    } else {
      throw NO_SHUTDOWN;
    }
  }
}
