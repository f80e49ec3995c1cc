package io.cinnabar.family;

import static io.cinnabar.command.CommandFlag.DENYOOM;
import static io.cinnabar.command.CommandFlag.WRITE;
import static io.cinnabar.command.KeyFlag.ACCESS;
import static io.cinnabar.command.KeyFlag.DELETE;
import static io.cinnabar.command.KeyFlag.INSERT;
import static io.cinnabar.command.KeyFlag.RW;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.cinnabar.arena.ArenaFullException;
import io.cinnabar.command.Call;
import io.cinnabar.command.CommandError;
import io.cinnabar.command.FamilyBuilder;
import io.cinnabar.keyspace.Entry;
import io.cinnabar.structure.Slice;
import io.cinnabar.value.ListValue;
import io.cinnabar.value.ListWalk;
import io.cinnabar.value.Thresholds;
import io.cinnabar.value.ValueType;

/** Commands on several lists: from one to another, and from the first that has something. */
final class ListMoves {

  private static final CommandError NO_KEYS =
      new CommandError("ERR numkeys should be greater than 0");
  private static final CommandError NO_COUNT =
      new CommandError("ERR count should be greater than 0");

  private static final byte[] LPOP = "LPOP".getBytes(US_ASCII);
  private static final byte[] RPOP = "RPOP".getBytes(US_ASCII);

  private ListMoves() {}

  static void declare(FamilyBuilder list) {
    list.command(
            "LMOVE source:key destination:key wherefrom:LEFT|RIGHT whereto:LEFT|RIGHT",
            ListMoves::lmove)
        .flags(WRITE, DENYOOM)
        .key(1, RW, ACCESS, DELETE)
        .key(2, RW, INSERT)
        .since("6.2.0")
        .complexity("O(1)")
        .summary("Moves an element from an end of a list to one of another.");
    list.command("RPOPLPUSH source:key destination:key", ListMoves::rpoplpush)
        .flags(WRITE, DENYOOM)
        .key(1, RW, ACCESS, DELETE)
        .key(2, RW, INSERT)
        .since("1.2.0")
        .complexity("O(1)")
        .deprecated("6.2.0", "`LMOVE` with the `RIGHT` and `LEFT` arguments")
        .summary("Moves the last element of a list to the head of another.");
    list.command(
            "LMPOP numkeys:integer key... where:LEFT|RIGHT [COUNT count:integer]", ListMoves::lmpop)
        .flags(WRITE)
        .keyCount(1, RW, ACCESS, DELETE)
        .since("7.0.0")
        .complexity("O(N+M) for N keys and M elements that are taken")
        .summary("Takes elements from the first of some lists that exists.");
  }

  private static void lmove(Call call) {
    boolean fromHead = ListCommands.isLeft(call, 3);
    boolean toHead = ListCommands.isLeft(call, 4);
    if (!move(call, call.arg(1), call.arg(2), fromHead, toHead)) {
      call.reply().nullBulk();
    }
  }

  private static void rpoplpush(Call call) {
    if (!move(call, call.arg(1), call.arg(2), false, true)) {
      call.reply().nullBulk();
    }
  }

  /**
   * Moves an element and replies with it; false, without a reply, where the source does not exist.
   */
  static boolean move(
      Call call, Slice source, Slice destination, boolean fromHead, boolean toHead) {
    Entry from = call.edit(ValueType.LIST, source);
    if (from == null) {
      return false;
    }
    ListValue list = from.list();
    if (source.contentEquals(destination)) {
      rotate(call, list, fromHead, toHead);
    } else {
      moveBetween(call, list, destination, fromHead, toHead);
    }
    call.alsoTouched(destination, ListCommands.pushed(toHead));
    call.changed(source, ListCommands.popped(fromHead));
    if (list.isEmpty()) {
      call.removeEmptied(from);
    }
    return true;
  }

  private static void rotate(Call call, ListValue list, boolean fromHead, boolean toHead) {
    ListCommands.writeEnd(call.reply(), list, fromHead);
    if (fromHead != toHead && list.length() > 1) {
      list.rotate(fromHead, ListCommands.thresholds(call));
    }
  }

  /** All or nothing: what came to the destination goes again where the source can't let go. */
  private static void moveBetween(
      Call call, ListValue list, Slice destination, boolean fromHead, boolean toHead) {
    Entry to = call.editOrCreateOther(ValueType.LIST, destination);
    ListValue target = to.list();
    Thresholds thresholds = ListCommands.thresholds(call);
    ListWalk walk = list.walk();
    walk.start(fromHead ? 0 : list.length() - 1, false);
    Slice element = walk.text();
    call.reply().bulk(element);
    target.willGrow(element.length, 1, thresholds);
    target.push(element, toHead, thresholds);
    try {
      list.drop(1, fromHead, thresholds);
    } catch (ArenaFullException full) {
      target.drop(1, toHead, thresholds);
      throw full;
    }
    call.keep(to);
  }

  private static void lmpop(Call call) {
    int where = whereIndex(call, 1);
    boolean atHead = ListCommands.isLeft(call, where);
    long count = count(call, where + 1);
    if (!popFirst(call, 2, where, atHead, count)) {
      call.reply().nullArray();
    }
  }

  /**
   * The argument behind the keys, which says the end.
   *
   * @param numKeys the one that says how many keys follow it
   */
  static int whereIndex(Call call, int numKeys) {
    long keys = call.integer(numKeys, NO_KEYS);
    if (keys <= 0) {
      throw NO_KEYS;
    }
    if (keys > call.argCount() - numKeys - 2) {
      throw CommandError.SYNTAX;
    }
    return numKeys + 1 + (int) keys;
  }

  /** The count in an option that may stand at {@code index}, else 1. */
  static long count(Call call, int index) {
    int arguments = call.argCount();
    if (arguments == index) {
      return 1;
    }
    if (arguments < index + 2 || !call.isWord(index, "count")) {
      throw CommandError.SYNTAX;
    }
    long count = call.integer(index + 1, NO_COUNT);
    if (count <= 0) {
      throw NO_COUNT;
    }
    if (arguments > index + 2) {
      throw CommandError.SYNTAX;
    }
    return count;
  }

  /**
   * Takes elements from the first list that exists and replies with its key and them; false,
   * without a reply, where there is none.
   *
   * @param firstKey the arguments from this to before {@code end} are the keys
   */
  static boolean popFirst(Call call, int firstKey, int end, boolean atHead, long count) {
    for (int i = firstKey; i < end; i++) {
      Slice key = call.arg(i);
      Entry entry = call.edit(ValueType.LIST, key);
      if (entry != null) {
        call.reply().array(2);
        call.reply().bulk(key);
        long taken = ListCommands.popSome(call, entry, key, atHead, count);
        if (call.isFollowed()) {
          call.propagateAs(
              popCommand(atHead), key.toByteArray(), Long.toString(taken).getBytes(US_ASCII));
        }
        return true;
      }
    }
    return false;
  }

  /** The name of the command that takes an element from an end, not to be written to. */
  static byte[] popCommand(boolean atHead) {
    return atHead ? LPOP : RPOP;
  }
}
