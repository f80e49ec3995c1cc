package io.cinnabar.family;

import static io.cinnabar.command.CommandFlag.FAST;
import static io.cinnabar.command.CommandFlag.WRITE;
import static io.cinnabar.command.KeyFlag.ACCESS;
import static io.cinnabar.command.KeyFlag.DELETE;
import static io.cinnabar.command.KeyFlag.RW;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.cinnabar.command.Call;
import io.cinnabar.command.CommandError;
import io.cinnabar.command.CommandTable;
import io.cinnabar.command.FamilyBuilder;
import io.cinnabar.command.KeyEvent;
import io.cinnabar.keyspace.Entry;
import io.cinnabar.structure.IntegerText;
import io.cinnabar.structure.Slice;
import io.cinnabar.value.SortedSetValue;
import io.cinnabar.value.ValueType;

/** Commands that take the members with the lowest or the highest scores. */
public final class SortedSetPops {

  private static final CommandError NOT_POSITIVE =
      new CommandError("ERR value is out of range, must be positive");
  private static final CommandError NO_KEYS =
      new CommandError("ERR numkeys should be greater than 0");
  private static final CommandError NO_COUNT =
      new CommandError("ERR count should be greater than 0");

  private static final byte[] ZPOPMIN = "ZPOPMIN".getBytes(US_ASCII);
  private static final byte[] ZPOPMAX = "ZPOPMAX".getBytes(US_ASCII);

  private SortedSetPops() {}

  public static void declare(CommandTable.Builder table) {
    FamilyBuilder family = table.family("sorted-set");
    family
        .command("ZPOPMIN key [count:integer]", call -> zpop(call, false))
        .flags(WRITE, FAST)
        .key(1, RW, ACCESS, DELETE)
        .since("5.0.0")
        .complexity("O(log(N)*M) for M of N members")
        .summary("Removes the members with the lowest scores and replies them.");
    family
        .command("ZPOPMAX key [count:integer]", call -> zpop(call, true))
        .flags(WRITE, FAST)
        .key(1, RW, ACCESS, DELETE)
        .since("5.0.0")
        .complexity("O(log(N)*M) for M of N members")
        .summary("Removes the members with the highest scores and replies them.");
    family
        .command(
            "ZMPOP numkeys:integer key... where:(MIN | MAX) [COUNT count:integer]",
            SortedSetPops::zmpop)
        .flags(WRITE)
        .keyCount(1, RW, ACCESS, DELETE)
        .since("7.0.0")
        .complexity("O(K) + O(M*log(N)) for K keys and M of N members")
        .summary("Removes members at one end of the first sorted set that has any.");
    BlockingSortedSetCommands.declare(family);
  }

  private static void zpop(Call call, boolean highest) {
    if (call.argCount() > 3) {
      throw CommandError.SYNTAX;
    }
    boolean isCounted = call.argCount() == 3;
    long count = 1;
    if (isCounted) {
      count = call.integer(2, NOT_POSITIVE);
      if (count < 0) {
        throw NOT_POSITIVE;
      }
    }
    Slice key = call.arg(1);
    Entry entry = call.edit(ValueType.SORTED_SET, key);
    if (entry == null || count == 0) {
      call.reply().array(0);
      return;
    }
    SortedSetValue value = entry.sortedSet();
    int popped = (int) Math.min(count, value.count());
    boolean isNested = isCounted && call.reply().resp3();
    call.reply().array(isNested ? popped : 2 * popped);
    writeEnd(call, value, highest, popped, isNested);
    removeEnd(call, entry, key, highest, popped);
  }

  private static void zmpop(Call call) {
    int keys = keyCount(call, 1);
    PopOptions options = new PopOptions(call, 2 + keys);
    if (!popFirst(call, 2, keys, options)) {
      call.reply().nullArray();
    }
  }

  /**
   * Removes members of the first sorted set that exists and replies the key and them; false,
   * without a reply, where there is none.
   */
  static boolean popFirst(Call call, int firstKey, int keys, PopOptions options) {
    for (int i = firstKey; i < firstKey + keys; i++) {
      Slice key = call.arg(i);
      Entry entry = call.edit(ValueType.SORTED_SET, key);
      if (entry != null) {
        pop(call, entry, key, options.highest, options.count);
        return true;
      }
    }
    return false;
  }

  /** The number of keys of ZMPOP and BZMPOP. */
  static int keyCount(Call call, int index) {
    long keys = call.integer(index, NO_KEYS);
    if (keys < 1) {
      throw NO_KEYS;
    }
    if (keys > call.argCount() - index - 2) {
      throw CommandError.SYNTAX;
    }
    return (int) keys;
  }

  /** What ZMPOP and BZMPOP say behind their keys. */
  static final class PopOptions {
    final boolean highest;
    final long count;

    /**
     * @param at the argument behind the keys
     */
    PopOptions(Call call, int at) {
      highest = call.isWord(at, "max");
      if (!highest && !call.isWord(at, "min")) {
        throw CommandError.SYNTAX;
      }
      long read = -1;
      for (int i = at + 1; i < call.argCount(); i += 2) {
        if (read != -1 || i + 1 == call.argCount() || !call.isWord(i, "count")) {
          throw CommandError.SYNTAX;
        }
        read = call.integer(i + 1, NO_COUNT);
        if (read < 1) {
          throw NO_COUNT;
        }
      }
      count = read == -1 ? 1 : read;
    }
  }

  /** Removes members at one end, and replies the key and them: ZMPOP, BZMPOP. */
  private static void pop(Call call, Entry entry, Slice key, boolean highest, long count) {
    int popped = (int) Math.min(count, entry.sortedSet().count());
    call.reply().array(2);
    call.reply().bulk(key);
    call.reply().array(popped);
    writeEnd(call, entry.sortedSet(), highest, popped, true);
    removeEnd(call, entry, key, highest, popped);
    propagate(call, key, highest, popped);
  }

  /** Removes the member at one end, and replies the key, it and its score: BZPOPMIN, BZPOPMAX. */
  static void popOne(Call call, Entry entry, Slice key, boolean highest) {
    call.reply().array(3);
    call.reply().bulk(key);
    writeEnd(call, entry.sortedSet(), highest, 1, false);
    removeEnd(call, entry, key, highest, 1);
    propagate(call, key, highest, -1);
  }

  private static void propagate(Call call, Slice key, boolean highest, int count) {
    if (!call.isFollowed()) {
      return;
    }
    byte[] name = highest ? ZPOPMAX : ZPOPMIN;
    if (count < 0) {
      call.propagateAs(name, key.toByteArray());
      return;
    }
    byte[] digits = new byte[IntegerText.length(count)];
    IntegerText.write(count, digits, 0);
    call.propagateAs(name, key.toByteArray(), digits);
  }

  private static void writeEnd(
      Call call, SortedSetValue value, boolean highest, int count, boolean isNested) {
    value.seekRank(highest ? value.count() - 1 : 0);
    for (int i = 0; i < count; i++) {
      if (isNested) {
        call.reply().array(2);
      }
      call.reply().bulk(value.member());
      call.reply().doubleValue(value.score());
      if (i + 1 == count) {
        break;
      }
      if (highest) {
        value.previous();
      } else {
        value.next();
      }
    }
  }

  private static void removeEnd(Call call, Entry entry, Slice key, boolean highest, int count) {
    SortedSetValue value = entry.sortedSet();
    value.removeRange(highest ? value.count() - count : 0, count);
    KeyEvent event = highest ? KeyEvent.ZPOPMAX : KeyEvent.ZPOPMIN;
    SortedSetCommands.tell(call, key, event, count);
    SortedSetCommands.removeIfEmpty(call, entry);
  }
}
