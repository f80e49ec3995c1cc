package io.cinnabar.value;

import io.cinnabar.arena.ArenaFullException;
import io.cinnabar.arena.Bytes;
import io.cinnabar.structure.HashedTree;
import io.cinnabar.structure.IntegerText;
import io.cinnabar.structure.Listpack;
import io.cinnabar.structure.ScratchRoot;
import io.cinnabar.structure.Slice;
import io.cinnabar.structure.TreeTouch;

/**
 * The hash in a {@link ValueBlock}. There is one for each block object, which is moved from entry
 * to entry; it has no state of the hash's.
 *
 * <pre>
 * LISTPACK, LOOSE  field, value, field, value, ...: see {@link Listpack}
 * LISTPACK_EX      field, value, time, ...: those that expire first come first; a time of 0: never
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
  private final PackedBytes packed;
  private final TreeRoots root;
  private final HashedTree tree;
  private final PackedScratch scratch = new PackedScratch();
  private final Slice fieldText = new Slice();
  private final Slice valueText = new Slice();
  private final Slice numberText = new Slice();
  private final byte[] numberDigits = new byte[IntegerText.MAX_LONG_BYTES];
  private final byte[] fieldDigits = new byte[IntegerText.MAX_LONG_BYTES];
  private final byte[] valueDigits = new byte[IntegerText.MAX_LONG_BYTES];

  /** Where the field under the cursor is in a listpack. */
  private int position;

  public HashValue(ValueBlock block) {
    this.block = block;
    packed = new PackedBytes(block);
    root = new TreeRoots(block);
    tree = new HashedTree(block, block::hashOf, true);
  }

  /** Lets go of the arrays that it lay in. */
  public void release() {
    packed.release();
    tree.release();
    fieldText.set(fieldDigits, 0, 0);
    valueText.set(valueDigits, 0, 0);
  }

  // Reading.

  /** Whether it is so small that its fields lie one behind the other. */
  public boolean isPacked() {
    return block.encoding() != Encoding.TREE;
  }

  private boolean hasTimes() {
    return block.encoding().inEntry() == Encoding.LISTPACK_EX;
  }

  /** How many entries of a listpack belong to a field. */
  private int stride() {
    return hasTimes() ? 3 : 2;
  }

  /** The bytes of the listpack; only where it {@link #isPacked}. */
  public PackedBytes packedBytes() {
    return packed;
  }

  private HashedTree tree() {
    return tree.attach(root, 0);
  }

  /** The number of fields. */
  public long count() {
    return isPacked() ? Listpack.count(packed.array(), packed.offset()) / stride() : tree().count();
  }

  /** Moves over a field; false when it is not there. */
  public boolean find(Slice field) {
    if (!isPacked()) {
      return tree().find(field, block.hashOf(field));
    }
    Slice held = packed.held();
    int first = Listpack.first(held.array, held.offset);
    position = Listpack.find(held.array, held.offset, first, field, stride() - 1);
    return position != Listpack.NONE;
  }

  /** See {@link HashedTree#noteIn}; false where the hash is no tree. */
  public boolean noteIn(TreeTouch into, long fieldHash) {
    return !isPacked() && tree().noteIn(into, fieldHash);
  }

  /** Moves over the field at a position, in no order; for a small hash that takes a walk. */
  public boolean seekIndex(long index) {
    if (!isPacked()) {
      return tree().seekIndex(index);
    }
    if (index < 0 || index >= count()) {
      return false;
    }
    position = Listpack.seek(packed.array(), packed.offset(), (int) index * stride());
    return true;
  }

  /** Moves over the first field of all; false when there is none. */
  public boolean first() {
    if (!isPacked()) {
      return tree().first();
    }
    position = Listpack.first(packed.array(), packed.offset());
    return position != Listpack.NONE;
  }

  /** Moves over the field behind; false when there is none. */
  public boolean next() {
    if (!isPacked()) {
      return tree.next();
    }
    byte[] array = packed.array();
    int start = packed.bytes.offset;
    for (int entries = stride(); entries > 0; entries--) {
      position = Listpack.next(array, start, position);
    }
    return position != Listpack.NONE;
  }

  /** The name of the field under the cursor. */
  public Slice field() {
    if (isPacked()) {
      Slice held = packed.held();
      Listpack.text(held.array, held.offset, position, fieldText, fieldDigits);
    } else {
      tree.element(fieldText);
    }
    return fieldText;
  }

  /** The value of the field under the cursor. */
  public Slice value() {
    if (isPacked()) {
      Slice held = packed.held();
      int at = Listpack.next(held.array, held.offset, position);
      Listpack.text(held.array, held.offset, at, valueText, valueDigits);
    } else {
      tree.value(valueText);
    }
    return valueText;
  }

  /** When the field under the cursor expires, in milliseconds since 1970, or {@link #NO_EXPIRY}. */
  public long expiryMillis() {
    if (!isPacked()) {
      return tree.expiryMillis();
    }
    return hasTimes() ? timeAt(packed.array(), packed.offset(), position) : NO_EXPIRY;
  }

  private static long timeAt(byte[] array, int start, int position) {
    int valueAt = Listpack.next(array, start, position);
    long time = Listpack.integer(array, start, Listpack.next(array, start, valueAt));
    return time == 0 ? NO_EXPIRY : time;
  }

  /**
   * A lower bound of the times at which fields expire, in milliseconds since 1970, or {@link
   * #NEVER}. Does not move the cursor.
   */
  public long earliestExpiryMillis() {
    if (!isPacked()) {
      long earliest = Bytes.getLong(block.slab(), block.valueOffset() + TreeRoots.OWN);
      return earliest == 0 ? NEVER : earliest;
    }
    if (!hasTimes() || count() == 0) {
      return NEVER;
    }
    int start = packed.offset();
    long time = timeAt(packed.array(), start, Listpack.first(packed.array(), start));
    return time == NO_EXPIRY ? NEVER : time;
  }

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
      if (isPacked() && expiryMillis != NO_EXPIRY && !hasTimes()) {
        addTimes();
      }
    }
    if (!isPacked()) {
      return putInTree(field, value, expiryMillis);
    }
    boolean isNew = !find(field);
    if (count() + (isNew ? 1 : 0) > maxPackedFields(limits)) {
      outgrow(packed.length());
      return put(field, value, expiryMillis, limits);
    }
    if (hasTimes()) {
      putWithTime(field, value, expiryMillis, isNew);
    } else if (isNew) {
      Listpack.appendPair(packed, field, value);
    } else {
      Listpack.replace(packed, Listpack.next(packed.array(), packed.offset(), position), value);
    }
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

  /** Puts a field into a listpack with times, at its place in their order. */
  private void putWithTime(Slice field, Slice value, long expiryMillis, boolean isNew) {
    scratch.take(packed);
    byte[] held = packed.array();
    int start = packed.offset();
    if (!isNew && timeAt(held, start, position) == NO_EXPIRY && expiryMillis == NO_EXPIRY) {
      Listpack.replace(scratch, Listpack.next(held, start, position), value);
    } else {
      if (!isNew) {
        Listpack.delete(scratch, position, 3);
      }
      int at = placeOf(expiryMillis);
      Listpack.insertPair(scratch, at, field, value);
      int behind = Listpack.next(scratch.array(), 0, Listpack.next(scratch.array(), 0, at));
      int end = Listpack.end(scratch.array(), 0);
      Listpack.insert(scratch, behind == Listpack.NONE ? end : behind, Math.max(0, expiryMillis));
    }
    scratch.give(packed);
  }

  /** Where in the scratch bytes a field belongs that expires then. */
  private int placeOf(long expiryMillis) {
    byte[] array = scratch.array();
    int at = Listpack.first(array, 0);
    while (at != Listpack.NONE && expiryMillis != NO_EXPIRY) {
      long time = timeAt(array, 0, at);
      if (time == NO_EXPIRY || time > expiryMillis) {
        return at;
      }
      at = Listpack.next(array, 0, Listpack.next(array, 0, Listpack.next(array, 0, at)));
    }
    return Listpack.end(array, 0);
  }

  /** Makes it a listpack with times, or a tree where its name says that it is large. */
  private void addTimes() {
    if (isLoose()) {
      makeTree();
      return;
    }
    Listpack.format(scratch);
    for (boolean more = first(); more; more = next()) {
      Listpack.appendPair(scratch, field(), value());
      Listpack.append(scratch, 0);
    }
    scratch.giveAs(Encoding.LISTPACK_EX, packed);
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
    long grown = (long) packed.length() + field.length + value.length + OVERHEAD_BYTES;
    if (isLoose()
        ? grown > MAX_LOOSE_BYTES
        : grown > Listpack.MAX_BYTES
            || field.length > limits.hashMaxListpackBytes
            || value.length > limits.hashMaxListpackBytes) {
      outgrow(grown);
    }
  }

  /**
   * Makes it large, which it remains: in the eyes of Redis, and in a tree unless it has few bytes.
   */
  private void outgrow(long packedBytes) {
    if (!isLoose() && !hasTimes() && packedBytes <= MAX_LOOSE_BYTES && count() < MAX_LOOSE_FIELDS) {
      packed.rename(Encoding.LOOSE);
    } else {
      makeTree();
    }
  }

  private void makeTree() {
    ScratchRoot made = new ScratchRoot(TreeRoots.TREE_BYTES);
    tree.attach(made, 0);
    int owned = packed.ownBlock();
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
    packed.freeOwnBlock(owned);
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
      Listpack.delete(packed, position, stride());
    } else {
      tree.removeFound();
    }
  }

  /** Checks the invariants of a large hash; for tests. */
  public void validate() {
    if (!isPacked()) {
      tree().validate();
    }
  }
}
