package io.cinnabar.family;

import static io.cinnabar.command.CommandFlag.READONLY;
import static io.cinnabar.command.KeyFlag.ACCESS;
import static io.cinnabar.command.KeyFlag.RO;

import io.cinnabar.command.Call;
import io.cinnabar.command.CommandError;
import io.cinnabar.command.CommandTable;
import io.cinnabar.command.CommandTips;
import io.cinnabar.command.FamilyBuilder;
import io.cinnabar.keyspace.Entry;
import io.cinnabar.structure.RandomIndexes;
import io.cinnabar.value.SortedSetValue;
import io.cinnabar.value.ValueType;
import java.util.random.RandomGenerator;

/** Commands that show some members of a sorted set: by chance, or one part after the other. */
public final class SortedSetSamples {

  private static final CommandError NOT_WITHIN_LONG =
      new CommandError(
          "ERR value is out of range, value must between -9223372036854775807 and"
              + " 9223372036854775807");
  private static final CommandError COUNT_OUT_OF_RANGE =
      new CommandError("ERR value is out of range");

  /** From one member in so many on all are walked over instead of sought one by one. */
  private static final int WALK_SHARE = 8;

  private SortedSetSamples() {}

  public static void declare(CommandTable.Builder table) {
    FamilyBuilder family = table.family("sorted-set");
    family
        .command(
            "ZRANDMEMBER key [options:<count:integer [WITHSCORES]>]", SortedSetSamples::zrandmember)
        .flags(READONLY)
        .key(1, RO, ACCESS)
        .tips(CommandTips.NONDETERMINISTIC_OUTPUT)
        .since("6.2.0")
        .complexity("O(N) for N members that are asked for")
        .summary("Replies members by chance.");
    family
        .command(
            "ZSCAN key cursor:integer [MATCH pattern] [COUNT count:integer]",
            SortedSetSamples::zscan)
        .flags(READONLY)
        .key(1, RO, ACCESS)
        .tips(CommandTips.NONDETERMINISTIC_OUTPUT)
        .since("2.8.0")
        .complexity("O(1) a call, O(N) in all for N members")
        .summary("Lists some members with their scores and a cursor from which to go on.");
  }

  // ---- ZRANDMEMBER

  private static void zrandmember(Call call) {
    if (call.argCount() == 2) {
      one(call);
      return;
    }
    long count = call.integer(2);
    if (count == Long.MIN_VALUE) {
      throw NOT_WITHIN_LONG;
    }
    boolean withScores = call.argCount() > 3;
    if (call.argCount() > 4 || (withScores && !call.isWord(3, "withscores"))) {
      throw CommandError.SYNTAX;
    }
    if (withScores && (count < -Long.MAX_VALUE / 2 || count > Long.MAX_VALUE / 2)) {
      throw COUNT_OUT_OF_RANGE;
    }
    Entry entry = call.read(ValueType.SORTED_SET, call.arg(1));
    if (entry == null || count == 0) {
      call.reply().array(0);
    } else if (count < 0) {
      repeated(call, entry.sortedSet(), -count, withScores);
    } else {
      SortedSetValue value = entry.sortedSet();
      distinct(call, value, Math.min(count, value.count()), withScores);
    }
  }

  private static void one(Call call) {
    Entry entry = call.read(ValueType.SORTED_SET, call.arg(1));
    if (entry == null) {
      call.reply().nullBulk();
      return;
    }
    SortedSetValue value = entry.sortedSet();
    value.seekRank(random(call).nextLong(value.count()));
    call.reply().bulk(value.member());
  }

  private static RandomGenerator random(Call call) {
    return call.engine().host().random();
  }

  private static void repeated(Call call, SortedSetValue value, long count, boolean withScores) {
    begin(call, count, withScores);
    long members = value.count();
    for (long i = 0; i < count; i++) {
      value.seekRank(random(call).nextLong(members));
      write(call, value, withScores);
    }
  }

  private static void distinct(Call call, SortedSetValue value, long count, boolean withScores) {
    begin(call, count, withScores);
    long members = value.count();
    if (!value.isPacked() && count < members / WALK_SHARE) {
      for (long rank : RandomIndexes.distinct(random(call), members, (int) count)) {
        value.seekRank(rank);
        write(call, value, withScores);
      }
      return;
    }
    // Each member with the chance that those still wanted are of those still to come.
    long wanted = count;
    long left = members;
    for (boolean more = value.seekRank(0); more && wanted > 0; more = value.next()) {
      if (wanted == left || random(call).nextLong(left) < wanted) {
        write(call, value, withScores);
        wanted--;
      }
      left--;
    }
  }

  private static void begin(Call call, long count, boolean withScores) {
    long elements = withScores && !call.reply().resp3() ? 2 * count : count;
    if (elements > Integer.MAX_VALUE) {
      throw COUNT_OUT_OF_RANGE;
    }
    call.reply().array((int) elements);
  }

  private static void write(Call call, SortedSetValue value, boolean withScores) {
    if (withScores && call.reply().resp3()) {
      call.reply().array(2);
    }
    call.reply().bulk(value.member());
    if (withScores) {
      call.reply().doubleValue(value.score());
    }
  }

  // ---- ZSCAN

  private static void zscan(Call call) {
    long cursor = ScanOptions.cursor(call.arg(2));
    Entry entry = call.read(ValueType.SORTED_SET, call.arg(1));
    if (entry == null) {
      ScanOptions.replyNothing(call);
      return;
    }
    ScanOptions options = ScanOptions.of(call, 3, ScanOptions.Extra.NONE);
    int mark = ScanOptions.beginReply(call);
    MemberReply reply = new MemberReply(call, options);
    long next = entry.sortedSet().scan(cursor, options.count(), reply);
    ScanOptions.endReply(call, mark, next, reply.strings);
  }

  /** Writes the members that ZSCAN was asked for. */
  private static final class MemberReply implements SortedSetValue.Visitor {
    private final Call call;
    private final ScanOptions options;
    private int strings;

    MemberReply(Call call, ScanOptions options) {
      this.call = call;
      this.options = options;
    }

    @Override
    public void visit(SortedSetValue at) {
      if (options.matches(at.member())) {
        call.reply().bulk(at.member());
        call.reply().bulkDouble(at.score());
        strings += 2;
      }
    }
  }
}
