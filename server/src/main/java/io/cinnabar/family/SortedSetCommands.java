package io.cinnabar.family;

import static io.cinnabar.command.CommandFlag.DENYOOM;
import static io.cinnabar.command.CommandFlag.FAST;
import static io.cinnabar.command.CommandFlag.READONLY;
import static io.cinnabar.command.CommandFlag.WRITE;
import static io.cinnabar.command.KeyFlag.ACCESS;
import static io.cinnabar.command.KeyFlag.DELETE;
import static io.cinnabar.command.KeyFlag.RO;
import static io.cinnabar.command.KeyFlag.RW;
import static io.cinnabar.command.KeyFlag.UPDATE;

import io.cinnabar.command.Call;
import io.cinnabar.command.CommandError;
import io.cinnabar.command.CommandTable;
import io.cinnabar.command.FamilyBuilder;
import io.cinnabar.command.KeyEvent;
import io.cinnabar.keyspace.Entry;
import io.cinnabar.structure.Slice;
import io.cinnabar.value.SortedSetValue;
import io.cinnabar.value.ValueType;

/** Commands on single members of sorted sets. */
public final class SortedSetCommands {

  private SortedSetCommands() {}

  public static void declare(CommandTable.Builder table) {
    FamilyBuilder family = table.family("sorted-set");
    SortedSetAdd add = new SortedSetAdd();
    family
        .command(
            "ZADD key [condition:(NX | XX)@3.0.2] [comparison:(GT | LT)@6.2.0]"
                + " [change:CH@3.0.2] [increment:INCR@3.0.2]"
                + " data:<score:double member>...",
            add::zadd)
        .flags(WRITE, DENYOOM, FAST)
        .key(1, RW, UPDATE)
        .element(3)
        .since("1.2.0")
        .complexity("O(log(N)) for each member, N being the size of the sorted set")
        .summary("Adds members with their scores, or gives members other scores.")
        .history("2.4.0", "Takes several members.")
        .history("3.0.2", "Takes `XX`, `NX`, `CH` and `INCR`.")
        .history("6.2.0", "Takes `GT` and `LT`.");
    family
        .command("ZINCRBY key increment:integer member", add::zincrby)
        .flags(WRITE, DENYOOM, FAST)
        .key(1, RW, ACCESS, UPDATE)
        .element(3)
        .since("1.2.0")
        .complexity("O(log(N)) for a sorted set of N members")
        .summary("Adds a number to the score of a member.");
    declareScores(family);
    declareRanks(family);
    family
        .command("ZREM key member...", SortedSetCommands::zrem)
        .flags(WRITE, FAST)
        .key(1, RW, DELETE)
        .element(2)
        .since("1.2.0")
        .complexity("O(M*log(N)) for M members to be removed of N")
        .summary("Removes members.")
        .history("2.4.0", "Takes several members.");
  }

  private static void declareScores(FamilyBuilder family) {
    family
        .command("ZCARD key", SortedSetCommands::zcard)
        .flags(READONLY, FAST)
        .key(1, RO)
        .since("1.2.0")
        .complexity("O(1)")
        .summary("Tells the number of members.");
    family
        .command("ZSCORE key member", SortedSetCommands::zscore)
        .flags(READONLY, FAST)
        .key(1, RO, ACCESS)
        .element(2)
        .since("1.2.0")
        .complexity("O(1) for a small sorted set, O(log(N)) for one of N members")
        .summary("Tells the score of a member.");
    family
        .command("ZMSCORE key member...", SortedSetCommands::zmscore)
        .flags(READONLY, FAST)
        .key(1, RO, ACCESS)
        .element(2)
        .since("6.2.0")
        .complexity("O(N) for N members that are asked for")
        .summary("Tells the scores of some members.");
  }

  private static void declareRanks(FamilyBuilder family) {
    family
        .command("ZRANK key member [WITHSCORE]", call -> rank(call, false))
        .flags(READONLY, FAST)
        .key(1, RO, ACCESS)
        .element(2)
        .since("2.0.0")
        .complexity("O(log(N)) for a sorted set of N members")
        .summary("Tells how many members come before one, from the lowest score on.")
        .history("7.2.0", "Takes `WITHSCORE`.");
    family
        .command("ZREVRANK key member [WITHSCORE]", call -> rank(call, true))
        .flags(READONLY, FAST)
        .key(1, RO, ACCESS)
        .element(2)
        .since("2.0.0")
        .complexity("O(log(N)) for a sorted set of N members")
        .summary("Tells how many members come before one, from the highest score on.")
        .history("7.2.0", "Takes `WITHSCORE`.");
  }

  private static void zcard(Call call) {
    Entry entry = call.read(ValueType.SORTED_SET, call.arg(1));
    call.reply().integer(entry == null ? 0 : entry.sortedSet().count());
  }

  private static void zscore(Call call) {
    Entry entry = call.read(ValueType.SORTED_SET, call.arg(1));
    if (entry == null) {
      call.reply().nullBulk();
    } else {
      writeScore(call, entry.sortedSet().score(call.arg(2)));
    }
  }

  private static void zmscore(Call call) {
    Entry entry = call.read(ValueType.SORTED_SET, call.arg(1));
    call.reply().array(call.argCount() - 2);
    for (int i = 2; i < call.argCount(); i++) {
      writeScore(call, entry == null ? Double.NaN : entry.sortedSet().score(call.arg(i)));
    }
  }

  /** Nothing for a member that is not there. */
  private static void writeScore(Call call, double score) {
    if (Double.isNaN(score)) {
      call.reply().nullBulk();
    } else {
      call.reply().doubleValue(score);
    }
  }

  private static void rank(Call call, boolean fromHighest) {
    boolean withScore = call.argCount() > 3;
    if (call.argCount() > 4) {
      throw call.wrongArgumentCount();
    }
    if (withScore && !call.isWord(3, "withscore")) {
      throw CommandError.SYNTAX;
    }
    Entry entry = call.read(ValueType.SORTED_SET, call.arg(1));
    double score = entry == null ? Double.NaN : entry.sortedSet().score(call.arg(2));
    if (entry == null || Double.isNaN(score)) {
      if (withScore) {
        call.reply().nullArray();
      } else {
        call.reply().nullBulk();
      }
      return;
    }
    if (withScore) {
      call.reply().array(2);
    }
    long rank = entry.sortedSet().rank();
    call.reply().integer(fromHighest ? entry.sortedSet().count() - 1 - rank : rank);
    if (withScore) {
      call.reply().doubleValue(score);
    }
  }

  private static void zrem(Call call) {
    Slice key = call.arg(1);
    Entry entry = call.edit(ValueType.SORTED_SET, key);
    int removed = 0;
    if (entry != null) {
      SortedSetValue value = entry.sortedSet();
      int next = 2;
      boolean isDone = false;
      try {
        for (; next < call.argCount() && (removed == 0 || value.count() > 0); next++) {
          if (!Double.isNaN(value.score(call.arg(next)))) {
            value.remove();
            call.insist();
            removed++;
          }
        }
        isDone = true;
      } finally {
        if (removed > 0) {
          tell(call, key, KeyEvent.ZREM, removed);
          if (!isDone) {
            call.propagateUpTo(next);
          }
        }
      }
      removeIfEmpty(call, entry);
    }
    call.reply().integer(removed);
  }

  /** Says that so many members of a key were changed. */
  static void tell(Call call, Slice key, KeyEvent event, long members) {
    call.changed(key, event);
    call.changed(members - 1);
  }

  /** Removes a key whose sorted set has no members any more. */
  static void removeIfEmpty(Call call, Entry entry) {
    if (entry.sortedSet().count() == 0) {
      call.removeEmptied(entry);
    }
  }
}
