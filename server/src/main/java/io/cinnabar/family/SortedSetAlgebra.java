package io.cinnabar.family;

import static io.cinnabar.command.CommandFlag.DENYOOM;
import static io.cinnabar.command.CommandFlag.READONLY;
import static io.cinnabar.command.CommandFlag.WRITE;
import static io.cinnabar.command.KeyFlag.ACCESS;
import static io.cinnabar.command.KeyFlag.OW;
import static io.cinnabar.command.KeyFlag.RO;
import static io.cinnabar.command.KeyFlag.UPDATE;

import io.cinnabar.command.Call;
import io.cinnabar.command.CommandError;
import io.cinnabar.command.CommandTable;
import io.cinnabar.command.FamilyBuilder;
import io.cinnabar.command.KeyEvent;
import io.cinnabar.structure.DoubleText;
import io.cinnabar.structure.Slice;
import io.cinnabar.value.SortedSetValue;
import io.cinnabar.value.Thresholds;
import io.cinnabar.value.ValueType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Commands that unite, intersect and subtract sorted sets and sets. The result is made as the value
 * of a key, which a STORE form keeps and another one replies.
 */
public final class SortedSetAlgebra {

  private enum Operation {
    UNION,
    INTERSECTION,
    DIFFERENCE
  }

  private enum Aggregate {
    SUM,
    MIN,
    MAX
  }

  private static final CommandError NOT_A_WEIGHT =
      new CommandError("ERR weight value is not a float");
  private static final CommandError NEGATIVE_LIMIT =
      new CommandError("ERR LIMIT can't be negative");

  private static final String WEIGHTS =
      " [WEIGHTS weight:integer...] [AGGREGATE aggregate:(SUM | MIN | MAX)]";

  private final List<AlgebraInput> spare = new ArrayList<>();

  // The command under way.
  private final List<AlgebraInput> inputs = new ArrayList<>();
  private Aggregate aggregate = Aggregate.SUM;
  private boolean isStored;
  private boolean withScores;
  private long limit;
  private @Nullable SortedSetValue result;

  private SortedSetAlgebra() {}

  public static void declare(CommandTable.Builder table) {
    FamilyBuilder family = table.family("sorted-set");
    SortedSetAlgebra commands = new SortedSetAlgebra();
    declareReplied(family, commands);
    declareStored(family, commands);
    family
        .command("ZINTERCARD numkeys:integer key... [LIMIT limit:integer]", commands::zintercard)
        .flags(READONLY)
        .keyCount(1, RO, ACCESS)
        .since("7.0.0")
        .complexity("O(N*K) for K keys, the smallest of which has N members")
        .summary("Counts the members that all of some sorted sets have.");
  }

  private static void declareReplied(FamilyBuilder family, SortedSetAlgebra commands) {
    family
        .command(
            "ZUNION numkeys:integer key..." + WEIGHTS + " [WITHSCORES]",
            call -> commands.reply(call, Operation.UNION))
        .flags(READONLY)
        .keyCount(1, RO, ACCESS)
        .since("6.2.0")
        .complexity("O(N)+O(M*log(M)) for N members in all, of which M are different")
        .summary("Lists the members that any of some sorted sets has.");
    family
        .command(
            "ZINTER numkeys:integer key..." + WEIGHTS + " [WITHSCORES]",
            call -> commands.reply(call, Operation.INTERSECTION))
        .flags(READONLY)
        .keyCount(1, RO, ACCESS)
        .since("6.2.0")
        .complexity("O(N*K)+O(M*log(M)) for K keys, the smallest of N members, M of them in all")
        .summary("Lists the members that all of some sorted sets have.");
    family
        .command(
            "ZDIFF numkeys:integer key... [WITHSCORES]",
            call -> commands.reply(call, Operation.DIFFERENCE))
        .flags(READONLY)
        .keyCount(1, RO, ACCESS)
        .since("6.2.0")
        .complexity("O(L + (N-K)log(N)) for L members in all, N in the first, K in the result")
        .summary("Lists the members that a sorted set has and none of some others.");
  }

  private static void declareStored(FamilyBuilder family, SortedSetAlgebra commands) {
    family
        .command(
            "ZUNIONSTORE destination:key numkeys:integer key..." + WEIGHTS,
            call -> commands.store(call, Operation.UNION, KeyEvent.ZUNIONSTORE))
        .flags(WRITE, DENYOOM)
        .key(1, OW, UPDATE)
        .keyCount(2, RO, ACCESS)
        .since("2.0.0")
        .complexity("O(N)+O(M log(M)) for N members in all, of which M are different")
        .summary("Stores the members that any of some sorted sets has.");
    family
        .command(
            "ZINTERSTORE destination:key numkeys:integer key..." + WEIGHTS,
            call -> commands.store(call, Operation.INTERSECTION, KeyEvent.ZINTERSTORE))
        .flags(WRITE, DENYOOM)
        .key(1, OW, UPDATE)
        .keyCount(2, RO, ACCESS)
        .since("2.0.0")
        .complexity("O(N*K)+O(M*log(M)) for K keys, the smallest of N members, M of them in all")
        .summary("Stores the members that all of some sorted sets have.");
    family
        .command(
            "ZDIFFSTORE destination:key numkeys:integer key...",
            call -> commands.store(call, Operation.DIFFERENCE, KeyEvent.ZDIFFSTORE))
        .flags(WRITE, DENYOOM)
        .key(1, OW, UPDATE)
        .keyCount(2, RO, ACCESS)
        .since("6.2.0")
        .complexity("O(L + (N-K)log(N)) for L members in all, N in the first, K in the result")
        .summary("Stores the members that a sorted set has and none of some others.");
  }

  // ---- the commands

  private void reply(Call call, Operation operation) {
    read(call, 1, operation != Operation.DIFFERENCE, false);
    SortedSetValue made = compute(call, operation);
    int count = made == null ? 0 : (int) made.count();
    boolean isNested = withScores && call.reply().resp3();
    call.reply().array(withScores && !isNested ? 2 * count : count);
    boolean more = made != null && made.seekRank(0);
    while (made != null && more) {
      if (isNested) {
        call.reply().array(2);
      }
      call.reply().bulk(made.member());
      if (withScores) {
        call.reply().doubleValue(made.score());
      }
      more = made.next();
    }
  }

  private void store(Call call, Operation operation, KeyEvent event) {
    read(call, 2, operation != Operation.DIFFERENCE, false);
    SortedSetValue made = compute(call, operation);
    if (made == null) {
      SortedSetRanges.removeDestination(call, call.arg(1));
      call.reply().integer(0);
      return;
    }
    long count = made.count();
    call.putPrepared();
    call.changed(call.arg(1), event);
    call.reply().integer(count);
  }

  private void zintercard(Call call) {
    read(call, 1, false, true);
    inputs.sort(Comparator.comparingLong(input -> input.count));
    AlgebraInput smallest = inputs.get(0);
    long count = 0;
    for (boolean more = smallest.first(); more; more = smallest.next()) {
      if (isInAllOthers(smallest.member()) && ++count == limit) {
        break;
      }
    }
    call.reply().integer(count);
  }

  // ---- arguments

  /**
   * Reads all arguments, and looks the keys up on the way, as Redis does.
   *
   * @param countIndex the argument with the number of keys
   */
  private void read(Call call, int countIndex, boolean isWeighted, boolean isCounted) {
    long keys = call.integer(countIndex);
    if (keys < 1) {
      throw new CommandError(
          "ERR at least 1 input key is needed for '" + call.command().fullName() + "' command");
    }
    if (keys > call.argCount() - countIndex - 1) {
      throw CommandError.SYNTAX;
    }
    isStored = countIndex > 1;
    aggregate = Aggregate.SUM;
    withScores = false;
    limit = 0;
    result = null;
    inputs.clear();
    for (int i = 0; i < keys; i++) {
      if (spare.size() == i) {
        spare.add(new AlgebraInput());
      }
      AlgebraInput input = spare.get(i);
      input.of(call.readAlso(i, call.arg(countIndex + 1 + i)));
      inputs.add(input);
    }
    int at = countIndex + 1 + (int) keys;
    while (at < call.argCount()) {
      int left = call.argCount() - at;
      if (isWeighted && left > keys && call.isWord(at, "weights")) {
        readWeights(call, at + 1);
        at += 1 + (int) keys;
      } else if (isWeighted && left > 1 && call.isWord(at, "aggregate")) {
        aggregate = aggregate(call, at + 1);
        at += 2;
      } else if (!isStored && !isCounted && call.isWord(at, "withscores")) {
        withScores = true;
        at++;
      } else if (isCounted && left > 1 && call.isWord(at, "limit")) {
        limit = call.integer(at + 1, NEGATIVE_LIMIT);
        if (limit < 0) {
          throw NEGATIVE_LIMIT;
        }
        at += 2;
      } else {
        throw CommandError.SYNTAX;
      }
    }
  }

  private void readWeights(Call call, int first) {
    for (int i = 0; i < inputs.size(); i++) {
      double weight = DoubleText.parse(call.arg(first + i));
      if (Double.isNaN(weight)) {
        throw NOT_A_WEIGHT;
      }
      inputs.get(i).weight = weight;
    }
  }

  private static Aggregate aggregate(Call call, int at) {
    if (call.isWord(at, "sum")) {
      return Aggregate.SUM;
    } else if (call.isWord(at, "min")) {
      return Aggregate.MIN;
    } else if (call.isWord(at, "max")) {
      return Aggregate.MAX;
    }
    throw CommandError.SYNTAX;
  }

  // ---- computing

  /** The result, prepared for the first key; null when it has no members. */
  private @Nullable SortedSetValue compute(Call call, Operation operation) {
    if (operation != Operation.DIFFERENCE) {
      // As Redis does: it decides on the order in which scores are added.
      inputs.sort(Comparator.comparingLong(input -> input.count));
    }
    switch (operation) {
      case UNION -> unite(call);
      case INTERSECTION -> intersect(call);
      case DIFFERENCE -> subtract(call);
    }
    return result;
  }

  private void unite(Call call) {
    Thresholds thresholds = thresholds(call);
    for (AlgebraInput input : inputs) {
      for (boolean more = input.first(); more; more = input.next()) {
        SortedSetValue made = result(call);
        Slice member = input.member();
        double before = made.score(member);
        if (Double.isNaN(before)) {
          made.insert(member, input.score(), thresholds);
        } else {
          double after = aggregated(before, input.score());
          // Not even the zeros are the same here.
          if (Double.compare(after, before) != 0) {
            made.rescore(member, before, after);
          }
        }
      }
    }
  }

  private void intersect(Call call) {
    AlgebraInput smallest = inputs.get(0);
    for (boolean more = smallest.first(); more; more = smallest.next()) {
      double score = smallest.score();
      boolean isInAll = true;
      for (int i = 1; isInAll && i < inputs.size(); i++) {
        isInAll = inputs.get(i).contains(smallest.member());
        score = isInAll ? aggregated(score, inputs.get(i).found()) : score;
      }
      if (isInAll) {
        result(call).add(smallest.member(), score, thresholds(call));
      }
    }
  }

  private boolean isInAllOthers(Slice member) {
    for (int i = 1; i < inputs.size(); i++) {
      if (!inputs.get(i).contains(member)) {
        return false;
      }
    }
    return true;
  }

  private void subtract(Call call) {
    AlgebraInput first = inputs.get(0);
    for (boolean more = first.first(); more; more = first.next()) {
      boolean isElsewhere = false;
      for (int i = 1; !isElsewhere && i < inputs.size(); i++) {
        isElsewhere = inputs.get(i).contains(first.member());
      }
      if (!isElsewhere) {
        result(call).add(first.member(), first.score(), thresholds(call));
      }
    }
  }

  private SortedSetValue result(Call call) {
    SortedSetValue made = result;
    if (made == null) {
      made = call.prepare(ValueType.SORTED_SET, call.arg(1)).sortedSet();
      if (!isStored) {
        // What no key gets is not held as a listpack, which would take the sign from a zero.
        made.expect(Long.MAX_VALUE, thresholds(call));
      }
      result = made;
    }
    return made;
  }

  private double aggregated(double a, double b) {
    switch (aggregate) {
      case MIN -> {
        return b < a ? b : a;
      }
      case MAX -> {
        return b > a ? b : a;
      }
      default -> {
        double sum = a + b;
        return Double.isNaN(sum) ? 0 : sum;
      }
    }
  }

  private static Thresholds thresholds(Call call) {
    return call.engine().settings().thresholds;
  }
}
