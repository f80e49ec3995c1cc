package io.cinnabar.persistence;

import io.cinnabar.value.PackedBytes;
import io.cinnabar.value.SortedSetValue;

/** Writes sorted sets. */
final class SortedSetWriter {

  private final RdbWriter out;

  SortedSetWriter(RdbWriter out) {
    this.out = out;
  }

  void writeListpack(SortedSetValue sortedSet) {
    PackedBytes packed = sortedSet.packedBytes();
    out.string(packed.array(), packed.offset(), packed.length());
  }

  /** The last member first, as Redis does: it inserts at the head of its list then. */
  void writeMembers(SortedSetValue sortedSet) {
    long count = sortedSet.count();
    out.length(count);
    sortedSet.seekRank(count - 1);
    do {
      out.string(sortedSet.member());
      out.binaryDouble(sortedSet.score());
    } while (sortedSet.previous());
  }
}
