package io.cinnabar.persistence;

import io.cinnabar.family.StreamLag;
import io.cinnabar.structure.Listpack;
import io.cinnabar.structure.Slice;
import io.cinnabar.value.StreamConsumers;
import io.cinnabar.value.StreamGroups;
import io.cinnabar.value.StreamId;
import io.cinnabar.value.StreamValue;

/**
 * Reads streams, as {@link StreamWriter} draws them; the first of their layouts has neither the
 * three numbers behind the last ID nor the entries read.
 */
final class StreamReader {

  private static final int ID_BYTES = 16;
  private static final int MIN_GROUP_BYTES = 5;
  private static final int MIN_PENDING_BYTES = ID_BYTES + Long.BYTES + 1;
  private static final int MIN_CONSUMER_BYTES = 1 + Long.BYTES + 1;

  private final RdbReader in;
  private final StreamNodeReader nodes = new StreamNodeReader();
  private final PendingTable pending = new PendingTable();
  private final RdbString string = new RdbString();
  private final Slice raw = new Slice();
  private final StreamLag lag = new StreamLag();
  private final StreamId id = new StreamId();
  private final StreamId last = new StreamId();

  StreamReader(RdbReader in) {
    this.in = in;
  }

  /** Reads a stream of one of the types that are such into an empty one. */
  void read(int type, StreamValue stream) throws RdbException {
    readNodes(stream);
    long length = in.length();
    require(length == stream.length(), "another number of entries than it says");
    idOfLengths(id);
    require(length == 0 || id.compareTo(last) >= 0, "entries behind its last ID");
    stream.lastId(id.ms, id.seq);
    if (type == RdbType.STREAM) {
      stream.entriesAdded(length);
    } else {
      idOfLengths(id);
      idOfLengths(id);
      stream.maxDeletedId(id.ms, id.seq);
      stream.entriesAdded(in.length());
    }
    for (int groups = in.count(MIN_GROUP_BYTES); groups > 0; groups--) {
      readGroup(type, stream);
    }
  }

  private static void require(boolean condition, String what) throws RdbException {
    if (!condition) {
      throw new RdbException("has a stream with " + what);
    }
  }

  private void readNodes(StreamValue stream) throws RdbException {
    int count = in.count(2);
    for (int i = 0; i < count; i++) {
      Slice key = in.string(string);
      require(key.length == ID_BYTES, "a key that is no ID");
      setId(key, id);
      Slice listpack = in.string(string);
      require(
          Listpack.validate(listpack.array, listpack.offset, listpack.length, true),
          "a damaged listpack");
      nodes.read(listpack, id, last, i == 0);
      stream.append(nodes.node(), listpack.length);
    }
  }

  /** Sixteen bytes, big-endian. */
  private static void setId(Slice bytes, StreamId into) {
    into.set(bigEndian(bytes, 0), bigEndian(bytes, Long.BYTES));
  }

  private static long bigEndian(Slice bytes, int from) {
    long value = 0;
    for (int i = from; i < from + Long.BYTES; i++) {
      value = value << 8 | (bytes.at(i) & 0xff);
    }
    return value;
  }

  private void idOfLengths(StreamId into) throws RdbException {
    long ms = in.length();
    into.set(ms, in.length());
  }

  private void readGroup(int type, StreamValue stream) throws RdbException {
    StreamGroups groups = stream.groups();
    Slice name = in.string(string);
    require(!groups.find(name), "a group twice");
    idOfLengths(id);
    long entriesRead = type == RdbType.STREAM ? lag.entriesUpTo(stream, id) : in.length();
    groups.create(name, id, entriesRead);
    long group = groups.number();
    readPending();
    for (int consumers = in.count(MIN_CONSUMER_BYTES); consumers > 0; consumers--) {
      readConsumer(type, group, groups);
    }
    require(pending.areAllTaken(), "pending entries of no consumer");
  }

  private void readPending() throws RdbException {
    int count = in.count(MIN_PENDING_BYTES);
    pending.clear();
    for (int i = 0; i < count; i++) {
      rawId();
      long deliveredMillis = in.millis();
      require(pending.add(id, deliveredMillis, in.length()), "pending entries in disorder");
    }
  }

  private void rawId() throws RdbException {
    in.bytes(ID_BYTES, raw);
    setId(raw, id);
  }

  private void readConsumer(int type, long group, StreamGroups groups) throws RdbException {
    StreamConsumers consumers = groups.consumers();
    Slice name = in.string(string);
    require(!consumers.find(group, name), "a consumer twice");
    long seenMillis = in.millis();
    consumers.create(group, name, seenMillis);
    consumers.active(type == RdbType.STREAM_3 ? in.millis() : seenMillis);
    long consumer = consumers.number();
    for (int count = in.count(ID_BYTES); count > 0; count--) {
      rawId();
      int index = pending.take(id);
      require(index >= 0, "an entry pending for a consumer, but not in its group");
      groups
          .pending()
          .add(group, id, consumer, pending.deliveredMillis(index), pending.deliveries(index));
    }
  }

  void release() {
    nodes.release();
    pending.release();
    string.release();
  }
}
