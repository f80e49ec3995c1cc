package io.cinnabar.persistence;

import io.cinnabar.value.PackedBytes;
import io.cinnabar.value.SetMember;
import io.cinnabar.value.SetValue;

/** Writes sets. */
final class SetWriter {

  private final RdbWriter out;
  private final SetMember member = new SetMember();

  SetWriter(RdbWriter out) {
    this.out = out;
  }

  /** Writes an intset or a listpack. */
  void writePacked(SetValue set) {
    PackedBytes packed = set.packedBytes();
    out.string(packed.array(), packed.offset(), packed.length());
  }

  void writeMembers(SetValue set) {
    out.length(set.count());
    for (boolean found = set.first(member); found; found = set.next(member)) {
      out.string(member.text());
    }
  }
}
