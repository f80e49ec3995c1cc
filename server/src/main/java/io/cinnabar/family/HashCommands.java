package io.cinnabar.family;

import static io.cinnabar.command.CommandFlag.DENYOOM;
import static io.cinnabar.command.CommandFlag.FAST;
import static io.cinnabar.command.CommandFlag.READONLY;
import static io.cinnabar.command.CommandFlag.WRITE;
import static io.cinnabar.command.KeyFlag.ACCESS;
import static io.cinnabar.command.KeyFlag.DELETE;
import static io.cinnabar.command.KeyFlag.INSERT;
import static io.cinnabar.command.KeyFlag.RO;
import static io.cinnabar.command.KeyFlag.RW;
import static io.cinnabar.command.KeyFlag.UPDATE;

import io.cinnabar.arena.ArenaFullException;
import io.cinnabar.command.Call;
import io.cinnabar.command.CommandTable;
import io.cinnabar.command.CommandTips;
import io.cinnabar.command.FamilyBuilder;
import io.cinnabar.command.KeyEvent;
import io.cinnabar.keyspace.Entry;
import io.cinnabar.resp.ReplyWriter;
import io.cinnabar.structure.Slice;
import io.cinnabar.value.HashValue;
import io.cinnabar.value.Thresholds;
import io.cinnabar.value.ValueType;
import org.jspecify.annotations.Nullable;

/** Commands on hashes: fields and their values. */
public final class HashCommands {

  private HashCommands() {}

  public static void declare(CommandTable.Builder table) {
    FamilyBuilder hash = table.family("hash");
    declareWriting(hash);
    declareReading(hash);
    declareWhole(hash);
  }

  private static void declareWriting(FamilyBuilder hash) {
    hash.command("HSET key data:<field value>...", HashCommands::hset)
        .flags(WRITE, DENYOOM, FAST)
        .key(1, RW, UPDATE)
        .element(2)
        .since("2.0.0")
        .complexity("O(1) a field, O(N) for N fields")
        .summary("Gives fields of a hash their values.")
        .history("4.0.0", "Takes several fields.");
    hash.command("HMSET key data:<field value>...", HashCommands::hmset)
        .flags(WRITE, DENYOOM, FAST)
        .key(1, RW, UPDATE)
        .element(2)
        .since("2.0.0")
        .complexity("O(N) for N fields")
        .deprecated("4.0.0", "`HSET` with multiple field-value pairs")
        .summary("Gives fields of a hash their values.");
    hash.command("HSETNX key field value", HashCommands::hsetnx)
        .flags(WRITE, DENYOOM, FAST)
        .key(1, RW, INSERT)
        .element(2)
        .since("2.0.0")
        .complexity("O(1)")
        .summary("Gives a field of a hash a value unless it has one.");
    hash.command("HDEL key field...", HashCommands::hdel)
        .flags(WRITE, FAST)
        .key(1, RW, DELETE)
        .element(2)
        .since("2.0.0")
        .complexity("O(N) for N fields")
        .summary("Removes fields from a hash, and the hash with the last of them.")
        .history("2.4.0", "Takes several fields.");
  }

  private static void declareReading(FamilyBuilder hash) {
    hash.command("HGET key field", HashCommands::hget)
        .flags(READONLY, FAST)
        .key(1, RO, ACCESS)
        .element(2)
        .since("2.0.0")
        .complexity("O(1)")
        .summary("Reads the value of a field of a hash.");
    hash.command("HMGET key field...", HashCommands::hmget)
        .flags(READONLY, FAST)
        .key(1, RO, ACCESS)
        .element(2)
        .since("2.0.0")
        .complexity("O(N) for N fields")
        .summary("Reads the values of several fields of a hash.");
    hash.command("HEXISTS key field", HashCommands::hexists)
        .flags(READONLY, FAST)
        .key(1, RO)
        .element(2)
        .since("2.0.0")
        .complexity("O(1)")
        .summary("Tells whether a hash has a field.");
    hash.command("HSTRLEN key field", HashCommands::hstrlen)
        .flags(READONLY, FAST)
        .key(1, RO)
        .element(2)
        .since("3.2.0")
        .complexity("O(1)")
        .summary("Tells how long the value of a field of a hash is.");
    hash.command("HLEN key", HashCommands::hlen)
        .flags(READONLY, FAST)
        .key(1, RO)
        .since("2.0.0")
        .complexity("O(1)")
        .summary("Counts the fields of a hash.");
  }

  private static void declareWhole(FamilyBuilder hash) {
    hash.command("HGETALL key", HashCommands::hgetall)
        .flags(READONLY)
        .key(1, RO, ACCESS)
        .tips(CommandTips.NONDETERMINISTIC_OUTPUT_ORDER)
        .since("2.0.0")
        .complexity("O(N) for N fields in the hash")
        .summary("Lists the fields of a hash with their values.");
    hash.command("HKEYS key", HashCommands::hkeys)
        .flags(READONLY)
        .key(1, RO, ACCESS)
        .tips(CommandTips.NONDETERMINISTIC_OUTPUT_ORDER)
        .since("2.0.0")
        .complexity("O(N) for N fields in the hash")
        .summary("Lists the fields of a hash.");
    hash.command("HVALS key", HashCommands::hvals)
        .flags(READONLY)
        .key(1, RO, ACCESS)
        .tips(CommandTips.NONDETERMINISTIC_OUTPUT_ORDER)
        .since("2.0.0")
        .complexity("O(N) for N fields in the hash")
        .summary("Lists the values of a hash.");
  }

  // Writing.

  private static void hset(Call call) {
    call.reply().integer(putAll(call));
  }

  private static void hmset(Call call) {
    putAll(call);
    call.reply().ok();
  }

  /** Gives all fields that the command names their values; how many are new. */
  private static int putAll(Call call) {
    if (call.argCount() % 2 != 0) {
      throw call.wrongArgumentCount();
    }
    Slice key = call.arg(1);
    Entry entry = call.editOrCreate(ValueType.HASH, key);
    HashValue hash = entry.hashValue();
    Thresholds limits = call.engine().settings().thresholds;
    int created = 0;
    int done = 2;
    try {
      for (; done < call.argCount(); done += 2) {
        if (hash.put(call.arg(done), call.arg(done + 1), limits)) {
          created++;
        }
        if (!entry.isDetached()) {
          call.insist();
        }
      }
    } catch (ArenaFullException full) {
      if (done > 2 && !entry.isDetached()) {
        changedInPart(call, done);
      }
      throw full;
    }
    call.keep(entry);
    call.changed(key, KeyEvent.HSET);
    return created;
  }

  /** There was no room for all fields: followers shall have those that are here. */
  private static void changedInPart(Call call, int argCount) {
    call.changed(call.arg(1), KeyEvent.HSET);
    call.propagateUpTo(argCount);
  }

  private static void hsetnx(Call call) {
    Slice key = call.arg(1);
    Entry entry = call.editOrCreate(ValueType.HASH, key);
    HashValue hash = entry.hashValue();
    if (HashFields.findToChange(call, entry, call.arg(2))) {
      call.reply().integer(0);
      return;
    }
    hash.put(call.arg(2), call.arg(3), call.engine().settings().thresholds);
    call.keep(entry);
    call.changed(key, KeyEvent.HSET);
    call.reply().integer(1);
  }

  private static void hdel(Call call) {
    Slice key = call.arg(1);
    Entry entry = call.edit(ValueType.HASH, key);
    if (entry == null) {
      call.reply().integer(0);
      return;
    }
    HashValue hash = entry.hashValue();
    int removed = 0;
    for (int i = 2; i < call.argCount(); i++) {
      if (hash.remove(call.arg(i))) {
        removed++;
        call.insist();
        if (hash.count() == 0) {
          break;
        }
      }
    }
    if (removed > 0) {
      call.changed(key, KeyEvent.HDEL);
      if (hash.count() == 0) {
        call.removeEmptied(entry);
      }
    }
    call.reply().integer(removed);
  }

  // Reading.

  private static void hget(Call call) {
    Entry entry = call.read(ValueType.HASH, call.arg(1));
    replyValue(call, entry, call.arg(2));
    HashFields.end(call, entry);
  }

  private static void hmget(Call call) {
    Entry entry = call.read(ValueType.HASH, call.arg(1));
    call.reply().array(call.argCount() - 2);
    for (int i = 2; i < call.argCount(); i++) {
      replyValue(call, entry, call.arg(i));
    }
    HashFields.end(call, entry);
  }

  /** Replies the value of a field, and moves over it; false when it is not there. */
  static boolean replyValue(Call call, @Nullable Entry entry, Slice field) {
    if (entry != null && HashFields.find(call, entry, field)) {
      call.reply().bulk(entry.hashValue().value());
      return true;
    }
    call.reply().nullBulk();
    return false;
  }

  private static void hexists(Call call) {
    Entry entry = call.read(ValueType.HASH, call.arg(1));
    call.reply().integer(entry != null && HashFields.find(call, entry, call.arg(2)) ? 1 : 0);
    HashFields.end(call, entry);
  }

  private static void hstrlen(Call call) {
    Entry entry = call.read(ValueType.HASH, call.arg(1));
    int length = 0;
    if (entry != null && HashFields.find(call, entry, call.arg(2))) {
      length = entry.hashValue().value().length;
    }
    call.reply().integer(length);
    HashFields.end(call, entry);
  }

  private static void hlen(Call call) {
    Entry entry = call.read(ValueType.HASH, call.arg(1));
    call.reply().integer(entry == null ? 0 : entry.hashValue().count());
  }

  // All fields. Those that have expired are passed over, and stay until somebody else meets them.

  private static void hgetall(Call call) {
    replyAll(call, true, true);
  }

  private static void hkeys(Call call) {
    replyAll(call, true, false);
  }

  private static void hvals(Call call) {
    replyAll(call, false, true);
  }

  private static void replyAll(Call call, boolean withFields, boolean withValues) {
    Entry entry = call.read(ValueType.HASH, call.arg(1));
    ReplyWriter reply = call.reply();
    boolean isMap = withFields && withValues;
    if (entry != null && entry.hashValue().earliestExpiryMillis() < call.expiryMillis()) {
      int mark = reply.beginDeferred();
      int count = replyUnexpired(call, entry.hashValue(), withFields, withValues);
      if (isMap) {
        reply.endMap(mark, count);
      } else {
        reply.endArray(mark, count);
      }
      return;
    }
    int count = entry == null ? 0 : Math.toIntExact(entry.hashValue().count());
    if (isMap) {
      reply.map(count);
    } else {
      reply.array(count);
    }
    if (entry != null) {
      HashValue hash = entry.hashValue();
      for (boolean more = hash.first(); more; more = hash.next()) {
        replyField(reply, hash, withFields, withValues);
      }
    }
  }

  private static int replyUnexpired(
      Call call, HashValue hash, boolean withFields, boolean withValues) {
    int replied = 0;
    for (boolean more = hash.first(); more; more = hash.next()) {
      if (!HashFields.isExpired(call, hash)) {
        replyField(call.reply(), hash, withFields, withValues);
        replied++;
      }
    }
    return replied;
  }

  private static void replyField(
      ReplyWriter reply, HashValue hash, boolean withField, boolean withValue) {
    if (withField) {
      reply.bulk(hash.field());
    }
    if (withValue) {
      reply.bulk(hash.value());
    }
  }
}
