package io.cinnabar.family;

import io.cinnabar.command.Call;
import io.cinnabar.command.CommandError;
import io.cinnabar.keyspace.Entry;
import io.cinnabar.resp.ReplyWriter;
import io.cinnabar.structure.Slice;
import io.cinnabar.value.ListValue;
import io.cinnabar.value.ListWalk;
import io.cinnabar.value.ValueType;

/** LPOS: where in a list elements are that are some string. */
final class LposCommand {

  private static final CommandError ZERO_RANK =
      new CommandError(
          "ERR RANK can't be zero: use 1 to start from the first match, 2 from the second ... or use"
              + " negative to start from the end of the list");
  private static final CommandError RANK_OUT_OF_RANGE =
      new CommandError(
          "ERR value is out of range, value must between -9223372036854775807 and"
              + " 9223372036854775807");
  private static final CommandError NEGATIVE_COUNT =
      new CommandError("ERR COUNT can't be negative");
  private static final CommandError NEGATIVE_MAXLEN =
      new CommandError("ERR MAXLEN can't be negative");

  private LposCommand() {}

  static void run(Call call) {
    long rank = 1;
    long count = -1;
    long most = 0;
    for (int i = 3; i < call.argCount(); i += 2) {
      boolean hasValue = i + 1 < call.argCount();
      if (hasValue && call.isWord(i, "rank")) {
        rank = rank(call, i + 1);
      } else if (hasValue && call.isWord(i, "count")) {
        count = notNegative(call, i + 1, NEGATIVE_COUNT);
      } else if (hasValue && call.isWord(i, "maxlen")) {
        most = notNegative(call, i + 1, NEGATIVE_MAXLEN);
      } else {
        throw CommandError.SYNTAX;
      }
    }
    Entry entry = call.read(ValueType.LIST, call.arg(1));
    if (entry == null) {
      if (count < 0) {
        call.reply().nullBulk();
      } else {
        call.reply().array(0);
      }
      return;
    }
    write(call.reply(), entry.list(), call.arg(2), rank, count, most == 0 ? Long.MAX_VALUE : most);
  }

  private static long rank(Call call, int index) {
    long rank = call.integer(index);
    if (rank == Long.MIN_VALUE) {
      throw RANK_OUT_OF_RANGE;
    }
    if (rank == 0) {
      throw ZERO_RANK;
    }
    return rank;
  }

  private static long notNegative(Call call, int index, CommandError error) {
    long value = call.integer(index, error);
    if (value < 0) {
      throw error;
    }
    return value;
  }

  /**
   * @param count 0 for all; negative for one, which is not in an array then
   * @param most how many elements are looked at
   */
  private static void write(
      ReplyWriter reply, ListValue list, Slice element, long rank, long count, long most) {
    boolean isArray = count >= 0;
    long wanted = isArray ? (count == 0 ? Long.MAX_VALUE : count) : 1;
    int mark = reply.beginDeferred();
    int found = 0;
    long passed = Math.abs(rank) - 1;
    boolean backward = rank < 0;
    ListWalk walk = list.walk();
    boolean more = walk.start(backward ? list.length() - 1 : 0, backward);
    for (long looked = 0; more && looked < most && found < wanted; looked++) {
      if (walk.matches(element) && passed-- <= 0) {
        reply.integer(walk.index());
        found++;
      }
      more = walk.next();
    }
    if (isArray) {
      reply.endArray(mark, found);
    } else if (found == 0) {
      reply.nullBulk();
    }
  }
}
