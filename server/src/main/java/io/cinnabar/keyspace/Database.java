package io.cinnabar.keyspace;

import io.cinnabar.arena.Arena;
import io.cinnabar.arena.ArenaFullException;
import io.cinnabar.structure.IntegerText;
import io.cinnabar.structure.SegmentedTable;
import io.cinnabar.structure.Slice;
import io.cinnabar.structure.TreeReclaimer;
import io.cinnabar.value.Encoding;
import io.cinnabar.value.HashValue;
import io.cinnabar.value.StringValue;
import io.cinnabar.value.ValueLayout;
import io.cinnabar.value.ValueType;
import java.util.random.RandomGenerator;

/**
 * One numbered database: its keys, found by key and hash. Entries are cursors that the caller
 * brings; they hold until the next change of the same key and until housekeeping.
 *
 * <p>Expired keys are entries like others here: whoever looks one up decides. What makes entries or
 * changes them throws {@link ArenaFullException} where memory is short, and has changed nothing
 * then.
 */
public final class Database {
  private static final Slice EMPTY = new Slice();

  private final int index;
  private final Keyspace keyspace;
  private final Arena arena;
  private final AccessClock accessClock;
  private final Entry visited = new Entry();
  private final Entry other = new Entry();
  private final ScanStep scanStep = new ScanStep();
  private SegmentedTable table;
  private long fieldExpiryNotes;

  Database(int index, Keyspace keyspace) {
    this.index = index;
    this.keyspace = keyspace;
    arena = keyspace.arena();
    accessClock = keyspace.accessClock();
    table = keyspace.newTable();
  }

  /** Changes contents with another database of that number. */
  void exchange(Database other) {
    SegmentedTable mine = table;
    table = other.table;
    other.table = mine;
    fieldExpiryNotes += other.fieldExpiryNotes;
  }

  /** Its number. */
  public int index() {
    return index;
  }

  /** The number of keys, expired ones included that nobody has met. */
  public long size() {
    return table.size();
  }

  /** The number of keys with an expiry. */
  public long expiringCount() {
    return table.expiring();
  }

  /** How many elements its table has room for as it is. */
  public long slotCount() {
    return table.slotCount();
  }

  /** The number of segments of its table. */
  public int segmentCount() {
    return table.segmentCount();
  }

  /**
   * The hash of a key, for the methods here and for those of every other database of the keyspace.
   */
  public long hash(Slice key) {
    return keyspace.hash(key);
  }

  /** What its table takes, beside the blocks of keys and values. */
  public long tableBytes() {
    return table.directoryBytes() + table.segmentBytes();
  }

  Arena arena() {
    return arena;
  }

  TreeReclaimer treeReclaimer() {
    return keyspace.treeReclaimer();
  }

  AccessClock accessClock() {
    return accessClock;
  }

  SegmentedTable table() {
    return table;
  }

  void table(SegmentedTable table) {
    this.table = table;
  }

  // Looking up.

  /** Moves {@code into} over the entry of a key, also of an expired one; false if there is none. */
  public boolean find(Slice key, long hash, Entry into) {
    int reference = table.find(key, hash);
    if (reference == 0) {
      return false;
    }
    into.at(this, reference, hash);
    return true;
  }

  /** First pass over a batch: see {@link SegmentedTable#touchBucket}. */
  public int touchBucket(long hash) {
    return table.touchBucket(hash);
  }

  /** Second pass: see {@link SegmentedTable#candidate}. */
  public int candidate(long hash) {
    return table.candidate(hash);
  }

  /** Third pass, over what the second yielded, for a key of {@code keyLength} bytes. */
  public int touchCandidate(int candidate, int keyLength) {
    return table.touchElement(candidate, Entry.KEY_OFFSET + 1 + keyLength);
  }

  /** Moves {@code into} over the entry that the second pass yielded, of whatever key it is. */
  public void moveTo(int candidate, Entry into) {
    into.at(this, candidate, 0);
  }

  /**
   * Visits some entries; see {@link SegmentedTable#scan}.
   *
   * @param cursor 0 to begin, then what the last call returned
   * @return the next cursor, 0 at the end
   */
  public long scan(long cursor, EntryVisitor visitor) {
    scanStep.visitor = visitor;
    return table.scan(cursor, scanStep);
  }

  /** Moves {@code into} over an entry, each as likely as any other; false if there are none. */
  public boolean randomEntry(RandomGenerator random, Entry into) {
    int reference = table.random(random);
    if (reference == 0) {
      return false;
    }
    into.at(this, reference, 0);
    into.at(this, reference, hash(into.key()));
    return true;
  }

  // Making and removing.

  /** Makes an entry for a key that has none: an empty string without an expiry. */
  public void create(Slice key, long hash, Entry into) {
    createString(key, hash, EMPTY, into);
  }

  /**
   * SET: makes a key's value this string, whatever it was, with or without an entry.
   *
   * @param keepExpiry whether an expiry there is stays
   */
  public void setString(Slice key, long hash, Slice value, boolean keepExpiry, Entry into) {
    if (!find(key, hash, into)) {
      createString(key, hash, value, into);
      return;
    }
    boolean expires = keepExpiry && into.expires();
    if (into.type() == ValueType.STRING && into.expires() == expires) {
      into.string().set(value);
    } else {
      replaceWithString(key, value, expires, into);
    }
    into.clock(accessClock.touched(into.clock()));
  }

  private void createString(Slice key, long hash, Slice value, Entry into) {
    allocateString(key, hash, value, false, into);
    insert(into);
  }

  /**
   * Makes a raw string of {@code length} undefined bytes for a key, which keeps what it has until
   * {@link #putPrepared}.
   */
  public void prepareString(Slice key, long hash, int length, Entry into) {
    Encoding encoding = StringValue.rawEncodingOf(length);
    int valueBytes = StringValue.entryBytes(encoding, length);
    into.allocate(this, key, hash, ValueType.STRING, encoding, false, valueBytes);
    try {
      into.string().initialize(length);
    } catch (ArenaFullException e) {
      into.free(false);
      throw e;
    }
    into.detached(true);
  }

  /**
   * Gives a key the value that was prepared for it, instead of what it had, expiry included. Where
   * that fails, the prepared value is gone.
   *
   * @return whether the key was there
   */
  public boolean putPrepared(Entry made) {
    int replaced = table.find(made.key(), made.hash());
    if (replaced != 0) {
      made.clock(accessClock.touched(visited.at(this, replaced, made.hash()).clock()));
    }
    made.detached(false);
    try {
      put(made, replaced);
      if (replaced == 0) {
        keyspace.added(index, made);
      }
      return replaced != 0;
    } catch (ArenaFullException e) {
      made.free(true);
      throw e;
    }
  }

  /** Makes another block for the key instead of the one that {@code into} is over. */
  private void replaceWithString(Slice key, Slice value, boolean expires, Entry into) {
    long hash = into.hash();
    other.at(this, into.reference(), hash);
    table.makeWritable(hash);
    allocateString(key, hash, value, expires, into);
    if (expires) {
      into.putExpiry(other.expiryMillis());
    }
    into.clock(other.clock());
    table.replace(hash, other.reference(), into.reference(), into.marks());
    other.free(true);
  }

  /** Makes a block with a string; in the table it is not yet. */
  private void allocateString(Slice key, long hash, Slice value, boolean expires, Entry into) {
    boolean isInteger = IntegerText.isLong(value);
    Encoding encoding = isInteger ? Encoding.INT : StringValue.encodingOf(value.length);
    int valueBytes = StringValue.entryBytes(encoding, value.length);
    into.allocate(this, key, hash, ValueType.STRING, encoding, expires, valueBytes);
    try {
      into.string().initialize(value);
    } catch (ArenaFullException e) {
      into.free(false);
      throw e;
    }
  }

  /**
   * Makes an empty value for a key that is in no table yet: a small collection, or a stream. The
   * key keeps what it has until {@link #attach} or {@link #putPrepared}.
   */
  public void createDetached(Slice key, long hash, ValueType type, Entry into) {
    Encoding encoding = ValueLayout.firstEncoding(type);
    into.allocate(this, key, hash, type, encoding, false, ValueLayout.emptyBytes(type));
    into.detached(true);
    ValueLayout.format(type, into.slab(), into.valueOffset());
  }

  /** As {@link #createDetached(Slice, long, ValueType, Entry)}, with this string for a value. */
  public void createDetached(Slice key, long hash, Slice string, Entry into) {
    allocateString(key, hash, string, false, into);
    into.detached(true);
  }

  /** Puts an entry that is detached into the table; its key has none. */
  public void attach(Entry made) {
    table.insert(made.hash(), made.reference(), made.marks());
    made.detached(false);
    noteFieldExpiry(made);
    keyspace.added(index, made);
  }

  /** Gives back an entry that is detached. */
  public void discard(Entry made) {
    made.detached(false);
    made.free(true);
  }

  private void insert(Entry entry) {
    try {
      table.insert(entry.hash(), entry.reference(), entry.marks());
    } catch (ArenaFullException e) {
      entry.free(true);
      throw e;
    }
    if (entry.expires()) {
      table.noteExpiry(entry.hash(), entry.expiryMillis());
    }
    noteFieldExpiry(entry);
    keyspace.added(index, entry);
  }

  /** Makes sure that memory is at hand for {@link #remove}, if nothing else happens before. */
  public void makeRemovable(Entry entry) {
    table.makeWritable(entry.hash());
  }

  /** Removes an entry of this database and frees its blocks; the cursor is over nothing then. */
  public void remove(Entry entry) {
    table.remove(entry.hash(), entry.reference());
    entry.free(true);
  }

  // Expiry.

  /** Sets when an entry of this database expires, in milliseconds since 1970. */
  public void setExpiry(Entry entry, long atMillis) {
    reshape(entry, true);
    entry.putExpiry(atMillis);
    if (!entry.isDetached()) {
      table.noteExpiry(entry.hash(), atMillis);
    }
  }

  /** Says that fields of a hash of this database expire now that did not before. */
  public void noteFieldExpiry(Entry entry) {
    long earliest = entry.earliestFieldExpiry();
    if (earliest != HashValue.NEVER) {
      table.noteExpiryWithin(entry.hash(), earliest);
      fieldExpiryNotes++;
    }
  }

  /** How often {@link #noteFieldExpiry} was called. */
  long fieldExpiryNotes() {
    return fieldExpiryNotes;
  }

  /** Makes an entry of this database last. */
  public void clearExpiry(Entry entry) {
    if (entry.expires()) {
      reshape(entry, false);
    }
  }

  private static void reshape(Entry entry, boolean expires) {
    Encoding encoding = entry.encoding();
    int valueBytes = ValueLayout.entryBytes(encoding, entry.slab(), entry.valueOffset());
    entry.reshape(entry.type(), encoding, expires, valueBytes, valueBytes);
  }

  // To other keys and databases.

  /**
   * Makes a copy of an entry of this database, its expiry included, with blocks of its own. What
   * was there is removed.
   *
   * @param newKey the copy's key, another one or in another database
   * @param into is over the copy then; another object than {@code from}
   */
  public void copy(Entry from, Database to, Slice newKey, Entry into) {
    to.allocateLike(from, newKey, into);
    try {
      ValueLayout.duplicate(arena, into.encoding(), into.slab(), into.valueOffset());
    } catch (ArenaFullException e) {
      into.free(false);
      throw e;
    }
    try {
      to.put(newKey, into);
    } catch (ArenaFullException e) {
      into.free(true);
      throw e;
    }
    keyspace.added(to.index, into);
  }

  /**
   * Gives an entry of this database another key; what was there is removed. A long value stays
   * where it is. {@code entry} is over the new one then.
   */
  public void rename(Entry entry, Slice newKey) {
    transfer(entry, this, newKey);
  }

  /** Moves an entry into another database, which has none of that key. */
  public void move(Entry entry, Database to) {
    if (to != this) {
      transfer(entry, to, entry.key());
    }
  }

  private void transfer(Entry entry, Database to, Slice newKey) {
    if (to == this && newKey.contentEquals(entry.key())) {
      return;
    }
    long oldHash = entry.hash();
    int oldReference = entry.reference();
    table.makeWritable(oldHash);
    to.allocateLike(entry, newKey, other);
    other.clock(entry.clock());
    long newHash = other.hash();
    int made = other.reference();
    try {
      to.put(newKey, other);
    } catch (ArenaFullException e) {
      other.free(false);
      throw e;
    }
    keyspace.added(to.index, other);
    table.remove(oldHash, oldReference);
    entry.free(false);
    entry.at(to, made, newHash);
  }

  /** Puts an entry into the table, instead of the one of that key where there is one. */
  private void put(Slice key, Entry made) {
    put(made, table.find(key, made.hash()));
  }

  /** The same, where {@code replaced} is the one of that key, or 0. */
  private void put(Entry made, int replaced) {
    long hash = made.hash();
    if (replaced == 0) {
      table.insert(hash, made.reference(), made.marks());
    } else {
      table.replace(hash, replaced, made.reference(), made.marks());
      visited.at(this, replaced, hash).free(true);
    }
    if (made.expires()) {
      table.noteExpiry(hash, made.expiryMillis());
    }
    noteFieldExpiry(made);
  }

  /** Makes a block with another key and the bytes of {@code from}; in the table it is not yet. */
  private void allocateLike(Entry from, Slice newKey, Entry into) {
    Encoding encoding = from.encoding();
    int valueBytes = ValueLayout.entryBytes(encoding, from.slab(), from.valueOffset());
    boolean expires = from.expires();
    into.allocate(this, newKey, hash(newKey), from.type(), encoding, expires, valueBytes);
    if (expires) {
      into.putExpiry(from.expiryMillis());
    }
    System.arraycopy(from.slab(), from.valueOffset(), into.slab(), into.valueOffset(), valueBytes);
  }

  /** FLUSHDB: empty at once; the blocks are given back by {@link Keyspace#reclaimSlice}. */
  public void clear() {
    if (size() > 0) {
      SegmentedTable full = table;
      table = keyspace.newTable();
      keyspace.setAside(full);
    }
  }

  /** Turns elements of the table into entries, for one scan at a time. */
  private final class ScanStep implements SegmentedTable.ElementVisitor {
    private EntryVisitor visitor = entry -> {};

    @Override
    public void element(int reference, long hash) {
      visitor.visit(visited.at(Database.this, reference, hash));
    }
  }
}
