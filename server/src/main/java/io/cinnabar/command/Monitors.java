package io.cinnabar.command;

import io.cinnabar.resp.ReplyBuffer;
import io.cinnabar.structure.IntegerText;
import io.cinnabar.structure.Slice;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * The clients in monitor mode. Each gets a line for every command that runs, when it has run:
 *
 * <pre>
 *   +1795178015.283598 [0 127.0.0.1:45538] "SET" "key" "a\x00b"
 *    seconds.microseconds
 *                      [database address]
 *                                          arguments as redis-cli quotes them
 * </pre>
 */
final class Monitors {

  private static final byte[] HEX = ascii("0123456789abcdef");
  private static final byte[] REDACTED = ascii("(redacted)");
  private static final int MICROS_PER_SECOND = 1_000_000;
  private static final int NANOS_PER_MICRO = 1000;

  private final List<Session> monitors = new ArrayList<>();
  private final ReplyBuffer line = new ReplyBuffer();
  private final byte[] scratch = new byte[IntegerText.MAX_LONG_BYTES];

  /** Whether anybody watches. */
  boolean isEmpty() {
    return monitors.isEmpty();
  }

  void add(Session session) {
    monitors.add(session);
  }

  void remove(Session session) {
    monitors.remove(session);
  }

  /** Shows all monitors the command that has just run. */
  void show(Call call, InstantSource wallClock) {
    try {
      write(call, wallClock.instant());
      for (int i = 0; i < monitors.size(); i++) {
        monitors.get(i).show(line.array(), 0, line.size());
      }
    } catch (OutOfMemoryError e) {
      // Whoever watches must not miss a command without knowing.
      for (Session monitor : List.copyOf(monitors)) {
        monitor.cutForMemory();
      }
    }
    line.reset();
  }

  private void write(Call call, Instant now) {
    Session session = call.session();
    append('+');
    append(now.getEpochSecond());
    append('.');
    micros(now.getNano() / NANOS_PER_MICRO);
    append(" [");
    append(session.database());
    append(' ');
    if (session.connection().isUnix()) {
      append("unix:");
      append(socketPath(session.connection().localAddress()));
    } else {
      append(session.connection().remoteAddress());
    }
    append(']');
    for (int i = 0; i < call.argCount(); i++) {
      append(" \"");
      if (call.isRedacted(i)) {
        line.append(REDACTED, 0, REDACTED.length);
      } else {
        escaped(call.arg(i));
      }
      append('"');
    }
    append("\r\n");
  }

  /** The path out of {@code path:0}. */
  private static String socketPath(String address) {
    return address.substring(0, address.lastIndexOf(':'));
  }

  /** Six digits. */
  private void micros(int micros) {
    for (int limit = MICROS_PER_SECOND / 10; limit > Math.max(micros, 1); limit /= 10) {
      append('0');
    }
    append(micros);
  }

  /** Appends printable bytes as they are, piece by piece, and what lies between as escapes. */
  private void escaped(Slice text) {
    int from = 0;
    for (int i = 0; i < text.length; i++) {
      int b = text.at(i) & 0xff;
      if (b < ' ' || b > '~' || b == '"' || b == '\\') {
        line.append(text.array, text.offset + from, i - from);
        from = i + 1;
        escape(b);
      }
    }
    line.append(text.array, text.offset + from, text.length - from);
  }

  private void escape(int b) {
    append('\\');
    switch (b) {
      case '"', '\\' -> append((char) b);
      case '\n' -> append('n');
      case '\r' -> append('r');
      case '\t' -> append('t');
      case 0x07 -> append('a');
      case '\b' -> append('b');
      default -> {
        append('x');
        line.append(HEX, b >> 4, 1);
        line.append(HEX, b & 0xf, 1);
      }
    }
  }

  private void append(char c) {
    scratch[0] = (byte) c;
    line.append(scratch, 0, 1);
  }

  private void append(long number) {
    line.append(scratch, 0, IntegerText.write(number, scratch, 0));
  }

  private void append(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    line.append(bytes, 0, bytes.length);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
