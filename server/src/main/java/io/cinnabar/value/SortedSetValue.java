package io.cinnabar.value;

import io.cinnabar.arena.ArenaFullException;
import io.cinnabar.resp.ReplyWriter;
import io.cinnabar.structure.ScratchRoot;
import io.cinnabar.structure.Slice;
import io.cinnabar.structure.TreeTouch;

/**
 * The sorted set in a {@link ValueBlock}: members, each once, in the order of their scores, then of
 * their bytes. There is one for each block object, which is moved from entry to entry; beside a
 * cursor it has no state of the sorted set's.
 *
 * <pre>
 * LISTPACK, LOOSE  see {@link PackedSortedSet}
 * TWO_TREES        see {@link SortedSetTrees}
 * </pre>
 *
 * <p>Scores are never NaN; -0 and 0 are the same in the order, and a listpack holds both as 0.
 * Slices handed in must not lie in this very value; those of other values may. All changes throw
 * {@link ArenaFullException} without having changed anything.
 */
public final class SortedSetValue {
  /** A listpack that is large to Redis stays one up to so many bytes and members. */
  private static final int MAX_LOOSE_BYTES = 4096;

  private static final int MAX_LOOSE_MEMBERS = 128;

  private static final Slice NOTHING = new Slice();

  private final ValueBlock block;
  private final PackedBytes bytes;
  private final PackedSortedSet packed;
  private final SortedSetTrees trees;
  private final TreeRoots roots;
  private final ScratchRoot scratchRoots = new ScratchRoot(TreeRoots.TWO_TREES_BYTES);
  private final Slice member = new Slice();

  /** Whether the cursor is over trees. */
  private boolean isLarge;

  public SortedSetValue(ValueBlock block) {
    this.block = block;
    bytes = new PackedBytes(block);
    packed = new PackedSortedSet(bytes);
    trees = new SortedSetTrees(block);
    roots = new TreeRoots(block);
  }

  /** Locates it; how the cursor is moved from then on. */
  private boolean isLarge() {
    isLarge = block.encoding() == Encoding.TWO_TREES;
    if (isLarge) {
      trees.attach(roots);
    }
    return isLarge;
  }

  // Reading.

  /** See {@link io.cinnabar.structure.MemberIndex#noteIn}; false where there is no index. */
  public boolean noteIn(TreeTouch into, long memberHash) {
    return isLarge() && trees.index().noteIn(into, memberHash);
  }

  /** The number of members. */
  public long count() {
    return isLarge() ? trees.order().count() : packed.count();
  }

  /** Whether it is a listpack, as it is in an RDB file; the bytes are {@link #packedBytes}. */
  public boolean isPacked() {
    return block.encoding() != Encoding.TWO_TREES;
  }

  /** The bytes of the listpack; only where {@link #isPacked}. */
  public PackedBytes packedBytes() {
    assert isPacked();
    return bytes;
  }

  /**
   * Looks a member up: its score, or NaN. {@link #insert}, {@link #rescore}, {@link #remove} and
   * {@link #rank} are of the member that was looked up last; none of them may come twice.
   */
  public double score(Slice member) {
    return isLarge() ? trees.score(member) : packed.score(member);
  }

  /** The rank of the member that {@link #score} has found or that the cursor is over. */
  public long rank() {
    return isLarge ? trees.order().rank() : packed.rank();
  }

  /** How many members have a lesser score, or with {@code orSame} one that is not greater. */
  public long countBelow(double score, boolean orSame) {
    if (!isLarge()) {
      return packed.countBelow(score, orSame);
    }
    return orSame ? trees.order().seekBehind(score) : trees.order().seekFrom(score);
  }

  /**
   * How many members come before {@code bound} among those of the same score, or with {@code
   * orSame} not behind it. Where scores differ it is those before the first that does.
   */
  public long countBelow(Slice bound, boolean orSame) {
    return isLarge() ? trees.countBelow(bound, orSame) : packed.countBelow(bound, orSame);
  }

  // The cursor. It holds until the next change and until a member is looked up.

  /** Moves the cursor over the member with this rank, from 0 on; false when there is none. */
  public boolean seekRank(long rank) {
    return isLarge() ? trees.order().seekRank(rank) : packed.seekRank(rank);
  }

  /** Moves the cursor over the first member whose score is not less; false when there is none. */
  public boolean seekScore(double score) {
    return isLarge() ? trees.order().seekScore(score) : packed.seekScore(score);
  }

  /** Moves the cursor over the member behind; false, and it stays, when there is none. */
  public boolean next() {
    return isLarge ? trees.order().next() : packed.next();
  }

  /** Moves the cursor over the member before; false, and it stays, when there is none. */
  public boolean previous() {
    return isLarge ? trees.order().previous() : packed.previous();
  }

  /** The member under the cursor; valid until the next call here. */
  public Slice member() {
    if (!isLarge) {
      return packed.member();
    }
    trees.order().member(member);
    return member;
  }

  /** The score of the member under the cursor. */
  public double score() {
    return isLarge ? trees.order().score() : packed.score();
  }

  /** Writes the member under the cursor and those behind it as bulk strings, so many in all. */
  public void writeMembers(long count, ReplyWriter reply) {
    if (isLarge) {
      trees.writeMembers(count, reply);
      return;
    }
    for (long i = 0; i < count; i++) {
      reply.bulk(packed.member());
      packed.next();
    }
  }

  /**
   * Visits members from a cursor on; a small sorted set is visited at once. What is there from
   * begin to end is visited once, whatever is changed between the calls.
   *
   * @param cursor 0 to begin, then what the last call returned
   * @param count how many are visited about; more of those whose score many have
   * @return the next cursor, 0 at the end
   */
  public long scan(long cursor, long count, Visitor visitor) {
    if (isLarge()) {
      return new SortedSetScan(block, trees).run(cursor, count, this, visitor);
    }
    for (boolean more = packed.first(); more; more = packed.next()) {
      visitor.visit(this);
    }
    return 0;
  }

  /** Sees the members of a scan. */
  public interface Visitor {
    /** Sees the member that the cursor of {@code at} is over. */
    void visit(SortedSetValue at);
  }

  // Changing.

  /**
   * Inserts a member that {@link #score} has not found.
   *
   * @param score not NaN
   */
  public void insert(Slice member, double score, Thresholds thresholds) {
    if (block.encoding() == Encoding.TWO_TREES) {
      trees.insert(member, score);
      return;
    }
    boolean isSmall = isSmall(member, thresholds);
    if (!isSmall && !isLoose(member)) {
      growLarge();
      trees.score(member);
      trees.insert(member, score);
      return;
    }
    packed.insert(member, isSmall ? score + 0.0 : score);
    if (!isSmall && block.encoding().inEntry() != Encoding.LOOSE) {
      bytes.rename(Encoding.LOOSE);
    }
  }

  /** As {@link #insert}, of a member that has not been looked up but is not there. */
  public void add(Slice member, double score, Thresholds thresholds) {
    if (isLarge()) {
      trees.score(member);
    }
    insert(member, score, thresholds);
  }

  /** Whether it stays what Redis calls a listpack with one member more. */
  private boolean isSmall(Slice member, Thresholds thresholds) {
    return block.encoding().inEntry() == Encoding.LISTPACK
        && member.length <= thresholds.sortedSetMaxListpackBytes
        && packed.count() < thresholds.sortedSetMaxListpackEntries
        && packed.hasRoomFor(member);
  }

  private boolean isLoose(Slice member) {
    return packed.length() + PackedSortedSet.mostAddedBytes(member) <= MAX_LOOSE_BYTES
        && packed.count() < MAX_LOOSE_MEMBERS;
  }

  /**
   * Makes it what Redis calls large where more than so many members are to come than its thresholds
   * allow.
   */
  public void expect(long members, Thresholds thresholds) {
    if (block.encoding().inEntry() == Encoding.LISTPACK
        && members > thresholds.sortedSetMaxListpackEntries) {
      bytes.rename(Encoding.LOOSE);
    }
  }

  /** Makes two trees of a listpack. */
  private void growLarge() {
    trees.attach(scratchRoots.reset());
    int owned;
    try {
      for (boolean found = packed.first(); found; found = packed.next()) {
        trees.score(packed.member());
        trees.insert(packed.member(), packed.score());
      }
      owned = bytes.ownBlock();
      block.reshape(Encoding.TWO_TREES, TreeRoots.TWO_TREES_BYTES, 0);
    } catch (ArenaFullException full) {
      trees.clear();
      throw full;
    }
    byte[] made = scratchRoots.array();
    System.arraycopy(made, 0, block.slab(), block.valueOffset(), made.length);
    bytes.freeOwnBlock(owned);
    isLarge();
  }

  /**
   * Gives the member that {@link #score} has found another score.
   *
   * @param from the score it has
   * @param to another one, not NaN
   */
  public void rescore(Slice member, double from, double to) {
    if (block.encoding() == Encoding.TWO_TREES) {
      trees.rescore(member, from, to);
    } else {
      boolean isSmall = block.encoding().inEntry() == Encoding.LISTPACK;
      packed.rescore(member, isSmall ? to + 0.0 : to);
    }
  }

  /** Removes the member that {@link #score} has found; the last one leaves an empty value. */
  public void remove() {
    if (block.encoding() == Encoding.TWO_TREES) {
      trees.remove();
    } else {
      packed.remove();
    }
  }

  /** Removes {@code count} members from a rank on; so many there are. */
  public void removeRange(long rank, long count) {
    if (isLarge()) {
      trees.removeRange(rank, count);
    } else {
      packed.removeRange((int) rank, (int) count);
    }
  }

  /** Lets go of the arrays that it lay in. */
  public void release() {
    packed.release();
    trees.release();
    member.set(NOTHING);
  }

  /**
   * Checks all invariants, for tests.
   *
   * @throws IllegalStateException when one is broken
   */
  public void validate() {
    if (isLarge()) {
      trees.validate();
    } else {
      packed.validate();
    }
  }
}
