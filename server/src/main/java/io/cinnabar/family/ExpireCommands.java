package io.cinnabar.family;

import static io.cinnabar.command.CommandFlag.FAST;
import static io.cinnabar.command.CommandFlag.READONLY;
import static io.cinnabar.command.CommandFlag.WRITE;
import static io.cinnabar.command.KeyFlag.ACCESS;
import static io.cinnabar.command.KeyFlag.RO;
import static io.cinnabar.command.KeyFlag.RW;
import static io.cinnabar.command.KeyFlag.UPDATE;

import io.cinnabar.command.Call;
import io.cinnabar.command.CommandBuilder;
import io.cinnabar.command.CommandTable;
import io.cinnabar.command.CommandTips;
import io.cinnabar.command.Deletion;
import io.cinnabar.command.FamilyBuilder;
import io.cinnabar.command.KeyEvent;
import io.cinnabar.keyspace.Entry;
import io.cinnabar.structure.Slice;

/** Commands that say and ask when keys expire. */
public final class ExpireCommands {

  private static final byte[] PEXPIREAT = Slice.of("PEXPIREAT").array;

  private static final int NO_SUCH_KEY = -2;
  private static final int NO_EXPIRY = -1;

  private static final String CONDITION = " [condition:(NX | XX | GT | LT)@7.0.0]";

  private ExpireCommands() {}

  public static void declare(CommandTable.Builder table) {
    FamilyBuilder generic = table.family("generic");
    declareExpire(generic);
    declareAsk(generic);
  }

  private static void declareExpire(FamilyBuilder generic) {
    expire(generic.command("EXPIRE key seconds:integer" + CONDITION, ExpireCommands::expire))
        .since("1.0.0")
        .summary("Makes a key expire after some seconds.");
    expire(generic.command("PEXPIRE key milliseconds:integer" + CONDITION, ExpireCommands::pexpire))
        .since("2.6.0")
        .summary("Makes a key expire after some milliseconds.");
    expire(
            generic.command(
                "EXPIREAT key unix-time-seconds:unix-time" + CONDITION, ExpireCommands::expireat))
        .since("1.2.0")
        .summary("Makes a key expire at a second of Unix time.");
    expire(
            generic.command(
                "PEXPIREAT key unix-time-milliseconds:unix-time" + CONDITION,
                ExpireCommands::pexpireat))
        .since("2.6.0")
        .summary("Makes a key expire at a millisecond of Unix time.");
    generic
        .command("PERSIST key", ExpireCommands::persist)
        .flags(WRITE, FAST)
        .key(1, RW, UPDATE)
        .since("2.2.0")
        .complexity("O(1)")
        .summary("Keeps a key from expiring.");
  }

  private static CommandBuilder expire(CommandBuilder command) {
    return command
        .flags(WRITE, FAST)
        .key(1, RW, UPDATE)
        .complexity("O(1)")
        .history("7.0.0", "Takes `NX`, `XX`, `GT` and `LT`.");
  }

  private static void declareAsk(FamilyBuilder generic) {
    generic
        .command("TTL key", ExpireCommands::ttl)
        .flags(READONLY, FAST)
        .key(1, RO, ACCESS)
        .tips(CommandTips.NONDETERMINISTIC_OUTPUT)
        .since("1.0.0")
        .complexity("O(1)")
        .summary("Tells in how many seconds a key expires.")
        .history("2.8.0", "Answers -2 where there is no key.");
    generic
        .command("PTTL key", ExpireCommands::pttl)
        .flags(READONLY, FAST)
        .key(1, RO, ACCESS)
        .tips(CommandTips.NONDETERMINISTIC_OUTPUT)
        .since("2.6.0")
        .complexity("O(1)")
        .summary("Tells in how many milliseconds a key expires.")
        .history("2.8.0", "Answers -2 where there is no key.");
    generic
        .command("EXPIRETIME key", ExpireCommands::expiretime)
        .flags(READONLY, FAST)
        .key(1, RO, ACCESS)
        .since("7.0.0")
        .complexity("O(1)")
        .summary("Tells the second of Unix time at which a key expires.");
    generic
        .command("PEXPIRETIME key", ExpireCommands::pexpiretime)
        .flags(READONLY, FAST)
        .key(1, RO, ACCESS)
        .since("7.0.0")
        .complexity("O(1)")
        .summary("Tells the millisecond of Unix time at which a key expires.");
  }

  private static void expire(Call call) {
    expire(call, ExpireTime.SECONDS);
  }

  private static void pexpire(Call call) {
    expire(call, ExpireTime.MILLIS);
  }

  private static void expireat(Call call) {
    expire(call, ExpireTime.UNIX_SECONDS);
  }

  private static void pexpireat(Call call) {
    expire(call, ExpireTime.UNIX_MILLIS);
  }

  private static void expire(Call call, ExpireTime unit) {
    Slice key = call.arg(1);
    ExpireCondition condition = ExpireCondition.parse(call, 3);
    long expiryMillis = unit.millis(call, call.arg(2));
    Entry entry = call.edit(key);
    if (entry == null || !condition.allows(entry, expiryMillis)) {
      call.reply().integer(0);
      return;
    }
    if (expiryMillis <= call.expiryMillis()) {
      call.removeFound();
      call.changed(key, KeyEvent.DEL);
      if (call.isFollowed()) {
        call.propagateAs(Deletion.command(call.engine().settings().lazyExpire), key.toByteArray());
      }
    } else {
      call.database().setExpiry(entry, expiryMillis);
      call.changed(key, KeyEvent.EXPIRE);
      if (call.isFollowed()) {
        propagate(call, unit, expiryMillis);
      }
    }
    call.reply().integer(1);
  }

  /** As PEXPIREAT, with the conditions as they were given: they hold for the followers too. */
  private static void propagate(Call call, ExpireTime unit, long expiryMillis) {
    if (unit == ExpireTime.UNIX_MILLIS) {
      call.propagateAsCalled();
      return;
    }
    byte[][] arguments = new byte[call.argCount()][];
    for (int i = 1; i < arguments.length; i++) {
      arguments[i] = call.arg(i).toByteArray();
    }
    arguments[0] = PEXPIREAT;
    arguments[2] = ExpireTime.text(expiryMillis);
    call.propagateAs(arguments);
  }

  private static void persist(Call call) {
    Entry entry = call.edit(call.arg(1));
    if (entry == null || !entry.expires()) {
      call.reply().integer(0);
      return;
    }
    call.database().clearExpiry(entry);
    call.changed(call.arg(1), KeyEvent.PERSIST);
    call.reply().integer(1);
  }

  private static void ttl(Call call) {
    long millis = expiryMillis(call);
    call.reply().integer(millis < 0 ? millis : toSeconds(Math.max(0, millis - call.nowMillis())));
  }

  private static void pttl(Call call) {
    long millis = expiryMillis(call);
    call.reply().integer(millis < 0 ? millis : Math.max(0, millis - call.nowMillis()));
  }

  private static void expiretime(Call call) {
    long millis = expiryMillis(call);
    call.reply().integer(millis < 0 ? millis : Long.divideUnsigned(millis + 500, 1000));
  }

  private static void pexpiretime(Call call) {
    call.reply().integer(expiryMillis(call));
  }

  /** When the key ends, in milliseconds since 1970, or one of the two negative answers. */
  private static long expiryMillis(Call call) {
    Entry entry = call.peek(call.arg(1));
    if (entry == null) {
      return NO_SUCH_KEY;
    }
    return entry.expires() ? entry.expiryMillis() : NO_EXPIRY;
  }

  private static long toSeconds(long millis) {
    return (millis + 500) / 1000;
  }
}
