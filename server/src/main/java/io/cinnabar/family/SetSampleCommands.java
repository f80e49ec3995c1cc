package io.cinnabar.family;

import static io.cinnabar.command.CommandFlag.FAST;
import static io.cinnabar.command.CommandFlag.READONLY;
import static io.cinnabar.command.CommandFlag.WRITE;
import static io.cinnabar.command.KeyFlag.ACCESS;
import static io.cinnabar.command.KeyFlag.DELETE;
import static io.cinnabar.command.KeyFlag.RO;
import static io.cinnabar.command.KeyFlag.RW;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.cinnabar.arena.ArenaFullException;
import io.cinnabar.command.Call;
import io.cinnabar.command.CommandError;
import io.cinnabar.command.CommandTable;
import io.cinnabar.command.CommandTips;
import io.cinnabar.command.FamilyBuilder;
import io.cinnabar.command.KeyEvent;
import io.cinnabar.keyspace.Entry;
import io.cinnabar.structure.RandomIndexes;
import io.cinnabar.structure.Slice;
import io.cinnabar.value.SetMember;
import io.cinnabar.value.SetValue;
import io.cinnabar.value.ValueType;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Commands that take members of a set by chance: SPOP and SRANDMEMBER. */
public final class SetSampleCommands {
  private static final CommandError NOT_POSITIVE =
      new CommandError("ERR value is out of range, must be positive");
  private static final CommandError COUNT_OUT_OF_RANGE =
      new CommandError(
          "ERR value is out of range, value must between "
              + -Long.MAX_VALUE
              + " and "
              + Long.MAX_VALUE);

  /** A part of the set larger than a third is chosen on a walk over all. */
  private static final int WALK_SHARE = 3;

  /** When so many times fewer members stay than go, the rest becomes a new set in Redis. */
  private static final int FEW_SHARE = 5;

  /** How many members followers remove with one command. */
  private static final int REMOVED_AT_ONCE = 1024;

  private static final byte[] SREM = "SREM".getBytes(US_ASCII);
  private static final byte[] DEL = "DEL".getBytes(US_ASCII);

  // A scratch, for one command after the other.
  private final SetMember member = new SetMember();

  private SetSampleCommands() {}

  public static void declare(CommandTable.Builder table) {
    SetSampleCommands commands = new SetSampleCommands();
    FamilyBuilder family = table.family("set");
    family
        .command("SPOP key [count:integer@3.2.0]", commands::spop)
        .flags(WRITE, FAST)
        .key(1, RW, ACCESS, DELETE)
        .tips(CommandTips.NONDETERMINISTIC_OUTPUT)
        .since("1.0.0")
        .complexity("Without a count O(1), with one O(N) for N members")
        .summary("Removes members of a set by chance, and names them.")
        .history("3.2.0", "Takes a count.");
    family
        .command("SRANDMEMBER key [count:integer@2.6.0]", commands::srandmember)
        .flags(READONLY)
        .key(1, RO, ACCESS)
        .tips(CommandTips.NONDETERMINISTIC_OUTPUT)
        .since("1.0.0")
        .complexity("Without a count O(1), with one O(N) for N members")
        .summary("Names members of a set by chance.")
        .history("2.6.0", "Takes a count.");
  }

  private static RandomGenerator random(Call call) {
    return call.engine().host().random();
  }

  // ---- SPOP

  private void spop(Call call) {
    if (call.argCount() > 3) {
      throw CommandError.SYNTAX;
    }
    boolean hasCount = call.argCount() == 3;
    long count = hasCount ? call.integer(2, NOT_POSITIVE) : 1;
    if (count < 0) {
      throw NOT_POSITIVE;
    }
    Entry entry = call.edit(ValueType.SET, call.arg(1));
    if (!hasCount) {
      popOne(call, entry);
    } else if (entry == null || count == 0) {
      call.reply().set(0);
    } else if (count >= entry.set().count()) {
      popAll(call, entry);
    } else {
      popSome(call, entry.set(), count);
    }
  }

  private void popOne(Call call, @Nullable Entry entry) {
    if (entry == null) {
      call.reply().nullBulk();
      return;
    }
    Slice key = call.arg(1);
    SetValue set = entry.set();
    set.seek(random(call).nextLong(set.count()), member);
    SetCommands.reply(call.reply(), member);
    byte[] popped = call.isFollowed() ? member.text().toByteArray() : SREM;
    set.removeFound();
    if (call.isFollowed()) {
      call.propagateAs(SREM, key.toByteArray(), popped);
    }
    call.changed(key, KeyEvent.SPOP);
    if (set.count() == 0) {
      call.removeEmptied(entry);
    }
  }

  private void popAll(Call call, Entry entry) {
    Slice key = call.arg(1);
    long count = entry.set().count();
    call.makeRemovable(entry);
    SetCommands.replyAll(call.reply(), entry.set(), member);
    if (call.isFollowed()) {
      call.propagateAs(DEL, key.toByteArray());
    }
    call.changed(key, KeyEvent.SPOP);
    call.changed(count - 1);
    call.removeEmptied(entry);
  }

  /** Some members, but not all. */
  private void popSome(Call call, SetValue set, long count) {
    Slice key = call.arg(1);
    long before = set.count();
    Removal removal = new Removal(call);
    int mark = call.reply().beginDeferred();
    long popped = 0;
    try {
      for (; popped < count; popped++) {
        set.seek(random(call).nextLong(before - popped), member);
        int replied = call.reply().beginDeferred();
        SetCommands.reply(call.reply(), member);
        removal.add(member);
        try {
          set.removeFound();
          call.insist();
        } catch (ArenaFullException full) {
          call.reply().buffer().truncate(replied);
          removal.removeLast();
          throw full;
        }
      }
    } catch (ArenaFullException full) {
      // A view sees the set, and there is no room for what has to be copied: fewer then.
      if (popped == 0) {
        throw full;
      }
    }
    call.reply().endSet(mark, (int) popped);
    if ((before - count) * FEW_SHARE <= count) {
      set.becomeListpack(call.engine().settings().thresholds);
    }
    removal.propagate();
    call.changed(key, KeyEvent.SPOP);
    call.changed(popped - 1);
  }

  /** What followers remove. */
  private static final class Removal {
    private final Call call;
    private final List<byte[]> members = new ArrayList<>();

    Removal(Call call) {
      this.call = call;
    }

    void add(SetMember popped) {
      if (call.isFollowed()) {
        members.add(popped.text().toByteArray());
      }
    }

    void removeLast() {
      if (call.isFollowed()) {
        members.remove(members.size() - 1);
      }
    }

    void propagate() {
      byte[] key = call.arg(1).toByteArray();
      for (int from = 0; from < members.size(); from += REMOVED_AT_ONCE) {
        int to = Math.min(members.size(), from + REMOVED_AT_ONCE);
        List<byte[]> words = new ArrayList<>(to - from + 2);
        words.add(SREM);
        words.add(key);
        words.addAll(members.subList(from, to));
        call.propagateAs(words.toArray(new byte[0][]));
      }
    }
  }

  // ---- SRANDMEMBER

  private void srandmember(Call call) {
    if (call.argCount() > 3) {
      throw CommandError.SYNTAX;
    }
    boolean hasCount = call.argCount() == 3;
    long count = hasCount ? call.integer(2) : 1;
    if (count < -Integer.MAX_VALUE) {
      // Redis takes all but the least of them, and fails to make such a reply.
      throw COUNT_OUT_OF_RANGE;
    }
    Entry entry = call.read(ValueType.SET, call.arg(1));
    if (entry == null) {
      replyNothing(call, hasCount);
    } else if (!hasCount) {
      replyOne(call, entry.set());
    } else if (count < 0) {
      call.reply().array((int) -count);
      for (long i = count; i < 0; i++) {
        replyOne(call, entry.set());
      }
    } else {
      replyDistinct(call, entry.set(), Math.min(count, entry.set().count()));
    }
  }

  private static void replyNothing(Call call, boolean hasCount) {
    if (hasCount) {
      call.reply().array(0);
    } else {
      call.reply().nullBulk();
    }
  }

  private void replyOne(Call call, SetValue set) {
    set.seek(random(call).nextLong(set.count()), member);
    SetCommands.reply(call.reply(), member);
  }

  private void replyDistinct(Call call, SetValue set, long count) {
    long left = set.count();
    call.reply().array((int) count);
    if (count < left / WALK_SHARE) {
      for (long index : RandomIndexes.distinct(random(call), left, (int) count)) {
        set.seek(index, member);
        SetCommands.reply(call.reply(), member);
      }
      return;
    }
    // Each member with the chance that those still wanted are of those still to come.
    long wanted = count;
    for (boolean more = set.first(member); more && wanted > 0; more = set.next(member)) {
      if (wanted == left || random(call).nextLong(left) < wanted) {
        SetCommands.reply(call.reply(), member);
        wanted--;
      }
      left--;
    }
  }
}
