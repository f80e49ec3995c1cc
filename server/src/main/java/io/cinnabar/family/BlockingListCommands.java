package io.cinnabar.family;

import static io.cinnabar.command.CommandFlag.BLOCKING;
import static io.cinnabar.command.CommandFlag.DENYOOM;
import static io.cinnabar.command.CommandFlag.WRITE;
import static io.cinnabar.command.KeyFlag.ACCESS;
import static io.cinnabar.command.KeyFlag.DELETE;
import static io.cinnabar.command.KeyFlag.INSERT;
import static io.cinnabar.command.KeyFlag.RW;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.cinnabar.command.Awaited;
import io.cinnabar.command.Call;
import io.cinnabar.command.FamilyBuilder;
import io.cinnabar.keyspace.Entry;
import io.cinnabar.structure.Slice;
import io.cinnabar.value.ValueType;

/** Commands on lists that wait for an element where there is none. */
final class BlockingListCommands {

  private static final String TIMEOUT_CHANGE = "The timeout may have decimals.";
  private static final String POP_COMPLEXITY = "O(N) for N keys";

  private static final byte[] LMOVE = "LMOVE".getBytes(US_ASCII);
  private static final byte[] RPOPLPUSH = "RPOPLPUSH".getBytes(US_ASCII);

  private BlockingListCommands() {}

  static void declare(FamilyBuilder list) {
    list.command("BLPOP key... timeout:double", call -> pop(call, true))
        .flags(WRITE, BLOCKING)
        .keys(1, -2, 1, RW, ACCESS, DELETE)
        .since("2.0.0")
        .complexity(POP_COMPLEXITY)
        .summary("Takes the first element of a list, or waits until there is one.")
        .history("6.0.0", TIMEOUT_CHANGE);
    list.command("BRPOP key... timeout:double", call -> pop(call, false))
        .flags(WRITE, BLOCKING)
        .keys(1, -2, 1, RW, ACCESS, DELETE)
        .since("2.0.0")
        .complexity(POP_COMPLEXITY)
        .summary("Takes the last element of a list, or waits until there is one.")
        .history("6.0.0", TIMEOUT_CHANGE);
    list.command(
            "BLMPOP timeout:double numkeys:integer key... where:LEFT|RIGHT [COUNT count:integer]",
            BlockingListCommands::blmpop)
        .flags(WRITE, BLOCKING)
        .keyCount(2, RW, ACCESS, DELETE)
        .since("7.0.0")
        .complexity("O(N+M) for N keys and M elements that are taken")
        .summary("Takes elements from the first of some lists, or waits until there is one.");
    list.command(
            "BLMOVE source:key destination:key wherefrom:LEFT|RIGHT whereto:LEFT|RIGHT"
                + " timeout:double",
            BlockingListCommands::blmove)
        .flags(WRITE, DENYOOM, BLOCKING)
        .key(1, RW, ACCESS, DELETE)
        .key(2, RW, INSERT)
        .since("6.2.0")
        .complexity("O(1)")
        .summary("Moves an element from one list to another, or waits until there is one.");
    list.command(
            "BRPOPLPUSH source:key destination:key timeout:double",
            BlockingListCommands::brpoplpush)
        .flags(WRITE, DENYOOM, BLOCKING)
        .key(1, RW, ACCESS, DELETE)
        .key(2, RW, INSERT)
        .since("2.2.0")
        .complexity("O(1)")
        .deprecated("6.2.0", "`BLMOVE` with the `RIGHT` and `LEFT` arguments")
        .summary("Moves the last element of a list to the head of another, or waits for one.")
        .history("6.0.0", TIMEOUT_CHANGE);
  }

  private static void pop(Call call, boolean atHead) {
    int lastKey = call.argCount() - 2;
    long timeoutMillis = Timeouts.ofSeconds(call, lastKey + 1);
    for (int i = 1; i <= lastKey; i++) {
      Slice key = call.arg(i);
      Entry entry = call.edit(ValueType.LIST, key);
      if (entry != null) {
        call.reply().array(2);
        call.reply().bulk(key);
        ListCommands.popOne(call, entry, key, atHead);
        if (call.isFollowed()) {
          call.propagateAs(ListMoves.popCommand(atHead), key.toByteArray());
        }
        return;
      }
    }
    call.park(Awaited.LIST, 1, lastKey, timeoutMillis);
  }

  private static void blmpop(Call call) {
    int where = ListMoves.whereIndex(call, 2);
    boolean atHead = ListCommands.isLeft(call, where);
    long count = ListMoves.count(call, where + 1);
    long timeoutMillis = Timeouts.ofSeconds(call, 1);
    if (!ListMoves.popFirst(call, 3, where, atHead, count)) {
      call.park(Awaited.LIST, 3, where - 1, timeoutMillis);
    }
  }

  private static void blmove(Call call) {
    boolean fromHead = ListCommands.isLeft(call, 3);
    boolean toHead = ListCommands.isLeft(call, 4);
    long timeoutMillis = Timeouts.ofSeconds(call, 5);
    if (!ListMoves.move(call, call.arg(1), call.arg(2), fromHead, toHead)) {
      parkForOne(call, timeoutMillis);
    } else if (call.isFollowed()) {
      call.propagateAs(LMOVE, bytes(call, 1), bytes(call, 2), bytes(call, 3), bytes(call, 4));
    }
  }

  private static void brpoplpush(Call call) {
    long timeoutMillis = Timeouts.ofSeconds(call, 3);
    if (!ListMoves.move(call, call.arg(1), call.arg(2), false, true)) {
      parkForOne(call, timeoutMillis);
    } else if (call.isFollowed()) {
      call.propagateAs(RPOPLPUSH, bytes(call, 1), bytes(call, 2));
    }
  }

  /** In a transaction the reply is that of a string that isn't there. */
  private static void parkForOne(Call call, long timeoutMillis) {
    if (call.mayPark()) {
      call.park(Awaited.LIST, 1, 1, timeoutMillis);
    } else {
      call.reply().nullBulk();
    }
  }

  private static byte[] bytes(Call call, int index) {
    return call.arg(index).toByteArray();
  }
}
