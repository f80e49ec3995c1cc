package io.cinnabar.persistence;

import io.cinnabar.keyspace.Entry;
import io.cinnabar.structure.DoubleText;
import io.cinnabar.structure.Slice;
import io.cinnabar.value.Encoding;
import io.cinnabar.value.SortedSetValue;
import io.cinnabar.value.Thresholds;
import java.util.Arrays;

/** Reads sorted sets. */
final class SortedSetReader {

  private static final int MIN_TEXT_BYTES = 2;
  private static final int MIN_BINARY_BYTES = 1 + Double.BYTES;

  private final RdbReader in;
  private final RdbElements elements;
  private final DistinctCheck distinct;
  private final RdbString member = new RdbString();
  private final RdbString score = new RdbString();
  private final RdbString lastMember = new RdbString();

  SortedSetReader(RdbReader in, RdbElements elements, DistinctCheck distinct) {
    this.in = in;
    this.elements = elements;
    this.distinct = distinct;
  }

  /** Reads a sorted set of one of the types that are such into an empty one. */
  void read(int type, Entry into, Thresholds thresholds) throws RdbException {
    SortedSetValue sortedSet = into.sortedSet();
    switch (type) {
      case RdbType.SORTED_SET_TEXT -> readMembers(false, sortedSet, thresholds);
      case RdbType.SORTED_SET -> readMembers(true, sortedSet, thresholds);
      case RdbType.SORTED_SET_ZIPLIST -> {
        elements.ziplist();
        addPairs(sortedSet, thresholds);
      }
      default -> readListpack(into, thresholds);
    }
    if (sortedSet.count() == 0) {
      throw new RdbException.EmptyValue("has an empty sorted set");
    }
  }

  private void readMembers(boolean isBinary, SortedSetValue sortedSet, Thresholds thresholds)
      throws RdbException {
    int count = in.count(isBinary ? MIN_BINARY_BYTES : MIN_TEXT_BYTES);
    sortedSet.expect(count, thresholds);
    for (int i = 0; i < count; i++) {
      Slice name = in.string(member);
      add(name, isBinary ? in.binaryDouble() : in.textDouble(), sortedSet, thresholds);
    }
  }

  private void readListpack(Entry into, Thresholds thresholds) throws RdbException {
    SortedSetValue sortedSet = into.sortedSet();
    elements.listpack();
    int count = elements.count();
    if (count / 2 <= thresholds.sortedSetMaxListpackEntries
        && isInOrder()
        && distinct.areDistinct(elements.packed(), count, 2, into)) {
      elements.copyTo(sortedSet.packedBytes(), Encoding.LISTPACK);
      return;
    }
    elements.restart();
    addPairs(sortedSet, thresholds);
  }

  /** Whether the members and scores are pairs, in the order that a sorted set has. */
  private boolean isInOrder() throws RdbException {
    RdbString current = member;
    RdbString last = lastMember;
    double lastScore = Double.NEGATIVE_INFINITY;
    requirePairs();
    for (int left = elements.count() / 2; left > 0; left--) {
      Slice name = elements.next(current);
      double number = DoubleText.parse(elements.next(score));
      boolean isFirst = left == elements.count() / 2;
      if (!(number >= lastScore)
          || (!isFirst && number == lastScore && compare(last.bytes(), name) >= 0)) {
        return false;
      }
      lastScore = number;
      RdbString free = last;
      last = current;
      current = free;
    }
    return true;
  }

  private static int compare(Slice one, Slice other) {
    return Arrays.compareUnsigned(
        one.array, one.offset, one.end(), other.array, other.offset, other.end());
  }

  private void requirePairs() throws RdbException {
    if (elements.count() % 2 != 0) {
      throw new RdbException("has a member without a score");
    }
  }

  private void addPairs(SortedSetValue sortedSet, Thresholds thresholds) throws RdbException {
    requirePairs();
    while (!elements.isAtEnd()) {
      Slice name = elements.next(member);
      add(name, DoubleText.parse(elements.next(score)), sortedSet, thresholds);
    }
  }

  private void add(Slice name, double number, SortedSetValue sortedSet, Thresholds thresholds)
      throws RdbException {
    if (Double.isNaN(number)) {
      throw new RdbException("has a score that is no number");
    }
    if (!Double.isNaN(sortedSet.score(name))) {
      throw new RdbException("has a member twice");
    }
    sortedSet.insert(name, number, thresholds);
  }

  void release() {
    member.release();
    lastMember.release();
    score.release();
  }
}
