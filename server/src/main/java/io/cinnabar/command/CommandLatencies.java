package io.cinnabar.command;

import java.util.Arrays;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * How the durations of each command are distributed, since the start or since CONFIG RESETSTAT:
 * histograms of nanoseconds with two significant digits, from 1 ns to 1 s; what is longer counts as
 * 1 s. A command that never ran has none. On the loop's thread.
 *
 * @see <a href="http://hdrhistogram.org">HdrHistogram</a>
 */
public final class CommandLatencies {

  private static final long MOST_NANOS = 1_000_000_000;
  private static final int SIGNIFICANT_DIGITS = 2;

  private final @Nullable Histogram[] histograms;

  /**
   * @param commandCount one more than the greatest {@link Command#id}
   */
  CommandLatencies(int commandCount) {
    histograms = new Histogram[commandCount];
  }

  /** Adds calls that took {@code nanos} together, each with its share. */
  void record(Command command, long calls, long nanos) {
    Histogram histogram = histograms[command.id()];
    if (histogram == null) {
      histogram = new Histogram(1, MOST_NANOS, SIGNIFICANT_DIGITS);
      histograms[command.id()] = histogram;
    }
    long each = calls == 1 ? nanos : nanos / calls;
    histogram.recordValueWithCount(Math.max(1, Math.min(each, MOST_NANOS)), calls);
  }

  /** The distribution, in nanoseconds; null while there is nothing in it. Not to be changed. */
  public @Nullable Histogram of(Command command) {
    return histograms[command.id()];
  }

  void reset() {
    Arrays.fill(histograms, null);
  }
}
