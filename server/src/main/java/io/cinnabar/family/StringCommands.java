package io.cinnabar.family;

import static io.cinnabar.command.CommandFlag.DENYOOM;
import static io.cinnabar.command.CommandFlag.FAST;
import static io.cinnabar.command.CommandFlag.READONLY;
import static io.cinnabar.command.CommandFlag.WRITE;
import static io.cinnabar.command.KeyFlag.ACCESS;
import static io.cinnabar.command.KeyFlag.DELETE;
import static io.cinnabar.command.KeyFlag.INSERT;
import static io.cinnabar.command.KeyFlag.OW;
import static io.cinnabar.command.KeyFlag.RO;
import static io.cinnabar.command.KeyFlag.RW;
import static io.cinnabar.command.KeyFlag.UPDATE;
import static io.cinnabar.command.KeyFlag.VARIABLE_FLAGS;

import io.cinnabar.command.Call;
import io.cinnabar.command.CommandArguments;
import io.cinnabar.command.CommandTable;
import io.cinnabar.command.CommandTips;
import io.cinnabar.command.Deletion;
import io.cinnabar.command.FamilyBuilder;
import io.cinnabar.command.KeyEvent;
import io.cinnabar.command.KeyFlag;
import io.cinnabar.command.KeyPositions;
import io.cinnabar.keyspace.Entry;
import io.cinnabar.structure.Slice;
import io.cinnabar.value.StringValue;
import io.cinnabar.value.ValueType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Commands on strings: whole values, parts of them, and numbers written in them. */
public final class StringCommands {

  private static final byte[] SET = Slice.of("SET").array;
  private static final byte[] PERSIST = Slice.of("PERSIST").array;
  private static final byte[] PEXPIREAT = Slice.of("PEXPIREAT").array;
  private static final byte[] PXAT = Slice.of("PXAT").array;

  private static final int SET_AND_GET = KeyFlag.setOf(RW, ACCESS, UPDATE);
  private static final int SET_ONLY = KeyFlag.setOf(OW, UPDATE);

  private StringCommands() {}

  public static void declare(CommandTable.Builder table) {
    FamilyBuilder string = table.family("string");
    declareSet(string);
    declareGet(string);
    declareManyKeys(string);
  }

  private static void declareSet(FamilyBuilder string) {
    string
        .command(
            "SET key value [condition:(NX | XX)@2.6.12] [GET@6.2.0]"
                + " [expiration:(EX seconds:integer@2.6.12 | PX milliseconds:integer@2.6.12"
                + " | EXAT unix-time-seconds:unix-time@6.2.0"
                + " | PXAT unix-time-milliseconds:unix-time@6.2.0 | KEEPTTL@6.0.0)]",
            StringCommands::set)
        .flags(WRITE, DENYOOM)
        .quick()
        .key(1, RW, ACCESS, UPDATE, VARIABLE_FLAGS)
        .keyNotes("`GET` makes it read, too")
        .keyFinder(StringCommands::findSetKey)
        .since("1.0.0")
        .complexity("O(1)")
        .summary("Stores a string under a key, whatever was there.")
        .history("2.6.12", "Takes `EX`, `PX`, `NX` and `XX`.")
        .history("6.0.0", "Takes `KEEPTTL`.")
        .history("6.2.0", "Takes `GET`, `EXAT` and `PXAT`.")
        .history("7.0.0", "Takes `NX` and `GET` at once.");
    string
        .command("SETNX key value", StringCommands::setnx)
        .flags(WRITE, DENYOOM, FAST)
        .key(1, OW, INSERT)
        .since("1.0.0")
        .complexity("O(1)")
        .deprecated("2.6.12", "`SET` with the `NX` argument")
        .summary("Stores a string under a key unless the key exists.");
    string
        .command("SETEX key seconds:integer value", StringCommands::setex)
        .flags(WRITE, DENYOOM)
        .quick()
        .key(1, OW, UPDATE)
        .since("2.0.0")
        .complexity("O(1)")
        .deprecated("2.6.12", "`SET` with the `EX` argument")
        .summary("Stores a string that expires after some seconds.");
    string
        .command("PSETEX key milliseconds:integer value", StringCommands::psetex)
        .flags(WRITE, DENYOOM)
        .quick()
        .key(1, OW, UPDATE)
        .since("2.6.0")
        .complexity("O(1)")
        .deprecated("2.6.12", "`SET` with the `PX` argument")
        .summary("Stores a string that expires after some milliseconds.");
    string
        .command("GETSET key value", StringCommands::getset)
        .flags(WRITE, DENYOOM, FAST)
        .key(1, RW, ACCESS, UPDATE)
        .since("1.0.0")
        .complexity("O(1)")
        .deprecated("6.2.0", "`SET` with the `!GET` argument")
        .summary("Stores a string and tells which one it replaced.");
  }

  private static void declareGet(FamilyBuilder string) {
    string
        .command("GET key", StringCommands::get)
        .flags(READONLY, FAST)
        .key(1, RO, ACCESS)
        .since("1.0.0")
        .complexity("O(1)")
        .summary("Reads a string.");
    string
        .command("GETDEL key", StringCommands::getdel)
        .flags(WRITE, FAST)
        .key(1, RW, ACCESS, DELETE)
        .since("6.2.0")
        .complexity("O(1)")
        .summary("Reads a string and deletes its key.");
    string
        .command(
            "GETEX key [expiration:(EX seconds:integer | PX milliseconds:integer"
                + " | EXAT unix-time-seconds:unix-time | PXAT unix-time-milliseconds:unix-time"
                + " | PERSIST)]",
            StringCommands::getex)
        .flags(WRITE, FAST)
        .key(1, RW, ACCESS, UPDATE)
        .keyNotes("it may change when the key expires")
        .since("6.2.0")
        .complexity("O(1)")
        .summary("Reads a string and changes when it expires.");
  }

  private static void declareManyKeys(FamilyBuilder string) {
    string
        .command("MGET key...", StringCommands::mget)
        .flags(READONLY, FAST)
        .keys(1, -1, 1, RO, ACCESS)
        .tips(CommandTips.REQUEST_MULTI_SHARD)
        .since("1.0.0")
        .complexity("O(N) for N keys")
        .summary("Reads the strings of several keys at one moment.");
    string
        .command("MSET data:<key value>...", StringCommands::mset)
        .flags(WRITE, DENYOOM)
        .keys(1, -1, 2, OW, UPDATE)
        .tips(CommandTips.REQUEST_MULTI_SHARD, CommandTips.RESPONSE_ALL_SUCCEEDED)
        .since("1.0.1")
        .complexity("O(N) for N keys")
        .summary("Stores strings under several keys at one moment.");
    string
        .command("MSETNX data:<key value>...", StringCommands::msetnx)
        .flags(WRITE, DENYOOM)
        .keys(1, -1, 2, OW, INSERT)
        .since("1.0.1")
        .complexity("O(N) for N keys")
        .summary("Stores strings under several keys unless one of them exists.");
    string
        .command(
            "LCS key1:key key2:key [LEN] [IDX] [MINMATCHLEN min-match-len:integer] [WITHMATCHLEN]",
            LcsCommand::run)
        .flags(READONLY)
        .keys(1, 2, 1, RO, ACCESS)
        .since("7.0.0")
        .complexity("O(N*M) for values of N and M bytes")
        .summary("Finds the longest sequence of bytes that two strings have in common.");
  }

  /** SET reads its key only when it has the word GET. */
  private static boolean findSetKey(CommandArguments arguments, KeyPositions keys) {
    int flags = SET_ONLY;
    for (int i = 3; i < arguments.argCount(); i++) {
      if (arguments.arg(i).equalsIgnoreCase("get")) {
        flags = SET_AND_GET;
      }
    }
    keys.add(1, flags);
    return true;
  }

  // ---- whole values

  private static void set(Call call) {
    if (call.argCount() == 3) {
      store(call, call.arg(1), call.arg(2));
      call.reply().ok();
      return;
    }
    SetOptions options = SetOptions.ofSet(call);
    long expiryMillis = options.hasExpiry() ? options.expiryMillis(call) : 0;
    Slice key = call.arg(1);
    if (options.get()) {
      writeValue(call, call.readString(key));
    }
    boolean exists = call.edit(key) != null;
    if (options.onlyIfAbsent() ? exists : options.onlyIfPresent() && !exists) {
      if (!options.get()) {
        call.reply().nullBulk();
      }
      return;
    }
    if (options.hasExpiry()) {
      storeWithExpiry(call, key, call.arg(2), expiryMillis);
    } else {
      call.setString(key, call.arg(2), options.keepTtl());
      call.changed(key, KeyEvent.SET);
      propagateWithoutGet(call, options);
    }
    if (!options.get()) {
      call.reply().ok();
    }
  }

  private static void propagateWithoutGet(Call call, SetOptions options) {
    if (options.get() && call.isFollowed()) {
      List<byte[]> arguments = new ArrayList<>();
      for (int i = 0; i < call.argCount(); i++) {
        if (i < 3 || !call.isWord(i, "get")) {
          arguments.add(call.arg(i).toByteArray());
        }
      }
      call.propagateAs(arguments.toArray(new byte[0][]));
    }
  }

  private static void setnx(Call call) {
    if (call.edit(call.arg(1)) != null) {
      call.reply().integer(0);
      return;
    }
    store(call, call.arg(1), call.arg(2));
    call.reply().integer(1);
  }

  private static void setex(Call call) {
    storeUntil(call, ExpireTime.SECONDS);
  }

  private static void psetex(Call call) {
    storeUntil(call, ExpireTime.MILLIS);
  }

  private static void storeUntil(Call call, ExpireTime unit) {
    long expiryMillis = unit.positiveMillis(call, call.arg(2));
    storeWithExpiry(call, call.arg(1), call.arg(3), expiryMillis);
    call.reply().ok();
  }

  private static void store(Call call, Slice key, Slice value) {
    call.setString(key, value, false);
    call.changed(key, KeyEvent.SET);
  }

  private static void storeWithExpiry(Call call, Slice key, Slice value, long expiryMillis) {
    Entry entry = call.setString(key, value, true);
    call.changed(key, KeyEvent.SET);
    call.database().setExpiry(entry, expiryMillis);
    call.alsoTouched(key, KeyEvent.EXPIRE);
    if (call.isFollowed()) {
      call.propagateAs(
          SET, key.toByteArray(), value.toByteArray(), PXAT, ExpireTime.text(expiryMillis));
    }
  }

  private static void get(Call call) {
    writeValue(call, call.readString(call.arg(1)));
  }

  private static void writeValue(Call call, @Nullable StringValue value) {
    if (value == null) {
      call.reply().nullBulk();
    } else {
      call.reply().bulk(value.bytes());
    }
  }

  private static void getset(Call call) {
    writeValue(call, call.readString(call.arg(1)));
    store(call, call.arg(1), call.arg(2));
    if (call.isFollowed()) {
      call.propagateAs(SET, call.arg(1).toByteArray(), call.arg(2).toByteArray());
    }
  }

  private static void getdel(Call call) {
    Slice key = call.arg(1);
    StringValue value = call.readString(key);
    writeValue(call, value);
    if (value != null) {
      call.removeFound();
      call.changed(key, KeyEvent.DEL);
      if (call.isFollowed()) {
        call.propagateAs(
            Deletion.command(call.engine().settings().lazyUserDelete), key.toByteArray());
      }
    }
  }

  private static void getex(Call call) {
    SetOptions options = SetOptions.ofGetex(call);
    Slice key = call.arg(1);
    StringValue value = call.readString(key);
    if (value == null) {
      call.reply().nullBulk();
      return;
    }
    long expiryMillis = options.hasExpiry() ? options.expiryMillis(call) : 0;
    writeValue(call, value);
    if (options.hasExpiry()) {
      expireOrRemove(call, key, expiryMillis, options.isAbsolute());
    } else if (options.persist() && call.found().expires()) {
      call.database().clearExpiry(call.found());
      call.changed(key, KeyEvent.PERSIST);
      if (call.isFollowed()) {
        call.propagateAs(PERSIST, key.toByteArray());
      }
    }
  }

  private static void expireOrRemove(Call call, Slice key, long expiryMillis, boolean absolute) {
    if (absolute && expiryMillis <= call.expiryMillis()) {
      call.removeFound();
      call.changed(key, KeyEvent.DEL);
      if (call.isFollowed()) {
        call.propagateAs(Deletion.command(call.engine().settings().lazyExpire), key.toByteArray());
      }
    } else {
      call.database().setExpiry(call.found(), expiryMillis);
      call.changed(key, KeyEvent.EXPIRE);
      if (call.isFollowed()) {
        call.propagateAs(PEXPIREAT, key.toByteArray(), ExpireTime.text(expiryMillis));
      }
    }
  }

  // ---- several at once

  private static void mget(Call call) {
    call.reply().array(call.argCount() - 1);
    for (int i = 1; i < call.argCount(); i++) {
      Entry entry = call.read(call.arg(i));
      writeValue(call, entry != null && entry.type() == ValueType.STRING ? entry.string() : null);
    }
  }

  private static void mset(Call call) {
    checkPairs(call);
    storePairs(call);
    call.reply().ok();
  }

  private static void msetnx(Call call) {
    checkPairs(call);
    for (int i = 1; i < call.argCount(); i += 2) {
      if (call.edit(call.arg(i)) != null) {
        call.reply().integer(0);
        return;
      }
    }
    storePairs(call);
    call.reply().integer(1);
  }

  private static void checkPairs(Call call) {
    if (call.argCount() % 2 == 0) {
      throw call.wrongArgumentCount();
    }
  }

  private static void storePairs(Call call) {
    for (int i = 1; i < call.argCount(); i += 2) {
      store(call, call.arg(i), call.arg(i + 1));
      call.insist();
    }
  }
}
