package io.cinnabar.structure;

import io.cinnabar.arena.ArenaFullException;

/**
 * Members with scores in a {@link CountedTree}, in the order of the scores, then of the members'
 * bytes; the bytes of {@link ScoreLeaf} are its leaves.
 *
 * <p>This object is a cursor, as the tree is: over an element, or over the place where one would
 * be. {@link #insert} and {@link #remove} throw {@link ArenaFullException} and have changed
 * nothing.
 */
public final class ScoreTree extends LeafCursor implements CountedTree.Order {
  // What is sought.
  private final Slice none = new Slice();
  private Slice member = none;
  private double score;
  private int edge;

  public ScoreTree(BlockSource blocks) {
    super(blocks, ScoreLeaf.FORMAT, false);
  }

  // The order.

  @Override
  public long key() {
    return ScoreLeaf.key(score);
  }

  @Override
  public int compareToFirst(byte[] array, int offset, int length) {
    return -ScoreLeaf.compare(
        array, offset, ScoreLeaf.count(array, offset), 0, score, member, edge);
  }

  // Finding.

  /** Moves over an element, or over the place where it would be; whether it is there. */
  public boolean find(double score, Slice member) {
    seek(score, member, 0);
    return index < count && compare(index, score, member) == 0;
  }

  /** Moves behind the last element with a lesser score; how many they are. */
  public long seekFrom(double score) {
    seek(score, none, -1);
    return rank();
  }

  /** Moves behind the last element with a score that is not greater; how many they are. */
  public long seekBehind(double score) {
    seek(score, none, 1);
    return rank();
  }

  /** Moves over the first element whose score is not less; false when there is none. */
  public boolean seekScore(double score) {
    seek(score, none, -1);
    if (index < count) {
      return true;
    }
    index--;
    return count > 0 && next();
  }

  private void seek(double score, Slice member, int edge) {
    this.score = score;
    this.member = member;
    this.edge = edge;
    if (tree.seek(this)) {
      load();
      long key = key();
      int guess = tree.guess(key, count);
      index = ScoreLeaf.lowerBound(array, leaf, count, key, member, edge, guess);
    } else {
      count = 0;
      index = 0;
    }
    this.member = none;
  }

  /** Moves over the element with this rank, from 0 on; false when there are not so many. */
  public boolean seekRank(long rank) {
    if (!tree.seekIndex(rank)) {
      return false;
    }
    load();
    index = (int) (rank - tree.before());
    return true;
  }

  /** Moves over the element behind; false, and the cursor stays, when there is none. */
  public boolean next() {
    if (index + 1 < count) {
      index++;
      return true;
    }
    return nextLeaf();
  }

  /** Moves over the element before; false, and the cursor stays, when there is none. */
  public boolean previous() {
    if (index > 0) {
      index--;
      return true;
    }
    if (!tree.previous()) {
      return false;
    }
    load();
    index = count - 1;
    return true;
  }

  // The element under the cursor.

  /** Its rank, from 0 on. */
  public long rank() {
    return count == 0 ? 0 : tree.before() + index;
  }

  public double score() {
    return ScoreLeaf.score(array, leaf, index);
  }

  /** Its member; valid until the next change. */
  public void member(Slice into) {
    ScoreLeaf.member(array, leaf, count, index, into);
  }

  /** The score of one of the {@link #run}, so many behind it. */
  public double score(int further) {
    return ScoreLeaf.score(array, leaf, index + further);
  }

  /** The member of one of the {@link #run}, so many behind it; valid until the next change. */
  public void member(int further, Slice into) {
    ScoreLeaf.member(array, leaf, count, index + further, into);
  }

  /** How many elements from it on are in the same leaf. */
  public int run() {
    return count - index;
  }

  // Changing.

  /** Inserts what {@link #find} has not found; the cursor is over it then. */
  public void insert(double score, Slice member) {
    if (tree.isEmpty()) {
      balance.create(newLeaf(score, member));
      load();
      index = 0;
      return;
    }
    int added = ScoreLeaf.addedBytes(member);
    if (hasRoomFor(added)) {
      insertIntoLeaf(score, member);
      return;
    }
    // A long one has a leaf of its own, and so has one at an end of the tree: what is filled in
    // order is filled up.
    boolean isLong = added > LeafBalance.MAX_BYTES / 2 || count == 1;
    if (index == count && (isLong || tree.before() + count == tree.count())) {
      insertBehindLeaf(score, member);
    } else if (index == 0 && (isLong || tree.isFirst())) {
      insertBeforeLeaf(score, member);
    } else {
      split(isLong ? index : count / 2);
      insert(score, member);
    }
  }

  private boolean hasRoomFor(int added) {
    return tree.leaf().length() + added <= LeafBalance.MAX_BYTES;
  }

  /**
   * Whether inserting a member here leaves another cursor over the same tree where it is, as long
   * as no view is open.
   */
  public boolean insertsApartFrom(ScoreTree other, Slice member) {
    return !tree.isSameLeaf(other.tree) && hasRoomFor(ScoreLeaf.addedBytes(member));
  }

  private int newLeaf(double score, Slice member) {
    int made = tree.newLeaf(ScoreLeaf.singleBytes(member));
    ScoreLeaf.writeSingle(balance.slabOf(made), CountedTree.leafOffset(made), score, member);
    return made;
  }

  private void insertIntoLeaf(double score, Slice member) {
    ScoreLeaf.insert(tree.leaf(), index, score, member);
    load();
    tree.leafChanged(firstKey(), 1);
  }

  private void insertBehindLeaf(double score, Slice member) {
    int made = newLeaf(score, member);
    balance.reserve(firstKey(), made);
    tree.insertAfter(made, ScoreLeaf.key(score), 1);
    tree.next();
    load();
    index = 0;
  }

  private void insertBeforeLeaf(double score, Slice member) {
    int made = newLeaf(score, member);
    balance.reserve(firstKey(), made);
    tree.insertBefore(made, ScoreLeaf.key(score), 1);
    tree.previous();
    load();
    index = 0;
  }

  private long firstKey() {
    return ScoreLeaf.FORMAT.key(array, leaf, 0);
  }

  /** Removes the element under the cursor, which is over none then. */
  public void remove() {
    remove(1);
  }

  /** Removes the element under the cursor and those behind it in its leaf; see {@link #run}. */
  public void remove(int elements) {
    removeRun(elements);
  }

  /**
   * Gives the element under the cursor another score where its place in its leaf stays the same; it
   * does for the other zero.
   *
   * @return whether that was so
   */
  public boolean rescore(double score, Slice member) {
    boolean isBehind = index == 0 || compare(index - 1, score, member) < 0;
    boolean isBefore = index == count - 1 || compare(index + 1, score, member) > 0;
    boolean atBegin = index == 0 && !tree.isFirst();
    boolean atEnd = index == count - 1 && tree.before() + count != tree.count();
    boolean isSame = score == score();
    if (!isSame && (!isBehind || !isBefore || atBegin || atEnd)) {
      return false;
    }
    own();
    ScoreLeaf.score(array, leaf, index, score);
    tree.leafChanged(firstKey(), 0);
    return true;
  }

  private int compare(int other, double score, Slice member) {
    return ScoreLeaf.compare(array, leaf, count, other, score, member, 0);
  }

  /**
   * Checks the invariants, for tests: those of the tree, and that the elements are in order.
   *
   * @throws IllegalStateException when one is broken
   */
  public void validate() {
    ScoreTreeValidation validation = new ScoreTreeValidation();
    tree.validate(validation::check);
  }
}
