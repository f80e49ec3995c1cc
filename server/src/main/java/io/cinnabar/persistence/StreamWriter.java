package io.cinnabar.persistence;

import io.cinnabar.structure.Listpack;
import io.cinnabar.structure.ListpackEntry;
import io.cinnabar.structure.Slice;
import io.cinnabar.value.StreamConsumers;
import io.cinnabar.value.StreamCursor;
import io.cinnabar.value.StreamGroups;
import io.cinnabar.value.StreamId;
import io.cinnabar.value.StreamPending;
import io.cinnabar.value.StreamValue;
import java.util.Arrays;

/**
 * Writes streams. Numbers are lengths, and so are the two parts of an ID, unless it is raw: sixteen
 * bytes, big-endian.
 *
 * <pre>
 * stream    number of nodes, and each: its master ID, raw, as a string; its listpack, see {@link
 *           StreamNodeReader}
 *           number of entries, last ID
 *           ID of the first entry, greatest deleted ID, entries ever added
 *           number of groups, and each
 * group     name, last ID, entries read
 *           number of pending entries, and each: raw ID, eight bytes of milliseconds, deliveries
 *           number of consumers, and each
 * consumer  name, eight bytes of milliseconds when it was seen, since version 11 as many when it
 *           was active, number of pending entries, and the raw ID of each
 * </pre>
 */
final class StreamWriter {

  private static final int HEADER_BYTES = Listpack.EMPTY_BYTES - 1;
  private static final int FIRST_BYTES = 1024;
  private static final int KEPT_BYTES = 64 << 10;
  private static final int MAX_INTEGER_BYTES = 10;

  private final RdbWriter out;
  private final StreamId id = new StreamId();
  private final Slice name = new Slice();
  private final Slice value = new Slice();
  private final byte[] rawId = new byte[2 * Long.BYTES];

  private byte[] listpack = new byte[FIRST_BYTES];
  private int length;
  private int count;

  StreamWriter(RdbWriter out) {
    this.out = out;
  }

  /** Writes a stream, with or without the times at which consumers were active. */
  void write(StreamValue stream, boolean withActiveTimes) {
    writeNodes(stream.cursor());
    out.length(stream.length());
    writeId(stream.lastId(id));
    writeId(stream.firstEntryId(id));
    writeId(stream.maxDeletedId(id));
    out.length(stream.entriesAdded());
    StreamGroups groups = stream.groups();
    out.length(groups.count());
    for (boolean found = groups.first(); found; found = groups.next()) {
      writeGroup(groups, withActiveTimes);
    }
    name.set(rawId, 0, 0);
    value.set(rawId, 0, 0);
    if (listpack.length > KEPT_BYTES) {
      listpack = new byte[FIRST_BYTES];
    }
  }

  private void writeId(StreamId written) {
    out.length(written.ms);
    out.length(written.seq);
  }

  private void setRaw(long ms, long seq) {
    for (int i = 0; i < Long.BYTES; i++) {
      int shift = Long.SIZE - Byte.SIZE * (i + 1);
      rawId[i] = (byte) (ms >>> shift);
      rawId[Long.BYTES + i] = (byte) (seq >>> shift);
    }
  }

  private void writeRaw(StreamId written) {
    setRaw(written.ms, written.seq);
    out.bytes(rawId);
  }

  // Nodes.

  private void writeNodes(StreamCursor cursor) {
    int nodes = 0;
    for (boolean found = cursor.firstNode(); found; found = cursor.nextNode()) {
      nodes++;
    }
    out.length(nodes);
    for (boolean found = cursor.firstNode(); found; found = cursor.nextNode()) {
      setRaw(cursor.masterMs(), cursor.masterSeq());
      out.string(rawId, 0, rawId.length);
      collect(cursor);
      Listpack.frame(listpack, 0, length - HEADER_BYTES, count);
      out.string(listpack, 0, length + 1);
    }
  }

  /** Puts the listpack of a node together, all but what stands around its entries. */
  private void collect(StreamCursor cursor) {
    length = HEADER_BYTES;
    count = 0;
    add(cursor.nodeLive());
    add(cursor.nodeDeleted());
    add(cursor.masterFields());
    int position = 0;
    for (int i = cursor.masterFields(); i > 0; i--) {
      position = cursor.masterField(position, name);
      add(name);
    }
    add(0);
    long masterMs = cursor.masterMs();
    long masterSeq = cursor.masterSeq();
    while (cursor.nextRaw()) {
      collectEntry(cursor, masterMs, masterSeq);
    }
    ensure(1);
  }

  private void collectEntry(StreamCursor cursor, long masterMs, long masterSeq) {
    boolean sameFields = cursor.hasMasterFields();
    int before = count;
    add(
        (cursor.isDeleted() ? StreamNodeReader.DELETED : 0)
            | (sameFields ? StreamNodeReader.SAME_FIELDS : 0));
    add(cursor.id().ms - masterMs);
    add(cursor.id().seq - masterSeq);
    if (!sameFields) {
      add(cursor.fieldCount());
    }
    while (cursor.nextField(name, value)) {
      if (!sameFields) {
        add(name);
      }
      add(value);
    }
    add(count - before);
  }

  private void add(long integer) {
    ensure(MAX_INTEGER_BYTES);
    length = ListpackEntry.writeEntry(listpack, length, integer);
    count++;
  }

  private void add(Slice text) {
    ensure(ListpackEntry.encodedBytes(text));
    length = ListpackEntry.writeEntry(listpack, length, text);
    count++;
  }

  private void ensure(int more) {
    if (listpack.length - length < more) {
      listpack =
          Arrays.copyOf(listpack, Math.max(2 * listpack.length, Math.addExact(length, more)));
    }
  }

  // Groups.

  private void writeGroup(StreamGroups groups, boolean withActiveTimes) {
    long group = groups.number();
    out.string(groups.name(name));
    writeId(groups.lastId(id));
    out.length(groups.entriesRead());
    StreamPending pending = groups.pending();
    out.length(pending.count(group));
    for (boolean found = pending.seek(group, id.setLeast()); found; found = pending.next()) {
      writeRaw(pending.id(id));
      out.longValue(pending.deliveredMillis());
      out.length(pending.deliveries());
    }
    StreamConsumers consumers = groups.consumers();
    out.length(consumers.count(group));
    for (boolean found = consumers.first(group); found; found = consumers.next()) {
      out.string(consumers.name(name));
      out.longValue(consumers.seenMillis());
      if (withActiveTimes) {
        out.longValue(consumers.activeMillis());
      }
      writePendingOf(consumers.number(), group, pending);
    }
  }

  private void writePendingOf(long consumer, long group, StreamPending pending) {
    out.length(pending.countOf(consumer));
    boolean found = pending.seekOf(consumer, group, id.setLeast());
    while (found) {
      writeRaw(pending.id(id));
      found = pending.nextOf(consumer, group);
    }
  }
}
