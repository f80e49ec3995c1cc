package io.cinnabar.family;

import static io.cinnabar.command.CommandFlag.DENYOOM;
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
import io.cinnabar.command.KeyEvent;
import io.cinnabar.keyspace.Entry;
import io.cinnabar.structure.IntegerText;
import io.cinnabar.structure.Slice;
import io.cinnabar.value.StreamCursor;
import io.cinnabar.value.StreamFields;
import io.cinnabar.value.StreamId;
import io.cinnabar.value.StreamTrim;
import io.cinnabar.value.StreamValue;
import io.cinnabar.value.ValueType;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Commands on the entries of streams. */
public final class StreamCommands {

  private static final String TRIM =
      "trim:<strategy:(MAXLEN | MINID@6.2.0) [operator:(equal:'=' | approximately:'~')] threshold"
          + " [LIMIT count:integer@6.2.0]>";

  private static final CommandError ZERO_ID =
      new CommandError("ERR The ID specified in XADD must be greater than 0-0");
  private static final CommandError EXHAUSTED =
      new CommandError(
          "ERR The stream has exhausted the last possible ID, unable to add more items");
  private static final CommandError NOT_GREATER =
      new CommandError(
          "ERR The ID specified in XADD is equal or smaller than the target stream top item");
  private static final CommandError TOO_LARGE =
      new CommandError("ERR Elements are too large to be stored");
  private static final CommandError NEGATIVE_ADDED =
      new CommandError("ERR entries_added must be positive");
  private static final CommandError BELOW_GIVEN_DELETED =
      new CommandError(
          "ERR The ID specified in XSETID is smaller than the provided max_deleted_entry_id");
  private static final CommandError BELOW_DELETED =
      new CommandError(
          "ERR The ID specified in XSETID is smaller than current max_deleted_entry_id");
  private static final CommandError BELOW_TOP =
      new CommandError("ERR The ID specified in XSETID is smaller than the target stream top item");
  private static final CommandError FEWER_THAN_THERE =
      new CommandError(
          "ERR The entries_added specified in XSETID is smaller than the target stream length");

  // Scratches, for one command after the other.
  private final StreamOptions options = new StreamOptions();
  private final StreamReply replies = new StreamReply();
  private final AddedFields fields = new AddedFields();
  private final StreamId id = new StreamId();
  private final StreamId last = new StreamId();
  private final StreamId start = new StreamId();
  private final StreamId end = new StreamId();

  private StreamCommands() {}

  public static void declare(CommandTable.Builder table) {
    StreamCommands commands = new StreamCommands();
    FamilyBuilder stream = table.family("stream");
    declareChanges(stream, commands);
    declareReads(stream, commands);
  }

  private static void declareChanges(FamilyBuilder stream, StreamCommands commands) {
    stream
        .command(
            "XADD key [NOMKSTREAM@6.2.0] ["
                + TRIM
                + "] id-selector:(auto-id:'*' | id) data:<field value>...",
            commands::xadd)
        .flags(WRITE, DENYOOM, FAST)
        .key(1, RW, UPDATE)
        .keyNotes("UPDATE instead of INSERT because of the optional trimming feature")
        .tips(CommandTips.NONDETERMINISTIC_OUTPUT)
        .since("5.0.0")
        .complexity("O(1); O(N) more where it trims N entries")
        .summary("Adds an entry to a stream, which is made if it isn't there.")
        .history("6.2.0", "Takes `NOMKSTREAM`, `MINID` and `LIMIT`.")
        .history("7.0.0", "Takes IDs of the form `<ms>-*`.");
    stream
        .command("XDEL key id...", commands::xdel)
        .flags(WRITE, FAST)
        .key(1, RW, DELETE)
        .since("5.0.0")
        .complexity("O(1) for each ID, as far as the depth of a tree is constant")
        .summary("Deletes entries of a stream, and counts those that were there.");
    stream
        .command("XTRIM key " + TRIM, commands::xtrim)
        .flags(WRITE)
        .key(1, RW, DELETE)
        .tips(CommandTips.NONDETERMINISTIC_OUTPUT)
        .since("5.0.0")
        .complexity("O(N) for N entries that are deleted")
        .summary("Deletes the oldest entries of a stream, and counts them.")
        .history("6.2.0", "Takes `MINID` and `LIMIT`.");
    stream
        .command(
            "XSETID key last-id [ENTRIESADDED entries-added:integer@7.0.0]"
                + " [MAXDELETEDID max-deleted-id@7.0.0]",
            commands::xsetid)
        .flags(WRITE, DENYOOM, FAST)
        .key(1, RW, UPDATE)
        .since("5.0.0")
        .complexity("O(1)")
        .summary("Sets the last ID of a stream; for the server's own use.")
        .history("7.0.0", "Takes `ENTRIESADDED` and `MAXDELETEDID`.");
  }

  private static void declareReads(FamilyBuilder stream, StreamCommands commands) {
    stream
        .command("XLEN key", StreamCommands::xlen)
        .flags(READONLY, FAST)
        .key(1, RO)
        .since("5.0.0")
        .complexity("O(1)")
        .summary("Counts the entries of a stream.");
    stream
        .command("XRANGE key start end [COUNT count:integer]", commands::xrange)
        .flags(READONLY)
        .key(1, RO, ACCESS)
        .since("5.0.0")
        .complexity("O(N) for N entries that are returned")
        .summary("Returns the entries of a stream whose IDs are in a range.")
        .history("6.2.0", "Takes ranges without their ends.");
    stream
        .command("XREVRANGE key end start [COUNT count:integer]", commands::xrevrange)
        .flags(READONLY)
        .key(1, RO, ACCESS)
        .since("5.0.0")
        .complexity("O(N) for N entries that are returned")
        .summary("Returns the entries of a stream whose IDs are in a range, the newest first.")
        .history("6.2.0", "Takes ranges without their ends.");
  }

  /** The stream at a key, to be read; null when it is not there. */
  static @Nullable StreamValue read(Call call, Slice key) {
    Entry found = call.read(ValueType.STREAM, key);
    return found == null ? null : found.stream();
  }

  /** The stream at a key, to be changed; null when it is not there. */
  static @Nullable StreamValue edit(Call call, Slice key) {
    Entry found = call.edit(ValueType.STREAM, key);
    return found == null ? null : found.stream();
  }

  // ---- adding

  private void xadd(Call call) {
    StreamArguments.options(call, true, options);
    int first = options.idAt + 1;
    int words = call.argCount() - first;
    if (words < 2 || words % 2 == 1) {
      throw call.wrongArgumentCount();
    }
    if (options.hasId && options.hasSequence && options.id.isZero()) {
      throw ZERO_ID;
    }
    Slice key = call.arg(1);
    if (!options.mayCreate && edit(call, key) == null) {
      call.reply().nullBulk();
      return;
    }
    fields.set(call, first, words / 2);
    Entry entry = call.editOrCreate(ValueType.STREAM, key);
    StreamValue stream = entry.stream();
    chooseId(call, stream.lastId(last));
    if (!stream.append(id, fields, call.engine().settings().thresholds)) {
      throw TOO_LARGE;
    }
    call.keep(entry);
    replies.id(call.reply(), id);
    call.changed(key, KeyEvent.XADD);
    trimAdded(call, key, stream);
  }

  /** Sets the ID of the new entry. */
  private void chooseId(Call call, StreamId last) {
    if (last.isGreatest()) {
      throw EXHAUSTED;
    }
    if (!options.hasId) {
      id.setNext(last, call.nowMillis());
      return;
    }
    id.set(options.id);
    if (!options.hasSequence && id.ms == last.ms) {
      if (last.seq == -1) {
        throw TOO_LARGE;
      }
      id.seq = last.seq + 1;
    }
    if (id.compareTo(last) <= 0) {
      throw NOT_GREATER;
    }
  }

  private void trimAdded(Call call, Slice key, StreamValue stream) {
    boolean trims = options.trim.strategy != StreamTrim.Strategy.NONE;
    call.insist();
    if (trims && trim(stream, true) > 0) {
      call.alsoTouched(key, KeyEvent.XTRIM);
    }
    boolean isGiven = options.hasId && options.hasSequence;
    if (call.isFollowed() && (!isGiven || options.trim.isApproximate)) {
      byte[][] words = words(call);
      if (!isGiven) {
        words[options.idAt] = text(id);
      }
      propagate(call, stream, words);
    }
  }

  /**
   * Trims as far as there is memory for it; what is left over goes with the next one.
   *
   * @param mayFail whether it doesn't matter if nothing is trimmed
   */
  private long trim(StreamValue stream, boolean mayFail) {
    long before = stream.length();
    try {
      stream.trim(options.trim);
    } catch (ArenaFullException full) {
      if (!mayFail && stream.length() == before) {
        throw full;
      }
    }
    return before - stream.length();
  }

  /** Followers get what a trimming by whole nodes came to, since theirs may be others. */
  private void propagate(Call call, StreamValue stream, byte[][] words) {
    if (options.trim.isApproximate) {
      words[options.operatorAt] = new byte[] {'='};
      words[options.thresholdAt] =
          options.trim.strategy == StreamTrim.Strategy.MAXLEN
              ? number(stream.length())
              : text(firstLeft(stream));
    }
    call.propagateAs(words);
  }

  /** The ID from which on entries are left: behind all others where none is. */
  private StreamId firstLeft(StreamValue stream) {
    return stream.length() == 0 ? start.setGreatest() : stream.firstEntryId(start);
  }

  static byte[][] words(Call call) {
    byte[][] words = new byte[call.argCount()][];
    for (int i = 0; i < words.length; i++) {
      words[i] = call.arg(i).toByteArray();
    }
    return words;
  }

  static byte[] text(StreamId id) {
    return id.toString().getBytes(StandardCharsets.US_ASCII);
  }

  static byte[] number(long number) {
    byte[] text = new byte[IntegerText.length(number)];
    IntegerText.write(number, text, 0);
    return text;
  }

  // ---- deleting

  private void xdel(Call call) {
    Slice key = call.arg(1);
    StreamValue stream = edit(call, key);
    if (stream == null) {
      call.reply().integer(0);
      return;
    }
    for (int i = 2; i < call.argCount(); i++) {
      StreamArguments.id(call, i, id);
    }
    int deleted = 0;
    try {
      for (int i = 2; i < call.argCount(); i++) {
        StreamArguments.id(call, i, id);
        if (stream.delete(id)) {
          deleted++;
          call.insist();
        }
      }
    } finally {
      if (deleted > 0) {
        call.changed(key, KeyEvent.XDEL);
        call.changed(deleted - 1L);
      }
    }
    call.reply().integer(deleted);
  }

  private void xtrim(Call call) {
    StreamArguments.options(call, false, options);
    Slice key = call.arg(1);
    StreamValue stream = edit(call, key);
    long deleted = stream == null ? 0 : trim(stream, false);
    if (stream != null && deleted > 0) {
      call.changed(key, KeyEvent.XTRIM);
      call.changed(deleted - 1);
      if (options.trim.isApproximate && call.isFollowed()) {
        propagate(call, stream, words(call));
      }
    }
    call.reply().integer(deleted);
  }

  // ---- reading

  private static void xlen(Call call) {
    StreamValue stream = read(call, call.arg(1));
    call.reply().integer(stream == null ? 0 : stream.length());
  }

  private void xrange(Call call) {
    StreamArguments.start(call, 2, start);
    StreamArguments.end(call, 3, end);
    range(call, false);
  }

  private void xrevrange(Call call) {
    StreamArguments.start(call, 3, start);
    StreamArguments.end(call, 2, end);
    range(call, true);
  }

  private void range(Call call, boolean isBack) {
    long count = count(call);
    StreamValue stream = read(call, call.arg(1));
    if (stream == null) {
      call.reply().array(0);
    } else if (count == 0) {
      call.reply().nullArray();
    } else {
      StreamCursor cursor = stream.cursor();
      long most = Math.max(count, 0);
      if (isBack) {
        replies.rangeBack(call.reply(), cursor, start, end, most);
      } else {
        replies.range(call.reply(), cursor, start, end, most);
      }
    }
  }

  /** The COUNT of a range, -1 without one. */
  private static long count(Call call) {
    long count = -1;
    for (int i = 4; i < call.argCount(); i++) {
      if (i + 1 == call.argCount() || !call.isWord(i, "count")) {
        throw CommandError.SYNTAX;
      }
      count = Math.max(0, call.integer(++i));
    }
    return count;
  }

  // ---- the last ID

  private void xsetid(Call call) {
    StreamArguments.id(call, 2, id);
    long entriesAdded = -1;
    end.setLeast();
    for (int i = 3; i < call.argCount(); i += 2) {
      boolean more = i + 1 < call.argCount();
      if (more && call.isWord(i, "entriesadded")) {
        entriesAdded = call.integer(i + 1);
        if (entriesAdded < 0) {
          throw NEGATIVE_ADDED;
        }
      } else if (more && call.isWord(i, "maxdeletedid")) {
        StreamArguments.id(call, i + 1, end);
        if (id.compareTo(end) < 0) {
          throw BELOW_GIVEN_DELETED;
        }
      } else {
        throw CommandError.SYNTAX;
      }
    }
    StreamValue stream = edit(call, call.arg(1));
    if (stream == null) {
      throw CommandError.NO_SUCH_KEY;
    }
    checkLastId(stream, entriesAdded);
    stream.lastId(id.ms, id.seq);
    if (entriesAdded != -1) {
      stream.entriesAdded(entriesAdded);
    }
    if (!end.isZero()) {
      stream.maxDeletedId(end.ms, end.seq);
    }
    call.changed(call.arg(1), KeyEvent.XSETID);
    call.reply().ok();
  }

  private void checkLastId(StreamValue stream, long entriesAdded) {
    if (id.compareTo(stream.maxDeletedId(last)) < 0) {
      throw BELOW_DELETED;
    }
    if (stream.length() > 0) {
      if (id.compareTo(stream.lastEntryId(last)) < 0) {
        throw BELOW_TOP;
      }
      if (entriesAdded != -1 && stream.length() > entriesAdded) {
        throw FEWER_THAN_THERE;
      }
    }
  }

  /** The fields and values of XADD. */
  private static final class AddedFields implements StreamFields {
    private @Nullable Call call;
    private int first;
    private int count;

    void set(Call call, int first, int count) {
      this.call = call;
      this.first = first;
      this.count = count;
    }

    @Override
    public int count() {
      return count;
    }

    @Override
    public Slice field(int index) {
      return arg(first + 2 * index);
    }

    @Override
    public Slice value(int index) {
      return arg(first + 2 * index + 1);
    }

    private Slice arg(int index) {
      Call of = call;
      if (of == null) {
        throw new IllegalStateException("no command has been set");
      }
      return of.arg(index);
    }
  }
}
