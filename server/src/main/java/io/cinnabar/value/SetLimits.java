package io.cinnabar.value;

import io.cinnabar.structure.IntegerText;
import io.cinnabar.structure.Intset;
import io.cinnabar.structure.Listpack;
import io.cinnabar.structure.ListpackEntry;

/** When a set keeps its form: Redis's thresholds, and those of loose listpacks. */
final class SetLimits {
  /** What a loose listpack takes at most; a longer one is searched too slowly. */
  private static final int LOOSE_BYTES = 4096;

  private static final int LOOSE_ENTRIES = 128;

  /** Redis's limit whatever is configured. */
  private static final long MOST_INTSET_ENTRIES = 1 << 30;

  private SetLimits() {}

  /** How many members an intset has at most. */
  static long intsetEntries(Thresholds limits) {
    return Math.min(limits.setMaxIntsetEntries, MOST_INTSET_ENTRIES);
  }

  /** Whether an intset becomes a listpack with another member, which is no integer. */
  static boolean listpackTakes(byte[] intset, int start, int addedLength, Thresholds limits) {
    int count = Intset.count(intset, start);
    return count < limits.setMaxListpackEntries
        && addedLength <= limits.setMaxListpackBytes
        && (count == 0
            || (hasRoomFor(Intset.get(intset, start, 0), limits)
                && hasRoomFor(Intset.get(intset, start, count - 1), limits)));
  }

  private static boolean hasRoomFor(long member, Thresholds limits) {
    return IntegerText.length(member) <= limits.setMaxListpackBytes;
  }

  /** Whether a listpack of so many members stays one with another. */
  static boolean listpackTakes(
      int count, byte[] listpack, int start, int addedLength, Thresholds limits) {
    return count < limits.setMaxListpackEntries
        && addedLength <= limits.setMaxListpackBytes
        && Listpack.hasRoomFor(listpack, start, addedLength);
  }

  /** Whether a loose listpack stays one with another member. */
  static boolean looseTakes(byte[] listpack, int start, SetMember added) {
    return Listpack.count(listpack, start) < LOOSE_ENTRIES
        && Listpack.totalBytes(listpack, start) + encodedBytes(added) <= LOOSE_BYTES;
  }

  /** Whether members that are packed otherwise, with another, make a loose listpack. */
  static boolean fitsLoose(SetValue set, SetMember scratch, boolean hasAdded, long addedBytes) {
    if (set.count() + (hasAdded ? 1 : 0) > LOOSE_ENTRIES) {
      return false;
    }
    long bytes = Listpack.EMPTY_BYTES + addedBytes;
    for (boolean more = set.first(scratch); more; more = set.next(scratch)) {
      bytes += encodedBytes(scratch);
    }
    return bytes <= LOOSE_BYTES;
  }

  /** What a member takes in a listpack. */
  static long encodedBytes(SetMember member) {
    return member.isWithoutText()
        ? ListpackEntry.encodedBytes(member.integer())
        : ListpackEntry.encodedBytes(member.text());
  }

  /** Whether the members may be a listpack. */
  static boolean fitsListpack(SetValue set, SetMember scratch, Thresholds limits) {
    if (set.count() > limits.setMaxListpackEntries) {
      return false;
    }
    for (boolean more = set.first(scratch); more; more = set.next(scratch)) {
      if (scratch.length() > limits.setMaxListpackBytes) {
        return false;
      }
    }
    return true;
  }
}
