package io.cinnabar.family;

import static io.cinnabar.command.CommandFlag.READONLY;
import static io.cinnabar.command.KeyFlag.ACCESS;
import static io.cinnabar.command.KeyFlag.RO;

import io.cinnabar.command.Call;
import io.cinnabar.command.CommandError;
import io.cinnabar.command.CommandTable;
import io.cinnabar.command.CommandTips;
import io.cinnabar.command.FamilyBuilder;
import io.cinnabar.keyspace.Entry;
import io.cinnabar.structure.RandomIndexes;
import io.cinnabar.value.HashValue;
import io.cinnabar.value.ValueType;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Commands that read some of the fields of a hash: by chance, and one lot after the other. */
public final class HashSampleCommands {

  private static final CommandError COUNT_OUT_OF_RANGE =
      new CommandError("ERR value is out of range");
  private static final CommandError NOT_WITHIN_LONG =
      new CommandError(
          "ERR value is out of range, value must between "
              + -Long.MAX_VALUE
              + " and "
              + Long.MAX_VALUE);

  /** A part of the hash larger than a third is chosen on a walk over all. */
  private static final int WALK_SHARE = 3;

  private HashSampleCommands() {}

  public static void declare(CommandTable.Builder table) {
    FamilyBuilder hash = table.family("hash");
    hash.command(
            "HRANDFIELD key [options:<count:integer [WITHVALUES]>]", HashSampleCommands::hrandfield)
        .flags(READONLY)
        .key(1, RO, ACCESS)
        .tips(CommandTips.NONDETERMINISTIC_OUTPUT)
        .since("6.2.0")
        .complexity("O(N) for N fields in the reply")
        .summary("Names fields of a hash by chance.");
    hash.command(
            "HSCAN key cursor:integer [MATCH pattern] [COUNT count:integer] [NOVALUES@7.4.0]",
            HashSampleCommands::hscan)
        .flags(READONLY)
        .key(1, RO, ACCESS)
        .tips(CommandTips.NONDETERMINISTIC_OUTPUT)
        .since("2.8.0")
        .complexity("O(1) a call, O(N) in all for N fields")
        .summary("Lists some fields of a hash and a cursor from which the next call goes on.")
        .history("7.4.0", "Takes `NOVALUES`.");
  }

  // HRANDFIELD.

  private static void hrandfield(Call call) {
    if (call.argCount() == 2) {
      HashValue hash = read(call);
      if (hash == null) {
        call.reply().nullBulk();
        return;
      }
      hash.seekIndex(random(call).nextLong(hash.count()));
      call.reply().bulk(hash.field());
      return;
    }
    long count = call.integer(2);
    if (count == Long.MIN_VALUE) {
      throw NOT_WITHIN_LONG;
    }
    boolean withValues = call.argCount() > 3;
    if (call.argCount() > 4 || (withValues && !call.isWord(3, "withvalues"))) {
      throw CommandError.SYNTAX;
    }
    if (withValues && (count < -Long.MAX_VALUE / 2 || count > Long.MAX_VALUE / 2)) {
      throw COUNT_OUT_OF_RANGE;
    }
    HashValue hash = read(call);
    if (hash == null || count == 0) {
      call.reply().array(0);
    } else if (count < 0) {
      replyWithRepetitions(call, hash, -count, withValues);
    } else {
      replyDistinct(call, hash, Math.min(count, hash.count()), withValues);
    }
  }

  /** The hash without what has expired; null when nothing is left. */
  private static @Nullable HashValue read(Call call) {
    Entry found = call.read(ValueType.HASH, call.arg(1));
    return found == null || HashFields.expireAll(call, found) ? null : found.hashValue();
  }

  private static RandomGenerator random(Call call) {
    return call.engine().host().random();
  }

  private static void replyWithRepetitions(
      Call call, HashValue hash, long count, boolean withValues) {
    beginSample(call, count, withValues);
    long fields = hash.count();
    for (long i = 0; i < count; i++) {
      hash.seekIndex(random(call).nextLong(fields));
      replyField(call, hash, withValues);
    }
  }

  private static void replyDistinct(Call call, HashValue hash, long count, boolean withValues) {
    beginSample(call, count, withValues);
    long fields = hash.count();
    if (!hash.isPacked() && count < fields / WALK_SHARE) {
      for (long index : RandomIndexes.distinct(random(call), fields, (int) count)) {
        hash.seekIndex(index);
        replyField(call, hash, withValues);
      }
      return;
    }
    // Each field with the chance that those still wanted are of those still to come.
    long wanted = count;
    long left = fields;
    for (boolean more = hash.first(); more && wanted > 0; more = hash.next()) {
      if (wanted == left || random(call).nextLong(left) < wanted) {
        replyField(call, hash, withValues);
        wanted--;
      }
      left--;
    }
  }

  private static void beginSample(Call call, long count, boolean withValues) {
    long elements = withValues && !call.reply().resp3() ? 2 * count : count;
    if (elements > Integer.MAX_VALUE) {
      throw COUNT_OUT_OF_RANGE;
    }
    call.reply().array((int) elements);
  }

  private static void replyField(Call call, HashValue hash, boolean withValues) {
    if (withValues && call.reply().resp3()) {
      call.reply().array(2);
    }
    call.reply().bulk(hash.field());
    if (withValues) {
      call.reply().bulk(hash.value());
    }
  }

  // HSCAN.

  private static void hscan(Call call) {
    long cursor = ScanOptions.cursor(call.arg(2));
    Entry found = call.read(ValueType.HASH, call.arg(1));
    if (found == null) {
      ScanOptions.replyNothing(call);
      return;
    }
    ScanOptions options = ScanOptions.of(call, 3, ScanOptions.Extra.NO_VALUES);
    int mark = ScanOptions.beginReply(call);
    FieldReply reply = new FieldReply(call, options);
    long next = found.hashValue().scan(cursor, options.count(), reply);
    ScanOptions.endReply(call, mark, next, reply.replied);
  }

  /** Writes the fields that HSCAN was asked for. */
  private static final class FieldReply implements HashValue.Visitor {
    private final Call call;
    private final ScanOptions options;
    private int replied;

    FieldReply(Call call, ScanOptions options) {
      this.call = call;
      this.options = options;
    }

    @Override
    public void field(HashValue at) {
      if (!options.matches(at.field()) || HashFields.isExpired(call, at)) {
        return;
      }
      call.reply().bulk(at.field());
      replied++;
      if (!options.isNoValues()) {
        call.reply().bulk(at.value());
        replied++;
      }
    }
  }
}
