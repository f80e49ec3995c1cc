package io.cinnabar.family;

import static io.cinnabar.command.CommandFlag.BLOCKING;
import static io.cinnabar.command.CommandFlag.READONLY;
import static io.cinnabar.command.CommandFlag.WRITE;
import static io.cinnabar.command.KeyFlag.ACCESS;
import static io.cinnabar.command.KeyFlag.RO;

import io.cinnabar.arena.ArenaFullException;
import io.cinnabar.command.Awaited;
import io.cinnabar.command.Call;
import io.cinnabar.command.CommandError;
import io.cinnabar.command.CommandTable;
import io.cinnabar.command.FamilyBuilder;
import io.cinnabar.command.KeyEvent;
import io.cinnabar.resp.ReplyWriter;
import io.cinnabar.structure.Slice;
import io.cinnabar.value.StreamConsumers;
import io.cinnabar.value.StreamCursor;
import io.cinnabar.value.StreamGroups;
import io.cinnabar.value.StreamId;
import io.cinnabar.value.StreamPending;
import io.cinnabar.value.StreamValue;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** XREAD and XREADGROUP: what is new in streams, for anybody or for a consumer of a group. */
public final class StreamReadCommands {

  private static final CommandError GROUP_IN_XREAD =
      new CommandError(
          "ERR The GROUP option is only supported by XREADGROUP. You called XREAD instead.");
  private static final CommandError NOACK_IN_XREAD =
      new CommandError(
          "ERR The NOACK option is only supported by XREADGROUP. You called XREAD instead.");
  private static final CommandError NO_GROUP_OPTION =
      new CommandError("ERR Missing GROUP option for XREADGROUP");
  private static final CommandError DOLLAR_IN_XREADGROUP =
      new CommandError(
          "ERR The $ ID is meaningless in the context of XREADGROUP: you want to read the history"
              + " of this consumer by specifying a proper ID, or use the > ID to get new messages."
              + " The $ ID would just return an empty result set.");
  private static final CommandError NEW_IN_XREAD =
      new CommandError(
          "ERR The > ID can be specified only when calling XREADGROUP using the GROUP <group>"
              + " <consumer> option.");

  // Scratches, for one command after the other.
  private final StreamReply replies = new StreamReply();
  private final StreamLag lag = new StreamLag();
  private final StreamPropagation propagation = new StreamPropagation();
  private final StreamId id = new StreamId();
  private final StreamId last = new StreamId();
  private final StreamId end = new StreamId();
  private final StreamIdList ids = new StreamIdList();

  // What the command is told.
  private boolean isGroup;
  private int groupAt;
  private int firstKey;
  private int streams;
  private long count;
  private long blockMillis;
  private boolean isAcknowledged;

  private StreamReadCommands() {}

  public static void declare(CommandTable.Builder table) {
    StreamReadCommands commands = new StreamReadCommands();
    FamilyBuilder stream = table.family("stream");
    stream
        .command(
            "XREAD [COUNT count:integer] [BLOCK milliseconds:integer]"
                + " STREAMS streams:<key... id...>",
            commands::xread)
        .flags(READONLY, BLOCKING)
        .keysAfter("STREAMS", 1, 2, RO, ACCESS)
        .since("5.0.0")
        .complexity("For each stream O(N) for N entries that are returned")
        .summary("Returns entries of streams behind given IDs, and may wait for them.");
    stream
        .command(
            "XREADGROUP GROUP group-block:<group consumer> [COUNT count:integer]"
                + " [BLOCK milliseconds:integer] [NOACK] STREAMS streams:<key... id...>",
            commands::xreadgroup)
        .flags(WRITE, BLOCKING)
        .keysAfter("STREAMS", 4, 2, RO, ACCESS)
        .since("5.0.0")
        .complexity("For each stream O(N) for N entries that are returned")
        .summary(
            "Hands new entries of streams to a consumer of a group, or those pending for it, and"
                + " may wait for them.");
  }

  private void xread(Call call) {
    parse(call, false);
    for (int i = 0; i < streams; i++) {
      resolve(call, i);
    }
    int served = 0;
    int mark = call.reply().beginDeferred();
    for (int i = 0; i < streams; i++) {
      served += read(call, i) ? 1 : 0;
    }
    end(call, mark, served);
  }

  private void xreadgroup(Call call) {
    parse(call, true);
    for (int i = 0; i < streams; i++) {
      resolve(call, i);
    }
    call.propagateNothingElse();
    int served = 0;
    int mark = call.reply().beginDeferred();
    for (int i = 0; i < streams; i++) {
      served += readGroup(call, i) ? 1 : 0;
    }
    call.changed(served);
    end(call, mark, served);
  }

  private void end(Call call, int mark, int served) {
    ReplyWriter reply = call.reply();
    if (served > 0) {
      if (reply.resp3()) {
        reply.endMap(mark, served);
      } else {
        reply.endArray(mark, served);
      }
    } else if (blockMillis < 0 || !call.mayPark()) {
      reply.nullArray();
    } else {
      Awaited awaited = isGroup ? Awaited.STREAM_GROUP : Awaited.STREAM;
      call.park(awaited, firstKey, firstKey + streams - 1, blockMillis);
      for (int i = 0; i < streams; i++) {
        if (call.isWord(idAt(i), "$")) {
          call.parkedArgument(idAt(i), StreamCommands.text(id(i)));
        }
      }
    }
  }

  // ---- arguments

  private void parse(Call call, boolean isGroup) {
    this.isGroup = isGroup;
    groupAt = 0;
    firstKey = 0;
    count = 0;
    blockMillis = -1;
    isAcknowledged = true;
    for (int i = 1; i < call.argCount() && firstKey == 0; i++) {
      boolean more = i + 1 < call.argCount();
      if (more && call.isWord(i, "block")) {
        blockMillis = Timeouts.ofMillis(call, ++i);
      } else if (more && call.isWord(i, "count")) {
        count = Math.max(0, call.integer(++i));
      } else if (more && call.isWord(i, "streams")) {
        streams(call, i + 1);
      } else if (i + 2 < call.argCount() && call.isWord(i, "group")) {
        require(isGroup, GROUP_IN_XREAD);
        groupAt = i + 1;
        i += 2;
      } else if (call.isWord(i, "noack")) {
        require(isGroup, NOACK_IN_XREAD);
        isAcknowledged = false;
      } else {
        throw CommandError.SYNTAX;
      }
    }
    require(firstKey != 0, CommandError.SYNTAX);
    require(!isGroup || groupAt != 0, NO_GROUP_OPTION);
  }

  private static void require(boolean condition, CommandError error) {
    if (!condition) {
      throw error;
    }
  }

  private void streams(Call call, int first) {
    int words = call.argCount() - first;
    if (words % 2 != 0) {
      throw new CommandError(
          "ERR Unbalanced '"
              + call.command().fullName().toLowerCase(Locale.ROOT)
              + "' list of streams: for each stream key an ID or '"
              + (isGroup ? '>' : '$')
              + "' must be specified.");
    }
    firstKey = first;
    streams = words / 2;
    ids.clear();
  }

  private int idAt(int index) {
    return firstKey + streams + index;
  }

  /** The ID behind which a stream is read; the greatest one stands for what is new to a group. */
  private StreamId id(int index) {
    return ids.get(index, id);
  }

  /** Looks at a stream and reads the ID that is given for it. */
  private void resolve(Call call, int index) {
    StreamValue stream = StreamCommands.read(call, call.arg(firstKey + index));
    int at = idAt(index);
    if (isGroup && (stream == null || !stream.groups().find(call.arg(groupAt)))) {
      throw noGroup(call, index);
    }
    if (call.isWord(at, "$")) {
      require(!isGroup, DOLLAR_IN_XREADGROUP);
      lastId(stream);
    } else if (call.isWord(at, ">")) {
      require(isGroup, NEW_IN_XREAD);
      id.setGreatest();
    } else if (!isGroup && call.isWord(at, "+")) {
      beforeLastEntry(stream);
    } else {
      StreamArguments.id(call, at, id);
    }
    ids.add(id);
  }

  private CommandError noGroup(Call call, int index) {
    return new CommandError(
        "NOGROUP No such key '"
            + call.argText(firstKey + index)
            + "' or consumer group '"
            + call.argText(groupAt)
            + "' in XREADGROUP with GROUP option");
  }

  private void lastId(@Nullable StreamValue stream) {
    if (stream == null) {
      id.setLeast();
    } else {
      stream.lastId(id);
    }
  }

  private void beforeLastEntry(@Nullable StreamValue stream) {
    id.setLeast();
    if (stream != null && stream.length() > 0) {
      stream.lastEntryId(id).decrement();
    }
  }

  // ---- XREAD

  /** Replies what is behind the ID, if there is something. */
  private boolean read(Call call, int index) {
    Slice key = call.arg(firstKey + index);
    StreamValue stream = StreamCommands.read(call, key);
    if (stream == null
        || stream.length() == 0
        || stream.lastEntryId(last).compareTo(id(index)) <= 0) {
      return false;
    }
    beginStream(call.reply(), key);
    id.increment();
    replies.range(call.reply(), stream.cursor(), id, end.setGreatest(), count);
    return true;
  }

  private static void beginStream(ReplyWriter reply, Slice key) {
    if (!reply.resp3()) {
      reply.array(2);
    }
    reply.bulk(key);
  }

  // ---- XREADGROUP

  /** Replies what is new to the group, or what is pending for the consumer. */
  private boolean readGroup(Call call, int index) {
    Slice key = call.arg(firstKey + index);
    StreamValue stream = StreamCommands.read(call, key);
    if (stream == null || !stream.groups().find(call.arg(groupAt))) {
      return false;
    }
    StreamGroups groups = stream.groups();
    boolean isMade = enter(call, groups, key, groupAt + 1);
    if (!id(index).isGreatest()) {
      propagateMade(call, key, isMade);
      beginStream(call.reply(), key);
      history(call, stream);
      return true;
    }
    groups.lastId(id);
    boolean hasNew = stream.length() > 0 && stream.lastEntryId(last).compareTo(id) > 0;
    propagateMade(call, key, isMade && !(hasNew && isAcknowledged));
    if (!hasNew) {
      return false;
    }
    beginStream(call.reply(), key);
    deliver(call, stream, key);
    return true;
  }

  private void propagateMade(Call call, Slice key, boolean isMade) {
    if (isMade) {
      propagation.newConsumer(call, key, call.arg(groupAt), call.arg(groupAt + 1));
    }
  }

  /** Moves to the consumer, which is made if it isn't there, and notes that it was seen. */
  static boolean enter(Call call, StreamGroups groups, Slice key, int nameAt) {
    StreamConsumers consumers = groups.consumers();
    Slice name = call.arg(nameAt);
    if (consumers.find(groups.number(), name)) {
      consumers.seen(call.nowMillis());
      return false;
    }
    consumers.create(groups.number(), name, call.nowMillis());
    call.insist();
    call.changed(key, KeyEvent.XGROUP_CREATECONSUMER);
    return true;
  }

  /** Replies what is pending for the consumer behind the ID. */
  private void history(Call call, StreamValue stream) {
    StreamGroups groups = stream.groups();
    StreamPending pending = groups.pending();
    long group = groups.number();
    long consumer = groups.consumers().number();
    ReplyWriter reply = call.reply();
    int mark = reply.beginDeferred();
    int written = 0;
    id.increment();
    boolean found = pending.seekOf(consumer, group, id);
    while (found) {
      if (stream.cursor().find(pending.id(id))) {
        replies.entry(reply, stream.cursor());
        pending.deliver(consumer, call.nowMillis(), pending.deliveries() + 1);
      } else {
        reply.array(2);
        replies.id(reply, id);
        reply.nullArray();
      }
      written++;
      found = written != count && pending.nextOf(consumer, group);
    }
    reply.endArray(mark, written);
  }

  /**
   * Replies what is behind the last ID of the group, and notes it as pending. Where memory runs
   * short behind the first entry, the rest is left for the next time.
   */
  private void deliver(Call call, StreamValue stream, Slice key) {
    StreamGroups groups = stream.groups();
    StreamCursor cursor = stream.cursor();
    ReplyWriter reply = call.reply();
    int mark = reply.beginDeferred();
    int written = 0;
    id.increment();
    boolean found = cursor.seek(id);
    while (found) {
      try {
        note(call, groups, cursor.id(), entriesRead(stream, cursor.id()));
      } catch (ArenaFullException full) {
        if (written == 0) {
          throw full;
        }
        break;
      }
      call.insist();
      if (isAcknowledged) {
        propagation.claim(call, key, call.arg(groupAt), groups);
      }
      replies.entry(reply, cursor);
      written++;
      found = written != count && cursor.next();
    }
    reply.endArray(mark, written);
    propagation.progress(call, key, call.arg(groupAt), groups);
  }

  /** Notes that the group has read an entry, and that it is pending for the consumer. */
  private void note(Call call, StreamGroups groups, StreamId read, long entriesRead) {
    // Before anything has changed: only what is pending may fail for want of memory behind it.
    groups.read(groups.lastId(last), groups.entriesRead());
    if (isAcknowledged) {
      StreamConsumers consumers = groups.consumers();
      StreamPending pending = groups.pending();
      long consumer = consumers.number();
      if (pending.find(groups.number(), read)) {
        pending.deliver(consumer, call.nowMillis(), 1);
      } else {
        pending.add(groups.number(), read, consumer, call.nowMillis(), 1);
      }
      consumers.active(call.nowMillis());
    }
    groups.read(read, entriesRead);
  }

  /** How many entries the group has read when it has read this one. */
  private long entriesRead(StreamValue stream, StreamId read) {
    long before = stream.groups().entriesRead();
    if (before != StreamGroups.UNKNOWN && !lag.mayMissSome(stream, read)) {
      return before + 1;
    }
    return stream.entriesAdded() == 0 ? before : lag.entriesUpTo(stream, read);
  }
}
