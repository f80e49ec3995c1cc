package io.cinnabar.value;

import io.cinnabar.arena.Arena;
import io.cinnabar.arena.ArenaFullException;
import io.cinnabar.resp.ReplyWriter;
import io.cinnabar.structure.EditableBytes;
import io.cinnabar.structure.MemberIndex;
import io.cinnabar.structure.ScoreTree;
import io.cinnabar.structure.Slice;

/**
 * A large sorted set: its members in the order of their scores, and the scores by the hashes of the
 * members. The bytes of a member are in the first tree alone; what the index finds is verified
 * there.
 *
 * <p>A cursor over {@link ValueBlock}s, as both trees are. What throws {@link ArenaFullException}
 * has changed nothing.
 */
final class SortedSetTrees {
  private final ValueBlock block;
  private final ScoreTree order;

  /** A second cursor over it: where a member goes when its score changes. */
  private final ScoreTree target;

  private final MemberIndex index;
  private final Slice visited = new Slice();
  private final Slice none = new Slice();

  /** The hash of what was looked for last. */
  private long hash;

  SortedSetTrees(ValueBlock block) {
    this.block = block;
    order = new ScoreTree(block);
    target = new ScoreTree(block);
    index = new MemberIndex(block);
  }

  void attach(EditableBytes roots) {
    order.attach(roots, 0);
    target.attach(roots, 0);
    index.attach(roots, TreeRoots.SECOND);
  }

  /** The members in order. */
  ScoreTree order() {
    return order;
  }

  MemberIndex index() {
    return index;
  }

  /**
   * The score of a member, or NaN; the order's cursor is over it then. It is the member that the
   * changes here are of.
   */
  double score(Slice member) {
    hash = block.hashOf(member);
    for (boolean found = index.find(hash); found; found = index.nextSame()) {
      double score = index.score();
      if (order.find(score, member)) {
        return score;
      }
    }
    return Double.NaN;
  }

  /** See {@link SortedSetValue#countBelow(Slice, boolean)}. */
  long countBelow(Slice bound, boolean orSame) {
    if (!order.seekRank(0)) {
      return 0;
    }
    boolean found = order.find(order.score(), bound);
    return order.rank() + (found && orSame ? 1 : 0);
  }

  /** See {@link SortedSetValue#writeMembers}. */
  void writeMembers(long count, ReplyWriter reply) {
    long left = count;
    do {
      int run = (int) Math.min(order.run(), left);
      for (int i = 0; i < run; i++) {
        order.member(i, visited);
        reply.bulk(visited.array, visited.offset, visited.length);
      }
      left -= run;
    } while (left > 0 && order.nextLeaf());
  }

  /** Inserts what {@link #score} has not found. */
  void insert(Slice member, double score) {
    order.find(score, member);
    order.insert(score, member);
    try {
      index.insert(hash, score);
    } catch (ArenaFullException full) {
      // Its leaf has just been written: taking it away needs no memory.
      order.remove();
      throw full;
    }
  }

  /** Removes what {@link #score} has found. */
  void remove() {
    index.own();
    order.remove();
    index.remove();
  }

  /**
   * Gives what {@link #score} has found another score.
   *
   * @param from the one it has
   */
  void rescore(Slice member, double from, double to) {
    index.own();
    if (!order.rescore(to, member)) {
      target.find(to, member);
      boolean staysInPlace = !hasViews() && target.insertsApartFrom(order, member);
      target.insert(to, member);
      if (staysInPlace) {
        order.remove();
      } else {
        removeOld(member, from, to);
      }
    }
    index.score(to);
  }

  /** Removes a member that is there with two scores. */
  private void removeOld(Slice member, double old, double added) {
    try {
      order.find(old, member);
      order.remove();
    } catch (ArenaFullException full) {
      order.find(added, member);
      order.remove();
      throw full;
    }
  }

  private boolean hasViews() {
    return block.arena().isFrozen(Arena.FIRST_EPOCH);
  }

  /** Removes {@code count} members from a rank on, as many as there are at least. */
  void removeRange(long rank, long count) {
    if (hasViews()) {
      ownRange(rank, count);
    }
    long left = count;
    while (left > 0) {
      order.seekRank(rank);
      int run = (int) Math.min(order.run(), left);
      for (int i = 0; i < run; i++) {
        findInIndex(i);
        index.remove();
      }
      order.remove(run);
      left -= run;
    }
  }

  /** Copies what a view sees of all that is going to be changed, so that the changes can't fail. */
  private void ownRange(long rank, long count) {
    for (long i = 0; i < count; i++) {
      order.seekRank(rank + i);
      order.own();
      findInIndex(0);
      index.own();
    }
  }

  /**
   * Moves the index's cursor over an entry with hash and score of a member in the leaf under the
   * order's, so many behind the one under that.
   */
  private void findInIndex(int further) {
    order.member(further, visited);
    double score = order.score(further);
    boolean found = index.find(block.hashOf(visited));
    while (found && index.score() != score) {
      found = index.nextSame();
    }
    assert found : "a member without an entry in the index";
  }

  void clear() {
    order.clear();
    index.clear();
  }

  void release() {
    order.release();
    target.release();
    index.release();
    visited.set(none);
  }

  void validate() {
    order.validate();
    index.validate();
    if (order.count() != index.count()) {
      throw new IllegalStateException("an index of another size");
    }
    for (long rank = 0; rank < order.count(); rank++) {
      order.seekRank(rank);
      order.member(visited);
      double score = order.score();
      double found = score(visited);
      if (Double.doubleToRawLongBits(found) != Double.doubleToRawLongBits(score)
          || order.rank() != rank) {
        throw new IllegalStateException("the index has another score");
      }
    }
  }
}
