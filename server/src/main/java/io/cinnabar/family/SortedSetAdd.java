package io.cinnabar.family;

import io.cinnabar.arena.ArenaFullException;
import io.cinnabar.command.Call;
import io.cinnabar.command.CommandError;
import io.cinnabar.command.KeyEvent;
import io.cinnabar.keyspace.Entry;
import io.cinnabar.structure.DoubleText;
import io.cinnabar.structure.Slice;
import io.cinnabar.value.SortedSetValue;
import io.cinnabar.value.Thresholds;
import io.cinnabar.value.ValueType;

/** ZADD and ZINCRBY, and what GEOADD shares with them. */
final class SortedSetAdd {

  private static final CommandError NX_AND_XX =
      new CommandError("ERR XX and NX options at the same time are not compatible");
  private static final CommandError COMPARED_TWICE =
      new CommandError("ERR GT, LT, and/or NX options at the same time are not compatible");
  private static final CommandError SEVERAL_INCREMENTS =
      new CommandError("ERR INCR option supports a single increment-element pair");
  private static final CommandError NAN =
      new CommandError("ERR resulting score is not a number (NaN)");

  private static final int FEW_SCORES = 64;

  // Options of the command under way.
  private boolean onlyNew;
  private boolean onlyThere;
  private boolean onlyGreater;
  private boolean onlyLess;
  private boolean countsChanged;
  private boolean increments;

  private double[] scores = new double[FEW_SCORES];

  // What came of it.
  private int added;
  private int updated;

  /** The score that INCR has led to, or NaN. */
  private double result;

  void zadd(Call call) {
    int first = readOptions(call);
    int elements = call.argCount() - first;
    if (elements % 2 != 0 || elements == 0) {
      throw CommandError.SYNTAX;
    }
    checkOptions(elements / 2);
    add(call, first);
    if (increments) {
      writeResult(call);
    } else {
      call.reply().integer(countsChanged ? added + updated : added);
    }
  }

  void zincrby(Call call) {
    clearOptions();
    increments = true;
    add(call, 2);
    writeResult(call);
  }

  private void writeResult(Call call) {
    if (Double.isNaN(result)) {
      call.reply().nullBulk();
    } else {
      call.reply().doubleValue(result);
    }
  }

  private void clearOptions() {
    onlyNew = false;
    onlyThere = false;
    onlyGreater = false;
    onlyLess = false;
    countsChanged = false;
    increments = false;
  }

  /** The index of the first argument that is no option. */
  private int readOptions(Call call) {
    clearOptions();
    int at = 2;
    while (at < call.argCount() && readOption(call, at)) {
      at++;
    }
    return at;
  }

  private boolean readOption(Call call, int at) {
    if (call.isWord(at, "nx")) {
      onlyNew = true;
    } else if (call.isWord(at, "xx")) {
      onlyThere = true;
    } else if (call.isWord(at, "ch")) {
      countsChanged = true;
    } else if (call.isWord(at, "incr")) {
      increments = true;
    } else if (call.isWord(at, "gt")) {
      onlyGreater = true;
    } else if (call.isWord(at, "lt")) {
      onlyLess = true;
    } else {
      return false;
    }
    return true;
  }

  private void checkOptions(int pairs) {
    if (onlyNew && onlyThere) {
      throw NX_AND_XX;
    }
    if ((onlyNew && (onlyGreater || onlyLess)) || (onlyGreater && onlyLess)) {
      throw COMPARED_TWICE;
    }
    if (increments && pairs > 1) {
      throw SEVERAL_INCREMENTS;
    }
  }

  /** Adds the pairs of score and member from an argument on. */
  private void add(Call call, int first) {
    int pairs = (call.argCount() - first) / 2;
    if (scores.length < pairs) {
      scores = new double[pairs];
    }
    for (int i = 0; i < pairs; i++) {
      double score = DoubleText.parse(call.arg(first + 2 * i));
      if (Double.isNaN(score)) {
        throw CommandError.NOT_A_FLOAT;
      }
      scores[i] = score;
    }
    run(call, first + 1, 2, pairs);
    if (scores.length > FEW_SCORES) {
      scores = new double[FEW_SCORES];
    }
  }

  /**
   * GEOADD: adds members with scores that it has made, the first member being that argument and
   * each other one three further.
   *
   * @return how many were added, or with {@code countsChanged} added or changed
   */
  int addPlaces(
      Call call,
      boolean onlyNew,
      boolean onlyThere,
      boolean countsChanged,
      double[] places,
      int firstMember) {
    clearOptions();
    this.onlyNew = onlyNew;
    this.onlyThere = onlyThere;
    scores = places;
    run(call, firstMember, 3, places.length);
    return countsChanged ? added + updated : added;
  }

  /** Whether the last command has changed anything. */
  boolean hasChanged() {
    return added + updated > 0;
  }

  private void run(Call call, int firstMember, int step, int count) {
    added = 0;
    updated = 0;
    result = Double.NaN;
    Slice key = call.arg(1);
    Entry entry;
    if (onlyThere) {
      entry = call.edit(ValueType.SORTED_SET, key);
      if (entry == null) {
        return;
      }
    } else {
      entry = call.editOrCreate(ValueType.SORTED_SET, key);
      entry.sortedSet().expect(count, thresholds(call));
    }
    boolean isNew = entry.isDetached();
    int done = 0;
    try {
      for (; done < count; done++) {
        put(call, entry.sortedSet(), call.arg(firstMember + done * step), scores[done]);
        if (!isNew && added + updated > 0) {
          call.insist();
        }
      }
    } catch (ArenaFullException full) {
      // What was made anew goes as a whole; else what was taken so far stays.
      if (!isNew && added + updated > 0) {
        tell(call);
        call.propagateUpTo(firstMember + (done - 1) * step + 1);
      }
      throw full;
    }
    call.keep(entry);
    if (added + updated > 0) {
      tell(call);
    }
  }

  private void tell(Call call) {
    KeyEvent event = increments ? KeyEvent.ZINCR : KeyEvent.ZADD;
    SortedSetCommands.tell(call, call.arg(1), event, added + updated);
  }

  private void put(Call call, SortedSetValue value, Slice member, double score) {
    double before = value.score(member);
    if (Double.isNaN(before)) {
      if (!onlyThere) {
        value.insert(member, score, thresholds(call));
        added++;
        result = score;
      }
      return;
    }
    if (onlyNew) {
      return;
    }
    double after = increments ? before + score : score;
    if (Double.isNaN(after)) {
      throw NAN;
    }
    if ((onlyGreater && after <= before) || (onlyLess && after >= before)) {
      return;
    }
    result = after;
    if (after != before) {
      value.rescore(member, before, after);
      updated++;
    }
  }

  private static Thresholds thresholds(Call call) {
    return call.engine().settings().thresholds;
  }
}
