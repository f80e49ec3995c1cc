package io.cinnabar.value;

import io.cinnabar.arena.ArenaFullException;
import io.cinnabar.structure.CountedTree;
import io.cinnabar.structure.Listpack;
import io.cinnabar.structure.ListpackEntry;
import io.cinnabar.structure.Slice;

/**
 * The list in a {@link ValueBlock}: a listpack while it is small, a tree of leaves else, see {@link
 * ListTree}. There is one for each block object, which is moved from entry to entry; it has no
 * state of the list's.
 *
 * <p>Elements handed in must not lie in this very list. All that change it throw {@link
 * ArenaFullException} without having changed an element. A list that has become empty is its
 * owner's to remove.
 */
public final class ListValue {
  private static final byte[] NONE = {};

  /** A copy that is longer is not kept for the next one. */
  private static final int KEPT_BYTES = 1 << 12;

  private final ValueBlock block;
  private final PackedBytes packed;
  private final TreeRoots roots;
  private final CountedTree tree;
  private final ListLeaf leaf;
  private final ListTree large;
  private final ListConversion conversion;
  private final ListWalk walk;

  /** What is on its way from one end to the other. */
  private byte[] moved = NONE;

  public ListValue(ValueBlock block) {
    this.block = block;
    packed = new PackedBytes(block);
    roots = new TreeRoots(block);
    tree = new CountedTree(block);
    leaf = new ListLeaf(block, tree);
    large = new ListTree(block, tree, leaf);
    conversion = new ListConversion(block, packed);
    walk = new ListWalk(this, leaf);
  }

  /** Lets go of the arrays that it lay in. */
  public void release() {
    packed.release();
    leaf.release();
    walk.release();
    if (moved.length > KEPT_BYTES) {
      moved = NONE;
    }
  }

  /** Whether it is a tree rather than a listpack. */
  public boolean isTree() {
    return block.encoding() == Encoding.TREE;
  }

  /** The bytes of the listpack; only where it is no tree. */
  public PackedBytes packed() {
    return packed;
  }

  /** Its tree; only where {@link #isTree}. */
  CountedTree tree() {
    return tree.attach(roots, 0);
  }

  private ListTree large() {
    tree.attach(roots, 0);
    return large;
  }

  // Reading.

  public long length() {
    return isTree() ? tree().count() : Listpack.count(packed.array(), packed.offset());
  }

  public boolean isEmpty() {
    return length() == 0;
  }

  /** Shows the leaves of a list that is a tree. */
  public void visitLeaves(LeafVisitor visitor) {
    for (boolean more = isTree() && tree().first(); more; more = tree.next()) {
      leaf.load();
      visitor.leaf(tree.leafCount(), leaf.used(), leaf.isCompressed());
    }
  }

  /** Is shown leaves by {@link #visitLeaves}. */
  public interface LeafVisitor {
    /**
     * One leaf.
     *
     * @param bytes of the elements, which are as in a listpack, without compression
     */
    void leaf(int count, int bytes, boolean isCompressed);
  }

  /** The walk over this list; the object is the same for all. */
  public ListWalk walk() {
    return walk;
  }

  // Adding.

  /**
   * Says that elements will be pushed or put in the place of others: a listpack that is to become
   * too large is made a tree, as Redis does, before the first one comes.
   *
   * @param addedBytes of all of them as strings
   */
  public void willGrow(long addedBytes, long addedCount, Thresholds thresholds) {
    if (!isTree()) {
      int size = thresholds.listMaxListpackSize;
      byte[] a = packed.array();
      int start = packed.offset();
      if (ListLimits.isLarge(
          size,
          Listpack.totalBytes(a, start) + addedBytes,
          Listpack.count(a, start) + addedCount)) {
        conversion.toTree(size);
      }
    }
  }

  /** Whether a listpack of such a size is small enough for a list that is one. */
  public static boolean isSmall(int bytes, int count, Thresholds thresholds) {
    return !ListLimits.isLarge(thresholds.listMaxListpackSize, bytes, count);
  }

  /** Puts an element before all or behind all; {@link #willGrow} comes first. */
  public void push(Slice element, boolean atHead, Thresholds thresholds) {
    if (isTree()) {
      large().push(element, atHead, thresholds);
    } else if (atHead) {
      Listpack.prepend(packed, element);
    } else {
      Listpack.append(packed, element);
    }
  }

  /** Appends an element to a list that is being made, whose elements come one by one. */
  public void append(Slice element, Thresholds thresholds) {
    willGrow(isTree() ? 0 : ListpackEntry.encodedBytes(element), 1, thresholds);
    push(element, false, thresholds);
  }

  /**
   * Inserts an element.
   *
   * @param index where it is then, from 0 to the length
   */
  public void insert(long index, Slice element, Thresholds thresholds) {
    willGrow(element.length, 1, thresholds);
    if (isTree()) {
      large().insert(index, element, thresholds);
    } else {
      int p = Listpack.seek(packed.array(), packed.offset(), (int) index);
      int at = p == Listpack.NONE ? Listpack.end(packed.array(), packed.offset()) : p;
      Listpack.insert(packed, at, element);
    }
  }

  /** Puts another element in the place of the one with this index, which there is. */
  public void set(long index, Slice element, Thresholds thresholds) {
    willGrow(element.length, 1, thresholds);
    if (isTree()) {
      large().set(index, element, thresholds);
      shrunk(thresholds);
    } else {
      int p = Listpack.seek(packed.array(), packed.offset(), (int) index);
      Listpack.replace(packed, p, element);
    }
  }

  /** Moves the element at one end to the other. */
  public void rotate(boolean fromHead, Thresholds thresholds) {
    walk.start(fromHead ? 0 : length() - 1, false);
    Slice element = walk.text();
    if (moved.length < element.length) {
      moved = new byte[element.length];
    }
    System.arraycopy(element.array, element.offset, moved, 0, element.length);
    element.set(moved, 0, element.length);
    willGrow(element.length, 1, thresholds);
    push(element, !fromHead, thresholds);
    try {
      drop(1, fromHead, thresholds);
    } catch (ArenaFullException full) {
      drop(1, !fromHead, thresholds);
      throw full;
    }
  }

  // Removing.

  /** Removes so many elements from an end, at most all. */
  public void drop(long count, boolean atHead, Thresholds thresholds) {
    if (isTree()) {
      large().trim(atHead ? count : 0, atHead ? 0 : count, thresholds);
      shrunk(thresholds);
    } else if (count == 1 && atHead) {
      Listpack.delete(packed, Listpack.first(packed.array(), packed.offset()), 1);
    } else {
      dropPacked(count, atHead);
    }
  }

  /** As {@link #drop} of one, on which the walk stands. */
  public void dropWalked(boolean atHead, Thresholds thresholds) {
    if (isTree()) {
      large.dropEnd(atHead, thresholds);
      shrunk(thresholds);
    } else {
      drop(1, atHead, thresholds);
    }
  }

  /** Removes so many elements from the head and so many from the tail, together at most all. */
  public void trim(long fromHead, long fromTail, Thresholds thresholds) {
    if (isTree()) {
      large().trim(fromHead, fromTail, thresholds);
      shrunk(thresholds);
    } else {
      dropPacked(fromHead, true);
      dropPacked(fromTail, false);
    }
  }

  private void dropPacked(long count, boolean atHead) {
    if (count > 0) {
      int removed = (int) count;
      Listpack.deleteRange(packed, atHead ? 0 : -removed, removed);
    }
  }

  /**
   * Removes elements that are this string.
   *
   * @param most how many at most
   * @param backward whether the last ones go first
   * @return how many went
   */
  public long remove(Slice element, long most, boolean backward, Thresholds thresholds) {
    if (isTree()) {
      long removed = large().remove(element, most, backward, thresholds);
      if (removed > 0) {
        shrunk(thresholds);
      }
      return removed;
    }
    return backward ? removeBackwards(element, most) : removeForwards(element, most);
  }

  private long removeForwards(Slice element, long most) {
    long removed = 0;
    int p = Listpack.first(packed.array(), packed.offset());
    while (removed < most && p != Listpack.NONE) {
      p = Listpack.find(packed.array(), packed.offset(), p, element, 0);
      if (p != Listpack.NONE) {
        p = Listpack.delete(packed, p, 1);
        removed++;
      }
    }
    return removed;
  }

  private long removeBackwards(Slice element, long most) {
    long removed = 0;
    int p = Listpack.last(packed.array(), packed.offset());
    while (removed < most && p != Listpack.NONE) {
      byte[] a = packed.array();
      int start = packed.offset();
      int before = Listpack.previous(a, start, p);
      if (Listpack.matches(a, start, p, element)) {
        Listpack.delete(packed, p, 1);
        removed++;
      }
      p = before;
    }
    return removed;
  }

  /** A tree that has become small is made a listpack, as Redis does. */
  private void shrunk(Thresholds thresholds) {
    conversion.toListpack(tree(), leaf, thresholds.listMaxListpackSize);
  }

  /**
   * Checks the invariants; for tests.
   *
   * @throws IllegalStateException when one is broken
   */
  public void validate(Thresholds thresholds) {
    if (isTree()) {
      large().validate(thresholds);
    } else if (!Listpack.validate(packed.array(), packed.offset(), packed.length(), true)) {
      throw new IllegalStateException("not a listpack");
    }
  }
}
