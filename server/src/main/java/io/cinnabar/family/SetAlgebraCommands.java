package io.cinnabar.family;

import static io.cinnabar.command.CommandFlag.DENYOOM;
import static io.cinnabar.command.CommandFlag.READONLY;
import static io.cinnabar.command.CommandFlag.WRITE;
import static io.cinnabar.command.KeyFlag.ACCESS;
import static io.cinnabar.command.KeyFlag.OW;
import static io.cinnabar.command.KeyFlag.RO;
import static io.cinnabar.command.KeyFlag.RW;
import static io.cinnabar.command.KeyFlag.UPDATE;

import io.cinnabar.command.Call;
import io.cinnabar.command.CommandError;
import io.cinnabar.command.CommandTable;
import io.cinnabar.command.CommandTips;
import io.cinnabar.command.FamilyBuilder;
import io.cinnabar.command.KeyEvent;
import io.cinnabar.keyspace.Entry;
import io.cinnabar.structure.Slice;
import io.cinnabar.value.SetValue;
import io.cinnabar.value.ValueType;

/** Commands that unite, intersect and subtract sets. */
public final class SetAlgebraCommands {
  private static final CommandError NO_KEYS =
      new CommandError("ERR numkeys should be greater than 0");
  private static final CommandError TOO_MANY_KEYS =
      new CommandError("ERR Number of keys can't be greater than number of args");
  private static final CommandError NEGATIVE_LIMIT =
      new CommandError("ERR LIMIT can't be negative");

  private final SetAlgebra algebra = new SetAlgebra();

  private SetAlgebraCommands() {}

  public static void declare(CommandTable.Builder table) {
    SetAlgebraCommands commands = new SetAlgebraCommands();
    FamilyBuilder family = table.family("set");
    declareReading(family, commands);
    declareStoring(family, commands);
  }

  private static void declareReading(FamilyBuilder family, SetAlgebraCommands commands) {
    family
        .command("SINTER key...", commands::sinter)
        .flags(READONLY)
        .keys(1, -1, 1, RO, ACCESS)
        .tips(CommandTips.NONDETERMINISTIC_OUTPUT_ORDER)
        .since("1.0.0")
        .complexity("O(N*M) at worst for M sets, the smallest of N members")
        .summary("Lists the members that all of the sets have.");
    family
        .command("SINTERCARD numkeys:integer key... [LIMIT limit:integer]", commands::sintercard)
        .flags(READONLY)
        .keyCount(1, RO, ACCESS)
        .since("7.0.0")
        .complexity("O(N*M) at worst for M sets, the smallest of N members")
        .summary("Counts the members that all of the sets have.");
    family
        .command("SUNION key...", commands::sunion)
        .flags(READONLY)
        .keys(1, -1, 1, RO, ACCESS)
        .tips(CommandTips.NONDETERMINISTIC_OUTPUT_ORDER)
        .since("1.0.0")
        .complexity("O(N) for N members in all")
        .summary("Lists the members that at least one of the sets has.");
    family
        .command("SDIFF key...", commands::sdiff)
        .flags(READONLY)
        .keys(1, -1, 1, RO, ACCESS)
        .tips(CommandTips.NONDETERMINISTIC_OUTPUT_ORDER)
        .since("1.0.0")
        .complexity("O(N) for N members in all")
        .summary("Lists the members of the first set that no other has.");
  }

  private static void declareStoring(FamilyBuilder family, SetAlgebraCommands commands) {
    family
        .command("SINTERSTORE destination:key key...", commands::sinterstore)
        .flags(WRITE, DENYOOM)
        .key(1, RW, UPDATE)
        .keys(2, -1, 1, RO, ACCESS)
        .since("1.0.0")
        .complexity("O(N*M) at worst for M sets, the smallest of N members")
        .summary("Stores the members that all of the sets have.");
    family
        .command("SUNIONSTORE destination:key key...", commands::sunionstore)
        .flags(WRITE, DENYOOM)
        .key(1, OW, UPDATE)
        .keys(2, -1, 1, RO, ACCESS)
        .since("1.0.0")
        .complexity("O(N) for N members in all")
        .summary("Stores the members that at least one of the sets has.");
    family
        .command("SDIFFSTORE destination:key key...", commands::sdiffstore)
        .flags(WRITE, DENYOOM)
        .key(1, OW, UPDATE)
        .keys(2, -1, 1, RO, ACCESS)
        .since("1.0.0")
        .complexity("O(N) for N members in all")
        .summary("Stores the members of the first set that no other has.");
  }

  // ---- Reading.

  private void sinter(Call call) {
    algebra.look(call, 1, call.argCount());
    int mark = call.reply().beginDeferred();
    call.reply().endSet(mark, (int) algebra.intersect(call, Long.MAX_VALUE, true));
  }

  private void sintercard(Call call) {
    long keys = call.integer(1, NO_KEYS);
    if (keys < 1) {
      throw NO_KEYS;
    }
    if (keys > call.argCount() - 2) {
      throw TOO_MANY_KEYS;
    }
    int end = (int) keys + 2;
    long limit = 0;
    for (int i = end; i < call.argCount(); i += 2) {
      if (!call.isWord(i, "limit") || i + 1 == call.argCount()) {
        throw CommandError.SYNTAX;
      }
      limit = call.integer(i + 1, NEGATIVE_LIMIT);
      if (limit < 0) {
        throw NEGATIVE_LIMIT;
      }
    }
    algebra.look(call, 2, end);
    call.reply().integer(algebra.intersect(call, limit == 0 ? Long.MAX_VALUE : limit, false));
  }

  private void sunion(Call call) {
    algebra.look(call, 1, call.argCount());
    algebra.replyUnion(call);
  }

  private void sdiff(Call call) {
    algebra.look(call, 1, call.argCount());
    algebra.replyDifference(call);
  }

  // ---- Storing.

  private void sinterstore(Call call) {
    algebra.look(call, 2, call.argCount());
    SetValue result = call.prepare(ValueType.SET, call.arg(1)).set();
    algebra.storeIntersection(call, result);
    store(call, result, KeyEvent.SINTERSTORE);
  }

  private void sunionstore(Call call) {
    algebra.look(call, 2, call.argCount());
    SetValue result = call.prepare(ValueType.SET, call.arg(1)).set();
    algebra.storeUnion(call, result);
    store(call, result, KeyEvent.SUNIONSTORE);
  }

  private void sdiffstore(Call call) {
    algebra.look(call, 2, call.argCount());
    SetValue result = call.prepare(ValueType.SET, call.arg(1)).set();
    algebra.storeDifference(call, result);
    store(call, result, KeyEvent.SDIFFSTORE);
  }

  /** Gives the key the result, or nothing where that is empty. */
  private static void store(Call call, SetValue result, KeyEvent event) {
    Slice key = call.arg(1);
    long count = result.count();
    if (count > 0) {
      call.putPrepared();
      call.changed(key, event);
    } else {
      Entry found = call.edit(key);
      if (found != null) {
        call.removeFound();
        call.changed(key, KeyEvent.DEL);
      }
    }
    call.reply().integer(count);
  }
}
