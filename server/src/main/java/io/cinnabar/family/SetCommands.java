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

import io.cinnabar.arena.ArenaFullException;
import io.cinnabar.command.Call;
import io.cinnabar.command.CommandTable;
import io.cinnabar.command.CommandTips;
import io.cinnabar.command.FamilyBuilder;
import io.cinnabar.command.KeyEvent;
import io.cinnabar.keyspace.Entry;
import io.cinnabar.resp.ReplyWriter;
import io.cinnabar.structure.Slice;
import io.cinnabar.value.SetMember;
import io.cinnabar.value.SetValue;
import io.cinnabar.value.Thresholds;
import io.cinnabar.value.ValueType;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** Commands on the members of one set, and SMOVE between two. */
public final class SetCommands {
  private static final int FIRST_MEMBER = 2;

  // Scratches, for one command after the other.
  private final SetMember member = new SetMember();
  private final BitSet added = new BitSet();

  private SetCommands() {}

  public static void declare(CommandTable.Builder table) {
    SetCommands commands = new SetCommands();
    FamilyBuilder family = table.family("set");
    declareWriting(family, commands);
    declareReading(family, commands);
  }

  private static void declareWriting(FamilyBuilder family, SetCommands commands) {
    family
        .command("SADD key member...", commands::sadd)
        .flags(WRITE, DENYOOM, FAST)
        .key(1, RW, INSERT)
        .element(2)
        .since("1.0.0")
        .complexity("O(1) for each member")
        .summary("Adds members to a set; makes one where there is none.")
        .history("2.4.0", "Takes several members.");
    family
        .command("SREM key member...", commands::srem)
        .flags(WRITE, FAST)
        .key(1, RW, DELETE)
        .element(2)
        .since("1.0.0")
        .complexity("O(N) for N members")
        .summary("Removes members from a set, and the key with the last of them.")
        .history("2.4.0", "Takes several members.");
    family
        .command("SMOVE source:key destination:key member", commands::smove)
        .flags(WRITE, FAST)
        .key(1, RW, ACCESS, DELETE)
        .key(2, RW, INSERT)
        .since("1.0.0")
        .complexity("O(1)")
        .summary("Moves a member from one set to another.");
  }

  private static void declareReading(FamilyBuilder family, SetCommands commands) {
    family
        .command("SMEMBERS key", commands::smembers)
        .flags(READONLY)
        .key(1, RO, ACCESS)
        .tips(CommandTips.NONDETERMINISTIC_OUTPUT_ORDER)
        .since("1.0.0")
        .complexity("O(N) for N members")
        .summary("Lists all members of a set.");
    family
        .command("SISMEMBER key member", commands::sismember)
        .flags(READONLY, FAST)
        .key(1, RO)
        .element(2)
        .since("1.0.0")
        .complexity("O(1)")
        .summary("Tells whether something is a member of a set.");
    family
        .command("SMISMEMBER key member...", commands::smismember)
        .flags(READONLY, FAST)
        .key(1, RO, ACCESS)
        .element(2)
        .since("6.2.0")
        .complexity("O(N) for N members")
        .summary("Tells of several whether they are members of a set.");
    family
        .command("SCARD key", SetCommands::scard)
        .flags(READONLY, FAST)
        .key(1, RO)
        .since("1.0.0")
        .complexity("O(1)")
        .summary("Tells how many members a set has.");
    family
        .command("SSCAN key cursor:integer [MATCH pattern] [COUNT count:integer]", commands::sscan)
        .flags(READONLY)
        .key(1, RO, ACCESS)
        .tips(CommandTips.NONDETERMINISTIC_OUTPUT)
        .since("2.8.0")
        .complexity("O(1) a call, O(N) in all for N members")
        .summary("Lists some members of a set and a cursor from which the next call goes on.");
  }

  // ---- Changing.

  private void sadd(Call call) {
    Slice key = call.arg(1);
    Thresholds limits = call.engine().settings().thresholds;
    int given = call.argCount() - FIRST_MEMBER;
    Entry entry = call.editOrCreate(ValueType.SET, key);
    SetValue set = entry.set();
    if (entry.isDetached()) {
      set.begin(member.of(call.arg(FIRST_MEMBER)), given, limits);
    } else {
      set.expect(given, limits);
    }
    int count;
    if (given == 1) {
      count = set.add(member.of(call.arg(FIRST_MEMBER)), limits) ? 1 : 0;
    } else {
      count = addAll(call, set, limits);
    }
    call.keep(entry);
    tell(call, key, KeyEvent.SADD, count);
    call.reply().integer(count);
  }

  /** All members that are given, or none where there is no room. */
  private int addAll(Call call, SetValue set, Thresholds limits) {
    added.clear();
    int i = FIRST_MEMBER;
    try {
      for (; i < call.argCount(); i++) {
        if (set.add(member.of(call.arg(i)), limits)) {
          added.set(i);
        }
      }
    } catch (ArenaFullException full) {
      call.insist();
      while (--i >= FIRST_MEMBER) {
        if (added.get(i)) {
          set.remove(member.of(call.arg(i)));
        }
      }
      throw full;
    }
    return added.cardinality();
  }

  private static void tell(Call call, Slice key, KeyEvent event, long count) {
    if (count > 0) {
      call.changed(key, event);
      call.changed(count - 1);
    }
  }

  private void srem(Call call) {
    Slice key = call.arg(1);
    Entry entry = call.edit(ValueType.SET, key);
    int removed = 0;
    if (entry != null) {
      SetValue set = entry.set();
      int i = FIRST_MEMBER;
      try {
        for (; i < call.argCount(); i++) {
          if (set.remove(member.of(call.arg(i)))) {
            removed++;
            call.insist();
            if (set.count() == 0) {
              break;
            }
          }
        }
      } catch (ArenaFullException full) {
        // A view sees the set, and there is no room for what has to be copied: what is gone is
        // gone.
        tell(call, key, KeyEvent.SREM, removed);
        if (removed > 0) {
          call.propagateUpTo(i);
        }
        throw full;
      }
      tell(call, key, KeyEvent.SREM, removed);
      if (set.count() == 0) {
        call.removeEmptied(entry);
      }
    }
    call.reply().integer(removed);
  }

  private void smove(Call call) {
    Slice from = call.arg(1);
    Slice to = call.arg(2);
    Entry source = call.edit(ValueType.SET, from);
    if (source == null) {
      call.reply().integer(0);
      return;
    }
    Entry target = call.editOther(ValueType.SET, to);
    member.of(call.arg(3));
    boolean isMember = source.set().contains(member);
    if (isMember && !from.contentEquals(to)) {
      move(call, source, target);
    }
    call.reply().integer(isMember ? 1 : 0);
  }

  private void move(Call call, Entry source, @Nullable Entry found) {
    Slice from = call.arg(1);
    Slice to = call.arg(2);
    Thresholds limits = call.engine().settings().thresholds;
    Entry target = found != null ? found : call.prepare(ValueType.SET, to);
    if (found == null) {
      target.set().begin(member, 1, limits);
    }
    boolean isNew = target.set().add(member, limits);
    call.keep(target);
    try {
      source.set().remove(member);
    } catch (ArenaFullException full) {
      call.insist();
      if (found == null) {
        call.removeOther(call.database());
      } else if (isNew) {
        target.set().remove(member);
      }
      throw full;
    }
    call.changed(from, KeyEvent.SREM);
    if (source.set().count() == 0) {
      call.removeEmptied(source);
    }
    if (isNew) {
      call.changed(to, KeyEvent.SADD);
    }
  }

  // ---- Reading.

  private void smembers(Call call) {
    Entry entry = call.read(ValueType.SET, call.arg(1));
    ReplyWriter reply = call.reply();
    if (entry == null) {
      reply.set(0);
      return;
    }
    replyAll(reply, entry.set(), member);
  }

  /** Writes all members. */
  static void replyAll(ReplyWriter reply, SetValue set, SetMember scratch) {
    reply.set((int) set.count());
    for (boolean more = set.first(scratch); more; more = set.next(scratch)) {
      reply(reply, scratch);
    }
  }

  /** Writes a member. */
  static void reply(ReplyWriter reply, SetMember member) {
    if (member.isWithoutText()) {
      reply.bulkInteger(member.integer());
    } else {
      reply.bulk(member.text());
    }
  }

  private void sismember(Call call) {
    Entry entry = call.read(ValueType.SET, call.arg(1));
    call.reply().integer(isMember(call, entry, 2));
  }

  private void smismember(Call call) {
    Entry entry = call.read(ValueType.SET, call.arg(1));
    call.reply().array(call.argCount() - FIRST_MEMBER);
    for (int i = FIRST_MEMBER; i < call.argCount(); i++) {
      call.reply().integer(isMember(call, entry, i));
    }
  }

  private int isMember(Call call, @Nullable Entry entry, int index) {
    return entry != null && entry.set().contains(member.of(call.arg(index))) ? 1 : 0;
  }

  private static void scard(Call call) {
    Entry entry = call.read(ValueType.SET, call.arg(1));
    call.reply().integer(entry == null ? 0 : entry.set().count());
  }

  private void sscan(Call call) {
    long cursor = ScanOptions.cursor(call.arg(2));
    Entry entry = call.read(ValueType.SET, call.arg(1));
    if (entry == null) {
      ScanOptions.replyNothing(call);
      return;
    }
    ScanOptions options = ScanOptions.of(call, 3, ScanOptions.Extra.NONE);
    int mark = ScanOptions.beginReply(call);
    int[] count = {0};
    long next =
        entry
            .set()
            .scan(
                cursor,
                options.count(),
                member,
                found -> {
                  if (options.matches(found.text())) {
                    reply(call.reply(), found);
                    count[0]++;
                  }
                });
    ScanOptions.endReply(call, mark, next, count[0]);
  }
}
