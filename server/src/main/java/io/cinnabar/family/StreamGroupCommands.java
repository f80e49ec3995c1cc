package io.cinnabar.family;

import static io.cinnabar.command.CommandFlag.DENYOOM;
import static io.cinnabar.command.CommandFlag.FAST;
import static io.cinnabar.command.CommandFlag.LOADING;
import static io.cinnabar.command.CommandFlag.STALE;
import static io.cinnabar.command.CommandFlag.WRITE;
import static io.cinnabar.command.KeyFlag.DELETE;
import static io.cinnabar.command.KeyFlag.INSERT;
import static io.cinnabar.command.KeyFlag.RW;
import static io.cinnabar.command.KeyFlag.UPDATE;

import io.cinnabar.command.Call;
import io.cinnabar.command.CommandError;
import io.cinnabar.command.CommandTable;
import io.cinnabar.command.FamilyBuilder;
import io.cinnabar.command.HelpReply;
import io.cinnabar.command.KeyEvent;
import io.cinnabar.keyspace.Entry;
import io.cinnabar.structure.Slice;
import io.cinnabar.value.StreamGroups;
import io.cinnabar.value.StreamId;
import io.cinnabar.value.StreamPending;
import io.cinnabar.value.StreamValue;
import io.cinnabar.value.ValueType;

/** XGROUP, and XACK: the groups that read streams. */
public final class StreamGroupCommands {

  private static final String ID_SELECTOR = "id-selector:(id | new-id:'$')";
  private static final String ENTRIES_READ = "[ENTRIESREAD entriesread=entries-read:integer]";

  private static final int MAX_CREATE_WORDS = 8;
  private static final int MAX_SETID_WORDS = 7;

  private static final CommandError NO_STREAM =
      new CommandError(
          "ERR The XGROUP subcommand requires the key to exist. Note that for CREATE you may want"
              + " to use the MKSTREAM option to create an empty stream automatically.");
  private static final CommandError GROUP_EXISTS =
      new CommandError("BUSYGROUP Consumer Group name already exists");
  private static final CommandError NEGATIVE_READ =
      new CommandError("ERR value for ENTRIESREAD must be positive or -1");

  private final StreamId id = new StreamId();

  // What XGROUP CREATE and SETID are told.
  private boolean mayCreate;
  private long entriesRead;

  private StreamGroupCommands() {}

  public static void declare(CommandTable.Builder table) {
    StreamGroupCommands commands = new StreamGroupCommands();
    FamilyBuilder stream = table.family("stream");
    stream
        .container("XGROUP")
        .since("5.0.0")
        .complexity("That of the subcommand.")
        .summary("Holds the commands about the groups that read a stream.");
    declareGroups(stream, commands);
    declareConsumers(stream);
    stream
        .command("XACK key group id...", commands::xack)
        .flags(WRITE, FAST)
        .key(1, RW, UPDATE)
        .since("5.0.0")
        .complexity("O(1) for each ID, as far as the depth of a tree is constant")
        .summary("Ends that entries are pending, and counts those that were.");
  }

  private static void declareGroups(FamilyBuilder stream, StreamGroupCommands commands) {
    stream
        .command(
            "XGROUP|CREATE key group " + ID_SELECTOR + " [MKSTREAM] " + ENTRIES_READ,
            commands::create)
        .flags(WRITE, DENYOOM)
        .key(2, RW, INSERT)
        .since("5.0.0")
        .complexity("O(1)")
        .summary("Makes a group.")
        .history("7.0.0", "Takes `ENTRIESREAD`.");
    stream
        .command("XGROUP|SETID key group " + ID_SELECTOR + " " + ENTRIES_READ, commands::setid)
        .flags(WRITE)
        .key(2, RW, UPDATE)
        .since("5.0.0")
        .complexity("O(1)")
        .summary("Says how far a group has read.")
        .history("7.0.0", "Takes `ENTRIESREAD`.");
    stream
        .command("XGROUP|DESTROY key group", StreamGroupCommands::destroy)
        .flags(WRITE)
        .key(2, RW, DELETE)
        .since("5.0.0")
        .complexity("O(N) for N entries that are pending in the group")
        .summary("Removes a group.");
  }

  private static void declareConsumers(FamilyBuilder stream) {
    stream
        .command("XGROUP|CREATECONSUMER key group consumer", StreamGroupCommands::createConsumer)
        .flags(WRITE, DENYOOM)
        .key(2, RW, INSERT)
        .since("6.2.0")
        .complexity("O(1)")
        .summary("Makes a consumer in a group.");
    stream
        .command("XGROUP|DELCONSUMER key group consumer", StreamGroupCommands::delConsumer)
        .flags(WRITE)
        .key(2, RW, DELETE)
        .since("5.0.0")
        .complexity("O(1), and O(N) for N entries that are pending for the consumer")
        .summary("Removes a consumer, and counts what was pending for it.");
    stream
        .command("XGROUP|HELP", StreamGroupCommands::help)
        .flags(LOADING, STALE)
        .since("5.0.0")
        .complexity("O(1)")
        .summary("Lists the subcommands.");
  }

  // ---- groups

  private void create(Call call) {
    options(call, true);
    Slice key = call.arg(2);
    Slice name = call.arg(3);
    StreamValue found = StreamCommands.edit(call, key);
    if (found == null && !mayCreate) {
      throw NO_STREAM;
    }
    if (call.argCount() > MAX_CREATE_WORDS) {
      throw call.unknownForm();
    }
    if (!call.isWord(4, "$")) {
      StreamArguments.id(call, 4, id);
    } else if (found == null) {
      id.setLeast();
    } else {
      found.lastId(id);
    }
    Entry entry = call.editOrCreate(ValueType.STREAM, key);
    StreamGroups groups = entry.stream().groups();
    if (groups.find(name)) {
      throw GROUP_EXISTS;
    }
    groups.create(name, id, entriesRead);
    call.keep(entry);
    if (found == null) {
      call.alsoTouched(key, KeyEvent.COUNTED);
    }
    call.changed(key, KeyEvent.XGROUP_CREATE);
    call.reply().ok();
  }

  /** Reads what is behind the ID of CREATE and SETID. */
  private void options(Call call, boolean isCreate) {
    mayCreate = false;
    entriesRead = StreamGroups.UNKNOWN;
    for (int i = 5; i < call.argCount(); i++) {
      if (isCreate && call.isWord(i, "mkstream")) {
        mayCreate = true;
      } else if (i + 1 < call.argCount() && call.isWord(i, "entriesread")) {
        entriesRead = call.integer(++i);
        if (entriesRead < 0 && entriesRead != StreamGroups.UNKNOWN) {
          throw NEGATIVE_READ;
        }
      } else {
        throw call.unknownForm();
      }
    }
  }

  private void setid(Call call) {
    options(call, false);
    StreamValue stream = existing(call);
    StreamGroups groups = existingGroup(call, stream);
    if (call.argCount() > MAX_SETID_WORDS) {
      throw call.unknownForm();
    }
    if (call.isWord(4, "$")) {
      stream.lastId(id);
    } else {
      StreamArguments.idOrEnd(call, 4, id, 0);
    }
    groups.read(id, entriesRead);
    call.changed(call.arg(2), KeyEvent.XGROUP_SETID);
    call.reply().ok();
  }

  private static void destroy(Call call) {
    StreamGroups groups = existing(call).groups();
    if (!groups.find(call.arg(3))) {
      call.reply().integer(0);
      return;
    }
    groups.remove();
    call.changed(call.arg(2), KeyEvent.XGROUP_DESTROY);
    call.reply().integer(1);
  }

  private static StreamValue existing(Call call) {
    StreamValue stream = StreamCommands.edit(call, call.arg(2));
    if (stream == null) {
      throw NO_STREAM;
    }
    return stream;
  }

  private static StreamGroups existingGroup(Call call, StreamValue stream) {
    StreamGroups groups = stream.groups();
    if (!groups.find(call.arg(3))) {
      throw noGroup(call);
    }
    return groups;
  }

  /** What is answered when a stream has no such group; for subcommands. */
  static CommandError noGroup(Call call) {
    return new CommandError(
        "NOGROUP No such consumer group '"
            + call.argText(3)
            + "' for key name '"
            + call.argText(2)
            + "'");
  }

  // ---- consumers

  private static void createConsumer(Call call) {
    StreamGroups groups = existingGroup(call, existing(call));
    Slice name = call.arg(4);
    if (groups.consumers().find(groups.number(), name)) {
      call.reply().integer(0);
      return;
    }
    groups.consumers().create(groups.number(), name, call.nowMillis());
    call.changed(call.arg(2), KeyEvent.XGROUP_CREATECONSUMER);
    call.reply().integer(1);
  }

  private static void delConsumer(Call call) {
    StreamGroups groups = existingGroup(call, existing(call));
    if (!groups.consumers().find(groups.number(), call.arg(4))) {
      call.reply().integer(0);
      return;
    }
    long pending = groups.removeConsumer();
    call.changed(call.arg(2), KeyEvent.XGROUP_DELCONSUMER);
    call.reply().integer(pending);
  }

  // ---- acknowledging

  private void xack(Call call) {
    StreamValue stream = StreamCommands.read(call, call.arg(1));
    if (stream == null || !stream.groups().find(call.arg(2))) {
      call.reply().integer(0);
      return;
    }
    for (int i = 3; i < call.argCount(); i++) {
      StreamArguments.id(call, i, id);
    }
    long group = stream.groups().number();
    StreamPending pending = stream.groups().pending();
    int ended = 0;
    for (int i = 3; i < call.argCount(); i++) {
      StreamArguments.id(call, i, id);
      if (pending.find(group, id)) {
        pending.remove();
        call.insist();
        ended++;
      }
    }
    call.changed(ended);
    call.reply().integer(ended);
  }

  private static void help(Call call) {
    HelpReply.write(
        call,
        "CREATE <key> <groupname> <id|$> [MKSTREAM] [ENTRIESREAD <count>]",
        "Makes a group that has read up to <id>; MKSTREAM makes the stream if it isn't there.",
        "CREATECONSUMER <key> <groupname> <consumer>",
        "Makes a consumer in the group.",
        "DELCONSUMER <key> <groupname> <consumer>",
        "Removes the consumer, and what is pending for it.",
        "DESTROY <key> <groupname>",
        "Removes the group.",
        "SETID <key> <groupname> <id|$> [ENTRIESREAD <count>]",
        "Says that the group has read up to <id>.");
  }
}
