package io.cinnabar.value;

import io.cinnabar.arena.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * The stream in a {@link ValueBlock}: entries, the groups of consumers that read them, and what is
 * pending. There is one for each block object; it has no state of the stream's.
 *
 * <pre>
 * 0   6 x 16 roots: entries, groups, consumers by name, consumers by number, pending entries by
 *            group, pending entries by consumer
 * own  0  8 milliseconds of the last ID ever
 *      8  8 sequence number of it
 *      16 8 milliseconds of the greatest ID that was deleted by its ID
 *      24 8 sequence number of it
 *      32 8 how many entries have ever been added
 *      40 8 the greatest number of a group or consumer
 * </pre>
 */
public final class StreamValue {
  static final int ENTRIES = 0;
  static final int GROUPS = 1;
  static final int CONSUMERS = 2;
  static final int CONSUMER_NUMBERS = 3;
  static final int PENDING = 4;
  static final int CONSUMER_PENDING = 5;

  private static final int LAST_ID = 0;
  private static final int MAX_DELETED_ID = 16;
  private static final int ENTRIES_ADDED = 32;
  private static final int LAST_NUMBER = 40;

  private final ValueBlock block;
  private final TreeRoots roots;

  // Made when they are needed: most entries of the keyspace are no streams.
  private @Nullable StreamEntries entries;
  private @Nullable StreamCursor cursor;
  private @Nullable StreamGroups groups;

  public StreamValue(ValueBlock block) {
    this.block = block;
    roots = new TreeRoots(block);
  }

  /** Lets go of the arrays that it lay in. */
  public void release() {
    if (entries != null) {
      entries.release();
    }
    if (cursor != null) {
      cursor.release();
    }
  }

  private StreamEntries entries() {
    StreamEntries made = entries;
    if (made == null) {
      made = new StreamEntries(block);
      entries = made;
    }
    return made;
  }

  /** Walks over the entries; the object is always the same, and moved by nobody else. */
  public StreamCursor cursor() {
    StreamCursor made = cursor;
    if (made == null) {
      made = new StreamCursor(block);
      cursor = made;
    }
    return made;
  }

  /** The groups; the object is always the same. */
  public StreamGroups groups() {
    StreamGroups made = groups;
    if (made == null) {
      made = new StreamGroups(block, this);
      groups = made;
    }
    return made;
  }

  // What it has of its own.

  private long own(int at) {
    return Bytes.getLong(block.slab(), block.valueOffset() + TreeRoots.STREAM_OWN + at);
  }

  private void putOwn(int at, long value) {
    Bytes.putLong(block.slab(), block.valueOffset() + TreeRoots.STREAM_OWN + at, value);
  }

  private void makeWritable() {
    roots.resize(roots.length());
  }

  /** How many entries there are. */
  public long length() {
    return Bytes.getLong(block.slab(), block.valueOffset() + TreeRoots.rootAt(ENTRIES) + 8);
  }

  /** The last ID ever; the next entry's must be greater. */
  public StreamId lastId(StreamId into) {
    return into.set(own(LAST_ID), own(LAST_ID + 8));
  }

  /** The greatest ID that was deleted by its ID, 0-0 when there is none. */
  public StreamId maxDeletedId(StreamId into) {
    return into.set(own(MAX_DELETED_ID), own(MAX_DELETED_ID + 8));
  }

  /** How many entries have ever been added. */
  public long entriesAdded() {
    return own(ENTRIES_ADDED);
  }

  public void lastId(long ms, long seq) {
    makeWritable();
    putOwn(LAST_ID, ms);
    putOwn(LAST_ID + 8, seq);
  }

  public void maxDeletedId(long ms, long seq) {
    makeWritable();
    putOwn(MAX_DELETED_ID, ms);
    putOwn(MAX_DELETED_ID + 8, seq);
  }

  public void entriesAdded(long count) {
    makeWritable();
    putOwn(ENTRIES_ADDED, count);
  }

  /** A number that no group or consumer of the stream has had. */
  long newNumber() {
    makeWritable();
    long number = own(LAST_NUMBER) + 1;
    putOwn(LAST_NUMBER, number);
    return number;
  }

  // Entries.

  /** The keys of the radix tree that Redis would have: the number of nodes. */
  public long radixTreeKeys() {
    StreamRadixTree tree = new StreamRadixTree(block);
    tree.count();
    return tree.keys();
  }

  /** The nodes of the radix tree that Redis would have. */
  public long radixTreeNodes() {
    StreamRadixTree tree = new StreamRadixTree(block);
    tree.count();
    return tree.nodes();
  }

  /** Moves the ID to that of the oldest entry, or to 0-0 when there is none. */
  public StreamId firstEntryId(StreamId into) {
    return entries().firstId(into) ? into : into.setLeast();
  }

  /** Moves the ID to that of the newest entry, or to 0-0 when there is none. */
  public StreamId lastEntryId(StreamId into) {
    return entries().lastId(into) ? into : into.setLeast();
  }

  /**
   * Adds an entry.
   *
   * @param id greater than {@link #lastId}
   * @return false, and nothing has changed, when fields and values are too large for one entry
   * @throws io.cinnabar.arena.ArenaFullException and has changed nothing
   */
  public boolean append(StreamId id, StreamFields fields, Thresholds thresholds) {
    if (!entries().append(id, fields, thresholds)) {
      return false;
    }
    putOwn(LAST_ID, id.ms);
    putOwn(LAST_ID + 8, id.seq);
    putOwn(ENTRIES_ADDED, own(ENTRIES_ADDED) + 1);
    return true;
  }

  /**
   * Adds a node whose entries are behind all others. What the stream tells of its entries is the
   * caller's to set.
   *
   * @param listpackBytes the length of the listpack that it was
   * @throws io.cinnabar.arena.ArenaFullException and has changed nothing
   */
  public void append(StreamNodeBuilder node, int listpackBytes) {
    entries().append(node, listpackBytes);
  }

  /**
   * Deletes the entry with this ID, and notes it as deleted.
   *
   * @return whether there was one
   * @throws io.cinnabar.arena.ArenaFullException and has changed nothing
   */
  public boolean delete(StreamId id) {
    if (!entries().delete(id)) {
      return false;
    }
    if (StreamId.compare(id.ms, id.seq, own(MAX_DELETED_ID), own(MAX_DELETED_ID + 8)) > 0) {
      putOwn(MAX_DELETED_ID, id.ms);
      putOwn(MAX_DELETED_ID + 8, id.seq);
    }
    return true;
  }

  /**
   * Deletes the oldest entries, as far as {@code trim} says; how many they were.
   *
   * @throws io.cinnabar.arena.ArenaFullException when there is no memory; some may be deleted
   */
  public long trim(StreamTrim trim) {
    return entries().trim(trim);
  }

  /**
   * Checks entries, groups, consumers and what is pending; for tests.
   *
   * @throws IllegalStateException when something is wrong
   */
  public void validate() {
    entries().validate();
    groups().validate();
  }
}
