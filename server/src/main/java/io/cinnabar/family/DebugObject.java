package io.cinnabar.family;

import io.cinnabar.command.Call;
import io.cinnabar.command.CommandError;
import io.cinnabar.keyspace.Database;
import io.cinnabar.keyspace.Entry;
import io.cinnabar.value.SetMember;
import io.cinnabar.value.SetValue;
import io.cinnabar.value.StringValue;
import io.cinnabar.value.ValueType;

/** DEBUG's subcommands on how values and the tables of keys are laid out. */
final class DebugObject {

  private static final CommandError OUT_OF_RANGE = new CommandError("ERR Out of range database");
  private static final CommandError NO_TABLE =
      new CommandError(
          "ERR The value stored at the specified key is not represented using an hash table");

  private static final int SHARED_INTEGERS = 10_000;

  private DebugObject() {}

  static void object(Call call) {
    Entry entry = entry(call);
    call.reply()
        .simple(
            "Value at:"
                + String.format("0x%012x", entry.hash() & 0xffff_ffff_ffffL)
                + " refcount:"
                + (isShared(entry) ? Integer.MAX_VALUE : 1)
                + " encoding:"
                + entry.encoding().redisName(entry.type())
                + " serializedlength:"
                + serializedLength(entry)
                + " lru:"
                + entry.clock()
                + " lru_seconds_idle:"
                + call.engine().keyspace().accessClock().idleMillis(entry.clock()) / 1000
                + DebugList.fields(call, entry));
  }

  /** Small integers exist once in Redis, which shows as a reference count that means 'shared'. */
  private static boolean isShared(Entry entry) {
    if (entry.type() != ValueType.STRING) {
      return false;
    }
    StringValue value = entry.string();
    return value.isInteger() && value.integer() >= 0 && value.integer() < SHARED_INTEGERS;
  }

  /** Bytes of the value in an RDB file, which is written without compression. */
  private static long serializedLength(Entry entry) {
    return switch (entry.type()) {
      case STRING -> serializedLength(entry.string());
      case LIST -> DebugList.serializedLength(entry);
      case HASH -> DebugHash.serializedLength(entry);
      case SET -> serializedLength(entry.set());
      // Of the others only what they take in memory is known.
      default -> entry.sizeBytes();
    };
  }

  private static long serializedLength(StringValue value) {
    if (value.isInteger() && value.integer() == (int) value.integer()) {
      long number = value.integer();
      return number == (byte) number ? 2 : number == (short) number ? 3 : 5;
    }
    long length = value.length();
    return lengthBytes(length) + length;
  }

  private static long serializedLength(SetValue set) {
    if (set.isSmall()) {
      long packedBytes = set.packedBytes().length();
      return lengthBytes(packedBytes) + packedBytes;
    }
    SetMember member = new SetMember();
    long length = lengthBytes(set.count());
    for (boolean more = set.first(member); more; more = set.next(member)) {
      length += lengthBytes(member.text().length) + member.text().length;
    }
    return length;
  }

  /** The bytes of a length in an RDB file. */
  static int lengthBytes(long length) {
    return length < 1 << 6 ? 1 : length < 1 << 14 ? 2 : 5;
  }

  /** The sizes of the table of a database; what has an expiry is in the same table here. */
  static void tableStatistics(Call call) {
    long index = call.integer(2);
    if (index < 0 || index >= call.engine().keyspace().databases()) {
      throw OUT_OF_RANGE;
    }
    Database database = call.database(index);
    StringBuilder text = new StringBuilder("[Dictionary HT]\n");
    table(text, database, database.size());
    text.append("[Expires HT]\n");
    table(text, database, database.expiringCount());
    call.reply().verbatim("txt", text.toString());
  }

  private static void table(StringBuilder text, Database database, long elements) {
    text.append("Hash table 0 stats (main hash table):\n");
    if (elements == 0) {
      text.append("No stats available for empty dictionaries\n");
      return;
    }
    text.append(" table size: ").append(database.slotCount()).append('\n');
    text.append(" number of elements: ").append(elements).append('\n');
    text.append(" number of segments: ").append(database.segmentCount()).append('\n');
  }

  /** The size of a value that Redis calls a table; here it is a tree, or a few packed bytes. */
  static void valueTableStatistics(Call call) {
    Entry entry = entry(call);
    if (!entry.encoding().redisName(entry.type()).equals("hashtable")) {
      throw NO_TABLE;
    }
    long elements = entry.type() == ValueType.SET ? entry.set().count() : entry.hashValue().count();
    call.reply()
        .verbatim(
            "txt",
            "Hash table 0 stats (main hash table):\n number of elements: " + elements + '\n');
  }

  static Entry entry(Call call) {
    Entry entry = call.editOther(call.database(), call.arg(2));
    if (entry == null) {
      throw CommandError.NO_SUCH_KEY;
    }
    return entry;
  }
}
