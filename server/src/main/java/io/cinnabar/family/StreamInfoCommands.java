package io.cinnabar.family;

import static io.cinnabar.command.CommandFlag.LOADING;
import static io.cinnabar.command.CommandFlag.READONLY;
import static io.cinnabar.command.CommandFlag.STALE;
import static io.cinnabar.command.KeyFlag.ACCESS;
import static io.cinnabar.command.KeyFlag.RO;

import io.cinnabar.command.Call;
import io.cinnabar.command.CommandError;
import io.cinnabar.command.CommandTable;
import io.cinnabar.command.CommandTips;
import io.cinnabar.command.FamilyBuilder;
import io.cinnabar.command.HelpReply;
import io.cinnabar.resp.ReplyWriter;
import io.cinnabar.structure.Slice;
import io.cinnabar.value.StreamConsumers;
import io.cinnabar.value.StreamCursor;
import io.cinnabar.value.StreamGroups;
import io.cinnabar.value.StreamId;
import io.cinnabar.value.StreamPending;
import io.cinnabar.value.StreamValue;
import org.jspecify.annotations.Nullable;

/** XINFO: what a stream consists of. */
public final class StreamInfoCommands {

  private static final long DEFAULT_COUNT = 10;
  private static final int STREAM_FIELDS = 9;

  private final StreamReply replies = new StreamReply();
  private final StreamLag lag = new StreamLag();
  private final StreamId id = new StreamId();
  private final StreamId first = new StreamId();
  private final Slice name = new Slice();

  private StreamInfoCommands() {}

  public static void declare(CommandTable.Builder table) {
    StreamInfoCommands commands = new StreamInfoCommands();
    FamilyBuilder stream = table.family("stream");
    stream
        .container("XINFO")
        .since("5.0.0")
        .complexity("That of the subcommand.")
        .summary("Holds the commands that look into streams.");
    stream
        .command("XINFO|STREAM key [full-block:<FULL [COUNT count:integer]>]", commands::stream)
        .flags(READONLY)
        .key(2, RO, ACCESS)
        .since("5.0.0")
        .complexity("O(1), but for what is shown in full and the number of nodes")
        .summary("Describes a stream.")
        .history("6.0.0", "Takes `FULL`.")
        .history("7.0.0", "Tells what was added and deleted, and how far groups have read.")
        .history("7.2.0", "Tells when consumers last got something.");
    stream
        .command("XINFO|GROUPS key", commands::groups)
        .flags(READONLY)
        .key(2, RO, ACCESS)
        .since("5.0.0")
        .complexity("O(1) for each group")
        .summary("Lists the groups of a stream.")
        .history("7.0.0", "Tells how far they have read.");
    stream
        .command("XINFO|CONSUMERS key group", commands::consumers)
        .flags(READONLY)
        .key(2, RO, ACCESS)
        .tips(CommandTips.NONDETERMINISTIC_OUTPUT)
        .since("5.0.0")
        .complexity("O(1) for each consumer")
        .summary("Lists the consumers of a group.")
        .history("7.2.0", "Tells when they last got something.");
    stream
        .command("XINFO|HELP", StreamInfoCommands::help)
        .flags(LOADING, STALE)
        .since("5.0.0")
        .complexity("O(1)")
        .summary("Lists the subcommands.");
  }

  private static StreamValue existing(Call call) {
    StreamValue stream = StreamCommands.read(call, call.arg(2));
    if (stream == null) {
      throw CommandError.NO_SUCH_KEY;
    }
    return stream;
  }

  // ---- the stream

  private void stream(Call call) {
    boolean isFull = call.argCount() > 3;
    StreamValue stream = existing(call);
    long count = isFull ? count(call) : 0;
    ReplyWriter reply = call.reply();
    reply.map(isFull ? STREAM_FIELDS : STREAM_FIELDS + 1);
    reply.bulk("length");
    reply.integer(stream.length());
    reply.bulk("radix-tree-keys");
    reply.integer(stream.radixTreeKeys());
    reply.bulk("radix-tree-nodes");
    reply.integer(stream.radixTreeNodes());
    reply.bulk("last-generated-id");
    replies.id(reply, stream.lastId(id));
    reply.bulk("max-deleted-entry-id");
    replies.id(reply, stream.maxDeletedId(id));
    reply.bulk("entries-added");
    reply.integer(stream.entriesAdded());
    reply.bulk("recorded-first-entry-id");
    replies.id(reply, stream.firstEntryId(id));
    if (isFull) {
      full(reply, stream, count);
    } else {
      ends(reply, stream);
    }
  }

  /** The COUNT of FULL; 0 is everything. */
  private static long count(Call call) {
    int words = call.argCount();
    if (!call.isWord(3, "full") || (words != 4 && words != 6)) {
      throw call.unknownForm();
    }
    if (words == 4) {
      return DEFAULT_COUNT;
    }
    if (!call.isWord(4, "count")) {
      throw call.unknownForm();
    }
    long count = call.integer(5);
    return count < 0 ? DEFAULT_COUNT : count;
  }

  private void ends(ReplyWriter reply, StreamValue stream) {
    reply.bulk("groups");
    reply.integer(stream.groups().count());
    StreamCursor cursor = stream.cursor();
    reply.bulk("first-entry");
    entryOrNull(reply, cursor.first() ? cursor : null);
    reply.bulk("last-entry");
    entryOrNull(reply, cursor.last() ? cursor : null);
  }

  private void entryOrNull(ReplyWriter reply, @Nullable StreamCursor cursor) {
    if (cursor == null) {
      reply.nullBulk();
    } else {
      replies.entry(reply, cursor);
    }
  }

  private void full(ReplyWriter reply, StreamValue stream, long count) {
    reply.bulk("entries");
    replies.range(reply, stream.cursor(), first.setLeast(), id.setGreatest(), count);
    reply.bulk("groups");
    StreamGroups groups = stream.groups();
    reply.array((int) groups.count());
    for (boolean found = groups.first(); found; found = groups.next()) {
      reply.map(7);
      group(reply, stream);
      reply.bulk("pel-count");
      reply.integer(groups.pending().count(groups.number()));
      reply.bulk("pending");
      pendingOf(reply, groups, count);
      reply.bulk("consumers");
      fullConsumers(reply, groups, count);
    }
  }

  /** Name, last ID, entries read and lag. */
  private void group(ReplyWriter reply, StreamValue stream) {
    StreamGroups groups = stream.groups();
    reply.bulk("name");
    reply.bulk(groups.name(name));
    reply.bulk("last-delivered-id");
    replies.id(reply, groups.lastId(id));
    progress(reply, stream);
  }

  private void progress(ReplyWriter reply, StreamValue stream) {
    reply.bulk("entries-read");
    numberOrNull(reply, stream.groups().entriesRead(), StreamGroups.UNKNOWN);
    reply.bulk("lag");
    numberOrNull(reply, lag.of(stream), StreamLag.UNKNOWN_LAG);
  }

  private static void numberOrNull(ReplyWriter reply, long number, long unknown) {
    if (number == unknown) {
      reply.nullBulk();
    } else {
      reply.integer(number);
    }
  }

  private void pendingOf(ReplyWriter reply, StreamGroups groups, long count) {
    StreamPending pending = groups.pending();
    int mark = reply.beginDeferred();
    int written = 0;
    boolean found = pending.seek(groups.number(), first.setLeast());
    while (found) {
      reply.array(4);
      replies.id(reply, pending.id(id));
      reply.bulk(groups.consumers().nameOf(pending.consumer(), name));
      reply.integer(pending.deliveredMillis());
      reply.integer(pending.deliveries());
      written++;
      found = written != count && pending.next();
    }
    reply.endArray(mark, written);
  }

  private void fullConsumers(ReplyWriter reply, StreamGroups groups, long count) {
    StreamConsumers consumers = groups.consumers();
    long group = groups.number();
    reply.array((int) consumers.count(group));
    for (boolean found = consumers.first(group); found; found = consumers.next()) {
      reply.map(5);
      reply.bulk("name");
      reply.bulk(consumers.name(name));
      reply.bulk("seen-time");
      reply.integer(consumers.seenMillis());
      reply.bulk("active-time");
      reply.integer(consumers.activeMillis());
      reply.bulk("pel-count");
      reply.integer(groups.pending().countOf(consumers.number()));
      reply.bulk("pending");
      pendingFor(reply, groups, count);
    }
  }

  private void pendingFor(ReplyWriter reply, StreamGroups groups, long count) {
    StreamPending pending = groups.pending();
    long group = groups.number();
    long consumer = groups.consumers().number();
    int mark = reply.beginDeferred();
    int written = 0;
    boolean found = pending.seekOf(consumer, group, first.setLeast());
    while (found) {
      reply.array(3);
      replies.id(reply, pending.id(id));
      reply.integer(pending.deliveredMillis());
      reply.integer(pending.deliveries());
      written++;
      found = written != count && pending.nextOf(consumer, group);
    }
    reply.endArray(mark, written);
  }

  // ---- groups and consumers

  private void groups(Call call) {
    StreamValue stream = existing(call);
    StreamGroups groups = stream.groups();
    ReplyWriter reply = call.reply();
    reply.array((int) groups.count());
    for (boolean found = groups.first(); found; found = groups.next()) {
      reply.map(6);
      reply.bulk("name");
      reply.bulk(groups.name(name));
      reply.bulk("consumers");
      reply.integer(groups.consumers().count(groups.number()));
      reply.bulk("pending");
      reply.integer(groups.pending().count(groups.number()));
      reply.bulk("last-delivered-id");
      replies.id(reply, groups.lastId(id));
      progress(reply, stream);
    }
  }

  private void consumers(Call call) {
    StreamValue stream = existing(call);
    StreamGroups groups = stream.groups();
    if (!groups.find(call.arg(3))) {
      throw StreamGroupCommands.noGroup(call);
    }
    StreamConsumers consumers = groups.consumers();
    long group = groups.number();
    long now = call.nowMillis();
    ReplyWriter reply = call.reply();
    reply.array((int) consumers.count(group));
    for (boolean found = consumers.first(group); found; found = consumers.next()) {
      long active = consumers.activeMillis();
      reply.map(4);
      reply.bulk("name");
      reply.bulk(consumers.name(name));
      reply.bulk("pending");
      reply.integer(groups.pending().countOf(consumers.number()));
      reply.bulk("idle");
      reply.integer(Math.max(0, now - consumers.seenMillis()));
      reply.bulk("inactive");
      reply.integer(active == -1 ? -1 : Math.max(0, now - active));
    }
  }

  private static void help(Call call) {
    HelpReply.write(
        call,
        "CONSUMERS <key> <groupname>",
        "Lists the consumers of <groupname>.",
        "GROUPS <key>",
        "Lists the groups of the stream.",
        "STREAM <key> [FULL [COUNT <count>]",
        "Describes the stream; in full with its entries, groups and consumers.");
  }
}
