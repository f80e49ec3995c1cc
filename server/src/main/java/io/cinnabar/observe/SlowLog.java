package io.cinnabar.observe;

import io.cinnabar.command.Call;
import io.cinnabar.config.Config;
import io.cinnabar.config.Parameters;
import io.cinnabar.structure.Slice;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * The last commands that took longer than {@code slowlog-log-slower-than}, the newest first. At
 * most {@code slowlog-max-len} of them, and of each only so much that an entry stays small. On the
 * loop's thread.
 */
public final class SlowLog {

  private static final int SHOWN_ARGUMENTS = 32;
  private static final int SHOWN_BYTES = 128;
  private static final int NANOS_PER_MICRO = 1000;
  private static final byte[] REDACTED = bytes("(redacted)");

  private final InstantSource wallClock;
  private final Config config;
  private final ArrayDeque<Entry> entries = new ArrayDeque<>();
  private long nextId;

  /**
   * Starts with nothing.
   *
   * @param config where the greatest length comes from, now and when it is changed
   */
  public SlowLog(InstantSource wallClock, Config config) {
    this.wallClock = wallClock;
    this.config = config;
    config.onChange(Parameters.SLOWLOG_MAX_LEN, this::trim);
    config.onChange(Parameters.SLOWLOG_LOG_SLOWER_THAN, this::trim);
  }

  /**
   * Takes in a call that has just ended.
   *
   * @param calls how many calls of the command took the time together, if that is all that is known
   */
  void add(Call call, long calls, long nanos) {
    entries.addFirst(
        new Entry(
            nextId++,
            wallClock.instant().getEpochSecond(),
            nanos / NANOS_PER_MICRO,
            shownArguments(call, calls),
            call.session().connection().remoteAddress(),
            new Slice(call.session().names().own())));
    trim();
  }

  /** As in Redis, a log that is turned off keeps what it has. */
  private void trim() {
    long most = config.get(Parameters.SLOWLOG_MAX_LEN);
    while (entries.size() > most && config.get(Parameters.SLOWLOG_LOG_SLOWER_THAN) >= 0) {
      entries.removeLast();
    }
  }

  private static List<byte[]> shownArguments(Call call, long calls) {
    int count = call.argCount();
    int shown = count > SHOWN_ARGUMENTS ? SHOWN_ARGUMENTS - 1 : count;
    List<byte[]> arguments = new ArrayList<>(shown + 2);
    for (int i = 0; i < shown; i++) {
      arguments.add(call.isRedacted(i) ? REDACTED : shown(call.arg(i)));
    }
    if (shown < count) {
      arguments.add(bytes("... (" + (count - shown) + " more arguments)"));
    }
    if (calls > 1) {
      arguments.add(bytes("... (one of " + calls + " calls that took this long together)"));
    }
    return arguments;
  }

  private static byte[] shown(Slice argument) {
    if (argument.length <= SHOWN_BYTES) {
      return argument.toByteArray();
    }
    byte[] note = bytes("... (" + (argument.length - SHOWN_BYTES) + " more bytes)");
    byte[] shown = new byte[SHOWN_BYTES + note.length];
    System.arraycopy(argument.array, argument.offset, shown, 0, SHOWN_BYTES);
    System.arraycopy(note, 0, shown, SHOWN_BYTES, note.length);
    return shown;
  }

  private static byte[] bytes(String ascii) {
    return ascii.getBytes(StandardCharsets.US_ASCII);
  }

  /** How many entries there are. */
  int size() {
    return entries.size();
  }

  /** The entries, the newest first. */
  Iterator<Entry> iterator() {
    return entries.iterator();
  }

  /** Forgets all entries; the numbers of later ones go on. */
  void clear() {
    entries.clear();
  }

  /**
   * One slow command.
   *
   * @param id counts from the server's start
   * @param endSeconds when it ended, since 1970
   * @param arguments shortened, the command's name first
   */
  record Entry(
      long id,
      long endSeconds,
      long micros,
      List<byte[]> arguments,
      String clientAddress,
      Slice clientName) {}
}
