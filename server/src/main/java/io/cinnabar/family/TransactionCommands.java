package io.cinnabar.family;

import static io.cinnabar.command.CommandFlag.ALLOW_BUSY;
import static io.cinnabar.command.CommandFlag.FAST;
import static io.cinnabar.command.CommandFlag.LOADING;
import static io.cinnabar.command.CommandFlag.NOSCRIPT;
import static io.cinnabar.command.CommandFlag.SKIP_SLOWLOG;
import static io.cinnabar.command.CommandFlag.STALE;
import static io.cinnabar.command.InTransaction.AT_ONCE;
import static io.cinnabar.command.InTransaction.RUNS_QUEUE;
import static io.cinnabar.command.KeyFlag.RO;

import io.cinnabar.command.Call;
import io.cinnabar.command.CommandError;
import io.cinnabar.command.CommandTable;
import io.cinnabar.command.FamilyBuilder;
import io.cinnabar.command.Session;
import io.cinnabar.command.Watches;

/** MULTI and EXEC, and WATCH, which makes EXEC depend on keys. */
public final class TransactionCommands {

  private static final CommandError NESTED = new CommandError("ERR MULTI calls can not be nested");
  private static final CommandError WATCH_INSIDE =
      new CommandError("ERR WATCH inside MULTI is not allowed");
  private static final CommandError EXEC_WITHOUT = new CommandError("ERR EXEC without MULTI");
  private static final CommandError DISCARD_WITHOUT = new CommandError("ERR DISCARD without MULTI");
  private static final CommandError ABORTED =
      new CommandError("EXECABORT Transaction discarded because of previous errors.");

  private TransactionCommands() {}

  public static void declare(CommandTable.Builder table) {
    FamilyBuilder transactions = table.family("transactions");
    transactions
        .command("MULTI", TransactionCommands::multi)
        .flags(NOSCRIPT, LOADING, STALE, FAST, ALLOW_BUSY)
        .inTransaction(AT_ONCE)
        .since("1.2.0")
        .complexity("O(1)")
        .summary("Begins a transaction: the commands that follow are queued.");
    transactions
        .command("EXEC", TransactionCommands::exec)
        .flags(NOSCRIPT, LOADING, STALE, SKIP_SLOWLOG)
        .inTransaction(RUNS_QUEUE)
        .since("1.2.0")
        .complexity("That of the queued commands")
        .summary("Runs all commands of a transaction, with nobody else's between them.");
    transactions
        .command("DISCARD", TransactionCommands::discard)
        .flags(NOSCRIPT, LOADING, STALE, FAST, ALLOW_BUSY)
        .inTransaction(AT_ONCE)
        .since("2.0.0")
        .complexity("O(N) for N queued commands")
        .summary("Forgets a transaction.");
    transactions
        .command("WATCH key...", TransactionCommands::watch)
        .flags(NOSCRIPT, LOADING, STALE, FAST, ALLOW_BUSY)
        .inTransaction(AT_ONCE)
        .keys(1, -1, 1, RO)
        .since("2.2.0")
        .complexity("O(1) for each key")
        .summary("Has the next EXEC run nothing if one of these keys changes before it.");
    transactions
        .command("UNWATCH", TransactionCommands::unwatch)
        .flags(NOSCRIPT, LOADING, STALE, FAST, ALLOW_BUSY)
        .since("2.2.0")
        .complexity("O(1)")
        .summary("Forgets all keys that are watched.");
  }

  private static void multi(Call call) {
    if (call.session().isInTransaction()) {
      throw NESTED;
    }
    call.session().beginTransaction();
    call.reply().ok();
  }

  private static void discard(Call call) {
    if (!call.session().isInTransaction()) {
      throw DISCARD_WITHOUT;
    }
    call.session().endTransaction();
    call.reply().ok();
  }

  private static void exec(Call call) {
    Session session = call.session();
    if (!session.isInTransaction()) {
      throw EXEC_WITHOUT;
    }
    if (session.isTransactionAborted()) {
      session.endTransaction();
      throw ABORTED;
    }
    if (call.engine().watches().isBroken(session, call.nowMillis())) {
      session.endTransaction();
      call.reply().nullArray();
      return;
    }
    call.runQueued();
  }

  private static void watch(Call call) {
    Session session = call.session();
    if (session.isInTransaction()) {
      throw WATCH_INSIDE;
    }
    Watches watches = call.engine().watches();
    // Where EXEC will run nothing anyhow, there is nothing more to watch.
    if (!session.watched().isChanged()) {
      call.keep(Watches.memoryBytes(call.argCount() - 1, call.argumentBytes(1)));
      for (int i = 1; i < call.argCount(); i++) {
        watches.watch(session, call.arg(i), call.nowMillis());
      }
      session.keptChanged();
    }
    call.reply().ok();
  }

  private static void unwatch(Call call) {
    call.engine().watches().unwatch(call.session());
    call.reply().ok();
  }
}
