package io.cinnabar.family;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.cinnabar.command.Call;
import io.cinnabar.command.CommandError;
import io.cinnabar.command.Engine.Lifecycle;
import io.cinnabar.host.Log;
import io.cinnabar.host.MonotonicClock;
import io.cinnabar.host.Network;
import io.cinnabar.keyspace.Entry;
import io.cinnabar.structure.Glob;
import io.cinnabar.structure.MemorySize;
import io.cinnabar.structure.Slice;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** DEBUG's subcommands on the server as a whole: its clock, its periodic work, its log. */
final class DebugServer {

  private static final CommandError NO_THRESHOLD =
      new CommandError("ERR argument must be a memory value bigger than 1 and smaller than 4gb");

  private static final CommandError BAD_RELOAD =
      new CommandError("ERR DEBUG RELOAD only supports the MERGE, NOFLUSH and NOSAVE options.");

  private static final CommandError NOT_IN_TRANSACTION =
      new CommandError("ERR Command not allowed inside a transaction");

  /** The largest threshold of Redis's: a little less than 4 GiB. */
  private static final long MAX_THRESHOLD_BYTES = (1L << 32) - (1L << 20);

  private static final double NANOS_PER_SECOND = 1e9;

  /** What DEBUG LEAK was given, of all servers of the process. */
  private static final List<byte[]> LEAKED = Collections.synchronizedList(new ArrayList<>());

  private DebugServer() {}

  static void sleep(Call call) {
    sleep(call, (long) (leadingNumber(call.arg(2)) * NANOS_PER_SECOND));
    call.reply().ok();
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
  }

  static void activeExpire(Call call) {
    call.engine().settings().activeExpire = isOn(call, 2);
    call.reply().ok();
  }

  static void reload(Call call) {
    boolean save = true;
    boolean flush = true;
    boolean merge = false;
    for (int i = 2; i < call.argCount(); i++) {
      if (call.isWord(i, "nosave")) {
        save = false;
      } else if (call.isWord(i, "noflush")) {
        flush = false;
      } else if (call.isWord(i, "merge")) {
        merge = true;
      } else {
        throw BAD_RELOAD;
      }
    }
    boolean saves = save;
    boolean flushes = flush;
    boolean merges = merge;
    Lifecycle lifecycle = call.engine().lifecycle();
    call.park(servesOthers -> lifecycle.reload(saves, flushes, merges, servesOthers));
  }

  static void loadAppendOnlyFile(Call call) {
    if (!call.mayPark()) {
      throw NOT_IN_TRANSACTION; // which has changed what is not in the file yet
    }
    Lifecycle lifecycle = call.engine().lifecycle();
    call.park(servesOthers -> lifecycle.loadAppendOnlyFile());
  }

  static void skipChecksums(Call call) {
    call.engine().settings().skipChecksums = isOn(call, 2);
    call.reply().ok();
  }

  static void pauseCron(Call call) {
    call.engine().settings().cronPaused = isOn(call, 2);
    call.reply().ok();
  }

  static void changeReplicationId(Call call) {
    call.engine().lifecycle().restartHistory();
    call.engine().log().notice("Changing replication IDs after receiving DEBUG change-repl-id");
    call.reply().ok();
  }

  /** One line: what a client sends must not look like lines of the server's own. */
  static void log(Call call) {
    String text = call.argText(2).replace('\r', ' ').replace('\n', ' ');
    call.engine().log().warning("DEBUG LOG: " + text);
    call.reply().ok();
  }

  static void memory(Call call) {
    Log log = call.engine().log();
    log.notice("DEBUG JMAP: keys and values " + call.engine().keyspace().usedBytes() + " bytes");
    log.notice(
        "DEBUG JMAP: clients "
            + call.engine().sessions().approximateMemoryBytes()
            + " bytes in "
            + call.engine().sessions().count()
            + " connections");
    log.notice(
        "DEBUG JMAP: heap at most "
            + call.engine().host().process().maxHeapBytes()
            + " bytes, process "
            + call.engine().host().process().residentBytes());
    call.reply().ok();
  }

  static void leak(Call call) {
    LEAKED.add(call.arg(2).toByteArray());
    call.reply().ok();
  }

  static void matches(Call call) {
    call.reply().integer(Glob.matches(call.arg(2), call.arg(3)) ? 1 : 0);
  }

  static void structureSizes(Call call) {
    call.reply()
        .bulk(
            "bits:"
                + call.engine().host().process().archBits()
                + " entry:"
                + Entry.HEADER_BYTES
                + " ");
  }

  static void dropPackets(Call call) {
    call.integer(2);
    call.reply().ok();
  }

  static void packedThreshold(Call call) {
    try {
      long bytes = MemorySize.parse(new String(call.arg(2).toByteArray(), ISO_8859_1));
      if (call.arg(2).length == 0 || bytes < 0 || bytes > MAX_THRESHOLD_BYTES) {
        throw NO_THRESHOLD;
      }
    } catch (NumberFormatException malformed) {
      throw NO_THRESHOLD;
    }
    call.reply().ok();
  }

  static void replyBuffer(Call call) {
    if (call.isWord(2, "peak-reset-time")) {
      if (!call.isWord(3, "never") && !call.isWord(3, "reset")) {
        call.integer(3);
      }
    } else if (!call.isWord(2, "resizing")) {
      throw DebugCommand.unknown(call);
    }
    call.reply().ok();
  }

  private static boolean isOn(Call call, int index) {
    return leadingNumber(call.arg(index)) != 0;
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
