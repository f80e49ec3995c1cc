package io.cinnabar.family;

import static io.cinnabar.command.CommandFlag.DENYOOM;
import static io.cinnabar.command.CommandFlag.FAST;
import static io.cinnabar.command.CommandFlag.WRITE;
import static io.cinnabar.command.KeyFlag.ACCESS;
import static io.cinnabar.command.KeyFlag.DELETE;
import static io.cinnabar.command.KeyFlag.RW;
import static io.cinnabar.command.KeyFlag.UPDATE;

import io.cinnabar.arena.ArenaFullException;
import io.cinnabar.command.Call;
import io.cinnabar.command.CommandTable;
import io.cinnabar.command.FamilyBuilder;
import io.cinnabar.command.KeyEvent;
import io.cinnabar.keyspace.Entry;
import io.cinnabar.structure.Slice;
import io.cinnabar.value.HashValue;
import io.cinnabar.value.Thresholds;
import io.cinnabar.value.ValueType;
import org.jspecify.annotations.Nullable;

/**
 * Commands that read or write fields of hashes and say at once how long these live. The syntax,
 * errors, events and what followers are told are those of Redis 8.0.
 */
public final class HashExCommands {

  /** HGETEX leaves the times of the fields alone. */
  private static final long UNCHANGED = Long.MIN_VALUE;

  private static final byte[] PXAT = Slice.of("PXAT").array;

  private HashExCommands() {}

  public static void declare(CommandTable.Builder table) {
    FamilyBuilder hash = table.family("hash");
    hash.command("HGETDEL key fields:<FIELDS numfields:integer field...>", HashExCommands::hgetdel)
        .flags(WRITE, FAST)
        .key(1, RW, ACCESS, DELETE)
        .since("8.0.0")
        .complexity("O(N) for N fields")
        .summary("Reads fields of a hash and removes them, and the hash with the last of them.");
    hash.command(
            "HGETEX key [expiration:(EX seconds:integer | PX milliseconds:integer"
                + " | EXAT unix-time-seconds:unix-time | PXAT unix-time-milliseconds:unix-time"
                + " | PERSIST)] fields:<FIELDS numfields:integer field...>",
            HashExCommands::hgetex)
        .flags(WRITE, FAST)
        .key(1, RW, ACCESS, UPDATE)
        .keyNotes("it may change when fields expire")
        .since("8.0.0")
        .complexity("O(N) for N fields")
        .summary("Reads fields of a hash and changes when they expire.");
    hash.command(
            "HSETEX key [condition:(FNX | FXX)]"
                + " [expiration:(EX seconds:integer | PX milliseconds:integer"
                + " | EXAT unix-time-seconds:unix-time | PXAT unix-time-milliseconds:unix-time"
                + " | KEEPTTL)] fields:<FIELDS numfields:integer data:<field value>...>",
            HashExCommands::hsetex)
        .flags(WRITE, DENYOOM, FAST)
        .key(1, RW, UPDATE)
        .since("8.0.0")
        .complexity("O(N) for N fields")
        .summary("Gives fields of a hash their values and says when they expire.");
  }

  // Reading.

  private static void hgetdel(Call call) {
    Entry entry = call.edit(ValueType.HASH, call.arg(1));
    int first = HashExpireCommands.firstField(call, 2, HashExpireCommands.COUNT_NOT_POSITIVE);
    call.reply().array(call.argCount() - first);
    ChangedFields deleted = new ChangedFields(call);
    try {
      for (int i = first; i < call.argCount(); i++) {
        if (HashCommands.replyValue(call, entry, call.arg(i)) && entry != null) {
          entry.hashValue().removeFound();
          deleted.add(call.arg(i));
          call.insist();
        }
      }
    } finally {
      // Also where a huge command finds no memory: followers shall not keep what is gone here.
      if (!deleted.isEmpty()) {
        deleted.tellDeleted();
      }
    }
    HashFields.end(call, entry);
  }

  private static void hgetex(Call call) {
    Entry entry = call.edit(ValueType.HASH, call.arg(1));
    ExpireTime unit = ExpireTime.named(call, 2);
    long expiryMillis = UNCHANGED;
    int fieldsAt = 2;
    if (unit != null) {
      expiryMillis = HashExpireCommands.expiryMillis(call, 3, unit);
      fieldsAt = 4;
    } else if (call.isWord(2, "persist")) {
      expiryMillis = HashValue.NO_EXPIRY;
      fieldsAt = 3;
    }
    int first =
        HashExpireCommands.firstField(call, fieldsAt, HashExpireCommands.COUNT_NOT_POSITIVE);
    call.reply().array(call.argCount() - first);
    ChangedFields changed = new ChangedFields(call);
    try {
      for (int i = first; i < call.argCount(); i++) {
        if (HashCommands.replyValue(call, entry, call.arg(i))
            && entry != null
            && change(call, entry.hashValue(), expiryMillis)) {
          changed.add(call.arg(i));
          call.insist();
        }
      }
    } finally {
      if (!changed.isEmpty() && entry != null) {
        tellChanged(call, entry, expiryMillis, changed);
      }
    }
    HashFields.end(call, entry);
  }

  private static boolean isPast(Call call, long expiryMillis) {
    return expiryMillis >= 0 && expiryMillis <= call.expiryMillis();
  }

  /** Changes when the field under the cursor expires; whether that was a change. */
  private static boolean change(Call call, HashValue hash, long expiryMillis) {
    if (expiryMillis == UNCHANGED
        || (expiryMillis == HashValue.NO_EXPIRY && hash.expiryMillis() == HashValue.NO_EXPIRY)) {
      return false;
    }
    if (isPast(call, expiryMillis)) {
      hash.removeFound();
    } else {
      hash.setExpiry(expiryMillis, call.engine().settings().thresholds);
    }
    return true;
  }

  private static void tellChanged(
      Call call, Entry entry, long expiryMillis, ChangedFields changed) {
    if (expiryMillis == HashValue.NO_EXPIRY) {
      changed.tellPersisting();
    } else if (isPast(call, expiryMillis)) {
      changed.tellDeleted();
    } else {
      call.database().noteFieldExpiry(entry);
      changed.tellExpiring(expiryMillis);
    }
  }

  // Writing.

  private static void hsetex(Call call) {
    HashSetOptions options = HashSetOptions.of(call);
    Entry entry = call.edit(ValueType.HASH, call.arg(1));
    if (options.isConditional() && !isMet(call, entry, options)) {
      HashFields.end(call, entry);
      call.reply().integer(0);
      return;
    }
    if (options.hasTime() && options.expiryMillis() <= call.expiryMillis()) {
      deleteAll(call, entry, options);
    } else {
      putAll(call, entry == null ? call.editOrCreate(ValueType.HASH, call.arg(1)) : entry, options);
    }
    call.reply().integer(1);
  }

  /** Whether the condition holds; what has expired is not there any more. */
  private static boolean isMet(Call call, @Nullable Entry entry, HashSetOptions options) {
    for (int i = options.first(); i < call.argCount(); i += 2) {
      boolean exists = entry != null && HashFields.find(call, entry, call.arg(i));
      if (exists ? options.ifNone() : options.ifAll()) {
        return false;
      }
    }
    return true;
  }

  /** The fields got their values at a time that is over, so they are gone at once. */
  private static void deleteAll(Call call, @Nullable Entry entry, HashSetOptions options) {
    ChangedFields deleted = new ChangedFields(call);
    for (int i = options.first(); i < call.argCount(); i += 2) {
      if (entry != null && entry.hashValue().remove(call.arg(i))) {
        call.insist();
      }
      deleted.add(call.arg(i));
    }
    call.changed(call.arg(1), KeyEvent.HSET);
    call.alsoTouched(call.arg(1), KeyEvent.HDEL);
    deleted.propagateDeletion();
    if (entry == null) {
      call.alsoTouched(call.arg(1), KeyEvent.DEL);
    }
    HashFields.end(call, entry);
  }

  private static void putAll(Call call, Entry entry, HashSetOptions options) {
    int done = options.first();
    try {
      for (; done < call.argCount(); done += 2) {
        put(call, entry, options, done);
        if (!entry.isDetached()) {
          call.insist();
        }
      }
    } catch (ArenaFullException full) {
      if (!entry.isDetached()) {
        if (done > options.first()) {
          tellPut(call, entry, options, done);
        }
        HashFields.end(call, entry);
      }
      throw full;
    }
    call.keep(entry);
    tellPut(call, entry, options, done);
  }

  private static void put(Call call, Entry entry, HashSetOptions options, int at) {
    HashValue hash = entry.hashValue();
    Slice field = call.arg(at);
    long expiryMillis = options.hasTime() ? options.expiryMillis() : HashValue.NO_EXPIRY;
    if (options.keepTtl() && HashFields.findToChange(call, entry, field)) {
      expiryMillis = hash.expiryMillis();
    }
    Thresholds limits = call.engine().settings().thresholds;
    hash.put(field, call.arg(at + 1), expiryMillis, limits);
    if (!entry.isDetached()) {
      call.insist();
    }
  }

  /** Tells of the fields that stand before the argument {@code end}. */
  private static void tellPut(Call call, Entry entry, HashSetOptions options, int end) {
    Slice key = call.arg(1);
    call.changed(key, KeyEvent.HSET);
    if (options.hasTime()) {
      call.database().noteFieldExpiry(entry);
      call.alsoTouched(key, KeyEvent.HEXPIRE);
    }
    if (call.isFollowed() && (options.hasTime() || end < call.argCount())) {
      propagate(call, options, end);
    }
  }

  /** Has the followers run it later, with the date, and with those fields that are here. */
  private static void propagate(Call call, HashSetOptions options, int end) {
    byte[][] arguments = new byte[end][];
    for (int i = 0; i < end; i++) {
      arguments[i] = call.arg(i).toByteArray();
    }
    if (options.hasTime()) {
      arguments[options.timeIndex() - 1] = PXAT;
      arguments[options.timeIndex()] = ExpireTime.text(options.expiryMillis());
    }
    int fields = (end - options.first()) / 2;
    arguments[options.first() - 1] = Slice.of(Integer.toString(fields)).array;
    call.propagateAs(arguments);
  }
}
