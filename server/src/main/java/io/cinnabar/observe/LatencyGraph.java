package io.cinnabar.observe;

import java.util.Arrays;

/**
 * The samples of one event drawn with characters: a column each, the oldest first, and below it the
 * sample's age. The shortest delay is at the bottom and the longest at the top of four rows:
 *
 * <pre>
 *   _ o #   a third, two thirds, all of a row
 *   |       a row that the column goes beyond
 * </pre>
 */
final class LatencyGraph {

  private static final int COLUMNS = 80;
  private static final int ROWS = 4;
  private static final String HEADS = "_o#";
  private static final int STEPS = ROWS * HEADS.length();

  private static final int MINUTE = 60;
  private static final int HOUR = 60 * MINUTE;
  private static final int DAY = 24 * HOUR;

  private final LatencySeries samples;
  private final long nowSeconds;
  private final StringBuilder text = new StringBuilder();
  private long lowestMillis = Long.MAX_VALUE;
  private long highestMillis;

  private LatencyGraph(LatencySeries samples, long nowSeconds) {
    this.samples = samples;
    this.nowSeconds = nowSeconds;
    for (int i = 0; i < samples.size(); i++) {
      lowestMillis = Math.min(lowestMillis, samples.millis(i));
      highestMillis = Math.max(highestMillis, samples.millis(i));
    }
  }

  /** Draws samples, of which there is at least one. */
  static String of(String event, LatencySeries samples, long nowSeconds) {
    return new LatencyGraph(samples, nowSeconds).draw(event);
  }

  private String draw(String event) {
    text.append(event)
        .append(" - high ")
        .append(highestMillis)
        .append(" ms, low ")
        .append(lowestMillis)
        .append(" ms (all time high ")
        .append(samples.longestMillis())
        .append(" ms)\n")
        .append("-".repeat(COLUMNS))
        .append('\n');
    for (int from = 0; from < samples.size(); from += COLUMNS) {
      if (from > 0) {
        text.append('\n');
      }
      drawRange(from, Math.min(from + COLUMNS, samples.size()));
    }
    return text.toString();
  }

  private void drawRange(int from, int to) {
    char[] line = new char[to - from];
    for (int row = ROWS - 1; row >= 0; row--) {
      for (int i = from; i < to; i++) {
        line[i - from] = inRow(step(samples.millis(i)), row);
      }
      text.append(line).append('\n');
    }
    Arrays.fill(line, ' ');
    text.append(line).append('\n');
    boolean more = true;
    for (int letter = 0; more; letter++) {
      more = false;
      for (int i = from; i < to; i++) {
        String age = age(nowSeconds - samples.second(i));
        line[i - from] = letter < age.length() ? age.charAt(letter) : ' ';
        more |= letter + 1 < age.length();
      }
      text.append(line).append('\n');
    }
  }

  /** How high a column is, from 0. */
  private int step(long millis) {
    long range = Math.max(1, highestMillis - lowestMillis);
    return (int) Math.min(STEPS - 1, (millis - lowestMillis) * STEPS / range);
  }

  private static char inRow(int step, int row) {
    int above = step - row * HEADS.length();
    return above < 0 ? ' ' : above < HEADS.length() ? HEADS.charAt(above) : '|';
  }

  private static String age(long seconds) {
    if (seconds < MINUTE) {
      return seconds + "s";
    }
    if (seconds < HOUR) {
      return seconds / MINUTE + "m";
    }
    return seconds < DAY ? seconds / HOUR + "h" : seconds / DAY + "d";
  }
}
