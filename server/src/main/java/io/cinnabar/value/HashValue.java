package io.cinnabar.value;

import io.cinnabar.arena.ArenaFullException;
import io.cinnabar.arena.Bytes;
import io.cinnabar.structure.EditableBytes;
import io.cinnabar.structure.HashedTree;
import io.cinnabar.structure.IntegerText;
import io.cinnabar.structure.ScratchRoot;
import io.cinnabar.structure.Slice;
import io.cinnabar.structure.TreeTouch;

/**
 * The hash in a {@link ValueBlock}. There is one for each block object, which is moved from entry
 * to entry; it has no state of the hash's.
 *
 * <pre>
 * LISTPACK, LOOSE, LISTPACK_EX   see {@link PackedHash}
 * TREE             0  16 root of a {@link HashedTree}
 *                  16 8  lower bound of the times at which fields expire; 0: none does
 * </pre>
 *
 * <p>It is a cursor, too: what finds something moves it over a field, and any change ends that.
 * Slices handed in must not lie in this very value; slices handed out are valid until it is
 * changed. All that change the hash throw {@link ArenaFullException} and have changed none of its
 * fields then.
 */
public final class HashValue {
  /** Up to here a hash stays packed that Redis's thresholds call large. */
  private static final int MAX_LOOSE_BYTES = 4096;

  private static final int MAX_LOOSE_FIELDS = 128;

  /** What a field takes in a listpack beside its bytes and its value's, at most. */
  private static final int OVERHEAD_BYTES = 32;

  /** The time of a field that does not expire. */
  public static final long NO_EXPIRY = HashedTree.NO_EXPIRY;

  /** What {@link #earliestExpiryMillis} says where no field expires. */
  public static final long NEVER = Long.MAX_VALUE;

  private final ValueBlock block;
  private final PackedBytes bytes;
  private final PackedHash packed;
  private final TreeRoots root;
  private final HashedTree tree;
  private final Slice fieldText = new Slice();
  private final Slice valueText = new Slice();
  private final Slice numberText = new Slice();
  private final byte[] numberDigits = new byte[IntegerText.MAX_LONG_BYTES];

  public HashValue(ValueBlock block) {
    this.block = block;
    bytes = new PackedBytes(block);
    packed = new PackedHash(bytes);
    root = new TreeRoots(block);
    tree = new HashedTree(block, block::hashOf, true);
  }

  /** Lets go of the arrays that it lay in. */
  public void release() {
    packed.release();
    tree.release();
    fieldText.set(numberDigits, 0, 0);
    valueText.set(numberDigits, 0, 0);
  }

  // Reading.

  /** Whether it is so small that its fields lie one behind the other. */
  public boolean isPacked() {
    return block.encoding() != Encoding.TREE;
  }

  private HashedTree tree() {
    return tree.attach(root, 0);
  }

  /** The number of fields. */
  public long count() {
    return isPacked() ? packed.count() : tree().count();
  }

  /** Moves over a field; false when it is not there. */
  public boolean find(Slice field) {
    return isPacked() ? packed.find(field) : tree().find(field, block.hashOf(field));
  }

  /** See {@link HashedTree#noteIn}; false where the hash is no tree. */
  public boolean noteIn(TreeTouch into, long fieldHash) {
    return !isPacked() && tree().noteIn(into, fieldHash);
  }

  /** Moves over the field at a position, in no order; for a small hash that takes a walk. */
  public boolean seekIndex(long index) {
    return isPacked() ? packed.seekIndex(index) : tree().seekIndex(index);
  }

  /** Moves over the first field of all; false when there is none. */
  public boolean first() {
    return isPacked() ? packed.first() : tree().first();
  }

  /** Moves over the field behind; false when there is none. */
  public boolean next() {
    return isPacked() ? packed.next() : tree.next();
  }

  /** The name of the field under the cursor. */
  public Slice field() {
    if (isPacked()) {
      return packed.field();
    }
    tree.element(fieldText);
    return fieldText;
  }

  /** The value of the field under the cursor. */
  public Slice value() {
    if (isPacked()) {
      return packed.value();
    }
    tree.value(valueText);
    return valueText;
  }

  /** When the field under the cursor expires, in milliseconds since 1970, or {@link #NO_EXPIRY}. */
  public long expiryMillis() {
    return isPacked() ? packed.expiryMillis() : tree.expiryMillis();
  }

  /**
   * A lower bound of the times at which fields expire, in milliseconds since 1970, or {@link
   * #NEVER}. Does not move the cursor.
   */
  public long earliestExpiryMillis() {
    if (isPacked()) {
      return packed.earliestExpiryMillis();
    }
    long earliest = Bytes.getLong(block.slab(), block.valueOffset() + TreeRoots.OWN);
    return earliest == 0 ? NEVER : earliest;
  }

  // Listpacks.

  /** Makes {@code listpack} what Redis has for it; only where it {@link #isPacked}. */
  public void toListpack(EditableBytes listpack) {
    packed.toListpack(listpack);
  }

  /**
   * Puts the fields of a listpack in the place of those of a hash that {@link #isPacked}.
   *
   * @param listpack a valid one of distinct fields, each with its value; for a hash with times with
   *     its time, too, in the order that {@link PackedHash} draws
   */
  public void replaceWith(Slice listpack, boolean withTimes) {
    packed.replaceWith(listpack, withTimes);
  }

  // Walking.

  /** Sees the fields of a scan. */
  public interface Visitor {
    /** The cursor of {@code at} is over a field; it may look, but not change the hash. */
    void field(HashValue at);
  }

  /**
   * Visits fields from a cursor on, as {@link HashedTree#scan}; all of a small hash at once.
   *
   * @param count how many to visit, if there are as many left
   * @return the cursor of the next call, 0 at the end
   */
  public long scan(long cursor, long count, Visitor visitor) {
    if (!isPacked()) {
      return tree().scan(cursor, count, at -> visitor.field(this));
    }
    for (boolean more = first(); more; more = next()) {
      visitor.field(this);
    }
    return 0;
  }

  // Changing.

  /**
   * Gives a field a value, which does not expire.
   *
   * @return whether the field is new
   */
  public boolean put(Slice field, Slice value, Thresholds limits) {
    return put(field, value, NO_EXPIRY, limits);
  }

  /**
   * Gives a field a value.
   *
   * @param expiryMillis when it expires, in milliseconds since 1970, or {@link #NO_EXPIRY}
   * @return whether the field is new
   */
  public boolean put(Slice field, Slice value, long expiryMillis, Thresholds limits) {
    if (isPacked()) {
      makeRoomFor(field, value, limits);
      if (isPacked() && expiryMillis != NO_EXPIRY && !packed.hasTimes()) {
        addTimes();
      }
    }
    if (!isPacked()) {
      return putInTree(field, value, expiryMillis);
    }
    boolean isNew = !packed.find(field);
    if (packed.count() + (isNew ? 1 : 0) > maxPackedFields(limits)) {
      outgrow(packed.length());
      return put(field, value, expiryMillis, limits);
    }
    packed.put(field, value, expiryMillis, isNew);
    return isNew;
  }

  private boolean putInTree(Slice field, Slice value, long expiryMillis) {
    boolean isNew = tree().put(field, block.hashOf(field), value, expiryMillis);
    if (expiryMillis != NO_EXPIRY && expiryMillis < earliestExpiryMillis()) {
      earliestExpiryMillis(expiryMillis);
    }
    return isNew;
  }

  /** Notes a lower bound of the times in a tree, whose root is free to be written. */
  private void earliestExpiryMillis(long millis) {
    Bytes.putLong(block.slab(), block.valueOffset() + TreeRoots.OWN, millis == NEVER ? 0 : millis);
  }

  /**
   * Notes what a walk over all fields has found; a small hash knows by itself.
   *
   * @param millis the earliest time at which a field expires, or {@link #NEVER}
   */
  public void noteEarliestExpiry(long millis) {
    if (!isPacked() && millis != earliestExpiryMillis()) {
      root.resize(root.length());
      earliestExpiryMillis(millis);
    }
  }

  /** Gives its fields times, or makes it a tree where its name says that it is large. */
  private void addTimes() {
    if (isLoose()) {
      makeTree();
    } else {
      packed.addTimes();
    }
  }

  /**
   * Says when the field under the cursor expires; the cursor is over none then.
   *
   * @param expiryMillis in milliseconds since 1970, or {@link #NO_EXPIRY}
   */
  public void setExpiry(long expiryMillis, Thresholds limits) {
    // The tree must not be handed what lies in itself.
    Slice field = new Slice(field().toByteArray());
    Slice value = new Slice(value().toByteArray());
    put(field, value, expiryMillis, limits);
  }

  /** Gives a field an integer as its value; whether the field is new. */
  public boolean put(Slice field, long value, long expiryMillis, Thresholds limits) {
    numberText.set(numberDigits, 0, IntegerText.write(value, numberDigits, 0));
    return put(field, numberText, expiryMillis, limits);
  }

  private long maxPackedFields(Thresholds limits) {
    return isLoose() ? MAX_LOOSE_FIELDS : limits.hashMaxListpackEntries;
  }

  private boolean isLoose() {
    return block.encoding().inEntry() == Encoding.LOOSE;
  }

  /** Gives it another encoding if, with another field, its own would not do. */
  private void makeRoomFor(Slice field, Slice value, Thresholds limits) {
    long added = (long) field.length + value.length + OVERHEAD_BYTES;
    long grown = packed.length() + added;
    if (isLoose()
        ? grown > MAX_LOOSE_BYTES
        : field.length > limits.hashMaxListpackBytes
            || value.length > limits.hashMaxListpackBytes
            || !packed.hasListpackRoomFor(added)) {
      outgrow(grown);
    }
  }

  /**
   * Makes it large, which it remains: in the eyes of Redis, and in a tree unless it has few bytes.
   */
  private void outgrow(long packedBytes) {
    if (!isLoose()
        && !packed.hasTimes()
        && packedBytes <= MAX_LOOSE_BYTES
        && packed.count() < MAX_LOOSE_FIELDS) {
      bytes.rename(Encoding.LOOSE);
    } else {
      makeTree();
    }
  }

  private void makeTree() {
    ScratchRoot made = new ScratchRoot(TreeRoots.TREE_BYTES);
    tree.attach(made, 0);
    int owned = bytes.ownBlock();
    long earliest = earliestExpiryMillis();
    try {
      for (boolean more = first(); more; more = next()) {
        Slice field = field();
        tree.put(field, block.hashOf(field), value(), expiryMillis());
      }
      block.reshape(Encoding.TREE, TreeRoots.TREE_BYTES, 0);
    } catch (ArenaFullException full) {
      tree.attach(made, 0).clear();
      throw full;
    }
    System.arraycopy(made.array(), 0, block.slab(), block.valueOffset(), TreeRoots.TREE_BYTES);
    earliestExpiryMillis(earliest);
    bytes.freeOwnBlock(owned);
  }

  /** Removes a field; false when it is not there. */
  public boolean remove(Slice field) {
    if (!find(field)) {
      return false;
    }
    removeFound();
    return true;
  }

  /** Removes the field under the cursor. */
  public void removeFound() {
    if (isPacked()) {
      packed.remove();
    } else {
      tree.removeFound();
    }
  }

  /** Checks the invariants; for tests. */
  public void validate() {
    if (isPacked()) {
      packed.validate();
    } else {
      tree().validate();
    }
  }
}
