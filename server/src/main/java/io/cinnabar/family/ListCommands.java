package io.cinnabar.family;

import static io.cinnabar.command.CommandFlag.DENYOOM;
import static io.cinnabar.command.CommandFlag.FAST;
import static io.cinnabar.command.CommandFlag.READONLY;
import static io.cinnabar.command.CommandFlag.WRITE;
import static io.cinnabar.command.KeyFlag.ACCESS;
import static io.cinnabar.command.KeyFlag.DELETE;
import static io.cinnabar.command.KeyFlag.INSERT;
import static io.cinnabar.command.KeyFlag.RO;
import static io.cinnabar.command.KeyFlag.RW;
import static io.cinnabar.command.KeyFlag.UPDATE;

import io.cinnabar.arena.ArenaFullException;
import io.cinnabar.command.Call;
import io.cinnabar.command.CommandError;
import io.cinnabar.command.CommandTable;
import io.cinnabar.command.FamilyBuilder;
import io.cinnabar.command.KeyEvent;
import io.cinnabar.keyspace.Entry;
import io.cinnabar.resp.ReplyWriter;
import io.cinnabar.structure.Slice;
import io.cinnabar.value.ListValue;
import io.cinnabar.value.ListWalk;
import io.cinnabar.value.Thresholds;
import io.cinnabar.value.ValueType;

/** Commands on one list: its ends, its elements by index, and those that are some string. */
public final class ListCommands {

  private static final CommandError NOT_POSITIVE =
      new CommandError("ERR value is out of range, must be positive");

  private static final String PUSH_COMPLEXITY = "O(1) for each element that is added";
  private static final String SEVERAL = "Takes several elements.";

  private ListCommands() {}

  public static void declare(CommandTable.Builder table) {
    FamilyBuilder list = table.family("list");
    declareEnds(list);
    declareReading(list);
    declareEditing(list);
    ListMoves.declare(list);
    BlockingListCommands.declare(list);
  }

  private static void declareEnds(FamilyBuilder list) {
    list.command("LPUSH key element...", call -> push(call, true, false))
        .flags(WRITE, DENYOOM, FAST)
        .key(1, RW, INSERT)
        .since("1.0.0")
        .complexity(PUSH_COMPLEXITY)
        .summary("Puts elements before the first one of a list, and makes one where none is.")
        .history("2.4.0", SEVERAL);
    list.command("RPUSH key element...", call -> push(call, false, false))
        .flags(WRITE, DENYOOM, FAST)
        .key(1, RW, INSERT)
        .since("1.0.0")
        .complexity(PUSH_COMPLEXITY)
        .summary("Puts elements behind the last one of a list, and makes one where none is.")
        .history("2.4.0", SEVERAL);
    list.command("LPUSHX key element...", call -> push(call, true, true))
        .flags(WRITE, DENYOOM, FAST)
        .key(1, RW, INSERT)
        .since("2.2.0")
        .complexity(PUSH_COMPLEXITY)
        .summary("Puts elements before the first one of a list that exists.")
        .history("4.0.0", SEVERAL);
    list.command("RPUSHX key element...", call -> push(call, false, true))
        .flags(WRITE, DENYOOM, FAST)
        .key(1, RW, INSERT)
        .since("2.2.0")
        .complexity(PUSH_COMPLEXITY)
        .summary("Puts elements behind the last one of a list that exists.")
        .history("4.0.0", SEVERAL);
    list.command("LPOP key [count:integer@6.2.0]", call -> pop(call, true))
        .flags(WRITE, FAST)
        .key(1, RW, ACCESS, DELETE)
        .since("1.0.0")
        .complexity("O(N) for N elements that are taken")
        .summary("Takes elements from the head of a list.")
        .history("6.2.0", "Takes a count.");
    list.command("RPOP key [count:integer@6.2.0]", call -> pop(call, false))
        .flags(WRITE, FAST)
        .key(1, RW, ACCESS, DELETE)
        .since("1.0.0")
        .complexity("O(N) for N elements that are taken")
        .summary("Takes elements from the tail of a list.")
        .history("6.2.0", "Takes a count.");
  }

  private static void declareReading(FamilyBuilder list) {
    list.command("LLEN key", ListCommands::llen)
        .flags(READONLY, FAST)
        .key(1, RO)
        .since("1.0.0")
        .complexity("O(1)")
        .summary("Tells how many elements a list has.");
    list.command("LRANGE key start:integer stop:integer", ListCommands::lrange)
        .flags(READONLY)
        .key(1, RO, ACCESS)
        .since("1.0.0")
        .complexity("O(S+N) for N elements, S from the nearer end; O(log S+N) in a large list")
        .summary("Reads the elements between two indexes of a list.");
    list.command("LINDEX key index:integer", ListCommands::lindex)
        .flags(READONLY)
        .key(1, RO, ACCESS)
        .since("1.0.0")
        .complexity("O(N) for N elements to the nearer end; O(log N) in a large list")
        .summary("Reads the element with an index.");
    list.command(
            "LPOS key element [RANK rank:integer] [COUNT num-matches:integer]"
                + " [MAXLEN len:integer]",
            LposCommand::run)
        .flags(READONLY)
        .key(1, RO, ACCESS)
        .since("6.0.6")
        .complexity("O(N) for N elements that are looked at")
        .summary("Finds where in a list an element is.");
  }

  private static void declareEditing(FamilyBuilder list) {
    list.command("LSET key index:integer element", ListCommands::lset)
        .flags(WRITE, DENYOOM)
        .key(1, RW, UPDATE)
        .since("1.0.0")
        .complexity("O(N) for N elements to the nearer end; O(log N) in a large list")
        .summary("Puts another element in the place of one.");
    list.command("LINSERT key where:BEFORE|AFTER pivot element", ListCommands::linsert)
        .flags(WRITE, DENYOOM)
        .key(1, RW, INSERT)
        .since("2.2.0")
        .complexity("O(N) for N elements from the head to the one that is looked for")
        .summary("Inserts an element beside another one.");
    list.command("LREM key count:integer element", ListCommands::lrem)
        .flags(WRITE)
        .key(1, RW, DELETE)
        .since("1.0.0")
        .complexity("O(N+M) for N elements that are looked at and M that go")
        .summary("Removes elements that are some string.");
    list.command("LTRIM key start:integer stop:integer", ListCommands::ltrim)
        .flags(WRITE)
        .key(1, RW, DELETE)
        .since("1.0.0")
        .complexity("O(N) for N elements that are removed, which go some hundred at a time")
        .summary("Removes all elements but those between two indexes.");
  }

  // ---- the ends

  private static void push(Call call, boolean atHead, boolean onlyIfPresent) {
    Slice key = call.arg(1);
    if (onlyIfPresent && call.edit(ValueType.LIST, key) == null) {
      call.reply().integer(0);
      return;
    }
    Entry entry = call.editOrCreate(ValueType.LIST, key);
    ListValue list = entry.list();
    pushAll(call, list, atHead);
    call.keep(entry);
    call.changed(key, pushed(atHead));
    call.changed(call.argCount() - 3);
    call.reply().integer(list.length());
  }

  /** All elements of the call or none. */
  private static void pushAll(Call call, ListValue list, boolean atHead) {
    Thresholds thresholds = thresholds(call);
    int count = call.argCount();
    long bytes = 0;
    for (int i = 2; i < count; i++) {
      bytes += call.arg(i).length;
    }
    list.willGrow(bytes, count - 2, thresholds);
    int i = 2;
    try {
      for (; i < count; i++) {
        list.push(call.arg(i), atHead, thresholds);
      }
    } catch (ArenaFullException full) {
      list.drop(i - 2, atHead, thresholds);
      throw full;
    }
  }

  private static void pop(Call call, boolean atHead) {
    boolean hasCount = call.argCount() > 2;
    if (call.argCount() > 3) {
      throw call.wrongArgumentCount();
    }
    long count = hasCount ? call.integer(2, NOT_POSITIVE) : 1;
    if (count < 0) {
      throw NOT_POSITIVE;
    }
    Slice key = call.arg(1);
    Entry entry = call.edit(ValueType.LIST, key);
    if (entry == null) {
      if (hasCount) {
        call.reply().nullArray();
      } else {
        call.reply().nullBulk();
      }
    } else if (hasCount) {
      popSome(call, entry, key, atHead, count);
    } else {
      popOne(call, entry, key, atHead);
    }
  }

  /** Takes an element from an end of a list that has some, and replies with it. */
  static void popOne(Call call, Entry entry, Slice key, boolean atHead) {
    ListValue list = entry.list();
    writeEnd(call.reply(), list, atHead);
    list.dropWalked(atHead, thresholds(call));
    call.changed(key, popped(atHead));
    if (list.isEmpty()) {
      call.removeEmptied(entry);
    }
  }

  /**
   * Takes elements from an end, and replies with an array of them.
   *
   * @return how many there were
   */
  static long popSome(Call call, Entry entry, Slice key, boolean atHead, long count) {
    ListValue list = entry.list();
    long taken = Math.min(count, list.length());
    writeRun(call.reply(), list, atHead ? 0 : list.length() - 1, (int) taken, !atHead);
    if (taken > 0) {
      list.drop(taken, atHead, thresholds(call));
      call.changed(key, popped(atHead));
      call.changed(taken - 1);
      if (list.isEmpty()) {
        call.removeEmptied(entry);
      }
    }
    return taken;
  }

  static KeyEvent pushed(boolean atHead) {
    return atHead ? KeyEvent.LPUSH : KeyEvent.RPUSH;
  }

  static KeyEvent popped(boolean atHead) {
    return atHead ? KeyEvent.LPOP : KeyEvent.RPOP;
  }

  /** Whether an argument is LEFT; it is RIGHT otherwise, or an error. */
  static boolean isLeft(Call call, int index) {
    if (call.isWord(index, "left")) {
      return true;
    }
    if (call.isWord(index, "right")) {
      return false;
    }
    throw CommandError.SYNTAX;
  }

  static Thresholds thresholds(Call call) {
    return call.engine().settings().thresholds;
  }

  // ---- reading

  private static void llen(Call call) {
    Entry entry = call.read(ValueType.LIST, call.arg(1));
    call.reply().integer(entry == null ? 0 : entry.list().length());
  }

  private static void lrange(Call call) {
    long start = call.integer(2);
    long stop = call.integer(3);
    Entry entry = call.read(ValueType.LIST, call.arg(1));
    if (entry == null) {
      call.reply().array(0);
      return;
    }
    ListValue list = entry.list();
    long length = list.length();
    long first = Math.max(0, start < 0 ? length + start : start);
    long last = Math.min(length - 1, stop < 0 ? length + stop : stop);
    int count = first > last ? 0 : (int) (last - first + 1);
    writeRun(call.reply(), list, first, count, false);
  }

  /** An array of so many elements from an index on. */
  private static void writeRun(
      ReplyWriter reply, ListValue list, long from, int count, boolean backward) {
    reply.array(count);
    ListWalk walk = list.walk();
    boolean more = count > 0 && walk.start(from, backward);
    for (int left = count; more; ) {
      if (backward) {
        write(reply, walk);
        more = --left > 0 && walk.next();
      } else {
        left -= reply.bulks(walk.runArray(), walk.at(), walk.runEnd(), left);
        more = left > 0 && walk.nextRun();
      }
    }
  }

  static void writeEnd(ReplyWriter reply, ListValue list, boolean atHead) {
    ListWalk walk = list.walk();
    walk.start(atHead ? 0 : list.length() - 1, !atHead);
    write(reply, walk);
  }

  private static void write(ReplyWriter reply, ListWalk walk) {
    if (walk.isInteger()) {
      reply.bulkInteger(walk.integer());
    } else {
      reply.bulk(walk.text());
    }
  }

  private static void lindex(Call call) {
    Entry entry = call.read(ValueType.LIST, call.arg(1));
    if (entry == null) {
      call.reply().nullBulk();
      return;
    }
    ListValue list = entry.list();
    ListWalk walk = list.walk();
    if (walk.start(index(call, list), false)) {
      write(call.reply(), walk);
    } else {
      call.reply().nullBulk();
    }
  }

  /** The index in the second argument, from the head; negative where that is before the first. */
  private static long index(Call call, ListValue list) {
    long index = call.integer(2);
    return index < 0 ? list.length() + index : index;
  }

  // ---- editing

  private static void lset(Call call) {
    Slice key = call.arg(1);
    Entry entry = call.edit(ValueType.LIST, key);
    if (entry == null) {
      throw CommandError.NO_SUCH_KEY;
    }
    ListValue list = entry.list();
    long index = index(call, list);
    if (index < 0 || index >= list.length()) {
      throw CommandError.INDEX_OUT_OF_RANGE;
    }
    list.set(index, call.arg(3), thresholds(call));
    call.changed(key, KeyEvent.LSET);
    call.reply().ok();
  }

  private static void linsert(Call call) {
    boolean before = call.isWord(2, "before");
    if (!before && !call.isWord(2, "after")) {
      throw CommandError.SYNTAX;
    }
    Slice key = call.arg(1);
    Entry entry = call.edit(ValueType.LIST, key);
    if (entry == null) {
      call.reply().integer(0);
      return;
    }
    ListValue list = entry.list();
    ListWalk walk = list.walk();
    boolean more = walk.start(0, false);
    while (more && !walk.matches(call.arg(3))) {
      more = walk.next();
    }
    if (!more) {
      call.reply().integer(-1);
      return;
    }
    list.insert(walk.index() + (before ? 0 : 1), call.arg(4), thresholds(call));
    call.changed(key, KeyEvent.LINSERT);
    call.reply().integer(list.length());
  }

  private static void lrem(Call call) {
    long count = call.integer(2);
    Slice key = call.arg(1);
    Entry entry = call.edit(ValueType.LIST, key);
    if (entry == null) {
      call.reply().integer(0);
      return;
    }
    ListValue list = entry.list();
    long most = count == 0 || count == Long.MIN_VALUE ? Long.MAX_VALUE : Math.abs(count);
    long removed = list.remove(call.arg(3), most, count < 0, thresholds(call));
    if (removed > 0) {
      call.changed(key, KeyEvent.LREM);
      call.changed(removed - 1);
      if (list.isEmpty()) {
        call.removeEmptied(entry);
      }
    }
    call.reply().integer(removed);
  }

  private static void ltrim(Call call) {
    long start = call.integer(2);
    long stop = call.integer(3);
    Slice key = call.arg(1);
    Entry entry = call.edit(ValueType.LIST, key);
    if (entry != null) {
      ListValue list = entry.list();
      long length = list.length();
      long first = Math.max(0, start < 0 ? length + start : start);
      long last = Math.min(length - 1, stop < 0 ? length + stop : stop);
      boolean all = first > last;
      long removed = all ? length : length - (last - first + 1);
      if (all) {
        call.makeRemovable(entry);
      } else {
        list.trim(first, length - 1 - last, thresholds(call));
      }
      call.alsoTouched(key, KeyEvent.LTRIM);
      call.changed(removed);
      if (all) {
        call.removeEmptied(entry);
      }
    }
    call.reply().ok();
  }
}
