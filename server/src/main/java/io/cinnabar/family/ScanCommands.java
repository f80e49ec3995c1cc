package io.cinnabar.family;

import static io.cinnabar.command.AclCategory.DANGEROUS;
import static io.cinnabar.command.CommandFlag.READONLY;

import io.cinnabar.command.Call;
import io.cinnabar.command.CommandError;
import io.cinnabar.command.CommandTable;
import io.cinnabar.command.CommandTips;
import io.cinnabar.command.FamilyBuilder;
import io.cinnabar.keyspace.Entry;
import io.cinnabar.keyspace.EntryVisitor;
import io.cinnabar.structure.Glob;
import io.cinnabar.structure.Slice;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Commands that look for keys. */
public final class ScanCommands {

  private static final CommandError INVALID_CURSOR = new CommandError("ERR invalid cursor");
  private static final int DEFAULT_COUNT = 10;

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
    boolean all = matchesAll(pattern);
    int mark = call.reply().beginDeferred();
    int[] count = {0};
    EntryVisitor visitor =
        entry -> {
          Slice key = entry.key();
          if ((all || Glob.matches(pattern, key)) && !entry.isExpired(call.nowMillis())) {
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
    long cursor = cursor(call.arg(1));
    Slice pattern = null;
    Slice type = null;
    long count = DEFAULT_COUNT;
    for (int i = 2; i < call.argCount(); i += 2) {
      if (i + 1 == call.argCount()) {
        throw CommandError.SYNTAX;
      } else if (call.isWord(i, "count")) {
        count = call.integer(i + 1);
        if (count < 1) {
          throw CommandError.SYNTAX;
        }
      } else if (call.isWord(i, "match")) {
        pattern = matchesAll(call.arg(i + 1)) ? null : call.arg(i + 1);
      } else if (call.isWord(i, "type")) {
        type = call.arg(i + 1);
      } else {
        throw CommandError.SYNTAX;
      }
    }
    List<byte[]> keys = new ArrayList<>();
    long next = collect(call, cursor, count, pattern, type, keys);
    call.reply().array(2);
    call.reply().bulk(Long.toUnsignedString(next));
    call.reply().array(keys.size());
    for (byte[] key : keys) {
      call.reply().bulk(key, 0, key.length);
    }
  }

  /** Visits at least {@code count} keys, if there are as many left; the cursor to go on from. */
  private static long collect(
      Call call,
      long cursor,
      long count,
      @Nullable Slice pattern,
      @Nullable Slice type,
      List<byte[]> keys) {
    long[] visited = {0};
    long next = cursor;
    do {
      next =
          call.database()
              .scan(
                  next,
                  entry -> {
                    visited[0]++;
                    if (matches(entry, pattern, type) && !entry.isExpired(call.nowMillis())) {
                      keys.add(entry.key().toByteArray());
                    }
                  });
    } while (next != 0 && visited[0] < count);
    return next;
  }

  /** A lone star is no pattern at all: as one it would not match the empty key. */
  private static boolean matchesAll(Slice pattern) {
    return pattern.length == 1 && pattern.at(0) == '*';
  }

  private static boolean matches(Entry entry, @Nullable Slice pattern, @Nullable Slice type) {
    return (type == null || type.equalsIgnoreCase(entry.type().redisName()))
        && (pattern == null || Glob.matches(pattern, entry.key()));
  }

  /** A cursor is what strtoul reads: an unsigned number of 64 bits, a sign allowed. */
  private static long cursor(Slice text) {
    String digits = new String(text.array, text.offset, text.length, StandardCharsets.ISO_8859_1);
    boolean negative = digits.startsWith("-");
    if (negative || digits.startsWith("+")) {
      digits = digits.substring(1);
    }
    if (text.isEmpty()) {
      return 0;
    }
    if (digits.isEmpty() || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw INVALID_CURSOR;
    }
    try {
      long cursor = Long.parseUnsignedLong(digits);
      return negative ? -cursor : cursor;
    } catch (NumberFormatException e) {
      throw INVALID_CURSOR;
    }
  }
}
