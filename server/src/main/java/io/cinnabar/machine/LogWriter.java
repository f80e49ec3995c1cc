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
import java.time.LocalDate;
import java.util.TimeZone;

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

  private static final String[] MONTHS = {
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
  };

  private static final long DAY_MILLIS = 24L * 60 * 60 * 1000;

  /** Where one line goes. */
  private interface Target {
    void write(byte[] line) throws IOException;
  }

  private final InstantSource clock;
  private final TimeZone zone;
  private final long processId;
  private volatile Target target;
  private volatile Level lowest = Level.NOTICE;
  private volatile Role role = Role.STARTING;

  private LogWriter(InstantSource clock, TimeZone zone, long processId, Target target) {
    this.clock = clock;
    this.zone = zone;
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
    appendTime(line, clock.millis());
    line.append(' ').append(mark(level)).append(' ').append(text).append('\n');
    byte[] bytes = line.toString().getBytes(StandardCharsets.UTF_8);
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
      case WARNING -> '#';
    };
  }

  /**
   * Appends local time. Neither formatters nor java.time's zones: at start they take longer to load
   * than all else that is needed for the first line.
   */
  private void appendTime(StringBuilder line, long epochMillis) {
    long localMillis = epochMillis + zone.getOffset(epochMillis);
    LocalDate day = LocalDate.ofEpochDay(Math.floorDiv(localMillis, DAY_MILLIS));
    int millis = (int) Math.floorMod(localMillis, DAY_MILLIS);
    appendDigits(line, day.getDayOfMonth(), 2).append(' ');
    line.append(MONTHS[day.getMonthValue() - 1]).append(' ').append(day.getYear()).append(' ');
    appendDigits(line, millis / 3_600_000, 2).append(':');
    appendDigits(line, millis / 60_000 % 60, 2).append(':');
    appendDigits(line, millis / 1000 % 60, 2).append('.');
    appendDigits(line, millis % 1000, 3);
  }

  private static StringBuilder appendDigits(StringBuilder line, int value, int width) {
    for (int unit = width == 3 ? 100 : 10; unit > 0; unit /= 10) {
      line.append((char) ('0' + value / unit % 10));
    }
    return line;
  }
}
