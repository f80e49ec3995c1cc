package io.cinnabar.persistence;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.cinnabar.structure.IntegerText;
import io.cinnabar.structure.Slice;
import io.cinnabar.value.StreamConsumers;
import io.cinnabar.value.StreamCursor;
import io.cinnabar.value.StreamGroups;
import io.cinnabar.value.StreamId;
import io.cinnabar.value.StreamPending;
import io.cinnabar.value.StreamValue;

/** Writes streams as the commands that make them. */
final class AofStreamWriter {

  private static final byte[] XADD = ascii("XADD");
  private static final byte[] MAXLEN = ascii("MAXLEN");
  private static final byte[] XSETID = ascii("XSETID");
  private static final byte[] ENTRIESADDED = ascii("ENTRIESADDED");
  private static final byte[] MAXDELETEDID = ascii("MAXDELETEDID");
  private static final byte[] XGROUP = ascii("XGROUP");
  private static final byte[] CREATE = ascii("CREATE");
  private static final byte[] ENTRIESREAD = ascii("ENTRIESREAD");
  private static final byte[] CREATECONSUMER = ascii("CREATECONSUMER");
  private static final byte[] XCLAIM = ascii("XCLAIM");
  private static final byte[] TIME = ascii("TIME");
  private static final byte[] RETRYCOUNT = ascii("RETRYCOUNT");
  private static final byte[] JUSTID = ascii("JUSTID");
  private static final byte[] FORCE = ascii("FORCE");
  private static final byte[] X = ascii("x");
  private static final byte[] Y = ascii("y");

  private final JournalBuffer out;
  private final Runnable between;
  private final StreamId id = new StreamId();
  private final Slice field = new Slice();
  private final Slice value = new Slice();
  private final Slice group = new Slice();
  private final Slice consumer = new Slice();
  private final Slice text = new Slice();
  private final byte[] digits = new byte[StreamId.MAX_TEXT_BYTES];

  /**
   * @param between is run before each command
   */
  AofStreamWriter(JournalBuffer out, Runnable between) {
    this.out = out;
    this.between = between;
  }

  private static byte[] ascii(String word) {
    return word.getBytes(US_ASCII);
  }

  void write(Slice key, StreamValue stream) {
    if (stream.length() > 0) {
      writeEntries(key, stream.cursor());
    } else {
      // An entry that does not stay leaves an empty stream.
      begin(XADD, key, 5);
      out.argument(MAXLEN);
      argument(0);
      argument(id.set(0, 1));
      out.argument(X);
      out.argument(Y);
    }
    begin(XSETID, key, 5);
    argument(stream.lastId(id));
    out.argument(ENTRIESADDED);
    argument(stream.entriesAdded());
    out.argument(MAXDELETEDID);
    argument(stream.maxDeletedId(id));
    StreamGroups groups = stream.groups();
    for (boolean found = groups.first(); found; found = groups.next()) {
      writeGroup(key, groups);
    }
  }

  private void begin(byte[] name, Slice key, int arguments) {
    between.run();
    out.begin(2 + arguments);
    out.argument(name);
    out.argument(key);
  }

  private void argument(long number) {
    out.argument(text.set(digits, 0, IntegerText.write(number, digits, 0)));
  }

  private void argument(StreamId written) {
    out.argument(text.set(digits, 0, written.write(digits, 0)));
  }

  private void writeEntries(Slice key, StreamCursor cursor) {
    for (boolean found = cursor.first(); found; found = cursor.next()) {
      begin(XADD, key, 1 + 2 * cursor.fieldCount());
      argument(cursor.id());
      while (cursor.nextField(field, value)) {
        out.argument(field);
        out.argument(value);
      }
    }
  }

  private void writeGroup(Slice key, StreamGroups groups) {
    groups.name(group);
    between.run();
    out.begin(7);
    out.argument(XGROUP);
    out.argument(CREATE);
    out.argument(key);
    out.argument(group);
    argument(groups.lastId(id));
    out.argument(ENTRIESREAD);
    argument(groups.entriesRead());
    StreamConsumers consumers = groups.consumers();
    StreamPending pending = groups.pending();
    for (boolean found = consumers.first(groups.number()); found; found = consumers.next()) {
      consumers.name(consumer);
      if (pending.countOf(consumers.number()) == 0) {
        between.run();
        out.begin(5);
        out.argument(XGROUP);
        out.argument(CREATECONSUMER);
        out.argument(key);
        out.argument(group);
        out.argument(consumer);
      } else {
        writePending(key, pending, consumers.number(), groups.number());
      }
    }
  }

  private void writePending(Slice key, StreamPending pending, long ofConsumer, long ofGroup) {
    boolean found = pending.seekOf(ofConsumer, ofGroup, id.setLeast());
    while (found) {
      begin(XCLAIM, key, 10);
      out.argument(group);
      out.argument(consumer);
      argument(0);
      argument(pending.id(id));
      out.argument(TIME);
      argument(pending.deliveredMillis());
      out.argument(RETRYCOUNT);
      argument(pending.deliveries());
      out.argument(JUSTID);
      out.argument(FORCE);
      found = pending.nextOf(ofConsumer, ofGroup);
    }
  }
}
