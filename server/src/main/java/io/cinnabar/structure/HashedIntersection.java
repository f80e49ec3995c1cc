package io.cinnabar.structure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Walks the elements that a tree has in common with others, leaf by leaf: the elements of a leaf
 * are indexed by their tags, and those in the leaves of the others for the same hashes are looked
 * up there. That takes neither a hash nor a descent for each element, but it looks at all elements
 * of all trees; in a tree many times as large as the one that is walked, a search is faster.
 *
 * <p>None of the trees may be changed in between. Used for one walk after the other.
 */
public final class HashedIntersection {
  private static final int TAGS = 256;

  private final HashedTree walked;
  private final List<HashedTree> others = new ArrayList<>();

  /** For each tag the last slot with it, for each slot the one before with its tag; plus 1. */
  private final int[] slotsByTag = new int[TAGS];

  private final int[] slotsBefore = new int[HashedLeaf.MAX_ELEMENTS];

  /** In how many of the other trees the element of a slot was found. */
  private final int[] found = new int[HashedLeaf.MAX_ELEMENTS];

  private int count;
  private int slot;

  /** Walks over this tree, whose cursor it moves, whatever root it is attached to. */
  public HashedIntersection(HashedTree walked) {
    this.walked = walked;
  }

  /** Forgets the other trees. */
  public void clear() {
    others.clear();
  }

  /** Whether there are no other trees. */
  public boolean isEmpty() {
    return others.isEmpty();
  }

  /** Passes over the elements that are not in this tree, too; it is attached to its root. */
  public void add(HashedTree other) {
    others.add(other);
  }

  /** Moves over the first common element; false when there is none. */
  public boolean first() {
    if (!walked.first()) {
      return false;
    }
    compareLeaf();
    return nextInLeaves();
  }

  /** Moves over the next common element; false when there is none. */
  public boolean next() {
    slot++;
    return nextInLeaves();
  }

  private boolean nextInLeaves() {
    int all = others.size();
    do {
      for (; slot < count; slot++) {
        if (found[slot] == all) {
          walked.slot(slot);
          return true;
        }
      }
      if (!walked.nextLeaf(Long.MAX_VALUE)) {
        return false;
      }
      compareLeaf();
    } while (true);
  }

  private void compareLeaf() {
    slot = 0;
    count = walked.leafElements();
    Arrays.fill(found, 0, count, 0);
    Arrays.fill(slotsByTag, 0);
    for (int i = 0; i < count; i++) {
      int tag = walked.tagAt(i) & 0xff;
      slotsBefore[i] = slotsByTag[tag];
      slotsByTag[tag] = i + 1;
    }
    long firstKey = walked.leafKey();
    long lastKey = walked.nextLeafKey();
    for (int i = 0; i < others.size(); i++) {
      HashedTree other = others.get(i);
      if (other.seekLeaf(firstKey)) {
        do {
          compareWith(other, i);
        } while (other.nextLeaf(lastKey));
      }
    }
  }

  /** Notes which elements of the leaf are in this leaf of another tree. */
  private void compareWith(HashedTree other, int foundBefore) {
    for (int i = other.leafElements() - 1; i >= 0; i--) {
      int next = slotsByTag[other.tagAt(i) & 0xff];
      while (next != 0) {
        int candidate = next - 1;
        if (found[candidate] == foundBefore && HashedTree.areSame(walked, candidate, other, i)) {
          found[candidate]++;
          break;
        }
        next = slotsBefore[candidate];
      }
    }
  }
}
