package io.cinnabar.family;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.cinnabar.command.Call;
import io.cinnabar.command.CommandError;
import io.cinnabar.command.DebugAccess;
import io.cinnabar.command.HelpReply;
import io.cinnabar.host.MonotonicClock;
import io.cinnabar.host.Network;
import io.cinnabar.keyspace.Entry;
import io.cinnabar.structure.Slice;
import io.cinnabar.value.StringValue;

/** DEBUG: what tests of the server and of its clients need, for those whom the operator lets. */
final class DebugCommand {

  private static final CommandError NOT_ALLOWED =
      CommandError.rejection(
          "ERR DEBUG command not allowed. If the enable-debug-command option is set to \"local\", you"
              + " can run it from a local connection, otherwise you need to set this option in the"
              + " configuration file, and then restart the server.");

  private static final int SHARED_INTEGERS = 10_000;

  private static final double NANOS_PER_SECOND = 1e9;

  private DebugCommand() {}

  static void run(Call call) {
    checkAccess(call);
    int count = call.argCount();
    if (call.isWord(1, "sleep") && count == 3) {
      sleep(call, (long) (leadingNumber(call.arg(2)) * NANOS_PER_SECOND));
      call.reply().ok();
    } else if (call.isWord(1, "object") && count == 3) {
      object(call);
    } else if (call.isWord(1, "set-active-expire") && count == 3) {
      call.engine().settings().activeExpire = leadingNumber(call.arg(2)) != 0;
      call.reply().ok();
    } else if (call.isWord(1, "help") && count == 2) {
      help(call);
    } else {
      throw new CommandError(
          "ERR unknown subcommand or wrong number of arguments for '"
              + call.argText(1)
              + "'. Try DEBUG HELP.");
    }
  }

  private static void checkAccess(Call call) {
    DebugAccess access = call.engine().settings().debugAccess;
    boolean local = call.session().connection().isLocal();
    if (access == DebugAccess.NO || (access == DebugAccess.LOCAL && !local)) {
      throw NOT_ALLOWED;
    }
  }

  /** Holds up everybody, as a long command does: what comes in meanwhile is read and queues. */
  private static void sleep(Call call, long nanos) {
    MonotonicClock clock = call.engine().host().monotonicClock();
    Network network = call.engine().host().network();
    long startNanos = clock.nanos();
    long leftNanos = nanos;
    while (leftNanos > 0) {
      network.poll(leftNanos);
      leftNanos = nanos - (clock.nanos() - startNanos);
    }
    call.engine().refreshTime();
  }

  private static void object(Call call) {
    Entry entry = call.editOther(call.database(), call.arg(2));
    if (entry == null) {
      throw CommandError.NO_SUCH_KEY;
    }
    call.reply()
        .simple(
            "Value at:"
                + String.format("0x%012x", entry.hash() & 0xffff_ffff_ffffL)
                + " refcount:"
                + (isShared(entry) ? Integer.MAX_VALUE : 1)
                + " encoding:"
                + entry.encoding().redisName()
                + " serializedlength:"
                + serializedLength(entry.string())
                + " lru:"
                + entry.clock()
                + " lru_seconds_idle:"
                + call.engine().keyspace().accessClock().idleMillis(entry.clock()) / 1000);
  }

  /** Small integers exist once in Redis, which shows as a reference count that means 'shared'. */
  private static boolean isShared(Entry entry) {
    StringValue value = entry.string();
    return value.isInteger() && value.integer() >= 0 && value.integer() < SHARED_INTEGERS;
  }

  /** Bytes of the value in an RDB file, which is written without compression. */
  private static long serializedLength(StringValue value) {
    if (value.isInteger() && value.integer() == (int) value.integer()) {
      long number = value.integer();
      return number == (byte) number ? 2 : number == (short) number ? 3 : 5;
    }
    long length = value.length();
    return length + (length < 1 << 6 ? 1 : length < 1 << 14 ? 2 : 5);
  }

  private static void help(Call call) {
    HelpReply.write(
        call,
        "OBJECT <key>",
        "Tells how a value is stored.",
        "SET-ACTIVE-EXPIRE (0|1)",
        "Stops or resumes the search for expired keys that nobody asks for.",
        "SLEEP <seconds>",
        "Holds up the server; decimals are allowed.");
  }

  /** The number at the beginning of {@code text}, as C's strtod finds it; 0 if there is none. */
  private static double leadingNumber(Slice text) {
    int first = sign(text, 0);
    int end = digitsEnd(text, first);
    int digits = end - first;
    if (end < text.length && text.at(end) == '.') {
      int point = end;
      end = digitsEnd(text, point + 1);
      digits += end - point - 1;
    }
    if (digits == 0) {
      return 0;
    }
    if (end < text.length && (text.at(end) | 0x20) == 'e') {
      int exponent = sign(text, end + 1);
      int exponentEnd = digitsEnd(text, exponent);
      end = exponentEnd > exponent ? exponentEnd : end;
    }
    return Double.parseDouble(new String(text.array, text.offset, end, ISO_8859_1));
  }

  private static int sign(Slice text, int at) {
    return at < text.length && (text.at(at) == '-' || text.at(at) == '+') ? at + 1 : at;
  }

  private static int digitsEnd(Slice text, int from) {
    int at = from;
    while (at < text.length && text.at(at) >= '0' && text.at(at) <= '9') {
      at++;
    }
    return at;
  }
}
