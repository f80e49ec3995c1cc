package io.cinnabar.value;

import io.cinnabar.arena.ArenaFullException;
import io.cinnabar.structure.HashedIntersection;
import io.cinnabar.structure.HashedTree;
import io.cinnabar.structure.IntegerText;
import io.cinnabar.structure.Intset;
import io.cinnabar.structure.Listpack;
import io.cinnabar.structure.Slice;
import io.cinnabar.structure.TreeTouch;
import org.jspecify.annotations.Nullable;

/**
 * The set in a {@link ValueBlock}. There is one for each block object, which is moved from entry to
 * entry; it has no state of the set's.
 *
 * <pre>
 * INTSET           integers only, few
 * LISTPACK, LOOSE  the members in the order of their arrival
 * TREE             the members by their hashes, see {@link HashedTree}; its own bytes are 0
 * </pre>
 *
 * <p>This is also a cursor over the members: {@link #first}, {@link #next} and {@link #seek} move
 * it, whatever else is asked of this object ends it. Members handed in must not lie in this very
 * set. All changes throw {@link ArenaFullException} without having changed anything.
 */
public final class SetValue {
  private static final byte[] NO_BYTES = {};

  /** In a set so many times as large a member is searched, rather than all are looked at. */
  private static final int WALKED_FACTOR = 8;

  private final ValueBlock block;
  private final PackedBytes packed;
  private final TreeRoots roots;
  private final HashedTree tree;
  private final SetConversion conversion;
  private final HashedIntersection intersection;
  private final byte[] digits = new byte[IntegerText.MAX_LONG_BYTES];

  // The cursor over packed members: array, start, and the position or index of one.
  private byte[] array = NO_BYTES;
  private int start;
  private int at;

  public SetValue(ValueBlock block) {
    this.block = block;
    packed = new PackedBytes(block);
    roots = new TreeRoots(block);
    tree = new HashedTree(block, block::hashOf, false);
    intersection = new HashedIntersection(tree);
    conversion = new SetConversion(block, packed, tree);
  }

  // Reading.

  /** The number of members. */
  public long count() {
    return switch (form()) {
      case INTSET -> Intset.count(array, start);
      case LISTPACK -> Listpack.count(array, start);
      default -> tree.count();
    };
  }

  /** The bytes of the intset or listpack; only where it is one. */
  public PackedBytes packedBytes() {
    return packed;
  }

  /**
   * What is done with it: INTSET, LISTPACK (a loose one as well), or TREE. The bytes of the first
   * two are located, the tree is attached.
   */
  private Encoding form() {
    Encoding encoding = block.encoding().inEntry();
    if (encoding == Encoding.TREE) {
      tree.attach(roots, 0);
      return encoding;
    }
    Slice held = packed.held();
    array = held.array;
    start = held.offset;
    return encoding == Encoding.INTSET ? encoding : Encoding.LISTPACK;
  }

  /** Whether this is one of the members. */
  public boolean contains(SetMember member) {
    return switch (form()) {
      case INTSET -> member.isInteger() && Intset.contains(array, start, member.integer());
      case LISTPACK -> findPacked(member) != Listpack.NONE;
      default -> tree.find(member.text(), member.hash(block));
    };
  }

  private int findPacked(SetMember member) {
    return Listpack.find(array, start, Listpack.first(array, start), member.text(), 0);
  }

  /** See {@link HashedTree#noteIn}; false where the set is no tree. */
  public boolean noteIn(TreeTouch into, long hash) {
    return form() == Encoding.TREE && tree.noteIn(into, hash);
  }

  // The cursor.

  /** Moves over the first member; false when there is none. */
  public boolean first(SetMember into) {
    switch (form()) {
      case INTSET -> at = Intset.count(array, start) > 0 ? 0 : Listpack.NONE;
      case LISTPACK -> at = Listpack.first(array, start);
      default -> at = tree.first() ? 0 : Listpack.NONE;
    }
    return at != Listpack.NONE && found(into);
  }

  /** Moves over the next member; false when there is none. Nothing was changed since the last. */
  public boolean next(SetMember into) {
    switch (block.encoding().inEntry()) {
      case INTSET -> {
        if (++at == Intset.count(array, start)) {
          return false;
        }
      }
      case TREE -> {
        if (!tree.next()) {
          return false;
        }
      }
      default -> {
        at = Listpack.next(array, start, at);
        if (at == Listpack.NONE) {
          return false;
        }
      }
    }
    return found(into);
  }

  /** Moves over the member at a position in the order of {@link #next}, below the count. */
  public void seek(long index, SetMember into) {
    switch (form()) {
      case INTSET -> at = (int) index;
      case LISTPACK -> at = Listpack.seek(array, start, (int) index);
      default -> tree.seekIndex(index);
    }
    found(into);
  }

  /** Moves {@code into} over the member under the cursor. */
  private boolean found(SetMember into) {
    switch (block.encoding().inEntry()) {
      case INTSET -> into.of(Intset.get(array, start, at));
      case TREE -> tree.element(into.textToFill());
      default -> {
        if (Listpack.isInteger(array, start, at)) {
          into.of(Listpack.integer(array, start, at));
        } else {
          Listpack.text(array, start, at, into.textToFill(), digits);
        }
      }
    }
    return true;
  }

  // The cursor over the members that are in other sets, too.

  /** Begins a walk over the members of this set that are in others, too. */
  public void beginCommon() {
    intersection.clear();
  }

  /**
   * Passes over the members that are not in this set, too.
   *
   * @return false where that would not be faster than to search for each: nothing is passed over
   */
  public boolean addCommon(SetValue other) {
    if (form() != Encoding.TREE
        || other.form() != Encoding.TREE
        || other.tree.count() > tree.count() * WALKED_FACTOR) {
      return false;
    }
    intersection.add(other.tree);
    return true;
  }

  /** As {@link #first}, of the common members; those are walked once. */
  public boolean firstCommon(SetMember into) {
    return intersection.isEmpty()
        ? first(into)
        : form() == Encoding.TREE && intersection.first() && found(into);
  }

  /** As {@link #next}, of the common members. The other sets may be searched in between. */
  public boolean nextCommon(SetMember into) {
    return intersection.isEmpty() ? next(into) : intersection.next() && found(into);
  }

  /** Removes the member under the cursor, which is over nothing then. */
  public void removeFound() {
    switch (block.encoding().inEntry()) {
      case INTSET -> Intset.removeAt(packed, at);
      case TREE -> tree.removeFound();
      default -> Listpack.delete(packed, at, 1);
    }
  }

  /**
   * Visits members from a cursor on; see {@link HashedTree#scan}. Small sets are visited at once.
   *
   * @param member moved over one member after the other
   * @return the cursor of the next call, 0 at the end
   */
  public long scan(long cursor, long count, SetMember member, Visitor visitor) {
    if (form() == Encoding.TREE) {
      return tree.scan(
          cursor,
          count,
          found -> {
            found.element(member.textToFill());
            visitor.visit(member);
          });
    }
    for (boolean more = first(member); more; more = next(member)) {
      visitor.visit(member);
    }
    return 0;
  }

  /** Sees the members of a scan. */
  public interface Visitor {
    void visit(SetMember member);
  }

  /** Whether Redis calls it an intset or a listpack. */
  public boolean isSmall() {
    Encoding encoding = block.encoding().inEntry();
    return encoding == Encoding.INTSET || encoding == Encoding.LISTPACK;
  }

  /** Whether it is an intset. */
  public boolean isIntset() {
    return block.encoding().inEntry() == Encoding.INTSET;
  }

  // Changing.

  /**
   * Says what a new set, still empty, will hold.
   *
   * @param sizeHint how many members at most
   */
  public void begin(SetMember first, long sizeHint, Thresholds limits) {
    if (first.isInteger() && sizeHint <= limits.setMaxIntsetEntries) {
      packed.renewAs(Encoding.INTSET, Intset.EMPTY_BYTES);
      Intset.format(packed);
    } else if (sizeHint > limits.setMaxListpackEntries) {
      packed.rename(Encoding.LOOSE);
    }
  }

  /** Makes a new set, still empty, one that adding decides on. */
  public void beginAsIntset() {
    packed.renewAs(Encoding.INTSET, Intset.EMPTY_BYTES);
    Intset.format(packed);
  }

  /** Says how many members are about to be added at most. */
  public void expect(long sizeHint, Thresholds limits) {
    Encoding encoding = block.encoding().inEntry();
    if ((encoding == Encoding.LISTPACK && sizeHint > limits.setMaxListpackEntries)
        || (encoding == Encoding.INTSET && sizeHint > limits.setMaxIntsetEntries)) {
      toTable(null);
    }
  }

  /**
   * Adds a member.
   *
   * @return false when it is there already
   */
  public boolean add(SetMember member, Thresholds limits) {
    return switch (form()) {
      case INTSET -> addToIntset(member, limits);
      case LISTPACK -> addToListpack(member, limits);
      default -> tree.add(member.text(), member.hash(block));
    };
  }

  private boolean addToIntset(SetMember member, Thresholds limits) {
    int count = Intset.count(array, start);
    if (!member.isInteger()) {
      if (SetLimits.listpackTakes(array, start, member.length(), limits)) {
        conversion.toListpack(this, Encoding.LISTPACK, member);
      } else {
        toTable(member);
      }
      return true;
    }
    int index = Intset.find(array, start, member.integer());
    if (index >= 0) {
      return false;
    }
    if (count >= SetLimits.intsetEntries(limits)) {
      toTable(member);
    } else {
      Intset.addAt(packed, -1 - index, member.integer());
    }
    return true;
  }

  private boolean addToListpack(SetMember member, Thresholds limits) {
    if (findPacked(member) != Listpack.NONE) {
      return false;
    }
    boolean takes =
        block.encoding().inEntry() == Encoding.LISTPACK
            ? SetLimits.listpackTakes(
                Listpack.count(array, start), array, start, member.length(), limits)
            : SetLimits.looseTakes(array, start, member);
    if (!takes) {
      toTable(member);
    } else if (member.isWithoutText()) {
      Listpack.append(packed, member.integer());
    } else {
      Listpack.append(packed, member.text());
    }
    return true;
  }

  /** Makes it what Redis calls a hash table, with one member more. */
  private void toTable(@Nullable SetMember added) {
    conversion.toTable(this, added);
  }

  /**
   * Removes a member.
   *
   * @return false when it was not there
   */
  public boolean remove(SetMember member) {
    switch (form()) {
      case INTSET -> {
        return member.isInteger() && Intset.remove(packed, member.integer());
      }
      case TREE -> {
        return tree.remove(member.text(), member.hash(block));
      }
      default -> {
        int found = findPacked(member);
        if (found == Listpack.NONE) {
          return false;
        }
        Listpack.delete(packed, found, 1);
        return true;
      }
    }
  }

  /** Makes a set of integers alone an intset if they are few enough. */
  public void becomeIntset(Thresholds limits) {
    if (!isIntset() && count() <= SetLimits.intsetEntries(limits)) {
      conversion.toIntset(this);
    }
  }

  /** Makes it a listpack again, if it is none, the limits allow it, and there is room. */
  public void becomeListpack(Thresholds limits) {
    Encoding encoding = block.encoding().inEntry();
    if ((encoding == Encoding.LOOSE || encoding == Encoding.TREE)
        && SetLimits.fitsListpack(this, new SetMember(), limits)) {
      try {
        conversion.toListpack(this, Encoding.LISTPACK, null);
      } catch (ArenaFullException full) {
        // It holds the same as it is.
        return;
      }
    }
  }

  /** Lets go of the arrays that it lay in. */
  public void release() {
    array = NO_BYTES;
    packed.release();
    tree.release();
    conversion.release();
  }
}
