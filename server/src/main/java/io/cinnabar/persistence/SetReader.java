package io.cinnabar.persistence;

import io.cinnabar.keyspace.Entry;
import io.cinnabar.value.Encoding;
import io.cinnabar.value.SetMember;
import io.cinnabar.value.SetValue;
import io.cinnabar.value.Thresholds;

/** Reads sets. */
final class SetReader {

  private final RdbElements elements;
  private final DistinctCheck distinct;
  private final RdbString text = new RdbString();
  private final SetMember member = new SetMember();

  SetReader(RdbElements elements, DistinctCheck distinct) {
    this.elements = elements;
    this.distinct = distinct;
  }

  /** Reads a set of one of the types that are such into an empty one. */
  void read(int type, Entry into, Thresholds thresholds) throws RdbException {
    switch (type) {
      case RdbType.SET -> {
        elements.strings();
        begin(into.set(), thresholds);
        addAll(into.set(), thresholds);
      }
      case RdbType.SET_INTSET -> readIntset(into.set(), thresholds);
      default -> readListpack(into, thresholds);
    }
    if (into.set().count() == 0) {
      throw new RdbException.EmptyValue("has an empty set");
    }
  }

  private void readIntset(SetValue set, Thresholds thresholds) throws RdbException {
    elements.intset();
    if (elements.count() <= thresholds.setMaxIntsetEntries) {
      elements.copyTo(set.packedBytes(), Encoding.INTSET);
    } else {
      beginLarge(set, thresholds);
      addAll(set, thresholds);
    }
  }

  private void readListpack(Entry into, Thresholds thresholds) throws RdbException {
    elements.listpack();
    int count = elements.count();
    if (count <= thresholds.setMaxListpackEntries
        && distinct.areDistinct(elements.packed(), count, 1, into)) {
      elements.copyTo(into.set().packedBytes(), Encoding.LISTPACK);
    } else {
      beginLarge(into.set(), thresholds);
      addAll(into.set(), thresholds);
    }
  }

  /** As Redis does when it loads one: it is not told whether the members are integers. */
  private void begin(SetValue set, Thresholds thresholds) {
    if (elements.count() <= thresholds.setMaxIntsetEntries) {
      set.beginAsIntset();
    } else {
      beginLarge(set, thresholds);
    }
  }

  /** What is too large for the packed form that it comes in becomes a table, not another form. */
  private static void beginLarge(SetValue set, Thresholds thresholds) {
    set.expect(Long.MAX_VALUE, thresholds);
  }

  private void addAll(SetValue set, Thresholds thresholds) throws RdbException {
    while (!elements.isAtEnd()) {
      if (!set.add(member.of(elements.next(text)), thresholds)) {
        throw new RdbException("has a member twice");
      }
    }
  }

  void release() {
    text.release();
    member.of(text.bytes());
  }
}
