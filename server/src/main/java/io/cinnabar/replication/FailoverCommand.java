package io.cinnabar.replication;

import static io.cinnabar.command.CommandFlag.ADMIN;
import static io.cinnabar.command.CommandFlag.NOSCRIPT;
import static io.cinnabar.command.CommandFlag.STALE;

import io.cinnabar.command.Call;
import io.cinnabar.command.CommandError;
import io.cinnabar.command.CommandTable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** FAILOVER: reads what is wanted, and refuses what can't be. */
public final class FailoverCommand {

  private static final CommandError NONE = new CommandError("ERR No failover in progress.");
  private static final CommandError UNDER_WAY =
      new CommandError("ERR FAILOVER already in progress.");
  private static final CommandError BAD_TIMEOUT =
      new CommandError("ERR FAILOVER timeout must be greater than 0");
  private static final CommandError IS_REPLICA =
      new CommandError("ERR FAILOVER is not valid when server is a replica.");
  private static final CommandError NO_REPLICAS =
      new CommandError("ERR FAILOVER requires connected replicas.");
  private static final CommandError INCOMPLETE =
      new CommandError(
          "ERR FAILOVER with force option requires both a timeout and target HOST and IP.");
  private static final CommandError NO_SUCH_REPLICA =
      new CommandError("ERR FAILOVER target HOST and PORT is not a replica.");
  private static final CommandError NOT_ONLINE =
      new CommandError("ERR FAILOVER target replica is not online.");

  private @Nullable String host;
  private int port;
  private long timeoutMillis;
  private boolean force;

  private FailoverCommand() {}

  public static void declare(CommandTable.Builder table, Supplier<Replication> replication) {
    table
        .family("server")
        .command(
            "FAILOVER [TO target:<host:string port:integer [FORCE]>] [ABORT] [TIMEOUT"
                + " milliseconds:integer]",
            call -> run(call, replication.get()))
        .flags(ADMIN, NOSCRIPT, STALE)
        .since("6.2.0")
        .complexity("O(1)")
        .summary("Has one of the replicas lead in this server's place.");
  }

  private static void run(Call call, Replication replication) {
    Failover failover = replication.failover();
    if (call.argCount() == 2 && call.isWord(1, "abort")) {
      if (!failover.isOn()) {
        throw NONE;
      }
      failover.abort("Failover manually aborted");
      call.reply().ok();
      return;
    }
    FailoverCommand wanted = new FailoverCommand();
    wanted.read(call);
    wanted.check(replication);
    failover.begin(wanted.host, wanted.port, wanted.timeoutMillis, wanted.force);
    call.reply().ok();
  }

  private void read(Call call) {
    for (int i = 1; i < call.argCount(); i++) {
      if (call.isWord(i, "timeout") && i + 1 < call.argCount() && timeoutMillis == 0) {
        timeoutMillis = call.integer(++i);
        if (timeoutMillis <= 0) {
          throw BAD_TIMEOUT;
        }
      } else if (call.isWord(i, "to") && i + 2 < call.argCount() && host == null) {
        host = call.argText(i + 1);
        port = (int) call.integer(i + 2);
        i += 2;
      } else if (call.isWord(i, "force") && !force) {
        force = true;
      } else {
        throw CommandError.SYNTAX;
      }
    }
  }

  private void check(Replication replication) {
    if (replication.failover().isOn()) {
      throw UNDER_WAY;
    }
    if (replication.isReplica()) {
      throw IS_REPLICA;
    }
    if (replication.replicas().isEmpty()) {
      throw NO_REPLICAS;
    }
    if (force && (timeoutMillis == 0 || host == null)) {
      throw INCOMPLETE;
    }
    if (host != null) {
      checkTarget(replication, host);
    }
  }

  private void checkTarget(Replication replication, String target) {
    for (Replica replica : replication.replicas().all()) {
      if (replica.address().equals(target) && replica.port() == port) {
        if (!replica.isOnline()) {
          throw NOT_ONLINE;
        }
        return;
      }
    }
    throw NO_SUCH_REPLICA;
  }
}
