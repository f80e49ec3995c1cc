package io.cinnabar.family;

import static io.cinnabar.command.CommandFlag.DENYOOM;
import static io.cinnabar.command.CommandFlag.FAST;
import static io.cinnabar.command.CommandFlag.READONLY;
import static io.cinnabar.command.CommandFlag.WRITE;
import static io.cinnabar.command.KeyFlag.ACCESS;
import static io.cinnabar.command.KeyFlag.DELETE;
import static io.cinnabar.command.KeyFlag.OW;
import static io.cinnabar.command.KeyFlag.RO;
import static io.cinnabar.command.KeyFlag.RW;
import static io.cinnabar.command.KeyFlag.UPDATE;

import io.cinnabar.command.Call;
import io.cinnabar.command.CommandError;
import io.cinnabar.command.CommandTable;
import io.cinnabar.command.FamilyBuilder;
import io.cinnabar.command.KeyEvent;
import io.cinnabar.family.SortedSetRange.By;
import io.cinnabar.keyspace.Entry;
import io.cinnabar.structure.Slice;
import io.cinnabar.value.SortedSetValue;
import io.cinnabar.value.Thresholds;
import io.cinnabar.value.ValueType;
import org.jspecify.annotations.Nullable;

/** Commands on the members of a sorted set between two ranks, scores or names. */
public final class SortedSetRanges {

  private static final CommandError LIMIT_OF_RANKS =
      new CommandError(
          "ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX");
  private static final CommandError SCORES_OF_NAMES =
      new CommandError("ERR syntax error, WITHSCORES not supported in combination with BYLEX");

  private static final String LIMIT = " [LIMIT limit:<offset:integer count:integer>]";
  private static final String LIMIT_620 = " [LIMIT limit:<offset:integer count:integer>@6.2.0]";
  private static final String RANGE_COMPLEXITY = "O(log(N)+M) for M of N members";

  private final SortedSetRange range = new SortedSetRange();

  // Options of the command under way.
  private boolean isReversed;
  private boolean withScores;
  private long offset;
  private long most;

  private SortedSetRanges() {}

  public static void declare(CommandTable.Builder table) {
    FamilyBuilder family = table.family("sorted-set");
    SortedSetRanges commands = new SortedSetRanges();
    declareRange(family, commands);
    declareOldRanges(family, commands);
    declareCounts(family, commands);
    declareRemovals(family, commands);
  }

  private static void declareRange(FamilyBuilder family, SortedSetRanges commands) {
    family
        .command(
            "ZRANGE key start stop [sortby:(BYSCORE | BYLEX)@6.2.0] [REV@6.2.0]"
                + LIMIT_620
                + " [WITHSCORES]",
            call -> commands.range(call, null, false))
        .flags(READONLY)
        .key(1, RO, ACCESS)
        .since("1.2.0")
        .complexity(RANGE_COMPLEXITY)
        .summary("Lists the members between two ranks, scores or names.")
        .history("6.2.0", "Takes `REV`, `BYSCORE`, `BYLEX` and `LIMIT`.");
    family
        .command(
            "ZRANGESTORE dst:key src:key min max [sortby:(BYSCORE | BYLEX)] [REV]" + LIMIT,
            commands::zrangestore)
        .flags(WRITE, DENYOOM)
        .key(1, OW, UPDATE)
        .key(2, RO, ACCESS)
        .since("6.2.0")
        .complexity(RANGE_COMPLEXITY)
        .summary("Stores the members between two ranks, scores or names in another key.");
  }

  private static void declareOldRanges(FamilyBuilder family, SortedSetRanges commands) {
    family
        .command(
            "ZREVRANGE key start:integer stop:integer [WITHSCORES]",
            call -> commands.range(call, By.RANK, true))
        .flags(READONLY)
        .key(1, RO, ACCESS)
        .since("1.2.0")
        .complexity(RANGE_COMPLEXITY)
        .summary("Lists the members between two ranks, from the highest score on.")
        .deprecated("6.2.0", "`ZRANGE` with the `REV` argument");
    family
        .command(
            "ZRANGEBYSCORE key min:double max:double [WITHSCORES@2.0.0]" + LIMIT,
            call -> commands.range(call, By.SCORE, false))
        .flags(READONLY)
        .key(1, RO, ACCESS)
        .since("1.0.5")
        .complexity(RANGE_COMPLEXITY)
        .summary("Lists the members between two scores.")
        .history("2.0.0", "Takes `WITHSCORES`.")
        .deprecated("6.2.0", "`ZRANGE` with the `BYSCORE` argument");
    family
        .command(
            "ZREVRANGEBYSCORE key max:double min:double [WITHSCORES]" + LIMIT,
            call -> commands.range(call, By.SCORE, true))
        .flags(READONLY)
        .key(1, RO, ACCESS)
        .since("2.2.0")
        .complexity(RANGE_COMPLEXITY)
        .summary("Lists the members between two scores, from the highest on.")
        .history("2.1.6", "Takes bounds that are excluded themselves.")
        .deprecated("6.2.0", "`ZRANGE` with the `REV` and `BYSCORE` arguments");
    family
        .command("ZRANGEBYLEX key min max" + LIMIT, call -> commands.range(call, By.NAME, false))
        .flags(READONLY)
        .key(1, RO, ACCESS)
        .since("2.8.9")
        .complexity(RANGE_COMPLEXITY)
        .summary("Lists the members between two names, where all have the same score.")
        .deprecated("6.2.0", "`ZRANGE` with the `BYLEX` argument");
    family
        .command("ZREVRANGEBYLEX key max min" + LIMIT, call -> commands.range(call, By.NAME, true))
        .flags(READONLY)
        .key(1, RO, ACCESS)
        .since("2.8.9")
        .complexity(RANGE_COMPLEXITY)
        .summary("Lists the members between two names backwards, where all have the same score.")
        .deprecated("6.2.0", "`ZRANGE` with the `REV` and `BYLEX` arguments");
  }

  private static void declareCounts(FamilyBuilder family, SortedSetRanges commands) {
    family
        .command("ZCOUNT key min:double max:double", call -> commands.count(call, By.SCORE))
        .flags(READONLY, FAST)
        .key(1, RO, ACCESS)
        .since("2.0.0")
        .complexity("O(log(N)) for a sorted set of N members")
        .summary("Counts the members between two scores.");
    family
        .command("ZLEXCOUNT key min max", call -> commands.count(call, By.NAME))
        .flags(READONLY, FAST)
        .key(1, RO, ACCESS)
        .since("2.8.9")
        .complexity("O(log(N)) for a sorted set of N members")
        .summary("Counts the members between two names, where all have the same score.");
  }

  private static void declareRemovals(FamilyBuilder family, SortedSetRanges commands) {
    family
        .command(
            "ZREMRANGEBYRANK key start:integer stop:integer",
            call -> commands.remove(call, By.RANK, KeyEvent.ZREMRANGEBYRANK))
        .flags(WRITE)
        .key(1, RW, DELETE)
        .since("2.0.0")
        .complexity(RANGE_COMPLEXITY)
        .summary("Removes the members between two ranks.");
    family
        .command(
            "ZREMRANGEBYSCORE key min:double max:double",
            call -> commands.remove(call, By.SCORE, KeyEvent.ZREMRANGEBYSCORE))
        .flags(WRITE)
        .key(1, RW, DELETE)
        .since("1.2.0")
        .complexity(RANGE_COMPLEXITY)
        .summary("Removes the members between two scores.");
    family
        .command(
            "ZREMRANGEBYLEX key min max",
            call -> commands.remove(call, By.NAME, KeyEvent.ZREMRANGEBYLEX))
        .flags(WRITE)
        .key(1, RW, DELETE)
        .since("2.8.9")
        .complexity(RANGE_COMPLEXITY)
        .summary("Removes the members between two names, where all have the same score.");
  }

  // ---- reading

  /**
   * ZRANGE and its older forms.
   *
   * @param fixed what the range is given by, or null where the options say it
   */
  private void range(Call call, @Nullable By fixed, boolean isReversedForm) {
    read(call, 2, fixed, isReversedForm, false);
    Entry entry = call.read(ValueType.SORTED_SET, call.arg(1));
    if (entry == null) {
      call.reply().array(0);
      return;
    }
    SortedSetValue value = entry.sortedSet();
    find(value);
    int count = (int) range.count;
    boolean isNested = withScores && call.reply().resp3();
    call.reply().array(withScores && !isNested ? 2 * count : count);
    if (count == 0) {
      return;
    }
    value.seekRank(isReversed ? range.from + count - 1 : range.from);
    if (!isReversed && !withScores) {
      value.writeMembers(count, call.reply());
      return;
    }
    for (int i = 0; i < count; i++) {
      if (i > 0) {
        move(value);
      }
      if (isNested) {
        call.reply().array(2);
      }
      call.reply().bulk(value.member());
      if (withScores) {
        call.reply().doubleValue(value.score());
      }
    }
  }

  private void move(SortedSetValue value) {
    if (isReversed) {
      value.previous();
    } else {
      value.next();
    }
  }

  private void find(SortedSetValue value) {
    range.find(value, isReversed);
    range.limit(offset, most, isReversed);
  }

  /**
   * Reads all arguments.
   *
   * @param first the one that says where the range begins
   */
  private void read(
      Call call, int first, @Nullable By fixed, boolean isReversedForm, boolean isStored) {
    By by = readOptions(call, first + 2, fixed, isReversedForm, isStored);
    boolean maxFirst = isReversed && by != By.RANK;
    range.read(call, by, maxFirst ? first + 1 : first, maxFirst ? first : first + 1);
  }

  private By readOptions(
      Call call, int first, @Nullable By fixed, boolean isReversedForm, boolean isStored) {
    By by = fixed;
    isReversed = isReversedForm;
    withScores = false;
    offset = 0;
    most = -1;
    for (int i = first; i < call.argCount(); i++) {
      if (!isStored && call.isWord(i, "withscores")) {
        withScores = true;
      } else if (call.isWord(i, "limit") && i + 2 < call.argCount()) {
        offset = call.integer(i + 1);
        most = call.integer(i + 2);
        i += 2;
      } else if (fixed == null && !isReversed && call.isWord(i, "rev")) {
        isReversed = true;
      } else if (by == null && call.isWord(i, "bylex")) {
        by = By.NAME;
      } else if (by == null && call.isWord(i, "byscore")) {
        by = By.SCORE;
      } else {
        throw CommandError.SYNTAX;
      }
    }
    if (by == null) {
      by = By.RANK;
    }
    if (most != -1 && by == By.RANK) {
      throw LIMIT_OF_RANKS;
    }
    if (withScores && by == By.NAME) {
      throw SCORES_OF_NAMES;
    }
    return by;
  }

  private void count(Call call, By by) {
    range.read(call, by, 2, 3);
    Entry entry = call.read(ValueType.SORTED_SET, call.arg(1));
    if (entry == null) {
      call.reply().integer(0);
      return;
    }
    range.find(entry.sortedSet(), false);
    call.reply().integer(range.count);
  }

  // ---- changing

  private void remove(Call call, By by, KeyEvent event) {
    range.read(call, by, 2, 3);
    Slice key = call.arg(1);
    Entry entry = call.edit(ValueType.SORTED_SET, key);
    if (entry == null) {
      call.reply().integer(0);
      return;
    }
    range.find(entry.sortedSet(), false);
    if (range.count > 0) {
      entry.sortedSet().removeRange(range.from, range.count);
      SortedSetCommands.tell(call, key, event, range.count);
      SortedSetCommands.removeIfEmpty(call, entry);
    }
    call.reply().integer(range.count);
  }

  private void zrangestore(Call call) {
    read(call, 3, null, false, true);
    Entry source = call.read(ValueType.SORTED_SET, call.arg(2));
    long count = 0;
    if (source != null) {
      find(source.sortedSet());
      count = range.count;
    }
    if (source == null || count == 0) {
      removeDestination(call, call.arg(1));
    } else {
      copy(call, source.sortedSet(), call.prepare(ValueType.SORTED_SET, call.arg(1)).sortedSet());
      call.putPrepared();
      call.changed(call.arg(1), KeyEvent.ZRANGESTORE);
    }
    call.reply().integer(count);
  }

  private void copy(Call call, SortedSetValue source, SortedSetValue into) {
    Thresholds thresholds = call.engine().settings().thresholds;
    source.seekRank(range.from);
    for (long i = 0; i < range.count; i++) {
      into.add(source.member(), source.score(), thresholds);
      source.next();
    }
  }

  /** What a STORE command does to its destination when there is nothing to store. */
  static void removeDestination(Call call, Slice key) {
    Entry old = call.editOther(call.database(), key);
    if (old != null) {
      call.removeOther(call.database());
      call.changed(key, KeyEvent.DEL);
    }
  }
}
