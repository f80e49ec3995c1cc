package io.cinnabar.value;

import io.cinnabar.arena.ArenaFullException;
import io.cinnabar.structure.Slice;

/**
 * The groups of a stream by their names, and a cursor over them.
 *
 * <pre>
 * value 0  number
 *       1  milliseconds of the last ID that was delivered
 *       2  sequence number of it
 *       3  how many entries have been read, or -1
 * </pre>
 */
public final class StreamGroups {
  /** It isn't known how many entries have been read. */
  public static final long UNKNOWN = -1;

  private static final int NUMBER = 0;
  private static final int LAST_ID = 1;
  private static final int ENTRIES_READ = 3;

  private final ValueBlock block;
  private final StreamValue stream;
  private final NamedRecords groups;
  private final StreamConsumers consumers;
  private final StreamPending pending;
  private final StreamId least = new StreamId();

  StreamGroups(ValueBlock block, StreamValue stream) {
    this.block = block;
    this.stream = stream;
    groups = new NamedRecords(block, StreamValue.GROUPS, 4);
    consumers = new StreamConsumers(block, stream);
    pending = new StreamPending(block);
  }

  // Finding.

  public long count() {
    return groups.count();
  }

  /** Moves to the group of that name; false when there is none. */
  public boolean find(Slice name) {
    return groups.of(0, name).find();
  }

  /** Moves to the first group; false when there is none. */
  public boolean first() {
    return groups.first();
  }

  /** Moves to the next group; false when there is none. */
  public boolean next() {
    return groups.next();
  }

  // The group.

  /** Its number, which no other group of the stream has or had. */
  public long number() {
    return groups.value(NUMBER);
  }

  public Slice name(Slice into) {
    return groups.name(into);
  }

  /** The last ID that was delivered. */
  public StreamId lastId(StreamId into) {
    return into.set(groups.value(LAST_ID), groups.value(LAST_ID + 1));
  }

  /** How many entries have been read, or {@link #UNKNOWN}. */
  public long entriesRead() {
    return groups.value(ENTRIES_READ);
  }

  /** The consumers of all groups. */
  public StreamConsumers consumers() {
    return consumers;
  }

  /** What is pending in all groups. */
  public StreamPending pending() {
    return pending;
  }

  // Changing.

  /**
   * Makes a group, of a name that there is none of, and moves to it.
   *
   * @throws ArenaFullException and has changed nothing
   */
  public void create(Slice name, StreamId lastId, long entriesRead) {
    groups.of(0, name).with(NUMBER, stream.newNumber());
    groups.with(LAST_ID, lastId.ms).with(LAST_ID + 1, lastId.seq).with(ENTRIES_READ, entriesRead);
    groups.insert();
  }

  /**
   * Sets what has been read.
   *
   * @throws ArenaFullException and has changed nothing
   */
  public void read(StreamId lastId, long entriesRead) {
    groups.makeWritable();
    groups.putValue(LAST_ID, lastId.ms);
    groups.putValue(LAST_ID + 1, lastId.seq);
    groups.putValue(ENTRIES_READ, entriesRead);
  }

  /** Removes the group, its consumers, and what is pending in it. */
  public void remove() {
    long number = number();
    while (pending.seek(number, least.setLeast())) {
      pending.remove();
      block.arena().insist();
    }
    while (consumers.first(number)) {
      consumers.remove();
      block.arena().insist();
    }
    groups.remove();
  }

  /**
   * Removes the consumer that the cursor of {@link #consumers} is over.
   *
   * @return how many entries were pending for it
   */
  public long removeConsumer() {
    long group = number();
    long consumer = consumers.number();
    long removed = 0;
    while (pending.seekOf(consumer, group, least.setLeast())) {
      pending.remove();
      block.arena().insist();
      removed++;
    }
    consumers.remove();
    return removed;
  }

  /** Checks trees and indexes; for tests. */
  void validate() {
    groups.validate();
    consumers.validate();
    pending.validate();
  }
}
