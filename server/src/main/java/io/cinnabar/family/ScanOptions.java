package io.cinnabar.family;

import io.cinnabar.command.Call;
import io.cinnabar.command.CommandError;
import io.cinnabar.structure.Glob;
import io.cinnabar.structure.Slice;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The options of SCAN and of its likes for collections, and the form of their reply. */
final class ScanOptions {

  /** What one of the commands takes and the others do not. */
  enum Extra {
    NONE,
    TYPE,
    NO_VALUES
  }

  private static final CommandError INVALID_CURSOR = new CommandError("ERR invalid cursor");
  private static final int DEFAULT_COUNT = 10;

  private long count = DEFAULT_COUNT;
  private @Nullable Slice pattern;
  private @Nullable Slice type;
  private boolean isNoValues;

  private ScanOptions() {}

  /** Reads the options from the argument {@code first} on. */
  static ScanOptions of(Call call, int first, Extra extra) {
    ScanOptions options = new ScanOptions();
    for (int i = first; i < call.argCount(); i += 2) {
      if (extra == Extra.NO_VALUES && call.isWord(i, "novalues")) {
        options.isNoValues = true;
        i--;
      } else if (i + 1 == call.argCount()) {
        throw CommandError.SYNTAX;
      } else if (call.isWord(i, "count")) {
        options.count = call.integer(i + 1);
        if (options.count < 1) {
          throw CommandError.SYNTAX;
        }
      } else if (call.isWord(i, "match")) {
        options.pattern = matchesAll(call.arg(i + 1)) ? null : call.arg(i + 1);
      } else if (extra == Extra.TYPE && call.isWord(i, "type")) {
        options.type = call.arg(i + 1);
      } else {
        throw CommandError.SYNTAX;
      }
    }
    return options;
  }

  /** How many elements are asked for. */
  long count() {
    return count;
  }

  /** The name of a type, or null where all are asked for. */
  @Nullable Slice type() {
    return type;
  }

  /** Whether the fields of a hash are asked for without their values. */
  boolean isNoValues() {
    return isNoValues;
  }

  /** Whether an element is asked for. */
  boolean matches(Slice element) {
    Slice wanted = pattern;
    return wanted == null || Glob.matches(wanted, element);
  }

  /** A lone star is no pattern at all: as one it would not match the empty key. */
  static boolean matchesAll(Slice pattern) {
    return pattern.length == 1 && pattern.at(0) == '*';
  }

  /** A cursor is what strtoul reads: an unsigned number of 64 bits, a sign allowed. */
  static long cursor(Slice text) {
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

  /**
   * Begins the reply; the elements follow.
   *
   * @return a mark for {@link #endReply}
   */
  static int beginReply(Call call) {
    call.reply().array(2);
    return call.reply().beginDeferred();
  }

  /**
   * Ends the reply.
   *
   * @param next the cursor of the next call, 0 at the end
   * @param count how many strings were written since the mark
   */
  static void endReply(Call call, int mark, long next, int count) {
    call.reply().endArray(mark, count);
    call.reply().insertBulk(mark, Long.toUnsignedString(next));
  }

  /** The reply for a collection that is not there. */
  static void replyNothing(Call call) {
    endReply(call, beginReply(call), 0, 0);
  }
}
