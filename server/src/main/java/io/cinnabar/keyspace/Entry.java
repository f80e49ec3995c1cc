package io.cinnabar.keyspace;

import io.cinnabar.arena.Arena;
import io.cinnabar.arena.ArenaFullException;
import io.cinnabar.arena.Bytes;
import io.cinnabar.arena.Frozen;
import io.cinnabar.structure.ElementKey;
import io.cinnabar.structure.SegmentedTable;
import io.cinnabar.structure.Slice;
import io.cinnabar.structure.TreeMover;
import io.cinnabar.value.Encoding;
import io.cinnabar.value.HashValue;
import io.cinnabar.value.ListValue;
import io.cinnabar.value.SetValue;
import io.cinnabar.value.SortedSetValue;
import io.cinnabar.value.StreamValue;
import io.cinnabar.value.StringValue;
import io.cinnabar.value.ValueBlock;
import io.cinnabar.value.ValueLayout;
import io.cinnabar.value.ValueType;
import org.jspecify.annotations.Nullable;

/**
 * A key with its value, expiry and access clock: a cursor that {@link Database} moves over the
 * block of one key or another and that is used again and again.
 *
 * <pre>
 * block  0      1 type 3 bits | expires 1 bit, 0x08 | encoding 4 bits, from 0x10 on
 *        1      3 access clock, see {@link AccessClock}
 *        4      3 stamp: the epoch the block was written in
 *        7      1 length of the key; 255: in the four bytes that follow
 *        8 (12) k the key
 *        8+k    8 expiry in milliseconds since 1970, only with the expires bit
 *        ...      the value
 * </pre>
 *
 * <p>A change writes the block in place where no frozen view may see it and the new size is of the
 * same size class; otherwise it makes another block and tells the table. So a second {@code Entry}
 * over the same key, and slices of key and value, are invalid after any change; so is every entry
 * after housekeeping (compaction). Numbers are little-endian.
 */
public final class Entry extends ValueBlock {
  /** Where the table finds the length of the key. */
  static final int KEY_OFFSET = 7;

  /** The shortest header: that of an entry without an expiry whose key is short. */
  public static final int HEADER_BYTES = 8;

  private static final byte[] NONE = {};
  private static final int CLOCK_OFFSET = 1;
  private static final int STAMP_OFFSET = 4;
  private static final int TYPE_MASK = 0x07;
  private static final int EXPIRES_BIT = 0x08;
  private static final int ENCODING_SHIFT = 4;
  private static final int EXPIRY_BYTES = 8;
  private static final int LONG_KEY = 255;

  private final Slice key = new Slice();
  private final StringValue string = new StringValue(this);
  private final ListValue list = new ListValue(this);
  private final HashValue hashValue = new HashValue(this);
  private final SetValue set = new SetValue(this);
  private final SortedSetValue sortedSet = new SortedSetValue(this);
  private final StreamValue stream = new StreamValue(this);

  private @Nullable Database database;
  private @Nullable Frozen view;
  private long hash;
  private int reference;
  private int base;

  /** Whether it is of no table yet, or never will be. */
  private boolean detached;

  // Moving the cursor.

  /** Moves over a block of a database. */
  Entry at(Database database, int reference, long hash) {
    this.database = database;
    this.hash = hash;
    detached = false;
    view = null;
    locate(database.arena().slab(reference), reference);
    return this;
  }

  /** Moves over a block of a frozen view, which cannot be changed. */
  void at(Frozen view, int reference) {
    database = null;
    this.view = view;
    locate(view.slab(reference), reference);
  }

  /** Moves over nothing, so that it holds on to no array; the value must not be used. */
  public void release() {
    slab = NONE;
    key.set(NONE, 0, 0);
    string.release();
    list.release();
    hashValue.release();
    set.release();
    sortedSet.release();
    stream.release();
  }

  private void locate(byte[] slab, int reference) {
    this.slab = slab;
    this.reference = reference;
    base = Arena.offset(reference);
    int at = base + KEY_OFFSET + 1;
    int length = slab[at - 1] & 0xff;
    if (length == LONG_KEY) {
      length = Bytes.getInt(slab, at);
      at += 4;
    }
    key.set(slab, at, length);
    valueOffset = at + length + (expires() ? EXPIRY_BYTES : 0);
  }

  // Reading.

  /** The key's bytes in the block. */
  public Slice key() {
    return key;
  }

  public ValueType type() {
    return ValueType.ofCode(slab[base] & TYPE_MASK);
  }

  @Override
  public Encoding encoding() {
    return Encoding.ofCode((slab[base] & 0xff) >>> ENCODING_SHIFT);
  }

  /** Whether the key has an expiry. */
  public boolean expires() {
    return (slab[base] & EXPIRES_BIT) != 0;
  }

  /** When it expires, in milliseconds since 1970; only where it {@link #expires}. */
  public long expiryMillis() {
    assert expires();
    return Bytes.getLong(slab, valueOffset - EXPIRY_BYTES);
  }

  /** Whether it has an expiry and that is over: Redis counts the very millisecond as alive. */
  public boolean isExpired(long nowMillis) {
    return expires() && expiryMillis() < nowMillis;
  }

  /**
   * A lower bound of the times at which fields of a hash expire, in milliseconds since 1970, or
   * {@link HashValue#NEVER}.
   */
  public long earliestFieldExpiry() {
    return type() == ValueType.HASH ? hashValue.earliestExpiryMillis() : HashValue.NEVER;
  }

  /** The access clock, 24 bits. */
  public int clock() {
    return Bytes.getUnsignedMedium(slab, base + CLOCK_OFFSET);
  }

  /** Sets the access clock; in place even in a frozen block, whose view does not promise it. */
  public void clock(int clock) {
    Bytes.putMedium(slab, base + CLOCK_OFFSET, clock);
  }

  /** The value; only where the type is a string. */
  public StringValue string() {
    assert type() == ValueType.STRING;
    return string;
  }

  /** The value; only where the type is a stream. */
  public StreamValue stream() {
    assert type() == ValueType.STREAM;
    return stream;
  }

  /** The value; only where the type is a sorted set. */
  public SortedSetValue sortedSet() {
    assert type() == ValueType.SORTED_SET;
    return sortedSet;
  }

  /** The value; only where the type is a set. */
  public SetValue set() {
    assert type() == ValueType.SET;
    return set;
  }

  /** The value; only where the type is a hash. */
  public HashValue hashValue() {
    assert type() == ValueType.HASH;
    return hashValue;
  }

  /** The value; only where the type is a list. */
  public ListValue list() {
    assert type() == ValueType.LIST;
    return list;
  }

  /** The bytes of the arena that key and value take. */
  public long sizeBytes() {
    Arena arena = arena();
    return arena.capacity(reference) + ValueLayout.sizeBytes(arena, encoding(), slab, valueOffset);
  }

  /** The database it is in. */
  public Database database() {
    Database in = database;
    if (in == null) {
      throw new IllegalStateException("the entry belongs to a frozen view");
    }
    return in;
  }

  /** The hash of the key; only of an entry of a database. */
  public long hash() {
    return hash;
  }

  int reference() {
    return reference;
  }

  // Changing.

  @Override
  public Arena arena() {
    return database().arena();
  }

  @Override
  public byte[] slabOf(int reference) {
    Frozen frozen = view;
    return frozen != null ? frozen.slab(reference) : arena().slab(reference);
  }

  @Override
  public long hashOf(Slice element) {
    return database().hash(element);
  }

  @Override
  public void reshape(Encoding encoding, int valueBytes, int keptBytes) {
    reshape(type(), encoding, expires(), valueBytes, keptBytes);
  }

  /**
   * As {@link ValueBlock#reshape}, with the type and whether there is an expiry, which is kept
   * where there was one and undefined where there was none.
   */
  void reshape(ValueType type, Encoding encoding, boolean expires, int valueBytes, int keptBytes) {
    Database in = database();
    Arena arena = in.arena();
    int keyEnd = key.end() - base;
    int newValue = keyEnd + (expires ? EXPIRY_BYTES : 0);
    int sizeBytes = Math.addExact(newValue, valueBytes);
    int oldReference = reference;
    boolean isFrozen = isFrozen(arena);
    int stamp = stamp();
    if (!isFrozen && Arena.capacityFor(sizeBytes) == arena.capacity(reference)) {
      int oldValue = valueOffset - base;
      if (oldValue != newValue && keptBytes > 0) {
        System.arraycopy(slab, base + oldValue, slab, base + newValue, keptBytes);
      }
      int marksBefore = marks();
      header(type, encoding, expires);
      valueOffset = base + newValue;
      if (marks() != marksBefore && !detached) {
        in.table().replace(hash, reference, reference, marks());
      }
      return;
    }
    if (!detached) {
      in.table().makeWritable(hash);
    }
    int newReference = arena.allocate(sizeBytes);
    byte[] newSlab = arena.slab(newReference);
    int newBase = Arena.offset(newReference);
    System.arraycopy(slab, base, newSlab, newBase, keyEnd);
    if (expires && expires()) {
      Bytes.putLong(newSlab, newBase + keyEnd, expiryMillis());
    }
    System.arraycopy(slab, valueOffset, newSlab, newBase + newValue, keptBytes);
    locate(newSlab, newReference);
    header(type, encoding, expires);
    valueOffset = base + newValue;
    stamp(arena.epoch());
    if (!detached) {
      in.table().replace(hash, oldReference, newReference, marks());
    }
    in.table().free(oldReference, stamp, hash);
  }

  /** Whether a view needs the block as it is; one that was read already is taken over. */
  private boolean isFrozen(Arena arena) {
    boolean isFrozen = arena.isFrozen(stamp());
    if (isFrozen && !detached && database().table().isTaken(hash)) {
      stamp(arena.epoch());
      return false;
    }
    return isFrozen;
  }

  /** Sets the expiry in a block that has room for one. */
  void putExpiry(long atMillis) {
    assertWritable();
    Bytes.putLong(slab, valueOffset - EXPIRY_BYTES, atMillis);
  }

  /**
   * Makes a block for a new entry, not in the table yet, and moves over it. Expiry and value are
   * undefined.
   */
  void allocate(
      Database database,
      Slice newKey,
      long hash,
      ValueType type,
      Encoding encoding,
      boolean expires,
      int valueBytes) {
    Arena arena = database.arena();
    int valueStart = KEY_OFFSET + ElementKey.sizeBytes(newKey) + (expires ? EXPIRY_BYTES : 0);
    int made = arena.allocate(Math.addExact(valueStart, valueBytes));
    byte[] bytes = arena.slab(made);
    ElementKey.write(bytes, Arena.offset(made) + KEY_OFFSET, newKey);
    base = Arena.offset(made);
    slab = bytes;
    header(type, encoding, expires);
    at(database, made, hash);
    stamp(arena.epoch());
    clock(database.accessClock().initial());
  }

  /** Whether it was made, and is in no table yet. */
  public boolean isDetached() {
    return detached;
  }

  void detached(boolean detached) {
    this.detached = detached;
  }

  /** Frees the block, and those of the value unless they have gone elsewhere. */
  void free(boolean alsoOwned) {
    if (alsoOwned) {
      freeOwned();
    }
    database().table().free(reference, stamp(), hash);
  }

  /** As {@link #free} with all that it owns, for one whose table nobody uses any more. */
  void freeSetAside() {
    freeOwned();
    arena().free(reference, stamp());
  }

  private void freeOwned() {
    ValueLayout.free(arena(), encoding(), slab, valueOffset, database().treeReclaimer());
  }

  /** Whether compaction wants one of its blocks moved. */
  boolean isEvacuating() {
    Arena arena = arena();
    return arena.isEvacuating(reference)
        || ValueLayout.areEvacuating(arena, encoding(), slab, valueOffset);
  }

  /**
   * Moves out of the way of compaction what is in it, without telling the table; the reference
   * then. What there is no room for stays.
   *
   * @param mover moves trees, as far as it is allowed to
   */
  int evacuate(TreeMover mover) {
    Arena arena = arena();
    boolean owned = ValueLayout.areEvacuating(arena, encoding(), slab, valueOffset);
    try {
      if (arena.isEvacuating(reference) || (owned && arena.isFrozen(stamp()))) {
        relocate(arena);
      }
      if (owned) {
        assertWritable();
        ValueLayout.move(arena, encoding(), slab, valueOffset, mover);
      }
    } catch (ArenaFullException full) {
      // Nothing is lost: the arena has given up the compaction by itself.
      return reference;
    }
    return reference;
  }

  private void relocate(Arena arena) {
    int stamp = stamp();
    int oldReference = reference;
    int sizeBytes = arena.capacity(oldReference);
    int newReference = arena.allocate(sizeBytes);
    byte[] newSlab = arena.slab(newReference);
    System.arraycopy(slab, base, newSlab, Arena.offset(newReference), sizeBytes);
    locate(newSlab, newReference);
    stamp(arena.epoch());
    arena.free(oldReference, stamp);
  }

  /** Stamps all blocks with the arena's epoch; no view may be open. */
  void restamp() {
    stamp(arena().epoch());
    ValueLayout.restamp(arena(), encoding(), slab, valueOffset);
  }

  /** What the table notes of the entry. */
  int marks() {
    return (expires() ? SegmentedTable.EXPIRES : 0)
        | (encoding().ownsBlocks() ? SegmentedTable.OWNS_BLOCKS : 0);
  }

  private void header(ValueType type, Encoding encoding, boolean expires) {
    slab[base] =
        (byte) (type.code() | (expires ? EXPIRES_BIT : 0) | encoding.code() << ENCODING_SHIFT);
  }

  private int stamp() {
    return Bytes.getUnsignedMedium(slab, base + STAMP_OFFSET);
  }

  private void stamp(int stamp) {
    Bytes.putMedium(slab, base + STAMP_OFFSET, stamp);
  }

  private void assertWritable() {
    assert !arena().isFrozen(stamp()) : "written without a copy";
  }
}
