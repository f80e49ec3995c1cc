package io.cinnabar.structure;

/**
 * The scores of members by the members' hashes, in a {@link CountedTree} with the leaves of {@link
 * MemberIndexLeaf}. It has no members: whoever looks one up compares it where it lies, for several
 * may have the same hash.
 *
 * <p>This object is a cursor, as the tree is: over an entry, or over the place where one would be.
 * {@link #insert}, {@link #own} and {@link #remove} throw {@link
 * io.cinnabar.arena.ArenaFullException} and have changed nothing.
 */
public final class MemberIndex extends LeafCursor implements CountedTree.Order {
  private long key;

  public MemberIndex(BlockSource blocks) {
    super(blocks, MemberIndexLeaf.FORMAT, true);
  }

  @Override
  public long key() {
    return key;
  }

  /** What has the same key may begin in the leaf before. */
  @Override
  public int compareToFirst(byte[] array, int offset, int length) {
    return -1;
  }

  // Finding.

  /** Moves over the first entry with this hash, or over the place of one; whether there is one. */
  public boolean find(long hash) {
    return seek(hash) && MemberIndexLeaf.key(array, at()) == key;
  }

  /** Moves over the first entry whose hash is not less, unsigned; false when there is none. */
  public boolean seek(long hash) {
    key = hash ^ Long.MIN_VALUE;
    if (!tree.seek(this)) {
      count = 0;
      index = 0;
      return false;
    }
    load();
    index = MemberIndexLeaf.lowerBound(array, leaf, count, key, tree.guess(key, count));
    return index < count || nextLeaf();
  }

  /** Notes a hash that will be looked for; false where it is not worth it. */
  public boolean noteIn(TreeTouch into, long hash) {
    boolean isWorthIt = count() >= TreeTouch.LEAST_ELEMENTS;
    if (isWorthIt) {
      tree.noteIn(into, hash ^ Long.MIN_VALUE, true);
    }
    return isWorthIt;
  }

  /** Moves over the entry behind, of any hash; behind the last one it returns false. */
  public boolean next() {
    index++;
    return index < count || nextLeaf();
  }

  /** Moves over the entry behind; whether it has the hash of the last {@link #find}. */
  public boolean nextSame() {
    return next() && MemberIndexLeaf.key(array, at()) == key;
  }

  // The entry under the cursor.

  private int at() {
    return leaf + index * MemberIndexLeaf.ENTRY_BYTES;
  }

  public long hash() {
    return MemberIndexLeaf.key(array, at()) ^ Long.MIN_VALUE;
  }

  public double score() {
    return MemberIndexLeaf.score(array, at());
  }

  // Changing.

  /** Inserts an entry where {@link #find} and {@link #nextSame} have found no more. */
  public void insert(long hash, double score) {
    long inserted = hash ^ Long.MIN_VALUE;
    if (tree.isEmpty()) {
      int made = tree.newLeaf(MemberIndexLeaf.ENTRY_BYTES);
      MemberIndexLeaf.write(balance.slabOf(made), CountedTree.leafOffset(made), inserted, score);
      balance.create(made);
    } else {
      if (tree.leaf().length() + MemberIndexLeaf.ENTRY_BYTES > LeafBalance.MAX_BYTES) {
        split(count / 2);
      }
      MemberIndexLeaf.insert(tree.leaf(), index, inserted, score);
      EditableBytes bytes = tree.leaf();
      tree.leafChanged(MemberIndexLeaf.key(bytes.array(), bytes.offset()), 1);
    }
    count = 0;
  }

  /** Notes another score; the entry is {@link #own own}. */
  public void score(double score) {
    MemberIndexLeaf.score(array, at(), score);
  }

  /** Removes the entry under the cursor, which is over none then. */
  public void remove() {
    removeRun(1);
  }

  /**
   * Checks the invariants, for tests.
   *
   * @throws IllegalStateException when one is broken
   */
  public void validate() {
    tree.validate(
        (array, offset, length, entries, noted) -> {
          long last = MemberIndexLeaf.key(array, offset);
          boolean isValid =
              length == entries * MemberIndexLeaf.ENTRY_BYTES && (noted == 0 || noted == last);
          for (int i = 1; i < entries; i++) {
            long each = MemberIndexLeaf.key(array, offset + i * MemberIndexLeaf.ENTRY_BYTES);
            isValid &= each >= last;
            last = each;
          }
          if (!isValid) {
            throw new IllegalStateException("a leaf of the index in disorder");
          }
        });
  }
}
