package io.cinnabar.family;

import io.cinnabar.command.Call;
import io.cinnabar.command.CommandError;
import io.cinnabar.structure.DoubleText;
import io.cinnabar.structure.Slice;
import io.cinnabar.value.SortedSetValue;

/**
 * Which members a command means: by rank, score or name, as its arguments say. First it reads them,
 * then it finds the ranks in a sorted set. One object for one command after the other.
 */
final class SortedSetRange {

  enum By {
    RANK,
    SCORE,
    NAME
  }

  private static final CommandError NOT_SCORES = new CommandError("ERR min or max is not a float");
  private static final CommandError NOT_NAMES =
      new CommandError("ERR min or max not valid string range item");

  private By by = By.RANK;

  // Ranks, as given.
  private long start;
  private long stop;

  private final ScoreBound minScore = new ScoreBound();
  private final ScoreBound maxScore = new ScoreBound();
  private final NameBound minName = new NameBound();
  private final NameBound maxName = new NameBound();

  /** The first rank, from the lowest score on. */
  long from;

  /** How many members there are from it on; none where it is 0. */
  long count;

  /** Reads the two arguments that say where it begins and ends, the lower one first. */
  void read(Call call, By by, int min, int max) {
    this.by = by;
    switch (by) {
      case RANK -> {
        start = call.integer(min);
        stop = call.integer(max);
      }
      case SCORE -> {
        minScore.read(call.arg(min));
        maxScore.read(call.arg(max));
      }
      case NAME -> {
        minName.read(call.arg(min));
        maxName.read(call.arg(max));
      }
    }
  }

  /**
   * Finds it.
   *
   * @param reversed whether ranks count from the highest score on
   */
  void find(SortedSetValue value, boolean reversed) {
    switch (by) {
      case RANK -> findRanks(value.count(), reversed);
      case SCORE -> {
        from = value.countBelow(minScore.score, minScore.isExclusive);
        count = Math.max(0, value.countBelow(maxScore.score, !maxScore.isExclusive) - from);
      }
      case NAME -> {
        from = minName.rank(value, minName.isExclusive);
        count = Math.max(0, maxName.rank(value, !maxName.isExclusive) - from);
      }
    }
  }

  private void findRanks(long size, boolean reversed) {
    long first = Math.max(0, start < 0 ? size + start : start);
    long last = Math.max(-1, Math.min(size - 1, stop < 0 ? size + stop : stop));
    count = Math.max(0, last - first + 1);
    from = reversed ? size - first - count : first;
  }

  /**
   * Leaves only some of it, as LIMIT says.
   *
   * @param offset how many are passed over; all of them where it is negative
   * @param most how many are left; all where it is negative
   */
  void limit(long offset, long most, boolean reversed) {
    if (offset < 0 || offset >= count) {
      count = 0;
      return;
    }
    long left = count - offset;
    long kept = most < 0 ? left : Math.min(most, left);
    from = reversed ? from + left - kept : from + offset;
    count = kept;
  }

  /** A score, perhaps with a parenthesis before it, which excludes that score. */
  private static final class ScoreBound {
    private double score;
    private boolean isExclusive;

    void read(Slice text) {
      isExclusive = !text.isEmpty() && text.at(0) == '(';
      int sign = isExclusive ? 1 : 0;
      score = DoubleText.parseLoosely(text.array, text.offset + sign, text.length - sign);
      if (Double.isNaN(score)) {
        throw NOT_SCORES;
      }
    }
  }

  /** A member behind a bracket or, to exclude it, a parenthesis; or one end of all members. */
  private static final class NameBound {
    private final Slice name = new Slice();
    private boolean isExclusive;

    /** -1 before all, 1 behind all. */
    private int end;

    void read(Slice text) {
      int first = text.isEmpty() ? 0 : text.at(0);
      boolean isEnd = (first == '-' || first == '+') && text.length == 1;
      if (!isEnd && first != '(' && first != '[') {
        throw NOT_NAMES;
      }
      end = isEnd ? (first == '-' ? -1 : 1) : 0;
      isExclusive = first == '(';
      if (!isEnd) {
        name.set(text.array, text.offset + 1, text.length - 1);
      }
    }

    long rank(SortedSetValue value, boolean orSame) {
      if (end != 0) {
        return end < 0 ? 0 : value.count();
      }
      return value.countBelow(name, orSame);
    }
  }
}
