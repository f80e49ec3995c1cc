package io.cinnabar.value;

import io.cinnabar.structure.MemberIndex;
import io.cinnabar.structure.ScoreTree;
import io.cinnabar.structure.Slice;

/**
 * One step of a scan over a large sorted set, in the order of the members' hashes: a cursor is the
 * hash from which to go on.
 *
 * <p>The index knows hashes and scores, but no members: each is looked for among those of its
 * score, by its hash. Where many have the same score, one walk over all of them visits a part of
 * the hashes that is large enough to pay for it.
 */
final class SortedSetScan {
  /** So many members of the same score are looked at for one. */
  private static final int MOST_OF_A_SCORE = 64;

  /** The hashes are divided in at most 2 to so many parts. */
  private static final int MOST_PART_BITS = 6;

  /** With fewer members a part is not worth a walk. */
  private static final int MEMBERS_OF_A_PART_BITS = 10;

  private final ValueBlock block;
  private final ScoreTree order;
  private final MemberIndex index;
  private final Slice member = new Slice();

  SortedSetScan(ValueBlock block, SortedSetTrees trees) {
    this.block = block;
    order = trees.order();
    index = trees.index();
  }

  /** See {@link SortedSetValue#scan}. */
  long run(long cursor, long count, SortedSetValue value, SortedSetValue.Visitor visitor) {
    long lastHash = cursor;
    double lastScore = Double.NaN;
    int twins = 0;
    long visited = 0;
    for (boolean more = index.seek(cursor); more; more = index.next()) {
      long hash = index.hash();
      double score = index.score();
      if (visited >= count && hash != lastHash) {
        return hash;
      }
      // Members of the same hash and score: the entries are alike, each stands for another one.
      twins = hash == lastHash && score == lastScore ? twins + 1 : 0;
      if (!seek(score, hash, twins)) {
        return walk(hash, value, visitor);
      }
      visitor.visit(value);
      visited++;
      lastHash = hash;
      lastScore = score;
    }
    return 0;
  }

  /** Moves over the member with this score and hash; false where too many have the score. */
  private boolean seek(double score, long hash, int twins) {
    int left = twins;
    long rank = order.seekFrom(score);
    boolean more = order.seekRank(rank);
    for (int i = 0; more && i < MOST_OF_A_SCORE && order.score() == score; i++) {
      if (hash() == hash && left-- == 0) {
        return true;
      }
      more = order.next();
    }
    return false;
  }

  private long hash() {
    order.member(member);
    return block.hashOf(member);
  }

  /** Visits all members from a hash on up to the end of its part; the begin of the next. */
  private long walk(long from, SortedSetValue value, SortedSetValue.Visitor visitor) {
    int countBits = Long.SIZE - Long.numberOfLeadingZeros(order.count());
    int partBits = Math.max(1, Math.min(MOST_PART_BITS, countBits - MEMBERS_OF_A_PART_BITS));
    int shift = Long.SIZE - partBits;
    long part = from >>> shift;
    for (boolean more = order.seekRank(0); more; more = order.next()) {
      long hash = hash();
      if (hash >>> shift == part && Long.compareUnsigned(hash, from) >= 0) {
        visitor.visit(value);
      }
    }
    return (part + 1) << shift;
  }
}
