package io.cinnabar.structure;

/** Checks the leaves of a {@link ScoreTree}, from the first to the last. */
final class ScoreTreeValidation {
  private final Slice member = new Slice();
  private final Slice lastMember = new Slice();
  private double lastScore = Double.NEGATIVE_INFINITY;
  private boolean isFirst = true;

  void check(byte[] array, int offset, int length, int count, long key) {
    require(ScoreLeaf.count(array, offset) == count, "a wrong count");
    require(count == 1 || length <= LeafBalance.MAX_BYTES, "a leaf that is too long");
    int end = offset + ScoreLeaf.emptyBytes(count);
    for (int i = 0; i < count; i++) {
      ScoreLeaf.member(array, offset, count, i, member);
      require(member.offset == end + (member.length < 255 ? 1 : 5), "a gap between members");
      require(
          isFirst || ScoreLeaf.compare(array, offset, count, i, lastScore, lastMember, 0) > 0,
          "elements in disorder");
      lastScore = ScoreLeaf.score(array, offset, i);
      lastMember.set(member);
      end = member.end();
      isFirst = false;
    }
    require(end == offset + length, "a leaf of another length than its elements'");
    long first = ScoreLeaf.FORMAT.key(array, offset, 0);
    require(key == 0 || key == first, "another key than that of the first element");
  }

  private static void require(boolean condition, String what) {
    if (!condition) {
      throw new IllegalStateException(what);
    }
  }
}
