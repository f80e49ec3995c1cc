package io.cinnabar.family;

import static io.cinnabar.command.CommandFlag.DENYOOM;
import static io.cinnabar.command.CommandFlag.FAST;
import static io.cinnabar.command.CommandFlag.LOADING;
import static io.cinnabar.command.CommandFlag.READONLY;
import static io.cinnabar.command.CommandFlag.STALE;
import static io.cinnabar.command.CommandFlag.WRITE;
import static io.cinnabar.command.KeyFlag.ACCESS;
import static io.cinnabar.command.KeyFlag.DELETE;
import static io.cinnabar.command.KeyFlag.INSERT;
import static io.cinnabar.command.KeyFlag.OW;
import static io.cinnabar.command.KeyFlag.RM;
import static io.cinnabar.command.KeyFlag.RO;
import static io.cinnabar.command.KeyFlag.RW;
import static io.cinnabar.command.KeyFlag.UPDATE;

import io.cinnabar.command.Call;
import io.cinnabar.command.CommandError;
import io.cinnabar.command.CommandTable;
import io.cinnabar.command.CommandTips;
import io.cinnabar.command.FamilyBuilder;
import io.cinnabar.command.HelpReply;
import io.cinnabar.command.KeyEvent;
import io.cinnabar.command.Settings;
import io.cinnabar.keyspace.AccessClock;
import io.cinnabar.keyspace.Database;
import io.cinnabar.keyspace.Entry;
import io.cinnabar.structure.Slice;
import io.cinnabar.value.ValueType;
import java.util.function.ToLongFunction;

/** Commands on keys whatever their values are. */
public final class KeyCommands {

  private static final CommandError SAME_OBJECT =
      new CommandError("ERR source and destination objects are the same");
  private static final CommandError NO_IDLE_TIME =
      new CommandError(
          "ERR An LFU maxmemory policy is selected, idle time not tracked. Please note that when"
              + " switching between policies at runtime LRU and LFU data will take some time to"
              + " adjust.");
  private static final CommandError NO_FREQUENCY =
      new CommandError(
          "ERR An LFU maxmemory policy is not selected, access frequency not tracked. Please note"
              + " that when switching between policies at runtime LRU and LFU data will take some"
              + " time to adjust.");

  private static final int SHARED_INTEGERS = 10_000;

  private KeyCommands() {}

  public static void declare(CommandTable.Builder table) {
    FamilyBuilder generic = table.family("generic");
    declareDelete(generic);
    declareAsk(generic);
    declareMove(generic);
    declareObject(generic);
  }

  private static void declareDelete(FamilyBuilder generic) {
    generic
        .command("DEL key...", KeyCommands::del)
        .flags(WRITE)
        .keys(1, -1, 1, RM, DELETE)
        .tips(CommandTips.REQUEST_MULTI_SHARD, CommandTips.RESPONSE_AGG_SUM)
        .since("1.0.0")
        .complexity("O(N) for N keys, and O(M) for each that holds M elements")
        .summary("Deletes keys.");
    generic
        .command("UNLINK key...", KeyCommands::del)
        .flags(WRITE, FAST)
        .keys(1, -1, 1, RM, DELETE)
        .tips(CommandTips.REQUEST_MULTI_SHARD, CommandTips.RESPONSE_AGG_SUM)
        .since("4.0.0")
        .complexity("O(1) for each key")
        .summary("Deletes keys and gives their memory back later.");
  }

  private static void declareAsk(FamilyBuilder generic) {
    generic
        .command("EXISTS key...", KeyCommands::exists)
        .flags(READONLY, FAST)
        .keys(1, -1, 1, RO)
        .tips(CommandTips.REQUEST_MULTI_SHARD, CommandTips.RESPONSE_AGG_SUM)
        .since("1.0.0")
        .complexity("O(N) for N keys")
        .summary("Counts which of the keys exist.")
        .history("3.0.3", "Takes several keys.");
    generic
        .command("TOUCH key...", KeyCommands::touch)
        .flags(READONLY, FAST)
        .keys(1, -1, 1, RO)
        .tips(CommandTips.REQUEST_MULTI_SHARD, CommandTips.RESPONSE_AGG_SUM)
        .since("3.2.1")
        .complexity("O(N) for N keys")
        .summary("Counts which of the keys exist, as a use of them.");
    generic
        .command("TYPE key", KeyCommands::type)
        .flags(READONLY, FAST)
        .key(1, RO)
        .since("1.0.0")
        .complexity("O(1)")
        .summary("Tells the type of a key's value.");
  }

  private static void declareMove(FamilyBuilder generic) {
    generic
        .command("RENAME key newkey:key", KeyCommands::rename)
        .flags(WRITE)
        .key(1, RW, ACCESS, DELETE)
        .key(2, OW, UPDATE)
        .since("1.0.0")
        .complexity("O(1)")
        .summary("Gives a value another key, whatever was there.");
    generic
        .command("RENAMENX key newkey:key", KeyCommands::renamenx)
        .flags(WRITE, FAST)
        .key(1, RW, ACCESS, DELETE)
        .key(2, OW, INSERT)
        .since("1.0.0")
        .complexity("O(1)")
        .summary("Gives a value another key unless that one exists.")
        .history("3.2.0", "Both names may be the same.");
    generic
        .command(
            "COPY source:key destination:key [DB destination-db:integer] [REPLACE]",
            KeyCommands::copy)
        .flags(WRITE, DENYOOM)
        .key(1, RO, ACCESS)
        .key(2, OW, UPDATE)
        .since("6.2.0")
        .complexity("O(N) for a value of N elements, O(1) for a string")
        .summary("Copies a value to another key, here or in another database.");
    generic
        .command("MOVE key db:integer", KeyCommands::move)
        .flags(WRITE, FAST)
        .key(1, RW, ACCESS, UPDATE)
        .since("1.0.0")
        .complexity("O(1)")
        .summary("Moves a key to another database unless it exists there.");
  }

  private static void declareObject(FamilyBuilder generic) {
    generic
        .container("OBJECT")
        .since("2.2.3")
        .complexity("That of the subcommand.")
        .summary("Holds the commands that look into values.");
    generic
        .command("OBJECT|ENCODING key", KeyCommands::objectEncoding)
        .flags(READONLY)
        .key(2, RO)
        .tips(CommandTips.NONDETERMINISTIC_OUTPUT)
        .since("2.2.3")
        .complexity("O(1)")
        .summary("Tells how a value is laid out in memory.");
    generic
        .command("OBJECT|FREQ key", KeyCommands::objectFreq)
        .flags(READONLY)
        .key(2, RO)
        .tips(CommandTips.NONDETERMINISTIC_OUTPUT)
        .since("4.0.0")
        .complexity("O(1)")
        .summary("Tells the logarithmic counter of a key's uses.");
    generic
        .command("OBJECT|HELP", KeyCommands::objectHelp)
        .flags(LOADING, STALE)
        .since("6.2.0")
        .complexity("O(1)")
        .summary("Lists the subcommands.");
    generic
        .command("OBJECT|IDLETIME key", KeyCommands::objectIdletime)
        .flags(READONLY)
        .key(2, RO)
        .tips(CommandTips.NONDETERMINISTIC_OUTPUT)
        .since("2.2.3")
        .complexity("O(1)")
        .summary("Tells for how many seconds a key hasn't been used.");
    generic
        .command("OBJECT|REFCOUNT key", KeyCommands::objectRefcount)
        .flags(READONLY)
        .key(2, RO)
        .tips(CommandTips.NONDETERMINISTIC_OUTPUT)
        .since("2.2.3")
        .complexity("O(1)")
        .summary("Tells how often a value is referred to.");
  }

  // ---- there or not

  private static void del(Call call) {
    int removed = 0;
    for (int i = 1; i < call.argCount(); i++) {
      Slice key = call.arg(i);
      if (call.edit(key) != null) {
        call.removeFound();
        call.insist();
        call.changed(key, KeyEvent.DEL);
        removed++;
      }
    }
    call.reply().integer(removed);
  }

  private static void exists(Call call) {
    int found = 0;
    for (int i = 1; i < call.argCount(); i++) {
      if (call.peek(call.arg(i)) != null) {
        found++;
      }
    }
    call.reply().integer(found);
  }

  private static void touch(Call call) {
    int found = 0;
    for (int i = 1; i < call.argCount(); i++) {
      if (call.read(call.arg(i)) != null) {
        found++;
      }
    }
    call.reply().integer(found);
  }

  private static void type(Call call) {
    Entry entry = call.peek(call.arg(1));
    call.reply().simple(entry == null ? "none" : entry.type().redisName());
  }

  static void randomkey(Call call) {
    Entry entry = call.randomEntry();
    if (entry == null) {
      call.reply().nullBulk();
    } else {
      call.reply().bulk(entry.key());
    }
  }

  // ---- under another name

  private static void rename(Call call) {
    if (renamed(call, true)) {
      call.reply().ok();
    }
  }

  private static void renamenx(Call call) {
    call.reply().integer(renamed(call, false) ? 1 : 0);
  }

  private static boolean renamed(Call call, boolean replace) {
    Slice from = call.arg(1);
    Slice to = call.arg(2);
    Entry source = call.edit(from);
    if (source == null) {
      throw CommandError.NO_SUCH_KEY;
    }
    if (from.contentEquals(to)) {
      return replace;
    }
    Database database = call.database();
    if (call.editOther(database, to) != null && !replace) {
      return false;
    }
    database.rename(source, to);
    call.alsoTouched(from, KeyEvent.RENAME_FROM);
    call.changed(to, KeyEvent.RENAME_TO);
    return true;
  }

  // ---- in another database

  private static void move(Call call) {
    Slice key = call.arg(1);
    Database target = call.database(call.intArgument(2));
    if (target == call.database()) {
      throw SAME_OBJECT;
    }
    Entry source = call.edit(key);
    if (source == null || call.editOther(target, key) != null) {
      call.reply().integer(0);
      return;
    }
    call.database().move(source, target);
    call.alsoTouched(key, KeyEvent.MOVE_FROM);
    call.changed(target, key, KeyEvent.MOVE_TO);
    call.reply().integer(1);
  }

  private static void copy(Call call) {
    Slice from = call.arg(1);
    Slice to = call.arg(2);
    Database target = call.database();
    boolean replace = false;
    for (int i = 3; i < call.argCount(); i++) {
      if (call.isWord(i, "replace")) {
        replace = true;
      } else if (call.isWord(i, "db") && i + 1 < call.argCount()) {
        target = call.database(call.intArgument(++i));
      } else {
        throw CommandError.SYNTAX;
      }
    }
    if (target == call.database() && from.contentEquals(to)) {
      throw SAME_OBJECT;
    }
    if (call.read(from) == null) {
      call.reply().integer(0);
      return;
    }
    if (call.editOther(target, to) != null && !replace) {
      call.reply().integer(0);
      return;
    }
    call.database().copy(call.found(), target, to, call.otherEntry());
    call.changed(target, to, KeyEvent.COPY_TO);
    call.reply().integer(1);
  }

  // ---- what a key is made of

  private static void objectHelp(Call call) {
    HelpReply.write(
        call,
        "ENCODING <key>",
        "How the value is stored.",
        "FREQ <key>",
        "How often the key is used, on a logarithmic scale; needs an LFU policy.",
        "IDLETIME <key>",
        "Seconds since the key was last used; needs any other policy.",
        "REFCOUNT <key>",
        "How many references there are to the value.");
  }

  private static void objectEncoding(Call call) {
    Entry entry = call.inspect(call.arg(2));
    if (entry == null) {
      call.reply().nullBulk();
    } else {
      call.reply().bulk(entry.encoding().redisName(entry.type()));
    }
  }

  private static void objectRefcount(Call call) {
    reply(call, entry -> isShared(call, entry) ? Integer.MAX_VALUE : 1);
  }

  private static void objectIdletime(Call call) {
    reply(call, entry -> idleSeconds(call, entry));
  }

  private static void objectFreq(Call call) {
    reply(call, entry -> frequency(call, entry));
  }

  private static long idleSeconds(Call call, Entry entry) {
    AccessClock clock = call.engine().keyspace().accessClock();
    if (clock.isLfu()) {
      throw NO_IDLE_TIME;
    }
    return clock.idleMillis(entry.clock()) / 1000;
  }

  private static long frequency(Call call, Entry entry) {
    AccessClock clock = call.engine().keyspace().accessClock();
    if (!clock.isLfu()) {
      throw NO_FREQUENCY;
    }
    return clock.frequency(entry.clock());
  }

  /**
   * Small integers exist once in Redis, which shows as a reference count that means 'shared'; but
   * not where each key needs an access clock of its own.
   */
  static boolean isShared(Call call, Entry entry) {
    if (entry.type() != ValueType.STRING || !entry.string().isInteger()) {
      return false;
    }
    long value = entry.string().integer();
    Settings settings = call.engine().settings();
    boolean clocked = settings.maxMemoryBytes != 0 && settings.evictionPolicy.readsClock();
    return value >= 0 && value < SHARED_INTEGERS && !clocked;
  }

  private static void reply(Call call, ToLongFunction<Entry> property) {
    Entry entry = call.inspect(call.arg(2));
    if (entry == null) {
      call.reply().nullBulk();
    } else {
      call.reply().integer(property.applyAsLong(entry));
    }
  }
}
