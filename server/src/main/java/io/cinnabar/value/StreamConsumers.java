package io.cinnabar.value;

import io.cinnabar.arena.ArenaFullException;
import io.cinnabar.structure.Slice;

/**
 * The consumers of all groups of a stream, by group and name; and their names by their numbers. A
 * cursor over the first.
 *
 * <pre>
 * value 0  number
 *       1  when it was seen last, in milliseconds since 1970
 *       2  when it last got something, or -1
 * </pre>
 */
public final class StreamConsumers {
  private static final int NUMBER = 0;
  private static final int SEEN = 1;
  private static final int ACTIVE = 2;
  private static final Slice NO_NAME = new Slice();

  private final StreamValue stream;
  private final NamedRecords byGroup;
  private final NamedRecords byNumber;

  StreamConsumers(ValueBlock block, StreamValue stream) {
    this.stream = stream;
    byGroup = new NamedRecords(block, StreamValue.CONSUMERS, 3);
    byNumber = new NamedRecords(block, StreamValue.CONSUMER_NUMBERS, 0);
  }

  // Finding.

  /** Moves to the group's consumer of that name; false when there is none. */
  public boolean find(long group, Slice name) {
    return byGroup.of(group, name).find();
  }

  /** Moves to the group's first consumer; false when there is none. */
  public boolean first(long group) {
    return byGroup.firstOf(group).seek() && byGroup.owner() == group;
  }

  /** Moves to the group's next consumer; false when there is none. */
  public boolean next() {
    long group = byGroup.owner();
    return byGroup.next() && byGroup.owner() == group;
  }

  /** How many consumers a group has. */
  public long count(long group) {
    return byGroup.firstOf(group + 1).rank() - byGroup.firstOf(group).rank();
  }

  /** Moves the slice over the name of the consumer with this number. */
  public Slice nameOf(long number, Slice into) {
    if (!byNumber.firstOf(number).seek() || byNumber.owner() != number) {
      throw new IllegalStateException("no consumer has the number " + number);
    }
    return byNumber.name(into);
  }

  // The consumer.

  /** Its number, which no other consumer of the stream has or had. */
  public long number() {
    return byGroup.value(NUMBER);
  }

  public Slice name(Slice into) {
    return byGroup.name(into);
  }

  /** When it was seen last, in milliseconds since 1970. */
  public long seenMillis() {
    return byGroup.value(SEEN);
  }

  /** When it last got something, in milliseconds since 1970; -1 when it never did. */
  public long activeMillis() {
    return byGroup.value(ACTIVE);
  }

  // Changing.

  /**
   * Makes a consumer, which the group doesn't have, and moves to it.
   *
   * @throws ArenaFullException and has changed nothing
   */
  public void create(long group, Slice name, long seenMillis) {
    long number = stream.newNumber();
    byNumber.of(number, name).insert();
    byGroup.of(group, name).with(NUMBER, number).with(SEEN, seenMillis).with(ACTIVE, -1);
    try {
      byGroup.insert();
    } catch (ArenaFullException full) {
      byNumber.remove();
      throw full;
    }
  }

  public void seen(long millis) {
    byGroup.makeWritable();
    byGroup.putValue(SEEN, millis);
  }

  public void active(long millis) {
    byGroup.makeWritable();
    byGroup.putValue(ACTIVE, millis);
  }

  /** Removes the consumer that the cursor is over; nothing is pending for it. */
  public void remove() {
    byGroup.makeWritable();
    if (byNumber.of(number(), NO_NAME).seek()) {
      byNumber.remove();
    }
    byGroup.remove();
  }

  /** Checks that both hold the same; for tests. */
  void validate() {
    byGroup.validate();
    byNumber.validate();
    Slice name = new Slice();
    Slice other = new Slice();
    if (byGroup.count() != byNumber.count()) {
      throw new IllegalStateException("names of consumers are missing");
    }
    for (boolean found = byGroup.first(); found; found = byGroup.next()) {
      if (!name(name).contentEquals(nameOf(number(), other))) {
        throw new IllegalStateException("a consumer has two names");
      }
    }
  }
}
