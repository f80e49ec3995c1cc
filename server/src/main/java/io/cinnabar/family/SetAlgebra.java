package io.cinnabar.family;

import io.cinnabar.arena.ArenaFullException;
import io.cinnabar.command.Call;
import io.cinnabar.value.SetMember;
import io.cinnabar.value.SetValue;
import io.cinnabar.value.Thresholds;
import io.cinnabar.value.ValueType;
import java.util.BitSet;

/**
 * Unites, intersects and subtracts the sets of some keys. What is replied is mostly found without a
 * set for the result: a member of one set is looked for in the others. With many sets that takes
 * longer than to make a set; then one is made that no key gets. Used for one command after the
 * other.
 */
final class SetAlgebra {
  /** With more sets a set is made of the members that were seen. */
  private static final int MOST_SEARCHED = 4;

  private final SetSources sources = new SetSources();
  private final SetMember member = new SetMember();

  /** Which sets, by their place in the order of sizes, a member is searched in. */
  private final BitSet searched = new BitSet();

  /** Looks up the sets of the keys from {@code first} to before {@code end}. */
  void look(Call call, int first, int end) {
    sources.look(call, first, end);
  }

  private static Thresholds limits(Call call) {
    return call.engine().settings().thresholds;
  }

  // ---- Intersection: the smallest set is walked along with those of about its size; its members
  // are looked for in the others.

  /**
   * Counts the members that all sets have, up to a limit.
   *
   * @param isReplied they are written, too
   */
  long intersect(Call call, long limit, boolean isReplied) {
    if (!sources.areAllThere()) {
      return 0;
    }
    SetValue smallest = beginIntersection(call);
    long count = 0;
    for (boolean more = smallest.firstCommon(member); more; more = smallest.nextCommon(member)) {
      if (isInSearched(call)) {
        if (isReplied) {
          SetCommands.reply(call.reply(), member);
        }
        if (++count == limit) {
          break;
        }
      }
    }
    return count;
  }

  /** The smallest set, ready to be walked, and which of the others are searched meanwhile. */
  private SetValue beginIntersection(Call call) {
    sources.sort();
    SetValue smallest = sources.walked(call, sources.bySize(0));
    smallest.beginCommon();
    searched.clear();
    for (int i = 1; i < sources.count(); i++) {
      int index = sources.bySize(i);
      if (!sources.staysOpen(index) || !smallest.addCommon(sources.set(call, index))) {
        searched.set(i);
      }
    }
    return smallest;
  }

  private boolean isInSearched(Call call) {
    for (int i = searched.nextSetBit(0); i >= 0; i = searched.nextSetBit(i + 1)) {
      if (!sources.set(call, sources.bySize(i)).contains(member)) {
        return false;
      }
    }
    return true;
  }

  /** Adds the members that all sets have to a new set. */
  void storeIntersection(Call call, SetValue result) {
    if (!sources.areAllThere()) {
      return;
    }
    SetValue smallest = beginIntersection(call);
    if (smallest.isIntset()) {
      result.beginAsIntset();
    }
    boolean areIntegers = true;
    for (boolean more = smallest.firstCommon(member); more; more = smallest.nextCommon(member)) {
      if (isInSearched(call)) {
        areIntegers &= member.isInteger();
        result.add(member, limits(call));
      }
    }
    if (areIntegers) {
      result.becomeIntset(limits(call));
    }
  }

  // ---- Union.

  void replyUnion(Call call) {
    if (sources.count() <= MOST_SEARCHED || !replyMadeUnion(call)) {
      replySearchedUnion(call);
    }
  }

  /** The largest set, then of each other what those before have not. */
  private void replySearchedUnion(Call call) {
    sources.sort();
    int mark = call.reply().beginDeferred();
    int count = 0;
    for (int place = sources.count() - 1; place >= 0; place--) {
      int index = sources.bySize(place);
      if (sources.size(index) == 0) {
        break;
      }
      SetValue set = sources.walked(call, index);
      for (boolean more = set.first(member); more; more = set.next(member)) {
        if (!isInLarger(call, place)) {
          SetCommands.reply(call.reply(), member);
          count++;
        }
      }
    }
    call.reply().endSet(mark, count);
  }

  private boolean isInLarger(Call call, int place) {
    for (int i = sources.count() - 1; i > place; i--) {
      if (sources.set(call, sources.bySize(i)).contains(member)) {
        return true;
      }
    }
    return false;
  }

  /** False where there is no room for it. */
  private boolean replyMadeUnion(Call call) {
    try {
      SetValue made = call.prepare(ValueType.SET, call.arg(1)).set();
      storeUnion(call, made);
      SetCommands.replyAll(call.reply(), made, member);
      return true;
    } catch (ArenaFullException full) {
      return false;
    }
  }

  /** Adds the members of all sets to a new set. */
  void storeUnion(Call call, SetValue result) {
    result.beginAsIntset();
    for (int i = 0; i < sources.count(); i++) {
      if (sources.size(i) > 0) {
        addAll(call, i, result);
      }
    }
  }

  private void addAll(Call call, int index, SetValue result) {
    SetValue set = sources.walked(call, index);
    for (boolean more = set.first(member); more; more = set.next(member)) {
      result.add(member, limits(call));
    }
  }

  // ---- Difference.

  void replyDifference(Call call) {
    if (sources.size(0) == 0) {
      call.reply().set(0);
    } else if (isSearchingCheaper() || !replyMadeDifference(call)) {
      replySearchedDifference(call);
    }
  }

  /**
   * Whether to look for each member of the first set in the others, rather than to remove all of
   * theirs from a copy of the first: by Redis's rule, since the encoding of what is stored shows
   * which of the two it was.
   */
  private boolean isSearchingCheaper() {
    long searched = 0;
    long removed = 0;
    for (int i = 0; i < sources.count(); i++) {
      if (sources.size(i) > 0) {
        searched += sources.size(0);
        removed += sources.size(i);
      }
    }
    return searched / 2 <= removed;
  }

  private void replySearchedDifference(Call call) {
    sources.sort();
    SetValue first = sources.walked(call, 0);
    int mark = call.reply().beginDeferred();
    int count = 0;
    for (boolean more = first.first(member); more; more = first.next(member)) {
      if (!isSubtracted(call)) {
        SetCommands.reply(call.reply(), member);
        count++;
      }
    }
    call.reply().endSet(mark, count);
  }

  /** Whether the member is in one of the sets behind the first; the largest are asked first. */
  private boolean isSubtracted(Call call) {
    for (int place = sources.count() - 1; place >= 0; place--) {
      int index = sources.bySize(place);
      if (sources.size(index) == 0) {
        return false;
      }
      if (index > 0 && sources.set(call, index).contains(member)) {
        return true;
      }
    }
    return false;
  }

  /** False where there is no room for it. */
  private boolean replyMadeDifference(Call call) {
    try {
      SetValue made = call.prepare(ValueType.SET, call.arg(1)).set();
      copyAndRemove(call, made);
      SetCommands.replyAll(call.reply(), made, member);
      return true;
    } catch (ArenaFullException full) {
      return false;
    }
  }

  /** Adds the members of the first set that no other has to a new set. */
  void storeDifference(Call call, SetValue result) {
    if (sources.size(0) == 0) {
      return;
    }
    if (!isSearchingCheaper()) {
      copyAndRemove(call, result);
      return;
    }
    sources.sort();
    result.beginAsIntset();
    SetValue first = sources.walked(call, 0);
    for (boolean more = first.first(member); more; more = first.next(member)) {
      if (!isSubtracted(call)) {
        result.add(member, limits(call));
      }
    }
  }

  private void copyAndRemove(Call call, SetValue result) {
    result.beginAsIntset();
    addAll(call, 0, result);
    for (int i = 1; i < sources.count() && result.count() > 0; i++) {
      if (sources.size(i) > 0) {
        SetValue set = sources.walked(call, i);
        for (boolean more = set.first(member); more; more = set.next(member)) {
          result.remove(member);
        }
      }
    }
  }
}
