package io.cinnabar.family;

import io.cinnabar.command.CommandError;
import io.cinnabar.keyspace.Entry;
import io.cinnabar.structure.Slice;
import io.cinnabar.value.SetMember;
import io.cinnabar.value.SetValue;
import io.cinnabar.value.SortedSetValue;
import io.cinnabar.value.ValueType;
import org.jspecify.annotations.Nullable;

/**
 * One of the keys that ZUNION and its likes read: a sorted set, a set, whose members all have the
 * score 1, or nothing. Used for one command after the other.
 */
final class AlgebraInput {
  private static final Slice NOTHING = new Slice();

  private final SetMember current = new SetMember();
  private final SetMember sought = new SetMember();
  private @Nullable SortedSetValue sortedSet;
  private @Nullable SetValue set;

  double weight;
  long count;

  /** Moves over what a key has. */
  void of(@Nullable Entry entry) {
    sortedSet = null;
    set = null;
    weight = 1;
    count = 0;
    if (entry == null) {
      return;
    }
    if (entry.type() == ValueType.SORTED_SET) {
      sortedSet = entry.sortedSet();
      count = sortedSet.count();
    } else if (entry.type() == ValueType.SET) {
      set = entry.set();
      count = set.count();
    } else {
      throw CommandError.WRONG_TYPE;
    }
  }

  /** Moves over the first member; false when there is none. */
  boolean first() {
    if (sortedSet != null) {
      return sortedSet.seekRank(0);
    }
    return set != null && set.first(current);
  }

  /** Moves over the next member; false when there is none. */
  boolean next() {
    if (sortedSet != null) {
      return sortedSet.next();
    }
    return set != null && set.next(current);
  }

  /** The member under the cursor; valid until it is moved. */
  Slice member() {
    if (sortedSet != null) {
      return sortedSet.member();
    }
    return set == null ? NOTHING : current.text();
  }

  /** The weighted score of the member under the cursor, 0 where that is no number. */
  double score() {
    double score = weight * (sortedSet == null ? 1 : sortedSet.score());
    return Double.isNaN(score) ? 0 : score;
  }

  /** Whether this is one of the members; moves the cursor. */
  boolean contains(Slice member) {
    if (sortedSet != null) {
      return !Double.isNaN(sortedSet.score(member));
    }
    return set != null && set.contains(sought.of(member));
  }

  /** The weighted score of the member that {@link #contains} has just found. */
  double found() {
    return weight * (sortedSet == null ? 1 : sortedSet.score());
  }
}
