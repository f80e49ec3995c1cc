package io.cinnabar.family;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.cinnabar.command.Call;
import io.cinnabar.structure.Slice;
import io.cinnabar.value.StreamGroups;
import io.cinnabar.value.StreamId;
import io.cinnabar.value.StreamPending;

/**
 * Tells followers what commands on groups have done, so that the same is pending there whatever
 * their clocks say.
 */
final class StreamPropagation {
  private static final byte[] XCLAIM = ascii("XCLAIM");
  private static final byte[] XGROUP = ascii("XGROUP");
  private static final byte[] SETID = ascii("SETID");
  private static final byte[] CREATECONSUMER = ascii("CREATECONSUMER");
  private static final byte[] ENTRIESREAD = ascii("ENTRIESREAD");
  private static final byte[] NO_IDLE_TIME = ascii("0");
  private static final byte[] TIME = ascii("TIME");
  private static final byte[] RETRYCOUNT = ascii("RETRYCOUNT");
  private static final byte[] FORCE = ascii("FORCE");
  private static final byte[] JUSTID = ascii("JUSTID");
  private static final byte[] LASTID = ascii("LASTID");

  private final StreamId id = new StreamId();
  private final Slice consumer = new Slice();

  private static byte[] ascii(String word) {
    return word.getBytes(US_ASCII);
  }

  /** What is pending under the cursor is so for its consumer. */
  void claim(Call call, Slice key, Slice group, StreamGroups groups) {
    if (!call.isFollowed()) {
      return;
    }
    StreamPending pending = groups.pending();
    groups.consumers().nameOf(pending.consumer(), consumer);
    call.propagateAs(
        XCLAIM,
        key.toByteArray(),
        group.toByteArray(),
        consumer.toByteArray(),
        NO_IDLE_TIME,
        StreamCommands.text(pending.id(id)),
        TIME,
        StreamCommands.number(pending.deliveredMillis()),
        RETRYCOUNT,
        StreamCommands.number(pending.deliveries()),
        FORCE,
        JUSTID,
        LASTID,
        StreamCommands.text(groups.lastId(id)));
  }

  /** The group has read so far. */
  void progress(Call call, Slice key, Slice group, StreamGroups groups) {
    if (call.isFollowed()) {
      call.propagateAs(
          XGROUP,
          SETID,
          key.toByteArray(),
          group.toByteArray(),
          StreamCommands.text(groups.lastId(id)),
          ENTRIESREAD,
          StreamCommands.number(groups.entriesRead()));
    }
  }

  /** The group has a new consumer. */
  void newConsumer(Call call, Slice key, Slice group, Slice name) {
    if (call.isFollowed()) {
      call.propagateAs(
          XGROUP, CREATECONSUMER, key.toByteArray(), group.toByteArray(), name.toByteArray());
    }
  }
}
