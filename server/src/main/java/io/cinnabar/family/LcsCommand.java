package io.cinnabar.family;

import io.cinnabar.command.Call;
import io.cinnabar.command.CommandError;
import io.cinnabar.keyspace.Entry;
import io.cinnabar.resp.ReplyWriter;
import io.cinnabar.structure.Slice;
import io.cinnabar.value.ValueType;
import org.jspecify.annotations.Nullable;

/**
 * LCS: the longest common subsequence of two strings, by the table of Wagner and Fischer (1974), of
 * which there may be several: where two are as long, the walk back goes along the second string
 * first, as clients of Redis see it.
 */
final class LcsCommand {

  private static final CommandError NOT_STRINGS =
      new CommandError("ERR The specified keys must contain string values");
  private static final CommandError BOTH =
      new CommandError("ERR If you want both the length and indexes, please just use IDX.");
  private static final CommandError TOO_LARGE =
      new CommandError(
          "ERR Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len");

  private final byte[] a;
  private final byte[] b;
  private final int width;

  /** Length of the longest common subsequence of the first i bytes and the first j bytes. */
  private final int[] lengths;

  private LcsCommand(byte[] a, byte[] b) {
    this.a = a;
    this.b = b;
    this.width = b.length + 1;
    this.lengths = new int[(a.length + 1) * width];
    for (int i = 1; i <= a.length; i++) {
      for (int j = 1; j <= b.length; j++) {
        lengths[i * width + j] =
            a[i - 1] == b[j - 1]
                ? length(i - 1, j - 1) + 1
                : Math.max(length(i - 1, j), length(i, j - 1));
      }
    }
  }

  static void run(Call call) {
    // Both are looked up before either's type is: the second one's absence is an event of its own.
    byte @Nullable [] first = value(call, 1);
    byte @Nullable [] second = value(call, 2);
    if (first == null || second == null) {
      throw NOT_STRINGS;
    }
    run(call, first, second);
  }

  private static void run(Call call, byte[] a, byte[] b) {
    boolean length = false;
    boolean ranges = false;
    boolean withLengths = false;
    long shortest = 0;
    for (int i = 3; i < call.argCount(); i++) {
      if (call.isWord(i, "len")) {
        length = true;
      } else if (call.isWord(i, "idx")) {
        ranges = true;
      } else if (call.isWord(i, "withmatchlen")) {
        withLengths = true;
      } else if (call.isWord(i, "minmatchlen") && i + 1 < call.argCount()) {
        shortest = call.integer(++i);
      } else {
        throw CommandError.SYNTAX;
      }
    }
    if (length && ranges) {
      throw BOTH;
    }
    if (4L * (a.length + 1) * (b.length + 1) > call.engine().settings().maxBulkLength) {
      throw TOO_LARGE;
    }
    LcsCommand lcs = new LcsCommand(a, b);
    if (length) {
      call.reply().integer(lcs.length());
    } else if (ranges) {
      lcs.writeRanges(call.reply(), shortest, withLengths);
    } else {
      call.reply().bulk(new Slice(lcs.text()));
    }
  }

  /**
   * The string at the key in argument {@code index}, empty when there is none; null for any other
   * type.
   */
  private static byte @Nullable [] value(Call call, int index) {
    Entry entry = call.read(call.arg(index));
    if (entry == null) {
      return new byte[0];
    }
    if (entry.type() != ValueType.STRING) {
      return null;
    }
    return entry.string().bytes().toByteArray();
  }

  private int length(int i, int j) {
    return lengths[i * width + j];
  }

  private int length() {
    return length(a.length, b.length);
  }

  private byte[] text() {
    byte[] text = new byte[length()];
    int at = text.length;
    int i = a.length;
    int j = b.length;
    while (at > 0) {
      if (a[i - 1] == b[j - 1]) {
        text[--at] = a[i - 1];
        i--;
        j--;
      } else if (length(i - 1, j) > length(i, j - 1)) {
        i--;
      } else {
        j--;
      }
    }
    return text;
  }

  /** The runs of matching bytes, the last one first. */
  private void writeRanges(ReplyWriter reply, long shortest, boolean withLengths) {
    reply.map(2);
    reply.bulk("matches");
    int mark = reply.beginDeferred();
    int count = 0;
    int i = a.length;
    int j = b.length;
    while (i > 0 && j > 0) {
      int run = 0;
      while (run < i && run < j && a[i - 1 - run] == b[j - 1 - run]) {
        run++;
      }
      if (run == 0) {
        if (length(i - 1, j) > length(i, j - 1)) {
          i--;
        } else {
          j--;
        }
        continue;
      }
      i -= run;
      j -= run;
      if (run >= shortest) {
        reply.array(withLengths ? 3 : 2);
        writeRange(reply, i, i + run - 1);
        writeRange(reply, j, j + run - 1);
        if (withLengths) {
          reply.integer(run);
        }
        count++;
      }
    }
    reply.endArray(mark, count);
    reply.bulk("len");
    reply.integer(length());
  }

  private static void writeRange(ReplyWriter reply, int first, int last) {
    reply.array(2);
    reply.integer(first);
    reply.integer(last);
  }
}
