package io.cinnabar.family;

import static io.cinnabar.command.AclCategory.DANGEROUS;
import static io.cinnabar.command.AclCategory.KEYSPACE;
import static io.cinnabar.command.CommandFlag.FAST;
import static io.cinnabar.command.CommandFlag.READONLY;
import static io.cinnabar.command.CommandFlag.WRITE;

import io.cinnabar.command.Call;
import io.cinnabar.command.CommandError;
import io.cinnabar.command.CommandTable;
import io.cinnabar.command.CommandTips;
import io.cinnabar.command.FamilyBuilder;
import io.cinnabar.keyspace.Database;

/** Commands on whole databases. */
public final class DatabaseCommands {

  private static final String FLUSH_TYPE = " [flush-type:(ASYNC@4.0.0 | SYNC@6.2.0)]";

  private static final CommandError INVALID_FIRST = new CommandError("ERR invalid first DB index");
  private static final CommandError INVALID_SECOND =
      new CommandError("ERR invalid second DB index");

  private DatabaseCommands() {}

  public static void declare(CommandTable.Builder table) {
    FamilyBuilder server = table.family("server");
    server
        .command("DBSIZE", DatabaseCommands::dbsize)
        .flags(READONLY, FAST)
        .acl(KEYSPACE)
        .tips(CommandTips.REQUEST_ALL_SHARDS, CommandTips.RESPONSE_AGG_SUM)
        .since("1.0.0")
        .complexity("O(1)")
        .summary("Counts the keys of the database.");
    server
        .command("FLUSHDB" + FLUSH_TYPE, DatabaseCommands::flushdb)
        .flags(WRITE)
        .acl(KEYSPACE, DANGEROUS)
        .tips(CommandTips.REQUEST_ALL_SHARDS, CommandTips.RESPONSE_ALL_SUCCEEDED)
        .since("1.0.0")
        .complexity("O(N) for N keys in the database")
        .summary("Deletes all keys of the database.")
        .history("4.0.0", "Takes `ASYNC`.")
        .history("6.2.0", "Takes `SYNC`.");
    server
        .command("FLUSHALL" + FLUSH_TYPE, DatabaseCommands::flushall)
        .flags(WRITE)
        .acl(KEYSPACE, DANGEROUS)
        .tips(CommandTips.REQUEST_ALL_SHARDS, CommandTips.RESPONSE_ALL_SUCCEEDED)
        .since("1.0.0")
        .complexity("O(N) for N keys in all databases")
        .summary("Deletes all keys of all databases.")
        .history("4.0.0", "Takes `ASYNC`.")
        .history("6.2.0", "Takes `SYNC`.");
    server
        .command("SWAPDB index1:integer index2:integer", DatabaseCommands::swapdb)
        .flags(WRITE, FAST)
        .acl(KEYSPACE, DANGEROUS)
        .since("4.0.0")
        .complexity("O(N) for N clients that watch or wait for keys of the two")
        .summary("Exchanges the contents of two databases.");
  }

  private static void dbsize(Call call) {
    call.reply().integer(call.database().size());
  }

  private static void flushdb(Call call) {
    checkFlushType(call);
    long removed = call.database().size();
    call.willReplace(call.database(), null);
    call.database().clear();
    call.changedAll(call.database(), removed);
    call.flushed();
    endFlush(call);
  }

  private static void flushall(Call call) {
    checkFlushType(call);
    call.engine().unit().flushAll(call.engine().keyspace());
    call.engine().lifecycle().emptied();
    endFlush(call);
  }

  /** ASYNC and SYNC are the same here: the blocks are always given back between the turns. */
  private static void checkFlushType(Call call) {
    if (call.argCount() > 2
        || (call.argCount() == 2 && !call.isWord(1, "async") && !call.isWord(1, "sync"))) {
      throw CommandError.SYNTAX;
    }
  }

  /** The followers flush even when nothing was here: they may have what we have not. */
  private static void endFlush(Call call) {
    call.propagateAsCalled();
    call.reply().ok();
  }

  private static void swapdb(Call call) {
    int firstIndex = call.int32(1, INVALID_FIRST);
    int secondIndex = call.int32(2, INVALID_SECOND);
    Database first = call.database(firstIndex);
    Database second = call.database(secondIndex);
    call.willReplace(first, second);
    call.willReplace(second, first);
    call.engine().keyspace().swap(firstIndex, secondIndex);
    call.changedAll(first, 1);
    call.changedAll(second, 0);
    call.reply().ok();
  }
}
