package io.cinnabar.family;

import static io.cinnabar.command.AclCategory.DANGEROUS;
import static io.cinnabar.command.CommandFlag.READONLY;

import io.cinnabar.command.Call;
import io.cinnabar.command.CommandTable;
import io.cinnabar.command.CommandTips;
import io.cinnabar.command.FamilyBuilder;
import io.cinnabar.keyspace.Entry;
import io.cinnabar.keyspace.EntryVisitor;
import io.cinnabar.structure.Glob;
import io.cinnabar.structure.Slice;

/** Commands that look for keys. */
public final class ScanCommands {

  private ScanCommands() {}

  public static void declare(CommandTable.Builder table) {
    FamilyBuilder generic = table.family("generic");
    generic
        .command("KEYS pattern", ScanCommands::keys)
        .flags(READONLY)
        .acl(DANGEROUS)
        .tips(CommandTips.REQUEST_ALL_SHARDS, CommandTips.NONDETERMINISTIC_OUTPUT_ORDER)
        .since("1.0.0")
        .complexity("O(N) for N keys in the database")
        .summary("Lists all keys that match a pattern.");
    generic
        .command(
            "SCAN cursor:integer [MATCH pattern] [COUNT count:integer] [TYPE type@6.0.0]",
            ScanCommands::scan)
        .flags(READONLY)
        .tips(
            CommandTips.NONDETERMINISTIC_OUTPUT,
            CommandTips.REQUEST_SPECIAL,
            CommandTips.RESPONSE_SPECIAL)
        .since("2.8.0")
        .complexity("O(1) a call, O(N) in all for N keys")
        .summary("Lists some keys and a cursor from which the next call goes on.")
        .history("6.0.0", "Takes `TYPE`.");
    generic
        .command("RANDOMKEY", KeyCommands::randomkey)
        .flags(READONLY)
        .tips(
            CommandTips.REQUEST_ALL_SHARDS,
            CommandTips.RESPONSE_SPECIAL,
            CommandTips.NONDETERMINISTIC_OUTPUT)
        .since("1.0.0")
        .complexity("O(1)")
        .summary("Names one of the keys by chance.");
  }

  private static void keys(Call call) {
    Slice pattern = call.arg(1);
    boolean all = ScanOptions.matchesAll(pattern);
    int mark = call.reply().beginDeferred();
    int[] count = {0};
    EntryVisitor visitor =
        entry -> {
          Slice key = entry.key();
          if ((all || Glob.matches(pattern, key)) && !entry.isExpired(call.expiryMillis())) {
            call.reply().bulk(key);
            count[0]++;
          }
        };
    long cursor = 0;
    do {
      cursor = call.database().scan(cursor, visitor);
    } while (cursor != 0);
    call.reply().endArray(mark, count[0]);
  }

  private static void scan(Call call) {
    long cursor = ScanOptions.cursor(call.arg(1));
    ScanOptions options = ScanOptions.of(call, 2, ScanOptions.Extra.TYPE);
    int mark = ScanOptions.beginReply(call);
    KeyReply reply = new KeyReply(call, options);
    // At least as many keys as asked for, if there are as many left.
    do {
      cursor = call.database().scan(cursor, reply);
    } while (cursor != 0 && reply.visited < options.count());
    ScanOptions.endReply(call, mark, cursor, reply.replied);
  }

  /** Writes the keys that SCAN was asked for. */
  private static final class KeyReply implements EntryVisitor {
    private final Call call;
    private final ScanOptions options;
    private long visited;
    private int replied;

    KeyReply(Call call, ScanOptions options) {
      this.call = call;
      this.options = options;
    }

    @Override
    public void visit(Entry entry) {
      visited++;
      Slice type = options.type();
      if ((type == null || type.equalsIgnoreCase(entry.type().redisName()))
          && options.matches(entry.key())
          && !entry.isExpired(call.expiryMillis())) {
        call.reply().bulk(entry.key());
        replied++;
      }
    }
  }
}
