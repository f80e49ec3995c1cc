package io.cinnabar.family;

import static io.cinnabar.command.CommandFlag.ADMIN;
import static io.cinnabar.command.CommandFlag.LOADING;
import static io.cinnabar.command.CommandFlag.NOSCRIPT;
import static io.cinnabar.command.CommandFlag.STALE;

import io.cinnabar.command.Call;
import io.cinnabar.command.CommandTable;
import io.cinnabar.command.Session;

/** MONITOR: shows the client every command that runs, until it resets or closes. */
public final class MonitorCommand {

  private MonitorCommand() {}

  public static void declare(CommandTable.Builder table) {
    table
        .family("server")
        .command("MONITOR", MonitorCommand::run)
        .flags(ADMIN, NOSCRIPT, LOADING, STALE)
        .since("1.0.0")
        .complexity("O(1) for each command that is shown, and each client that watches")
        .summary("Shows every command that the server runs.");
  }

  /** Without a reply if the client is a monitor already. */
  private static void run(Call call) {
    Session session = call.session();
    if (!session.isMonitoring()) {
      session.monitoring(true);
      call.reply().ok();
    }
  }
}
