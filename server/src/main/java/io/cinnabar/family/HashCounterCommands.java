package io.cinnabar.family;

import static io.cinnabar.command.CommandFlag.DENYOOM;
import static io.cinnabar.command.CommandFlag.FAST;
import static io.cinnabar.command.CommandFlag.WRITE;
import static io.cinnabar.command.KeyFlag.ACCESS;
import static io.cinnabar.command.KeyFlag.RW;
import static io.cinnabar.command.KeyFlag.UPDATE;

import io.cinnabar.command.Call;
import io.cinnabar.command.CommandError;
import io.cinnabar.command.CommandTable;
import io.cinnabar.command.FamilyBuilder;
import io.cinnabar.command.KeyEvent;
import io.cinnabar.keyspace.Entry;
import io.cinnabar.structure.IntegerText;
import io.cinnabar.structure.LongDouble;
import io.cinnabar.structure.Slice;
import io.cinnabar.value.HashValue;
import io.cinnabar.value.ValueType;

/** Commands that count in the fields of hashes. */
public final class HashCounterCommands {

  private static final CommandError NOT_AN_INTEGER =
      new CommandError("ERR hash value is not an integer");
  private static final CommandError NOT_A_FLOAT = new CommandError("ERR hash value is not a float");
  private static final CommandError NAN_OR_INFINITY =
      new CommandError("ERR value is NaN or Infinity");
  private static final byte[] HSET = Slice.of("HSET").array;

  private HashCounterCommands() {}

  public static void declare(CommandTable.Builder table) {
    FamilyBuilder hash = table.family("hash");
    hash.command("HINCRBY key field increment:integer", HashCounterCommands::hincrby)
        .flags(WRITE, DENYOOM, FAST)
        .key(1, RW, ACCESS, UPDATE)
        .element(2)
        .since("2.0.0")
        .complexity("O(1)")
        .summary("Adds to an integer in a field of a hash.");
    hash.command("HINCRBYFLOAT key field increment:double", HashCounterCommands::hincrbyfloat)
        .flags(WRITE, DENYOOM, FAST)
        .key(1, RW, ACCESS, UPDATE)
        .element(2)
        .since("2.6.0")
        .complexity("O(1)")
        .summary("Adds to a number in a field of a hash that may have a fraction.");
  }

  private static void hincrby(Call call) {
    long increment = call.integer(3);
    Slice key = call.arg(1);
    Entry entry = call.editOrCreate(ValueType.HASH, key);
    HashValue hash = entry.hashValue();
    boolean exists = HashFields.findToChange(call, entry, call.arg(2));
    long before = exists ? integer(hash.value()) : 0;
    long expiryMillis = exists ? hash.expiryMillis() : HashValue.NO_EXPIRY;
    long after = before + increment;
    if (((before ^ after) & (increment ^ after)) < 0) {
      throw CounterCommands.OVERFLOW;
    }
    hash.put(call.arg(2), after, expiryMillis, call.engine().settings().thresholds);
    call.keep(entry);
    call.changed(key, KeyEvent.HINCRBY);
    call.reply().integer(after);
  }

  private static long integer(Slice text) {
    if (!IntegerText.isLong(text)) {
      throw NOT_AN_INTEGER;
    }
    return IntegerText.toLong(text);
  }

  private static void hincrbyfloat(Call call) {
    LongDouble increment = LongDouble.parse(call.arg(3));
    if (increment == null) {
      throw CommandError.NOT_A_FLOAT;
    }
    if (!increment.isFinite()) {
      throw NAN_OR_INFINITY;
    }
    Slice key = call.arg(1);
    Entry entry = call.editOrCreate(ValueType.HASH, key);
    HashValue hash = entry.hashValue();
    LongDouble after = increment;
    long expiryMillis = HashValue.NO_EXPIRY;
    if (HashFields.findToChange(call, entry, call.arg(2))) {
      expiryMillis = hash.expiryMillis();
      LongDouble before = LongDouble.parse(hash.value());
      if (before == null) {
        throw NOT_A_FLOAT;
      }
      after = before.add(increment);
    }
    if (!after.isFinite()) {
      throw CounterCommands.NAN_OR_INFINITY;
    }
    Slice stored = new Slice(after.toText());
    hash.put(call.arg(2), stored, expiryMillis, call.engine().settings().thresholds);
    call.keep(entry);
    call.changed(key, KeyEvent.HINCRBYFLOAT);
    if (call.isFollowed()) {
      call.propagateAs(HSET, key.toByteArray(), call.arg(2).toByteArray(), stored.array);
      if (expiryMillis != HashValue.NO_EXPIRY) {
        // HSET has taken it away there.
        ChangedFields changed = new ChangedFields(call);
        changed.add(call.arg(2));
        changed.propagateExpiry(expiryMillis);
      }
    }
    call.reply().bulk(stored);
  }
}
