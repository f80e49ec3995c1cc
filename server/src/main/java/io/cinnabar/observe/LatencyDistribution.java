package io.cinnabar.observe;

import io.cinnabar.config.PercentilesParameter;
import io.cinnabar.resp.ReplyWriter;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/**
 * A command's latency histogram as LATENCY HISTOGRAM and INFO show it:
 *
 * <pre>
 *   calls           -> 1202
 *   histogram_usec  -> 1 -> 400, 2 -> 1100, 8 -> 1202     so many took up to so long
 *
 *   p50=1.255,p99=2.511,p99.9=7.391                       microseconds
 * </pre>
 *
 * The limits double from 1,024 nanoseconds on; one that no further call comes under is left out.
 */
final class LatencyDistribution {

  private static final long FIRST_LIMIT_NANOS = 1024;

  /** What the histogram can tell apart at most. */
  private static final long LAST_LIMIT_NANOS = (1L << 30) - 1;

  private static final int NANOS_PER_MICRO = 1000;

  private LatencyDistribution() {}

  /** Writes the counts by duration. */
  static void write(ReplyWriter reply, Histogram histogram) {
    reply.map(2);
    reply.bulk("calls");
    reply.integer(histogram.getTotalCount());
    reply.bulk("histogram_usec");
    int mark = reply.beginDeferred();
    int pairs = 0;
    long level = FIRST_LIMIT_NANOS;
    long under = 0;
    for (HistogramIterationValue value : histogram.recordedValues()) {
      long limit = limit(histogram, level);
      if (value.getValueIteratedTo() > limit) {
        pairs += pair(reply, limit, under);
        while (value.getValueIteratedTo() > limit) {
          level *= 2;
          limit = limit(histogram, level);
        }
      }
      under = value.getTotalCountToThisValue();
    }
    pairs += pair(reply, limit(histogram, level), under);
    reply.endMap(mark, pairs);
  }

  private static long limit(Histogram histogram, long level) {
    return Math.min(histogram.highestEquivalentValue(level), LAST_LIMIT_NANOS);
  }

  private static int pair(ReplyWriter reply, long limitNanos, long count) {
    if (count == 0) {
      return 0;
    }
    reply.integer(limitNanos / NANOS_PER_MICRO);
    reply.integer(count);
    return 1;
  }

  /** The durations that so many percent of the calls don't exceed. */
  static String percentiles(Histogram histogram, double[] percentiles) {
    StringBuilder text = new StringBuilder();
    for (double percentile : percentiles) {
      double micros = (double) histogram.getValueAtPercentile(percentile) / NANOS_PER_MICRO;
      text.append(text.length() == 0 ? "p" : ",p")
          .append(PercentilesParameter.show(percentile))
          .append('=')
          .append(InfoText.decimal(micros, 3));
    }
    return text.toString();
  }
}
