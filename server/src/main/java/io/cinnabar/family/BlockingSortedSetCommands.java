package io.cinnabar.family;

import static io.cinnabar.command.CommandFlag.BLOCKING;
import static io.cinnabar.command.CommandFlag.FAST;
import static io.cinnabar.command.CommandFlag.WRITE;
import static io.cinnabar.command.KeyFlag.ACCESS;
import static io.cinnabar.command.KeyFlag.DELETE;
import static io.cinnabar.command.KeyFlag.RW;

import io.cinnabar.command.Awaited;
import io.cinnabar.command.Call;
import io.cinnabar.command.FamilyBuilder;
import io.cinnabar.family.SortedSetPops.PopOptions;
import io.cinnabar.keyspace.Entry;
import io.cinnabar.structure.Slice;
import io.cinnabar.value.ValueType;

/** Commands on sorted sets that wait for a member where there is none. */
final class BlockingSortedSetCommands {

  private static final String TIMEOUT_CHANGE = "The timeout may have decimals.";

  private BlockingSortedSetCommands() {}

  static void declare(FamilyBuilder family) {
    family
        .command("BZPOPMIN key... timeout:double", call -> pop(call, false))
        .flags(WRITE, FAST, BLOCKING)
        .keys(1, -2, 1, RW, ACCESS, DELETE)
        .since("5.0.0")
        .complexity("O(log(N)) for N members")
        .summary("Removes the member with the lowest score, or waits until there is one.")
        .history("6.0.0", TIMEOUT_CHANGE);
    family
        .command("BZPOPMAX key... timeout:double", call -> pop(call, true))
        .flags(WRITE, FAST, BLOCKING)
        .keys(1, -2, 1, RW, ACCESS, DELETE)
        .since("5.0.0")
        .complexity("O(log(N)) for N members")
        .summary("Removes the member with the highest score, or waits until there is one.")
        .history("6.0.0", TIMEOUT_CHANGE);
    family
        .command(
            "BZMPOP timeout:double numkeys:integer key... where:(MIN | MAX) [COUNT count:integer]",
            BlockingSortedSetCommands::bzmpop)
        .flags(WRITE, BLOCKING)
        .keyCount(2, RW, ACCESS, DELETE)
        .since("7.0.0")
        .complexity("O(K) + O(M*log(N)) for K keys and M of N members")
        .summary("Removes members of the first sorted set that has any, or waits for one.");
  }

  private static void pop(Call call, boolean highest) {
    int lastKey = call.argCount() - 2;
    long timeoutMillis = Timeouts.ofSeconds(call, lastKey + 1);
    for (int i = 1; i <= lastKey; i++) {
      Slice key = call.arg(i);
      Entry entry = call.edit(ValueType.SORTED_SET, key);
      if (entry != null) {
        SortedSetPops.popOne(call, entry, key, highest);
        return;
      }
    }
    call.park(Awaited.SORTED_SET, 1, lastKey, timeoutMillis);
  }

  private static void bzmpop(Call call) {
    int keys = SortedSetPops.keyCount(call, 2);
    PopOptions options = new PopOptions(call, 3 + keys);
    long timeoutMillis = Timeouts.ofSeconds(call, 1);
    if (!SortedSetPops.popFirst(call, 3, keys, options)) {
      call.park(Awaited.SORTED_SET, 3, 2 + keys, timeoutMillis);
    }
  }
}
