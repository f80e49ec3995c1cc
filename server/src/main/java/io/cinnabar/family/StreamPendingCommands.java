package io.cinnabar.family;

import static io.cinnabar.command.CommandFlag.FAST;
import static io.cinnabar.command.CommandFlag.READONLY;
import static io.cinnabar.command.CommandFlag.WRITE;
import static io.cinnabar.command.KeyFlag.ACCESS;
import static io.cinnabar.command.KeyFlag.DELETE;
import static io.cinnabar.command.KeyFlag.RO;
import static io.cinnabar.command.KeyFlag.RW;
import static io.cinnabar.command.KeyFlag.UPDATE;

import io.cinnabar.arena.ArenaFullException;
import io.cinnabar.command.Call;
import io.cinnabar.command.CommandError;
import io.cinnabar.command.CommandTable;
import io.cinnabar.command.CommandTips;
import io.cinnabar.command.FamilyBuilder;
import io.cinnabar.resp.ReplyWriter;
import io.cinnabar.structure.Slice;
import io.cinnabar.value.StreamConsumers;
import io.cinnabar.value.StreamGroups;
import io.cinnabar.value.StreamId;
import io.cinnabar.value.StreamPending;
import io.cinnabar.value.StreamValue;

/** XPENDING, XCLAIM, XAUTOCLAIM: entries that consumers haven't acknowledged. */
public final class StreamPendingCommands {

  private static final CommandError XCLAIM_IDLE_TIME =
      new CommandError("ERR Invalid min-idle-time argument for XCLAIM");
  private static final CommandError XAUTOCLAIM_IDLE_TIME =
      new CommandError("ERR Invalid min-idle-time argument for XAUTOCLAIM");
  private static final CommandError XCLAIM_IDLE =
      new CommandError("ERR Invalid IDLE option argument for XCLAIM");
  private static final CommandError XCLAIM_TIME =
      new CommandError("ERR Invalid TIME option argument for XCLAIM");
  private static final CommandError XCLAIM_RETRYCOUNT =
      new CommandError("ERR Invalid RETRYCOUNT option argument for XCLAIM");
  private static final CommandError COUNT_NOT_POSITIVE = new CommandError("ERR COUNT must be > 0");

  private static final int FIRST_CLAIMED = 5;
  private static final long DEFAULT_COUNT = 100;

  /** XAUTOCLAIM looks at so many entries for each that it may return. */
  private static final int ATTEMPTS = 10;

  private static final long MAX_COUNT = Long.MAX_VALUE / 16;

  // Scratches, for one command after the other.
  private final StreamReply replies = new StreamReply();
  private final StreamPropagation propagation = new StreamPropagation();
  private final StreamId id = new StreamId();
  private final StreamId start = new StreamId();
  private final StreamId end = new StreamId();
  private final StreamId last = new StreamId();
  private final Slice name = new Slice();
  private final StreamIdList claimed = new StreamIdList();
  private final StreamIdList deleted = new StreamIdList();

  // What a claim is told.
  private long minIdleMillis;
  private long deliveryMillis;
  private long retryCount;
  private boolean isForced;
  private boolean isJustId;
  private boolean isMade;

  private StreamPendingCommands() {}

  public static void declare(CommandTable.Builder table) {
    StreamPendingCommands commands = new StreamPendingCommands();
    FamilyBuilder stream = table.family("stream");
    stream
        .command(
            "XPENDING key group [filters:<[IDLE min-idle-time:integer@6.2.0] start end"
                + " count:integer [consumer]>]",
            commands::xpending)
        .flags(READONLY)
        .key(1, RO, ACCESS)
        .tips(CommandTips.NONDETERMINISTIC_OUTPUT)
        .since("5.0.0")
        .complexity("O(N) for N entries that are returned or passed over, or N consumers")
        .summary("Tells what is pending in a group.")
        .history("6.2.0", "Takes `IDLE` and ranges without their ends.");
    stream
        .command(
            "XCLAIM key group consumer min-idle-time id... [IDLE ms:integer]"
                + " [TIME unix-time-milliseconds:unix-time] [RETRYCOUNT count:integer] [FORCE]"
                + " [JUSTID] [LASTID lastid]",
            commands::xclaim)
        .flags(WRITE, FAST)
        .key(1, RW, UPDATE)
        .tips(CommandTips.NONDETERMINISTIC_OUTPUT)
        .since("5.0.0")
        .complexity("O(log N) for each ID, with N entries pending in the group")
        .summary("Hands pending entries to another consumer.");
    stream
        .command(
            "XAUTOCLAIM key group consumer min-idle-time start [COUNT count:integer] [JUSTID]",
            commands::xautoclaim)
        .flags(WRITE, FAST)
        .key(1, RW, DELETE)
        .tips(CommandTips.NONDETERMINISTIC_OUTPUT)
        .since("6.2.0")
        .complexity("O(1) for a small COUNT")
        .summary("Hands entries that are pending for long to another consumer.")
        .history("7.0.0", "Tells which entries are pending no more, since they are deleted.");
  }

  private static StreamValue existing(Call call) {
    StreamValue stream = StreamCommands.read(call, call.arg(1));
    if (stream == null || !stream.groups().find(call.arg(2))) {
      throw new CommandError(
          "NOGROUP No such key '"
              + call.argText(1)
              + "' or consumer group '"
              + call.argText(2)
              + "'");
    }
    return stream;
  }

  // ---- XPENDING

  private void xpending(Call call) {
    int words = call.argCount();
    if (words == 3) {
      summary(call.reply(), existing(call).groups());
      return;
    }
    if (words < 6 || words > 9) {
      throw CommandError.SYNTAX;
    }
    int first = 3;
    long minIdle = 0;
    if (call.isWord(3, "idle")) {
      minIdle = call.integer(4);
      if (words < 8) {
        throw CommandError.SYNTAX;
      }
      first = 5;
    }
    long count = call.integer(first + 2);
    StreamArguments.start(call, first, start);
    StreamArguments.end(call, first + 1, end);
    StreamGroups groups = existing(call).groups();
    if (first + 3 >= words) {
      range(call, groups, 0, count, minIdle);
    } else if (groups.consumers().find(groups.number(), call.arg(first + 3))) {
      range(call, groups, groups.consumers().number(), count, minIdle);
    } else {
      call.reply().array(0);
    }
  }

  private void summary(ReplyWriter reply, StreamGroups groups) {
    StreamPending pending = groups.pending();
    StreamConsumers consumers = groups.consumers();
    long group = groups.number();
    long count = pending.count(group);
    reply.array(4);
    reply.integer(count);
    if (count == 0) {
      reply.nullBulk();
      reply.nullBulk();
      reply.nullArray();
      return;
    }
    pending.seek(group, id.setLeast());
    replies.id(reply, pending.id(id));
    pending.last(group);
    replies.id(reply, pending.id(id));
    int mark = reply.beginDeferred();
    int written = 0;
    for (boolean found = consumers.first(group); found; found = consumers.next()) {
      long own = pending.countOf(consumers.number());
      if (own > 0) {
        reply.array(2);
        reply.bulk(consumers.name(name));
        reply.bulkInteger(own);
        written++;
      }
    }
    reply.endArray(mark, written);
  }

  /** Replies what is pending between two IDs, for the consumer unless that is 0. */
  private void range(Call call, StreamGroups groups, long consumer, long count, long minIdle) {
    StreamPending pending = groups.pending();
    long group = groups.number();
    ReplyWriter reply = call.reply();
    int mark = reply.beginDeferred();
    int written = 0;
    boolean found =
        count > 0
            && (consumer == 0
                ? pending.seek(group, start)
                : pending.seekOf(consumer, group, start));
    while (found && written < count && pending.id(id).compareTo(end) <= 0) {
      long idleMillis = call.nowMillis() - pending.deliveredMillis();
      if (minIdle == 0 || idleMillis >= minIdle) {
        reply.array(4);
        replies.id(reply, id);
        reply.bulk(groups.consumers().nameOf(pending.consumer(), name));
        reply.integer(Math.max(0, idleMillis));
        reply.integer(pending.deliveries());
        written++;
      }
      found = consumer == 0 ? pending.next() : pending.nextOf(consumer, group);
    }
    reply.endArray(mark, written);
  }

  // ---- XCLAIM

  private void xclaim(Call call) {
    StreamValue stream = existing(call);
    StreamGroups groups = stream.groups();
    minIdleMillis = Math.max(0, call.integer(4, XCLAIM_IDLE_TIME));
    int endOfIds = FIRST_CLAIMED;
    while (endOfIds < call.argCount() && StreamArguments.isId(call, endOfIds, id)) {
      endOfIds++;
    }
    claimOptions(call, endOfIds);
    call.propagateNothingElse();
    Slice key = call.arg(1);
    isMade = StreamReadCommands.enter(call, groups, key, 3);
    boolean advances = last.compareTo(groups.lastId(id)) > 0;
    if (advances) {
      groups.read(last, groups.entriesRead());
    }
    int changes = claimEach(call, stream, endOfIds);
    if (isMade) {
      propagation.newConsumer(call, key, call.arg(2), call.arg(3));
    }
    if (advances && changes == 0) {
      propagation.progress(call, key, call.arg(2), groups);
      changes++;
    }
    call.changed(changes);
  }

  private void claimOptions(Call call, int from) {
    long now = call.nowMillis();
    deliveryMillis = -1;
    retryCount = -1;
    isForced = false;
    isJustId = false;
    last.setLeast();
    for (int i = from; i < call.argCount(); i++) {
      boolean more = i + 1 < call.argCount();
      if (call.isWord(i, "force")) {
        isForced = true;
      } else if (call.isWord(i, "justid")) {
        isJustId = true;
      } else if (more && call.isWord(i, "idle")) {
        deliveryMillis = now - call.integer(++i, XCLAIM_IDLE);
      } else if (more && call.isWord(i, "time")) {
        deliveryMillis = call.integer(++i, XCLAIM_TIME);
      } else if (more && call.isWord(i, "retrycount")) {
        retryCount = call.integer(++i, XCLAIM_RETRYCOUNT);
      } else if (more && call.isWord(i, "lastid")) {
        StreamArguments.id(call, ++i, last);
      } else {
        throw new CommandError("ERR Unrecognized XCLAIM option '" + call.argText(i) + "'");
      }
    }
    if (deliveryMillis < 0 || deliveryMillis > now) {
      deliveryMillis = now;
    }
  }

  /** Hands over the entries; how many of them changed. */
  private int claimEach(Call call, StreamValue stream, int endOfIds) {
    ReplyWriter reply = call.reply();
    int mark = reply.beginDeferred();
    int written = 0;
    int changes = 0;
    try {
      for (int i = FIRST_CLAIMED; i < endOfIds; i++) {
        StreamArguments.id(call, i, id);
        boolean isPending = stream.groups().pending().find(stream.groups().number(), id);
        if (!stream.cursor().find(id)) {
          changes += isPending ? 1 : 0;
          forget(call, stream.groups(), isPending);
        } else if (claimOne(call, stream.groups(), isPending)) {
          reply(reply, stream);
          written++;
          changes++;
        }
      }
    } catch (ArenaFullException full) {
      if (changes == 0) {
        throw full;
      }
      // The rest stays with those that have it; the reply says what was handed over.
    }
    reply.endArray(mark, written);
    return changes;
  }

  private void reply(ReplyWriter reply, StreamValue stream) {
    if (isJustId) {
      replies.id(reply, stream.cursor().id());
    } else {
      replies.entry(reply, stream.cursor());
    }
  }

  /** Ends that an entry is pending that is deleted. */
  private void forget(Call call, StreamGroups groups, boolean isPending) {
    if (isPending) {
      call.insist();
      propagation.claim(call, call.arg(1), call.arg(2), groups);
      groups.pending().remove();
    }
  }

  private boolean claimOne(Call call, StreamGroups groups, boolean isPending) {
    StreamPending pending = groups.pending();
    long consumer = groups.consumers().number();
    if (isPending) {
      if (minIdleMillis > 0 && call.nowMillis() - pending.deliveredMillis() < minIdleMillis) {
        return false;
      }
      pending.deliver(consumer, deliveryMillis, deliveries(pending.deliveries()));
    } else if (isForced) {
      pending.add(groups.number(), id, consumer, deliveryMillis, deliveries(1));
    } else {
      return false;
    }
    call.insist();
    groups.consumers().active(call.nowMillis());
    isMade = false;
    propagation.claim(call, call.arg(1), call.arg(2), groups);
    return true;
  }

  private long deliveries(long before) {
    return retryCount >= 0 ? retryCount : isJustId ? before : before + 1;
  }

  // ---- XAUTOCLAIM

  private void xautoclaim(Call call) {
    minIdleMillis = Math.max(0, call.integer(4, XAUTOCLAIM_IDLE_TIME));
    StreamArguments.start(call, 5, start);
    long count = autoclaimOptions(call);
    StreamValue stream = existing(call);
    call.propagateNothingElse();
    Slice key = call.arg(1);
    isMade = StreamReadCommands.enter(call, stream.groups(), key, 3);
    boolean goesOn = autoclaim(call, stream, count);
    ReplyWriter reply = call.reply();
    reply.array(3);
    replies.id(reply, goesOn ? stream.groups().pending().id(id) : id.setLeast());
    reply.array(claimed.size());
    for (int i = 0; i < claimed.size(); i++) {
      stream.cursor().find(claimed.get(i, id));
      reply(reply, stream);
    }
    reply.array(deleted.size());
    for (int i = 0; i < deleted.size(); i++) {
      replies.id(reply, deleted.get(i, id));
    }
    call.changed(claimed.size() + deleted.size());
    if (isMade) {
      propagation.newConsumer(call, key, call.arg(2), call.arg(3));
    }
  }

  private long autoclaimOptions(Call call) {
    long count = DEFAULT_COUNT;
    isJustId = false;
    retryCount = -1;
    deliveryMillis = call.nowMillis();
    for (int i = 6; i < call.argCount(); i++) {
      if (i + 1 < call.argCount() && call.isWord(i, "count")) {
        count = call.integer(++i, COUNT_NOT_POSITIVE);
        if (count < 1 || count > MAX_COUNT) {
          throw COUNT_NOT_POSITIVE;
        }
      } else if (call.isWord(i, "justid")) {
        isJustId = true;
      } else {
        throw CommandError.SYNTAX;
      }
    }
    return count;
  }

  /**
   * Hands over what is pending for long enough, and notes what it was.
   *
   * @return whether there is more; it is under the cursor of what is pending then
   */
  private boolean autoclaim(Call call, StreamValue stream, long count) {
    StreamGroups groups = stream.groups();
    StreamPending pending = groups.pending();
    claimed.clear();
    deleted.clear();
    long attempts = count * ATTEMPTS;
    boolean found = pending.seek(groups.number(), start);
    try {
      for (; found && attempts > 0 && claimed.size() + deleted.size() < count; attempts--) {
        pending.id(id);
        if (stream.cursor().find(id)) {
          if (claimOne(call, groups, true)) {
            claimed.add(id);
          }
          found = pending.next();
        } else {
          forget(call, groups, true);
          deleted.add(id);
          found = pending.seek(groups.number(), id);
        }
      }
    } catch (ArenaFullException full) {
      if (claimed.size() + deleted.size() == 0) {
        throw full;
      }
      // The rest is for the next time.
      found = pending.seek(groups.number(), id);
    }
    return found;
  }
}
