package io.cinnabar.family;

import io.cinnabar.command.Call;
import io.cinnabar.command.CommandError;
import io.cinnabar.structure.Slice;
import io.cinnabar.value.StreamId;
import io.cinnabar.value.StreamTrim;

/** Reads the arguments that commands on streams have in common. */
final class StreamArguments {

  private static final CommandError INVALID_ID =
      new CommandError("ERR Invalid stream ID specified as stream command argument");
  private static final CommandError INVALID_START =
      new CommandError("ERR invalid start ID for the interval");
  private static final CommandError INVALID_END =
      new CommandError("ERR invalid end ID for the interval");
  private static final CommandError TWO_STRATEGIES =
      new CommandError(
          "ERR syntax error, MAXLEN and MINID options at the same time are not compatible");
  private static final CommandError NEGATIVE_LENGTH =
      new CommandError("ERR The MAXLEN argument must be >= 0.");
  private static final CommandError NEGATIVE_LIMIT =
      new CommandError("ERR The LIMIT argument must be >= 0.");
  private static final CommandError LIMIT_OF_NOTHING =
      new CommandError(
          "ERR syntax error, LIMIT cannot be used without specifying a trimming strategy");
  private static final CommandError LIMIT_OF_EXACT =
      new CommandError("ERR syntax error, LIMIT cannot be used without the special ~ option");
  private static final CommandError NO_STRATEGY =
      new CommandError("ERR syntax error, XTRIM must be called with a trimming strategy");

  /** Nodes that are trimmed at a time, unless LIMIT says otherwise. */
  private static final long NODES_AT_A_TIME = 100;

  private static final long DEFAULT_LIMIT = 10_000;
  private static final long MAX_LIMIT = 1_000_000;

  private StreamArguments() {}

  // IDs.

  /** Reads an ID; without a sequence number it is that with 0. */
  static void id(Call call, int index, StreamId into) {
    if (!isId(call, index, into)) {
      throw INVALID_ID;
    }
  }

  /** Reads an ID, if it is one. */
  static boolean isId(Call call, int index, StreamId into) {
    Slice text = call.arg(index);
    return !isEndOfRange(text) && into.parse(text, 0) == StreamId.Parsed.WHOLE;
  }

  /** Reads the ID of an entry to be added; false when its sequence number is to be made. */
  static boolean newId(Call call, int index, StreamId into) {
    Slice text = call.arg(index);
    StreamId.Parsed parsed = isEndOfRange(text) ? StreamId.Parsed.INVALID : into.parse(text, 0);
    if (parsed == StreamId.Parsed.INVALID) {
      throw INVALID_ID;
    }
    return parsed == StreamId.Parsed.WHOLE;
  }

  /** Reads an ID, or a minus or plus for the least and the greatest one. */
  static void idOrEnd(Call call, int index, StreamId into, long missingSeq) {
    Slice text = call.arg(index);
    if (text.isWord("-")) {
      into.setLeast();
    } else if (text.isWord("+")) {
      into.setGreatest();
    } else if (into.parse(text, missingSeq) != StreamId.Parsed.WHOLE) {
      throw INVALID_ID;
    }
  }

  /** Reads the least ID of a range. */
  static void start(Call call, int index, StreamId into) {
    if (isExclusive(call, index, into, 0) && !into.increment()) {
      throw INVALID_START;
    }
  }

  /** Reads the greatest ID of a range. */
  static void end(Call call, int index, StreamId into) {
    if (isExclusive(call, index, into, -1) && !into.decrement()) {
      throw INVALID_END;
    }
  }

  private static boolean isExclusive(Call call, int index, StreamId into, long missingSeq) {
    Slice text = call.arg(index);
    if (text.length < 2 || text.at(0) != '(') {
      idOrEnd(call, index, into, missingSeq);
      return false;
    }
    boolean isEnd = isEnd(text, 1);
    if (isEnd
        || into.parse(text.array, text.offset + 1, text.length - 1, missingSeq)
            != StreamId.Parsed.WHOLE) {
      throw INVALID_ID;
    }
    return true;
  }

  private static boolean isEndOfRange(Slice text) {
    return isEnd(text, 0);
  }

  /** Whether there is but a minus or plus from {@code at} on. */
  private static boolean isEnd(Slice text, int at) {
    if (text.length <= at || (text.at(at) != '-' && text.at(at) != '+')) {
      return false;
    }
    return text.length == at + 1 || text.at(at + 1) == 0;
  }

  // Trimming.

  /**
   * Reads the options of XADD up to the ID, or those of XTRIM up to the end, and where the ID is.
   */
  static void options(Call call, boolean isAdd, StreamOptions into) {
    into.clear();
    boolean limited = false;
    int i = 2;
    for (; i < call.argCount(); i++) {
      boolean more = i + 1 < call.argCount();
      if (isAdd && call.isWord(i, "*")) {
        break;
      } else if (more && call.isWord(i, "maxlen")) {
        i = maxlen(call, i, into);
      } else if (more && call.isWord(i, "minid")) {
        i = minid(call, i, into);
      } else if (more && call.isWord(i, "limit")) {
        into.trim.limit = call.integer(++i);
        if (into.trim.limit < 0) {
          throw NEGATIVE_LIMIT;
        }
        limited = true;
      } else if (isAdd && call.isWord(i, "nomkstream")) {
        into.mayCreate = false;
      } else if (isAdd) {
        into.hasSequence = newId(call, i, into.id);
        into.hasId = true;
        break;
      } else {
        throw CommandError.SYNTAX;
      }
    }
    into.idAt = i;
    checkTrim(call, isAdd, limited, into.trim);
  }

  private static void checkTrim(Call call, boolean isAdd, boolean limited, StreamTrim trim) {
    boolean hasStrategy = trim.strategy != StreamTrim.Strategy.NONE;
    if (!hasStrategy && trim.limit != 0) {
      throw LIMIT_OF_NOTHING;
    }
    if (!hasStrategy && !isAdd) {
      throw NO_STRATEGY;
    }
    if (call.isRepeating()) {
      // Followers are told an exact place instead of an approximate one, but the limit as it came.
      trim.limit = 0;
      return;
    }
    if (limited && !trim.isApproximate) {
      throw LIMIT_OF_EXACT;
    }
    if (!limited && trim.isApproximate) {
      trim.limit = defaultLimit(call.engine().settings().thresholds.streamNodeMaxEntries);
    }
  }

  private static long defaultLimit(long nodeMaxEntries) {
    long limit = NODES_AT_A_TIME * nodeMaxEntries;
    return limit <= 0 ? DEFAULT_LIMIT : Math.min(limit, MAX_LIMIT);
  }

  private static int maxlen(Call call, int index, StreamOptions into) {
    int at = threshold(call, index, into);
    into.trim.maxLength = call.integer(at);
    if (into.trim.maxLength < 0) {
      throw NEGATIVE_LENGTH;
    }
    into.trim.strategy = StreamTrim.Strategy.MAXLEN;
    return at;
  }

  private static int minid(Call call, int index, StreamOptions into) {
    int at = threshold(call, index, into);
    id(call, at, into.trim.minId);
    into.trim.strategy = StreamTrim.Strategy.MINID;
    return at;
  }

  /** Where what is trimmed to stands, behind the name of a strategy. */
  private static int threshold(Call call, int index, StreamOptions into) {
    if (into.trim.strategy != StreamTrim.Strategy.NONE) {
      throw TWO_STRATEGIES;
    }
    int at = index + 1;
    boolean more = at + 1 < call.argCount();
    into.trim.isApproximate = more && call.isWord(at, "~");
    if (into.trim.isApproximate || (more && call.isWord(at, "="))) {
      into.operatorAt = at++;
    }
    into.thresholdAt = at;
    return at;
  }
}
