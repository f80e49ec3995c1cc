package io.cinnabar.family;

import io.cinnabar.arena.ArenaFullException;
import io.cinnabar.command.Call;
import io.cinnabar.command.CommandError;
import io.cinnabar.keyspace.Entry;
import io.cinnabar.structure.DoubleText;
import io.cinnabar.structure.IndexSort;
import io.cinnabar.structure.Slice;
import io.cinnabar.value.ListWalk;
import io.cinnabar.value.SetMember;
import io.cinnabar.value.SetValue;
import io.cinnabar.value.SortedSetValue;
import io.cinnabar.value.ValueType;
import org.jspecify.annotations.Nullable;

/**
 * What SORT sorts: the elements, what they are sorted by, and their order. Used for one command
 * after the other, between {@link #begin} and {@link #end}; nothing that it has looked at may
 * change meanwhile.
 */
final class Sorting implements IndexSort.Order {
  private static final CommandError NOT_A_NUMBER =
      new CommandError("ERR One or more scores can't be converted into double");
  private static final double[] NO_SCORES = {};

  private static final int[] NO_ORDER = {};

  /** What is larger is not kept for the next time. */
  private static final int KEPT_CAPACITY = 1 << 16;

  private final SortColumn elements = new SortColumn();

  /** What the elements are sorted by, where BY says so and it is a text. */
  private final SortColumn weights = new SortColumn();

  private final SetMember member = new SetMember();

  /** What the elements are sorted by, where that is a number. */
  private double[] scores = NO_SCORES;

  /** Numbers of elements. */
  private int[] order = NO_ORDER;

  // The elements that are wanted: places in the order.
  private int first;
  private int size;

  private @Nullable SortPattern by;
  private boolean isAlpha;
  private boolean isDescending;
  private boolean isStored;

  /** Whether equal elements keep the order they have. */
  private boolean isStable;

  /**
   * Loads and sorts.
   *
   * @param entry what is sorted; null for nothing
   */
  void begin(Call call, SortOptions options, @Nullable Entry entry) {
    first = 0;
    size = 0;
    isStored = options.store != null;
    isDescending = options.isDescending;
    // A set has no order of its own that followers would have, too.
    boolean isForced =
        options.isUnsorted && isStored && entry != null && entry.type() == ValueType.SET;
    boolean isUnsorted = options.isUnsorted && !isForced;
    isAlpha = options.isAlpha || isForced;
    by = isForced ? null : options.by;
    if (entry != null) {
      load(call, entry, options, isUnsorted);
    }
    int count = elements.count();
    if (order.length < count) {
      order = new int[count];
    }
    for (int i = 0; i < count; i++) {
      order[i] = i;
    }
    if (!isUnsorted) {
      sort(call);
    }
  }

  /** Lets go of all that it has looked at. */
  void end() {
    elements.clear();
    weights.clear();
    by = null;
    if (order.length > KEPT_CAPACITY) {
      order = NO_ORDER;
      scores = NO_SCORES;
    }
  }

  /** How many elements are wanted. */
  int size() {
    return size;
  }

  /** The number of the wanted element at a place from 0 on. */
  int at(int place) {
    return order[first + place];
  }

  SortColumn elements() {
    return elements;
  }

  // ---- The elements.

  private void load(Call call, Entry entry, SortOptions options, boolean isUnsorted) {
    switch (entry.type()) {
      case LIST -> {
        limit(options, entry.list().length());
        loadList(entry.list().walk(), entry.list().length(), isUnsorted);
      }
      case SET -> {
        limit(options, entry.set().count());
        loadSet(entry.set());
      }
      case SORTED_SET -> {
        limit(options, entry.sortedSet().count());
        loadSortedSet(call, entry.sortedSet(), isUnsorted);
      }
      default -> throw CommandError.WRONG_TYPE;
    }
  }

  private void limit(SortOptions options, long count) {
    long from = Math.min(Math.max(options.limitOffset, 0), count);
    long wanted = options.limitCount < 0 ? count : options.limitCount;
    first = (int) from;
    size = (int) Math.min(wanted, count - from);
  }

  /** Where they are not sorted only those that are wanted, from the end on if descending. */
  private void loadList(ListWalk walk, long length, boolean isUnsorted) {
    boolean backward = isUnsorted && isDescending;
    long from = isUnsorted ? first : 0;
    long left = isUnsorted ? size : length;
    elements.expect(left);
    boolean more = left > 0 && walk.start(backward ? length - 1 - from : from, backward);
    for (; more && left > 0; left--) {
      if (walk.isInteger()) {
        elements.addInteger(walk.integer());
      } else {
        // A compressed part of the list lies only in a scratch.
        elements.addCopy(walk.text());
      }
      more = walk.next();
    }
    if (isUnsorted) {
      first = 0;
    }
  }

  private void loadSet(SetValue set) {
    elements.expect(set.count());
    for (boolean more = set.first(member); more; more = set.next(member)) {
      if (member.isWithoutText()) {
        elements.addInteger(member.integer());
      } else {
        elements.add(member.text());
      }
    }
  }

  private void loadSortedSet(Call call, SortedSetValue set, boolean isUnsorted) {
    // What Redis sorts is no listpack from then on.
    try {
      set.expect(Long.MAX_VALUE, call.engine().settings().thresholds);
    } catch (ArenaFullException full) {
      // Only its name would have been another.
      assert set.count() > 0;
    }
    boolean backward = isUnsorted && isDescending;
    long count = set.count();
    long from = isUnsorted ? first : 0;
    long left = isUnsorted ? size : count;
    elements.expect(left);
    boolean more = left > 0 && set.seekRank(backward ? count - 1 - from : from);
    for (; more && left > 0; left--) {
      elements.addCopy(set.member());
      more = backward ? set.previous() : set.next();
    }
    if (isUnsorted) {
      first = 0;
    }
  }

  // ---- The order.

  private void sort(Call call) {
    isStable = true;
    SortPattern pattern = by;
    if (!isAlpha) {
      loadScores(call, pattern);
    } else if (pattern != null) {
      loadWeights(call, pattern);
    }
    int count = elements.count();
    if (size == count) {
      IndexSort.stable(order, count, this);
    } else if (isAlpha && pattern != null) {
      isStable = false;
      IndexSort.range(order, count, first, first + size - 1, this);
    } else if (size > 0) {
      IndexSort.least(order, count, first + size, this);
    }
  }

  private void loadWeights(Call call, SortPattern pattern) {
    weights.expect(elements.count());
    for (int i = 0; i < elements.count(); i++) {
      Slice weight = pattern.isElement() ? elements.text(i) : pattern.look(call, elements.text(i));
      if (weight == null) {
        weights.addNothing();
      } else {
        weights.addCopy(weight);
      }
    }
  }

  private void loadScores(Call call, @Nullable SortPattern pattern) {
    int count = elements.count();
    if (scores.length < count) {
      scores = new double[count];
    }
    boolean areNumbers = true;
    for (int i = 0; i < count; i++) {
      if (pattern == null && elements.isInteger(i)) {
        scores[i] = elements.integer(i);
        continue;
      }
      Slice text = elements.text(i);
      if (pattern != null && !pattern.isElement()) {
        text = pattern.look(call, text);
      }
      // What is not there counts as 0.
      scores[i] = text == null ? 0 : number(text);
      areNumbers &= !Double.isNaN(scores[i]);
    }
    if (!areNumbers) {
      throw NOT_A_NUMBER;
    }
  }

  /** What C reads in a text; NaN where it is no number, or one that a double does not hold. */
  private static double number(Slice text) {
    double number = DoubleText.parseBehindSpace(text.array, text.offset, text.length);
    boolean isSubnormal = number != 0 && Math.abs(number) < Double.MIN_NORMAL;
    return isSubnormal ? Double.NaN : number;
  }

  @Override
  public int compare(int a, int b) {
    int compared;
    if (isAlpha) {
      compared = (by == null ? elements : weights).compare(a, b, !isStored);
    } else if (scores[a] != scores[b]) {
      compared = scores[a] < scores[b] ? -1 : 1;
    } else {
      compared = elements.compare(a, b, false);
    }
    if (compared == 0 && isStable) {
      return Integer.compare(a, b);
    }
    return isDescending ? -compared : compared;
  }
}
