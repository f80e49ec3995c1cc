package io.cinnabar.family;

import static io.cinnabar.command.CommandFlag.ADMIN;
import static io.cinnabar.command.CommandFlag.LOADING;
import static io.cinnabar.command.CommandFlag.NOSCRIPT;
import static io.cinnabar.command.CommandFlag.STALE;

import io.cinnabar.command.Call;
import io.cinnabar.command.CommandError;
import io.cinnabar.command.FamilyBuilder;
import io.cinnabar.command.Pause.Reason;

/** CLIENT PAUSE and CLIENT UNPAUSE: make the clients wait, and let them go on. */
final class ClientPause {

  private static final CommandError UNKNOWN_MODE =
      new CommandError("ERR CLIENT PAUSE mode must be WRITE or ALL");

  private ClientPause() {}

  static void declare(FamilyBuilder connection) {
    connection
        .command("CLIENT|PAUSE timeout:integer [mode:(WRITE | ALL)@6.2.0]", ClientPause::pause)
        .flags(ADMIN, NOSCRIPT, LOADING, STALE)
        .since("3.0.0")
        .complexity("O(1)")
        .summary("Makes the commands of all clients wait for a time.")
        .history("3.2.10", "Expires no keys meanwhile.")
        .history("6.2.0", "Takes `WRITE` and `ALL`.");
    connection
        .command("CLIENT|UNPAUSE", ClientPause::unpause)
        .flags(ADMIN, NOSCRIPT, LOADING, STALE)
        .since("6.2.0")
        .complexity("O(N) for N clients that wait")
        .summary("Lets the clients go on that wait for the end of a pause.");
  }

  private static void pause(Call call) {
    if (call.argCount() > 4) {
      throw call.unknownForm();
    }
    boolean all = call.argCount() == 3 || call.isWord(3, "all");
    if (!all && !call.isWord(3, "write")) {
      throw UNKNOWN_MODE;
    }
    call.engine().pause().begin(Reason.COMMAND, Timeouts.ofMillis(call, 2), all);
    call.reply().ok();
  }

  private static void unpause(Call call) {
    call.engine().pause().end(Reason.COMMAND);
    call.reply().ok();
  }
}
