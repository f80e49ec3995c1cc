package io.cinnabar.family;

import io.cinnabar.command.Call;
import io.cinnabar.keyspace.Entry;
import io.cinnabar.value.SetValue;
import io.cinnabar.value.ValueType;
import java.util.Arrays;

/**
 * The sets that a command with many keys reads: their sizes, and an order by size. Beyond the first
 * few they share one entry, so that a million keys need no million entries. Used for one command
 * after the other.
 */
final class SetSources {
  /** How many sets stay looked up. */
  private static final int MOST_OPEN = 64;

  /** Bits of the place of a key among the arguments, of which there are at most 2^20. */
  private static final int INDEX_BITS = 21;

  private final SetValue[] open = new SetValue[MOST_OPEN];
  private long[] sizes = new long[MOST_OPEN];
  private long[] order = new long[MOST_OPEN];
  private int firstKey;
  private int count;

  /**
   * Looks all keys up.
   *
   * @param end behind the last key
   * @throws io.cinnabar.command.CommandError when one of them is of another type
   */
  void look(Call call, int first, int end) {
    firstKey = first;
    count = end - first;
    if (count > sizes.length) {
      sizes = new long[count];
      order = new long[count];
    }
    for (int i = 0; i < count; i++) {
      Entry found = call.readAlso(Math.min(i, MOST_OPEN), ValueType.SET, call.arg(first + i));
      sizes[i] = found == null ? 0 : found.set().count();
      order[i] = sizes[i] << INDEX_BITS | i;
      if (i < MOST_OPEN && found != null) {
        open[i] = found.set();
      }
    }
  }

  /** How many keys there are. */
  int count() {
    return count;
  }

  /** The members of the set of a key, none where there is no such key. */
  long size(int index) {
    return sizes[index];
  }

  /** Whether each key has a set. */
  boolean areAllThere() {
    for (int i = 0; i < count; i++) {
      if (sizes[i] == 0) {
        return false;
      }
    }
    return true;
  }

  /** Whether the set of a key is valid whatever others are asked for. */
  boolean staysOpen(int index) {
    return index < MOST_OPEN;
  }

  /** The set of a key that has one, to search; it is valid until another is asked for. */
  SetValue set(Call call, int index) {
    return set(call, index, MOST_OPEN);
  }

  /** The set of a key that has one, to walk; it is valid until another is to be walked. */
  SetValue walked(Call call, int index) {
    return set(call, index, MOST_OPEN + 1);
  }

  private SetValue set(Call call, int index, int entry) {
    assert sizes[index] > 0;
    return index < MOST_OPEN
        ? open[index]
        : call.lookAgain(entry, call.arg(firstKey + index)).set();
  }

  /** Sorts the keys by the sizes of their sets. */
  void sort() {
    Arrays.sort(order, 0, count);
  }

  /** The key at a place of the order by size, the smallest first. */
  int bySize(int place) {
    return (int) order[place] & (1 << INDEX_BITS) - 1;
  }
}
