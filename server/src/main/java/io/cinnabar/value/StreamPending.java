package io.cinnabar.value;

import io.cinnabar.arena.ArenaFullException;

/**
 * Entries that a group has handed to a consumer and that it hasn't acknowledged, by group and ID;
 * and an index of them by consumer and ID. A cursor over both: which one it walks says the method
 * that found something. Each change either happens wholly or throws {@link ArenaFullException}.
 *
 * <pre>
 * value 0  number of the consumer
 *       1  when it was delivered last, in milliseconds since 1970
 *       2  how often it was delivered
 * </pre>
 */
public final class StreamPending {
  private static final int CONSUMER = 0;
  private static final int DELIVERED = 1;
  private static final int DELIVERIES = 2;

  private final IdRecords byGroup;
  private final IdRecords byConsumer;
  private final StreamId id = new StreamId();

  StreamPending(ValueBlock block) {
    byGroup = new IdRecords(block, StreamValue.PENDING, 3);
    byConsumer = new IdRecords(block, StreamValue.CONSUMER_PENDING, 0);
  }

  // Finding.

  /** Moves to what is pending in the group under this ID; false when nothing is. */
  public boolean find(long group, StreamId wanted) {
    return byGroup.of(group, wanted.ms, wanted.seq).find();
  }

  /** Moves to what is pending in the group first from this ID on; false when nothing is. */
  public boolean seek(long group, StreamId from) {
    return byGroup.of(group, from.ms, from.seq).seek() && byGroup.owner() == group;
  }

  /** Moves to what is pending in the group behind it; false when nothing is. */
  public boolean next() {
    long group = byGroup.owner();
    return byGroup.next() && byGroup.owner() == group;
  }

  /** Moves to what is pending for the consumer first from this ID on; false when nothing is. */
  public boolean seekOf(long consumer, long group, StreamId from) {
    return byConsumer.of(consumer, from.ms, from.seq).seek() && followIndex(consumer, group);
  }

  /** Moves to what is pending for the consumer behind it; false when nothing is. */
  public boolean nextOf(long consumer, long group) {
    return byConsumer.next() && followIndex(consumer, group);
  }

  private boolean followIndex(long consumer, long group) {
    if (byConsumer.owner() != consumer) {
      return false;
    }
    byConsumer.id(id);
    if (!byGroup.of(group, id.ms, id.seq).find()) {
      throw new IllegalStateException("an index of pending entries has one that is not pending");
    }
    return true;
  }

  /** How many entries are pending in a group. */
  public long count(long group) {
    return byGroup.of(group + 1, 0, 0).rank() - byGroup.of(group, 0, 0).rank();
  }

  /** How many entries are pending for a consumer. */
  public long countOf(long consumer) {
    return byConsumer.of(consumer + 1, 0, 0).rank() - byConsumer.of(consumer, 0, 0).rank();
  }

  /** Moves to what is pending last in the group, which has something pending. */
  public void last(long group) {
    byGroup.of(group + 1, 0, 0).seekLess();
  }

  // What is pending.

  public StreamId id(StreamId into) {
    return byGroup.id(into);
  }

  /** The number of the consumer. */
  public long consumer() {
    return byGroup.value(CONSUMER);
  }

  /** When it was delivered last, in milliseconds since 1970. */
  public long deliveredMillis() {
    return byGroup.value(DELIVERED);
  }

  /** How often it was delivered. */
  public long deliveries() {
    return byGroup.value(DELIVERIES);
  }

  // Changing.

  /** Notes that an entry is pending that isn't, and moves to it. */
  public void add(long group, StreamId added, long consumer, long deliveredMillis, long count) {
    byGroup.of(group, added.ms, added.seq);
    byGroup.with(CONSUMER, consumer).with(DELIVERED, deliveredMillis).with(DELIVERIES, count);
    byGroup.insert();
    try {
      byConsumer.of(consumer, added.ms, added.seq).insert();
    } catch (ArenaFullException full) {
      byGroup.remove();
      throw full;
    }
  }

  /** Says of what the cursor is over that it was delivered to a consumer. */
  public void deliver(long consumer, long deliveredMillis, long count) {
    byGroup.makeWritable();
    if (consumer() != consumer) {
      moveTo(consumer);
    }
    byGroup.putValue(DELIVERED, deliveredMillis);
    byGroup.putValue(DELIVERIES, count);
  }

  private void moveTo(long consumer) {
    byGroup.id(id);
    byConsumer.of(consumer, id.ms, id.seq).insert();
    try {
      if (byConsumer.of(consumer(), id.ms, id.seq).find()) {
        byConsumer.remove();
      }
    } catch (ArenaFullException full) {
      byConsumer.of(consumer, id.ms, id.seq).find();
      byConsumer.remove();
      throw full;
    }
    byGroup.putValue(CONSUMER, consumer);
  }

  /** Ends what the cursor is over, which must be moved then. */
  public void remove() {
    byGroup.makeWritable();
    byGroup.id(id);
    if (byConsumer.of(consumer(), id.ms, id.seq).find()) {
      byConsumer.remove();
    }
    byGroup.remove();
  }

  /** Checks that both hold the same; for tests. */
  void validate() {
    byGroup.validate();
    byConsumer.validate();
    if (byGroup.count() != byConsumer.count()) {
      throw new IllegalStateException("an index of pending entries misses some");
    }
    for (boolean found = byGroup.first(); found; found = byGroup.next()) {
      byGroup.id(id);
      if (!byConsumer.of(consumer(), id.ms, id.seq).find()) {
        throw new IllegalStateException("an index of pending entries misses " + id);
      }
    }
  }
}
