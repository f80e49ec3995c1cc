package io.cinnabar.machine;

import io.cinnabar.host.Log;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.TimeZone;
import org.jspecify.annotations.Nullable;

/**
 * Writes the log in Redis's format, which tools grep for:
 *
 * <pre>
 *   4711:M 20 Nov 2026 09:30:42.123 * Ready to accept connections
 *   ---- - ------------------------ - ---------------------------
 *   pid  |   local time             |   text
 *        role                       level: . debug, - verbose, * notice, # warning
 * </pre>
 *
 * <p>Each line is one unbuffered write, so that nothing is lost when the process dies. A file is
 * opened anew for each line: whoever rotates it needs to tell nobody.
 *
 * <p>Thread-safe.
 */
public final class LogWriter implements Log {

  /** What the process is, in the eyes of the reader. */
  public enum Role {
    /** Not serving yet. */
    STARTING('C'),
    PRIMARY('M');

    private final char letter;

    Role(char letter) {
      this.letter = letter;
    }
  }

  /** Where one line goes. */
  private interface Target {
    void write(byte[] line) throws IOException;
  }

  private final InstantSource clock;
  private final LocalTime time;
  private final long processId;
  private volatile Target target;
  private volatile @Nullable Syslog syslog;
  private volatile Level lowest = Level.NOTICE;
  private volatile Role role = Role.STARTING;

  private LogWriter(InstantSource clock, TimeZone zone, long processId, Target target) {
    this.clock = clock;
    this.time = new LocalTime(zone);
    this.processId = processId;
    this.target = target;
  }

  /** A log on standard output, which shows notices and warnings. */
  public static LogWriter toStandardOutput(InstantSource clock, long processId) {
    return toStream(
        clock, TimeZone.getDefault(), processId, new FileOutputStream(FileDescriptor.out));
  }

  /** A log on a stream, which is never closed. */
  static LogWriter toStream(
      InstantSource clock, TimeZone zone, long processId, OutputStream stream) {
    return new LogWriter(clock, zone, processId, stream::write);
  }

  /**
   * From now on the lines are appended to a file.
   *
   * @throws IOException when it can't be opened; the message is the machine's reason alone
   */
  public void appendTo(String path) throws IOException {
    Path file;
    try {
      file = Path.of(path);
      append(file, new byte[0]);
    } catch (InvalidPathException e) {
      throw new IOException("No such file or directory", e);
    } catch (IOException e) {
      throw MachineErrors.reason(e);
    }
    target = line -> append(file, line);
  }

  private static void append(Path file, byte[] line) throws IOException {
    try (OutputStream out =
        Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      out.write(line);
    }
  }

  /** From now on the lines go to the system's log, too, but for those about signals. */
  public void alsoTo(Syslog other) {
    syslog = other;
  }

  /** Lines below {@code level} are not shown from now on. */
  public void show(Level level) {
    lowest = level;
  }

  /** From now on the lines carry this role's letter. */
  public void become(Role newRole) {
    role = newRole;
  }

  @Override
  public boolean isEnabled(Level level) {
    return level.compareTo(lowest) >= 0;
  }

  @Override
  public void log(Level level, String text) {
    if (!isEnabled(level)) {
      return;
    }
    StringBuilder line = new StringBuilder(64 + text.length());
    line.append(processId).append(':').append(role.letter).append(' ');
    long nowMillis = clock.millis();
    time.append(line, nowMillis);
    line.append(' ').append(mark(level)).append(' ').append(text).append('\n');
    write(line.toString());
    Syslog second = syslog;
    if (second != null) {
      second.write(level, time, nowMillis, text);
    }
  }

  /**
   * Writes a line about a signal, in the format that Redis has for these alone:
   *
   * <pre>
   *   4711:signal-handler (1795180454) Received SIGTERM scheduling shutdown...
   *   ----                 ----------
   *   pid                  seconds since 1970
   * </pre>
   */
  public void signal(String text) {
    if (isEnabled(Level.WARNING)) {
      write(processId + ":signal-handler (" + clock.millis() / 1000 + ") " + text + "\n");
    }
  }

  private void write(String line) {
    byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
    synchronized (this) {
      try {
        target.write(bytes);
      } catch (IOException lost) {
        // A log that can't be written must not stop the server, and there is nowhere to say so.
      }
    }
  }

  private static char mark(Level level) {
    return switch (level) {
      case DEBUG -> '.';
      case VERBOSE -> '-';
      case NOTICE -> '*';
      case WARNING, NOTHING -> '#';
    };
  }
}
