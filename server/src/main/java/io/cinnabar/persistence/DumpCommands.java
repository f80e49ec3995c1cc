package io.cinnabar.persistence;

import static io.cinnabar.command.AclCategory.DANGEROUS;
import static io.cinnabar.command.CommandFlag.DENYOOM;
import static io.cinnabar.command.CommandFlag.READONLY;
import static io.cinnabar.command.CommandFlag.WRITE;
import static io.cinnabar.command.KeyFlag.ACCESS;
import static io.cinnabar.command.KeyFlag.OW;
import static io.cinnabar.command.KeyFlag.RO;
import static io.cinnabar.command.KeyFlag.UPDATE;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.cinnabar.command.Call;
import io.cinnabar.command.CommandError;
import io.cinnabar.command.CommandTable;
import io.cinnabar.command.CommandTips;
import io.cinnabar.command.Deletion;
import io.cinnabar.command.FamilyBuilder;
import io.cinnabar.command.KeyEvent;
import io.cinnabar.command.Settings;
import io.cinnabar.keyspace.Entry;
import io.cinnabar.structure.Slice;
import io.cinnabar.value.StringValue;
import io.cinnabar.value.ValueType;

/** DUMP and RESTORE: a value as bytes that another server understands, too. */
public final class DumpCommands {

  private static final CommandError BUSY_KEY =
      new CommandError("BUSYKEY Target key name already exists.");
  private static final CommandError INVALID_TTL =
      new CommandError("ERR Invalid TTL value, must be >= 0");
  private static final CommandError NOT_INTACT =
      new CommandError("ERR DUMP payload version or checksum are wrong");
  private static final CommandError BAD_DATA = new CommandError("ERR Bad data format");

  /**
   * Versions of RDB up to 11 have no place for the times, and to leave them out would lose them.
   */
  private static final CommandError FIELDS_EXPIRE =
      new CommandError("ERR DUMP can't hold the expiry of hash fields below rdb-version 12");

  private static final byte[] ABSTTL = Slice.of("ABSTTL").array;

  private final RdbWriter out = new RdbWriter();
  private final ValueWriter writer = new ValueWriter(out);
  private final RdbReader in = new RdbReader();
  private final ValueReader reader = new ValueReader(in);
  private final Slice body = new Slice();

  private DumpCommands() {}

  public static void declare(CommandTable.Builder table) {
    DumpCommands commands = new DumpCommands();
    FamilyBuilder generic = table.family("generic");
    generic
        .command("DUMP key", commands::dump)
        .flags(READONLY)
        .key(1, RO, ACCESS)
        .tips(CommandTips.NONDETERMINISTIC_OUTPUT)
        .since("2.6.0")
        .complexity("O(1) for a string, O(N) for a value of N elements")
        .summary("Tells a value as bytes that `RESTORE` makes a key of.");
    generic
        .command(
            "RESTORE key ttl:integer serialized-value [REPLACE@3.0.0] [ABSTTL@5.0.0]"
                + " [IDLETIME seconds:integer@5.0.0] [FREQ frequency:integer@5.0.0]",
            commands::restore)
        .flags(WRITE, DENYOOM)
        .acl(DANGEROUS)
        .key(1, OW, UPDATE)
        .since("2.6.0")
        .complexity(
            "O(1) for a string, O(N) for a value of N elements, O(N*log(N)) for a sorted set")
        .summary("Makes a key of what `DUMP` told.")
        .history("3.0.0", "Takes `REPLACE`.")
        .history("5.0.0", "Takes `ABSTTL`.")
        .history("5.0.0", "Takes `IDLETIME` and `FREQ`.");
  }

  private void dump(Call call) {
    Entry entry = call.read(call.arg(1));
    if (entry == null) {
      call.reply().nullBulk();
      return;
    }
    Settings settings = call.engine().settings();
    out.compress(settings.rdbCompression);
    writer.version(settings.rdbVersion);
    if (!writer.canHold(entry)) {
      throw FIELDS_EXPIRE;
    }
    try {
      int type = writer.type(entry);
      out.unsignedByte(type);
      writer.write(type, entry);
      DumpPayload.close(out, settings.rdbVersion);
      call.reply().bulk(out.array(), 0, out.size());
    } finally {
      out.reset();
    }
  }

  private void restore(Call call) {
    RestoreOptions options = RestoreOptions.of(call);
    Slice key = call.arg(1);
    boolean replaced = call.edit(key) != null;
    if (replaced && !options.replace()) {
      throw BUSY_KEY;
    }
    long ttl = call.integer(2);
    if (ttl < 0) {
      throw INVALID_TTL;
    }
    if (!DumpPayload.isIntact(call.arg(3), call.engine().settings().skipChecksums)) {
      throw NOT_INTACT;
    }
    // As in Redis a duration may reach beyond the end of time, which makes it one that is over.
    long expiryMillis = ttl == 0 || options.absolute() ? ttl : ttl + call.nowMillis();
    Entry made = read(call);
    if (ttl != 0 && expiryMillis <= call.expiryMillis()) {
      expireAtOnce(call, replaced);
    } else {
      if (ttl != 0) {
        call.database().setExpiry(made, expiryMillis);
      }
      call.putPrepared();
      made.clock(options.clock(call.engine().keyspace().accessClock()));
      if (replaced) {
        // As if the old key had been deleted first.
        call.alsoTouched(key, KeyEvent.NEW);
      }
      call.changed(key, KeyEvent.RESTORE);
      if (ttl != 0 && !options.absolute() && call.isFollowed()) {
        propagateAbsolute(call, expiryMillis);
      }
    }
    call.reply().ok();
  }

  /** Makes the value of the payload, which the key does not have yet. */
  private Entry read(Call call) {
    DumpPayload.body(call.arg(3), body);
    in.over(body);
    try {
      int type = in.unsignedByte();
      ValueType valueType = ValueReader.valueType(type);
      if (valueType == ValueType.STRING) {
        return readString(call);
      }
      Entry made = call.prepare(valueType, call.arg(1));
      reader.read(type, made, call.engine().settings().thresholds);
      return made;
    } catch (RdbException e) {
      throw BAD_DATA;
    } finally {
      reader.release();
      in.release();
    }
  }

  private Entry readString(Call call) throws RdbException {
    Slice key = call.arg(1);
    int length = in.nextLength();
    if (length > StringValue.MAX_INLINE_BYTES) {
      // Where it is going to stay, since it may be huge.
      in.fill(call.prepareString(key, length));
      return call.otherEntry();
    }
    return call.prepare(key, reader.string());
  }

  /** What comes with a time that is over is not stored; what it replaces is gone all the same. */
  private static void expireAtOnce(Call call, boolean replaced) {
    if (replaced) {
      Slice key = call.arg(1);
      call.removeFound();
      call.changed(key, KeyEvent.DEL);
      if (call.isFollowed()) {
        call.propagateAs(Deletion.command(false), key.toByteArray());
      }
    }
  }

  /** Followers run it later, so they are told the date. */
  private static void propagateAbsolute(Call call, long expiryMillis) {
    byte[][] arguments = new byte[call.argCount() + 1][];
    for (int i = 0; i < call.argCount(); i++) {
      arguments[i] = call.arg(i).toByteArray();
    }
    arguments[2] = Long.toString(expiryMillis).getBytes(US_ASCII);
    arguments[call.argCount()] = ABSTTL;
    call.propagateAs(arguments);
  }
}
