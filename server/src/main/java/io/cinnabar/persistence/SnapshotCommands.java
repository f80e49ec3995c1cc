package io.cinnabar.persistence;

import static io.cinnabar.command.AclCategory.ADMIN;
import static io.cinnabar.command.AclCategory.DANGEROUS;
import static io.cinnabar.command.CommandFlag.FAST;
import static io.cinnabar.command.CommandFlag.LOADING;
import static io.cinnabar.command.CommandFlag.NOSCRIPT;
import static io.cinnabar.command.CommandFlag.NO_ASYNC_LOADING;
import static io.cinnabar.command.CommandFlag.NO_MULTI;
import static io.cinnabar.command.CommandFlag.STALE;

import io.cinnabar.command.Call;
import io.cinnabar.command.CommandError;
import io.cinnabar.command.CommandFlag;
import io.cinnabar.command.CommandTable;
import io.cinnabar.command.CommandTips;
import io.cinnabar.command.FamilyBuilder;
import java.util.function.Supplier;

/** SAVE, BGSAVE and LASTSAVE. */
public final class SnapshotCommands {

  private static final CommandError FAILED = new CommandError("ERR");
  private static final CommandError RUNNING =
      new CommandError("ERR Background save already in progress");

  private final Supplier<Snapshots> snapshots;

  private SnapshotCommands(Supplier<Snapshots> snapshots) {
    this.snapshots = snapshots;
  }

  public static void declare(CommandTable.Builder table, Supplier<Snapshots> snapshots) {
    SnapshotCommands commands = new SnapshotCommands(snapshots);
    FamilyBuilder server = table.family("server");
    server
        .command("SAVE", commands::save)
        .flags(CommandFlag.ADMIN, NOSCRIPT, NO_ASYNC_LOADING, NO_MULTI)
        .since("1.0.0")
        .complexity("O(N) for N keys in all databases")
        .summary("Saves the data set to its file while everybody waits.");
    server
        .command("BGSAVE [SCHEDULE@3.2.2]", commands::bgsave)
        .flags(CommandFlag.ADMIN, NOSCRIPT, NO_ASYNC_LOADING)
        .since("1.0.0")
        .complexity("O(1)")
        .summary("Saves the data set as it is now to its file, while everybody is served.")
        .history("3.2.2", "Takes `SCHEDULE`.");
    server
        .command("LASTSAVE", commands::lastsave)
        .flags(LOADING, STALE, FAST)
        .acl(ADMIN, DANGEROUS)
        .tips(CommandTips.NONDETERMINISTIC_OUTPUT)
        .since("1.0.0")
        .complexity("O(1)")
        .summary("Tells when the data set was saved, in seconds since 1970.");
  }

  private void save(Call call) {
    if (snapshots.get().isRunning()) {
      throw RUNNING;
    }
    if (!snapshots.get().save()) {
      throw FAILED;
    }
    call.reply().ok();
  }

  /** Within a transaction the data set is not yet what the transaction makes of it. */
  private void bgsave(Call call) {
    if (call.argCount() > 2 || (call.argCount() == 2 && !call.isWord(1, "schedule"))) {
      throw CommandError.SYNTAX;
    }
    if (snapshots.get().isRunning()) {
      throw RUNNING;
    }
    if (call.session().isInTransaction()) {
      snapshots.get().schedule();
      call.reply().simple("Background saving scheduled");
    } else {
      snapshots.get().saveInBackground();
      call.reply().simple("Background saving started");
    }
  }

  private void lastsave(Call call) {
    call.reply().integer(snapshots.get().savedSeconds());
  }
}
