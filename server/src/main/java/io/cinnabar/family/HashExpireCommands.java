package io.cinnabar.family;

import static io.cinnabar.command.CommandFlag.DENYOOM;
import static io.cinnabar.command.CommandFlag.FAST;
import static io.cinnabar.command.CommandFlag.READONLY;
import static io.cinnabar.command.CommandFlag.WRITE;
import static io.cinnabar.command.KeyFlag.ACCESS;
import static io.cinnabar.command.KeyFlag.RO;
import static io.cinnabar.command.KeyFlag.RW;
import static io.cinnabar.command.KeyFlag.UPDATE;

import io.cinnabar.command.Call;
import io.cinnabar.command.CommandError;
import io.cinnabar.command.CommandTable;
import io.cinnabar.command.FamilyBuilder;
import io.cinnabar.command.KeyEvent;
import io.cinnabar.keyspace.Entry;
import io.cinnabar.structure.Slice;
import io.cinnabar.value.HashValue;
import io.cinnabar.value.ValueType;
import org.jspecify.annotations.Nullable;

/** Commands on when the fields of hashes expire. */
public final class HashExpireCommands {

  private static final CommandError NEGATIVE =
      new CommandError("ERR invalid expire time, must be >= 0");
  private static final CommandError NO_FIELDS =
      new CommandError("ERR Mandatory argument FIELDS is missing or not at the right position");
  static final CommandError COUNT_NOT_POSITIVE =
      new CommandError("ERR Number of fields must be a positive integer");
  private static final CommandError COUNT_NOT_ABOVE_ZERO =
      new CommandError("ERR Parameter `numFields` should be greater than 0");
  private static final CommandError OTHER_COUNT =
      new CommandError("ERR The `numfields` parameter must match the number of arguments");

  /** The latest time that a field can have, in milliseconds since 1970. */
  private static final long MAX_MILLIS = (1L << 46) - 1;

  private static final int NO_SUCH_FIELD = -2;
  private static final int NO_EXPIRY = -1;
  private static final int NOT_NOW = 0;
  private static final int DONE = 1;
  private static final int DELETED = 2;

  private static final String CONDITION = " [condition:(NX | XX | GT | LT)]";
  private static final String FIELD_LIST = " fields:<FIELDS numfields:integer field...>";

  private HashExpireCommands() {}

  public static void declare(CommandTable.Builder table) {
    FamilyBuilder hash = table.family("hash");
    declareExpire(hash);
    declareTimes(hash);
    hash.command("HPERSIST key" + FIELD_LIST, HashExpireCommands::hpersist)
        .flags(WRITE, FAST)
        .key(1, RW, UPDATE)
        .since("7.4.0")
        .complexity("O(N) for N fields")
        .summary("Has fields of a hash not expire any more.");
  }

  private static void declareExpire(FamilyBuilder hash) {
    hash.command(
            "HEXPIRE key seconds:integer" + CONDITION + FIELD_LIST, HashExpireCommands::hexpire)
        .flags(WRITE, DENYOOM, FAST)
        .key(1, RW, UPDATE)
        .since("7.4.0")
        .complexity("O(N) for N fields")
        .summary("Has fields of a hash expire after some seconds.");
    hash.command(
            "HPEXPIRE key milliseconds:integer" + CONDITION + FIELD_LIST,
            HashExpireCommands::hpexpire)
        .flags(WRITE, DENYOOM, FAST)
        .key(1, RW, UPDATE)
        .since("7.4.0")
        .complexity("O(N) for N fields")
        .summary("Has fields of a hash expire after some milliseconds.");
    hash.command(
            "HEXPIREAT key unix-time-seconds:unix-time" + CONDITION + FIELD_LIST,
            HashExpireCommands::hexpireat)
        .flags(WRITE, DENYOOM, FAST)
        .key(1, RW, UPDATE)
        .since("7.4.0")
        .complexity("O(N) for N fields")
        .summary("Has fields of a hash expire at a second of Unix time.");
    hash.command(
            "HPEXPIREAT key unix-time-milliseconds:unix-time" + CONDITION + FIELD_LIST,
            HashExpireCommands::hpexpireat)
        .flags(WRITE, DENYOOM, FAST)
        .key(1, RW, UPDATE)
        .since("7.4.0")
        .complexity("O(N) for N fields")
        .summary("Has fields of a hash expire at a millisecond of Unix time.");
  }

  private static void declareTimes(FamilyBuilder hash) {
    hash.command("HTTL key" + FIELD_LIST, HashExpireCommands::httl)
        .flags(READONLY, FAST)
        .key(1, RO, ACCESS)
        .since("7.4.0")
        .complexity("O(N) for N fields")
        .summary("Tells in how many seconds fields of a hash expire.");
    hash.command("HPTTL key" + FIELD_LIST, HashExpireCommands::hpttl)
        .flags(READONLY, FAST)
        .key(1, RO, ACCESS)
        .since("7.4.0")
        .complexity("O(N) for N fields")
        .summary("Tells in how many milliseconds fields of a hash expire.");
    hash.command("HEXPIRETIME key" + FIELD_LIST, HashExpireCommands::hexpiretime)
        .flags(READONLY, FAST)
        .key(1, RO, ACCESS)
        .since("7.4.0")
        .complexity("O(N) for N fields")
        .summary("Tells the second of Unix time at which fields of a hash expire.");
    hash.command("HPEXPIRETIME key" + FIELD_LIST, HashExpireCommands::hpexpiretime)
        .flags(READONLY, FAST)
        .key(1, RO, ACCESS)
        .since("7.4.0")
        .complexity("O(N) for N fields")
        .summary("Tells the millisecond of Unix time at which fields of a hash expire.");
  }

  /** Checks the list of fields from the word FIELDS on; the index of its first. */
  static int firstField(Call call, int at, CommandError badCount) {
    if (!call.isWord(at, "fields")) {
      throw NO_FIELDS;
    }
    long count = at + 1 < call.argCount() ? call.integer(at + 1, badCount) : 0;
    if (count < 1) {
      throw badCount;
    }
    if (count != call.argCount() - at - 2) {
      throw OTHER_COUNT;
    }
    return at + 2;
  }

  // Setting.

  private static void hexpire(Call call) {
    expire(call, ExpireTime.SECONDS);
  }

  private static void hpexpire(Call call) {
    expire(call, ExpireTime.MILLIS);
  }

  private static void hexpireat(Call call) {
    expire(call, ExpireTime.UNIX_SECONDS);
  }

  private static void hpexpireat(Call call) {
    expire(call, ExpireTime.UNIX_MILLIS);
  }

  private static void expire(Call call, ExpireTime unit) {
    Entry entry = call.edit(ValueType.HASH, call.arg(1));
    long expiryMillis = expiryMillis(call, 2, unit);
    int fieldsAt = isCondition(call, 3) ? 4 : 3;
    ExpireCondition condition = ExpireCondition.parse(call, 3, fieldsAt);
    int first = firstField(call, fieldsAt, COUNT_NOT_ABOVE_ZERO);
    call.reply().array(call.argCount() - first);
    if (entry == null) {
      replyAll(call, first, NO_SUCH_FIELD);
      return;
    }
    ChangedFields changed = new ChangedFields(call);
    for (int i = first; i < call.argCount(); i++) {
      int outcome = expire(call, entry, call.arg(i), expiryMillis, condition);
      call.reply().integer(outcome);
      if (outcome == DONE || outcome == DELETED) {
        changed.add(call.arg(i));
      }
    }
    if (!changed.isEmpty()) {
      call.database().noteFieldExpiry(entry);
      if (expiryMillis <= call.expiryMillis()) {
        changed.tellDeleted();
      } else {
        changed.tellExpiring(expiryMillis);
      }
    }
    HashFields.end(call, entry);
  }

  private static int expire(
      Call call, Entry entry, Slice field, long expiryMillis, ExpireCondition condition) {
    if (!HashFields.find(call, entry, field)) {
      return NO_SUCH_FIELD;
    }
    HashValue hash = entry.hashValue();
    if (!condition.allows(hash.expiryMillis(), expiryMillis)) {
      return NOT_NOW;
    }
    if (expiryMillis <= call.expiryMillis()) {
      hash.removeFound();
      return DELETED;
    }
    hash.setExpiry(expiryMillis, call.engine().settings().thresholds);
    return DONE;
  }

  private static boolean isCondition(Call call, int at) {
    return call.isWord(at, "nx")
        || call.isWord(at, "xx")
        || call.isWord(at, "gt")
        || call.isWord(at, "lt");
  }

  /**
   * The time that an argument gives to fields, in milliseconds since 1970; may lie in the past.
   *
   * @param at which argument
   */
  static long expiryMillis(Call call, int at, ExpireTime unit) {
    long time = call.integer(at);
    if (time < 0) {
      throw NEGATIVE;
    }
    long expiryMillis = unit.millis(call, call.arg(at));
    if (expiryMillis > MAX_MILLIS) {
      throw ExpireTime.invalid(call);
    }
    return expiryMillis;
  }

  private static void replyAll(Call call, int first, int outcome) {
    for (int i = first; i < call.argCount(); i++) {
      call.reply().integer(outcome);
    }
  }

  private static void hpersist(Call call) {
    Entry entry = call.edit(ValueType.HASH, call.arg(1));
    int first = firstField(call, 2, COUNT_NOT_POSITIVE);
    call.reply().array(call.argCount() - first);
    if (entry == null) {
      replyAll(call, first, NO_SUCH_FIELD);
      return;
    }
    HashValue hash = entry.hashValue();
    boolean isChanged = false;
    for (int i = first; i < call.argCount(); i++) {
      if (!HashFields.find(call, entry, call.arg(i))) {
        call.reply().integer(NO_SUCH_FIELD);
      } else if (hash.expiryMillis() == HashValue.NO_EXPIRY) {
        call.reply().integer(NO_EXPIRY);
      } else {
        hash.setExpiry(HashValue.NO_EXPIRY, call.engine().settings().thresholds);
        isChanged = true;
        call.insist();
        call.reply().integer(DONE);
      }
    }
    if (isChanged) {
      call.changed(call.arg(1), KeyEvent.HPERSIST);
    }
    HashFields.end(call, entry);
  }

  // Asking.

  private static void httl(Call call) {
    replyTimes(call, ExpireTime.SECONDS);
  }

  private static void hpttl(Call call) {
    replyTimes(call, ExpireTime.MILLIS);
  }

  private static void hexpiretime(Call call) {
    replyTimes(call, ExpireTime.UNIX_SECONDS);
  }

  private static void hpexpiretime(Call call) {
    replyTimes(call, ExpireTime.UNIX_MILLIS);
  }

  private static void replyTimes(Call call, ExpireTime unit) {
    Entry entry = call.read(ValueType.HASH, call.arg(1));
    int first = firstField(call, 2, COUNT_NOT_POSITIVE);
    call.reply().array(call.argCount() - first);
    for (int i = first; i < call.argCount(); i++) {
      call.reply().integer(time(call, entry, call.arg(i), unit));
    }
  }

  private static long time(Call call, @Nullable Entry entry, Slice field, ExpireTime unit) {
    if (entry == null) {
      return NO_SUCH_FIELD;
    }
    HashValue hash = entry.hashValue();
    if (!hash.find(field) || HashFields.isExpired(call, hash)) {
      return NO_SUCH_FIELD;
    }
    long expiryMillis = hash.expiryMillis();
    return expiryMillis == HashValue.NO_EXPIRY ? NO_EXPIRY : unit.roundedUp(call, expiryMillis);
  }
}
