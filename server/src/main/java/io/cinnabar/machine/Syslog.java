package io.cinnabar.machine;

import io.cinnabar.host.Log.Level;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Sends the log's lines to the system's log, in the format of RFC 3164:
 *
 * <pre>
 *   &lt;133&gt;Nov 20 09:30:42 redis[4711]: Ready to accept connections tcp
 *    ---  --------------- ----- ----   -----------------------------
 *    |    local time      name  pid    text
 *    8 * facility + severity: 7 debug, 6 verbose, 5 notice, 4 warning
 * </pre>
 *
 * <p>What can't be delivered is lost, as it is with every program while the system's log is away:
 * the log itself has the line, too. Thread-safe.
 */
public final class Syslog {

  /** Hands one message to the system's log. */
  @FunctionalInterface
  public interface Sender {
    /** Called by one thread at a time. */
    void send(byte[] message) throws IOException;
  }

  /** Codes of the facilities, RFC 3164, section 4.1.1. */
  private static final int USER = 1;

  private static final int LOCAL0 = 16;

  private final Sender sender;
  private final String ident;
  private final int facility;
  private final long processId;

  /**
   * A writer of its own.
   *
   * @param ident the name that the lines carry
   * @param facility {@code user} or {@code local0} to {@code local7}
   */
  public Syslog(Sender sender, String ident, String facility, long processId) {
    this.sender = sender;
    this.ident = ident;
    this.facility =
        facility.equals("user") ? USER : LOCAL0 + facility.charAt(facility.length() - 1) - '0';
    this.processId = processId;
  }

  void write(Level level, LocalTime time, long epochMillis, String text) {
    StringBuilder message = new StringBuilder(64 + text.length());
    message.append('<').append(facility * 8 + severity(level)).append('>');
    time.appendShort(message, epochMillis);
    message.append(' ').append(ident).append('[').append(processId).append("]: ").append(text);
    byte[] bytes = message.toString().getBytes(StandardCharsets.UTF_8);
    synchronized (this) {
      try {
        sender.send(bytes);
      } catch (IOException lost) {
        // See above.
      }
    }
  }

  private static int severity(Level level) {
    return switch (level) {
      case DEBUG -> 7;
      case VERBOSE -> 6;
      case NOTICE -> 5;
      case WARNING, NOTHING -> 4;
    };
  }
}
