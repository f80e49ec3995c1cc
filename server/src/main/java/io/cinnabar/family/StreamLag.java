package io.cinnabar.family;

import io.cinnabar.value.StreamGroups;
import io.cinnabar.value.StreamId;
import io.cinnabar.value.StreamValue;

/**
 * How far a group has read, as Redis reckons it: exactly where no deleted entry makes it uncertain,
 * else not at all.
 */
public final class StreamLag {
  /** The lag isn't known. It is negative where ENTRIESREAD told a group that it has read more. */
  static final long UNKNOWN_LAG = Long.MIN_VALUE;

  private static final long UNKNOWN = StreamGroups.UNKNOWN;

  private final StreamId id = new StreamId();
  private final StreamId first = new StreamId();
  private final StreamId deleted = new StreamId();

  /** How many entries the group has yet to read, or {@link #UNKNOWN_LAG}. */
  long of(StreamValue stream) {
    StreamGroups group = stream.groups();
    long added = stream.entriesAdded();
    if (added == 0) {
      return 0;
    }
    long read = group.entriesRead();
    group.lastId(id);
    if (read == UNKNOWN || mayMissSome(stream, id)) {
      read = entriesUpTo(stream, id);
    }
    return read == UNKNOWN ? UNKNOWN_LAG : added - read;
  }

  /** Whether an entry that was deleted by its ID may have been there or behind it. */
  boolean mayMissSome(StreamValue stream, StreamId from) {
    stream.maxDeletedId(deleted);
    return stream.length() > 0
        && !deleted.isZero()
        && from.compareTo(deleted) <= 0
        && stream.firstEntryId(first).compareTo(deleted) <= 0;
  }

  /** How many entries were ever added up to this ID, or -1. */
  public long entriesUpTo(StreamValue stream, StreamId last) {
    long added = stream.entriesAdded();
    if (added == 0) {
      return 0;
    }
    long length = stream.length();
    int toLast = last.compareTo(stream.lastId(first));
    if (length == 0 && toLast <= 0) {
      return added;
    }
    stream.maxDeletedId(deleted);
    if (toLast >= 0) {
      return toLast == 0 ? added : UNKNOWN;
    }
    stream.firstEntryId(first);
    int toFirst = last.compareTo(first);
    boolean isWhole = deleted.isZero() || deleted.compareTo(first) < 0;
    if (!isWhole || toFirst > 0) {
      return UNKNOWN;
    }
    return toFirst == 0 ? added - length + 1 : added - length;
  }
}
