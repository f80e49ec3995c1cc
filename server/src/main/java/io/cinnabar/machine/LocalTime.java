package io.cinnabar.machine;

import java.time.LocalDate;
import java.util.TimeZone;

/**
 * Local time as logs show it. Neither formatters nor java.time's zones: at start they take longer
 * to load than all else that is needed for the first line.
 *
 * <p>Thread-safe.
 */
final class LocalTime {

  private static final String[] MONTHS = {
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
  };

  private static final long DAY_MILLIS = 24L * 60 * 60 * 1000;

  private final TimeZone zone;

  LocalTime(TimeZone zone) {
    this.zone = zone;
  }

  /** Appends the time as {@code 20 Nov 2026 09:30:42.123}. */
  void append(StringBuilder line, long epochMillis) {
    long localMillis = epochMillis + zone.getOffset(epochMillis);
    LocalDate day = day(localMillis);
    appendDigits(line, day.getDayOfMonth(), 2).append(' ');
    line.append(month(day)).append(' ').append(day.getYear()).append(' ');
    appendClock(line, localMillis).append('.');
    appendDigits(line, (int) Math.floorMod(localMillis, 1000L), 3);
  }

  /** Appends the time as {@code Nov 2 09:30:42}, which RFC 3164 wants. */
  void appendShort(StringBuilder line, long epochMillis) {
    long localMillis = epochMillis + zone.getOffset(epochMillis);
    LocalDate day = day(localMillis);
    line.append(month(day)).append(day.getDayOfMonth() < 10 ? "  " : " ");
    line.append(day.getDayOfMonth()).append(' ');
    appendClock(line, localMillis);
  }

  private static LocalDate day(long localMillis) {
    return LocalDate.ofEpochDay(Math.floorDiv(localMillis, DAY_MILLIS));
  }

  private static String month(LocalDate day) {
    return MONTHS[day.getMonthValue() - 1];
  }

  private static StringBuilder appendClock(StringBuilder line, long localMillis) {
    int millis = (int) Math.floorMod(localMillis, DAY_MILLIS);
    appendDigits(line, millis / 3_600_000, 2).append(':');
    appendDigits(line, millis / 60_000 % 60, 2).append(':');
    return appendDigits(line, millis / 1000 % 60, 2);
  }

  private static StringBuilder appendDigits(StringBuilder line, int value, int width) {
    for (int unit = width == 3 ? 100 : 10; unit > 0; unit /= 10) {
      line.append((char) ('0' + value / unit % 10));
    }
    return line;
  }
}
