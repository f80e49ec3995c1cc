package io.cinnabar.family;

import io.cinnabar.resp.ReplyWriter;
import io.cinnabar.structure.Slice;
import io.cinnabar.value.StreamCursor;
import io.cinnabar.value.StreamId;

/** Writes IDs and entries of streams. */
final class StreamReply {
  private final byte[] text = new byte[StreamId.MAX_TEXT_BYTES];
  private final Slice field = new Slice();
  private final Slice value = new Slice();

  /** An ID. */
  void id(ReplyWriter reply, StreamId id) {
    reply.bulk(text, 0, id.write(text, 0));
  }

  /** The entry under the cursor: its ID, and an array of its fields and values. */
  void entry(ReplyWriter reply, StreamCursor entry) {
    reply.array(2);
    id(reply, entry.id());
    entry.rewindFields();
    reply.array(2 * entry.fieldCount());
    while (entry.nextField(field, value)) {
      reply.bulk(field);
      reply.bulk(value);
    }
  }

  /** The entries from {@code start} to {@code end}, at most {@code count} unless that is 0. */
  void range(ReplyWriter reply, StreamCursor cursor, StreamId start, StreamId end, long count) {
    int mark = reply.beginDeferred();
    int written = 0;
    boolean found = cursor.seek(start);
    while (found && cursor.id().compareTo(end) <= 0) {
      entry(reply, cursor);
      written++;
      found = written != count && cursor.next();
    }
    reply.endArray(mark, written);
  }

  /** As {@link #range}, from the end to the start. */
  void rangeBack(ReplyWriter reply, StreamCursor cursor, StreamId start, StreamId end, long count) {
    int mark = reply.beginDeferred();
    int written = 0;
    boolean found = cursor.seekBack(end);
    while (found && cursor.id().compareTo(start) >= 0) {
      entry(reply, cursor);
      written++;
      found = written != count && cursor.previous();
    }
    reply.endArray(mark, written);
  }
}
