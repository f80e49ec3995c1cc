package io.cinnabar.replication;

import static io.cinnabar.command.CommandFlag.ADMIN;
import static io.cinnabar.command.CommandFlag.NOSCRIPT;
import static io.cinnabar.command.CommandFlag.NO_ASYNC_LOADING;
import static io.cinnabar.command.CommandFlag.STALE;

import io.cinnabar.command.Call;
import io.cinnabar.command.ClientLine;
import io.cinnabar.command.CommandError;
import io.cinnabar.command.CommandTable;
import io.cinnabar.command.FamilyBuilder;
import java.util.function.Supplier;

/** REPLICAOF, by its new and its old name: whom this server follows. */
public final class FollowCommands {

  private static final String SYNTAX =
      " args:(host-port:<host:string port:integer> | no-one:<NO ONE>)";
  private static final int MAX_PORT = 65535;

  private final Supplier<Following> following;

  private FollowCommands(Supplier<Following> following) {
    this.following = following;
  }

  /**
   * Adds them.
   *
   * @param following what they steer, which is made when the table is there
   */
  public static void declare(CommandTable.Builder table, Supplier<Following> following) {
    FollowCommands commands = new FollowCommands(following);
    FamilyBuilder server = table.family("server");
    server
        .command("REPLICAOF" + SYNTAX, commands::replicaOf)
        .flags(ADMIN, NOSCRIPT, STALE, NO_ASYNC_LOADING)
        .since("5.0.0")
        .complexity("O(1)")
        .summary("Has the server follow another one, or nobody: NO ONE.");
    server
        .command("SLAVEOF" + SYNTAX, commands::replicaOf)
        .flags(ADMIN, NOSCRIPT, STALE, NO_ASYNC_LOADING)
        .since("1.0.0")
        .deprecated("5.0.0", "`REPLICAOF`")
        .complexity("O(1)")
        .summary("The old name of REPLICAOF.");
  }

  private void replicaOf(Call call) {
    if (following.get().failover().isOn()) {
      throw new CommandError("ERR REPLICAOF not allowed while failing over.");
    }
    if (call.isWord(1, "no") && call.isWord(2, "one")) {
      if (following.get().lead()) {
        tell(call, "MASTER MODE enabled");
      }
      call.reply().ok();
      return;
    }
    String host = call.arg(1).toString();
    int port = port(call);
    if (following.get().follows(host, port)) {
      call.engine()
          .log()
          .notice(
              "REPLICAOF would result into synchronization with the master we are already connected"
                  + " with. No operation performed.");
      call.reply().simple("OK Already connected to specified master");
      return;
    }
    following.get().follow(host, port);
    tell(call, "REPLICAOF " + host + ":" + port + " enabled");
    call.reply().ok();
  }

  private static int port(Call call) {
    long port = call.integer(2, new CommandError("ERR Invalid master port"));
    if (port < 0 || port > MAX_PORT) {
      throw new CommandError("ERR Invalid master port");
    }
    return (int) port;
  }

  private static void tell(Call call, String what) {
    String client = ClientLine.of(call.session(), call.nowMillis());
    call.engine().log().notice(what + " (user request from '" + client + "')");
  }
}
