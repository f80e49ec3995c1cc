package io.cinnabar.persistence;

import static io.cinnabar.command.CommandFlag.ADMIN;
import static io.cinnabar.command.CommandFlag.NOSCRIPT;
import static io.cinnabar.command.CommandFlag.NO_ASYNC_LOADING;

import io.cinnabar.command.Call;
import io.cinnabar.command.CommandError;
import io.cinnabar.command.CommandTable;
import java.io.IOException;
import java.util.function.Supplier;

/** BGREWRITEAOF. */
public final class AofCommands {

  private static final CommandError RUNNING =
      new CommandError("ERR Background append only file rewriting already in progress");
  private static final CommandError FAILED =
      new CommandError(
          "ERR Can't execute an AOF background rewriting. Please check the server logs for more"
              + " information.");

  private final Supplier<AppendOnlyFile> file;

  private AofCommands(Supplier<AppendOnlyFile> file) {
    this.file = file;
  }

  public static void declare(CommandTable.Builder table, Supplier<AppendOnlyFile> file) {
    AofCommands commands = new AofCommands(file);
    table
        .family("server")
        .command("BGREWRITEAOF", commands::rewrite)
        .flags(ADMIN, NOSCRIPT, NO_ASYNC_LOADING)
        .since("1.0.0")
        .complexity("O(1)")
        .summary("Rewrites the append-only file as short as it can be, while everybody is served.");
  }

  /** Within a transaction the data set is not yet what the transaction makes of it. */
  private void rewrite(Call call) {
    AofRewrite rewrite = file.get().rewrite();
    if (rewrite.isRunning()) {
      throw RUNNING;
    }
    if (file.get().isSaving() || call.session().isInTransaction()) {
      rewrite.schedule();
      rewrite.forgiveFailures();
      call.reply().simple("Background append only file rewriting scheduled");
      return;
    }
    try {
      file.get().startRewrite();
    } catch (IOException e) {
      call.engine().log().warning("Can't open or create append-only dir: " + e.getMessage());
      throw FAILED;
    }
    call.reply().simple("Background append only file rewriting started");
  }
}
