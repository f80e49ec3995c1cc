package io.cinnabar.observe;

import io.cinnabar.command.LatencyEvent;
import io.cinnabar.command.Settings;
import java.util.EnumMap;
import java.util.Map;

/** What LATENCY DOCTOR says: each kind of delay in figures, and what may help against it. */
final class LatencyReport {

  private static final int NANOS_PER_MICRO = 1000;

  private static final Map<LatencyEvent, String> ADVICE = new EnumMap<>(LatencyEvent.class);

  static {
    ADVICE.put(
        LatencyEvent.COMMAND,
        "SLOWLOG GET shows which commands took long. Those over large keys can often be replaced by"
            + " several smaller ones, such as SCAN instead of KEYS.");
    ADVICE.put(
        LatencyEvent.FAST_COMMAND,
        "Commands that are always fast were held up by something else: look for other programs on"
            + " the same cores, for swapping, and for pauses of the garbage collector.");
    ADVICE.put(
        LatencyEvent.EXPIRE_CYCLE,
        "Many keys expire at the same time. Spread their times to live, or lower"
            + " active-expire-effort.");
    ADVICE.put(
        LatencyEvent.EVICTION_CYCLE,
        "Making room takes long: large keys are evicted, or many at once. Raise maxmemory, or divide"
            + " large keys.");
  }

  private LatencyReport() {}

  static String of(LatencyMonitor monitor, Settings settings) {
    if (monitor.series().isEmpty()) {
      return settings.latencyEventFromNanos == Long.MAX_VALUE
          ? "Nothing is watched, since latency-monitor-threshold is 0. Set it to the milliseconds"
              + " from which a delay counts, for example by CONFIG SET latency-monitor-threshold"
              + " 100.\n"
          : "No delay has reached latency-monitor-threshold so far. There is nothing to cure.\n";
    }
    StringBuilder text = new StringBuilder("These delays were seen:\n\n");
    int number = 1;
    for (Map.Entry<LatencyEvent, LatencySeries> event : monitor.series().entrySet()) {
      text.append(number++).append(". ").append(event.getKey().redisName()).append(": ");
      figures(text, event.getValue(), monitor.nowSeconds());
    }
    text.append("\nWhat may help:\n\n");
    for (LatencyEvent event : monitor.series().keySet()) {
      if (event == LatencyEvent.COMMAND) {
        adviseSlowLog(text, settings);
      }
      advise(text, String.valueOf(ADVICE.get(event)));
    }
    return text.toString();
  }

  private static void figures(StringBuilder text, LatencySeries samples, long nowSeconds) {
    long sum = 0;
    long oldestSecond = nowSeconds;
    for (int i = 0; i < samples.size(); i++) {
      sum += samples.millis(i);
      oldestSecond = Math.min(oldestSecond, samples.second(i));
    }
    long average = sum / samples.size();
    long deviation = 0;
    for (int i = 0; i < samples.size(); i++) {
      deviation += Math.abs(samples.millis(i) - average);
    }
    double period = (double) Math.max(1, nowSeconds - oldestSecond) / samples.size();
    text.append(samples.size())
        .append(" samples (average ")
        .append(average)
        .append("ms, mean deviation ")
        .append(deviation / samples.size())
        .append("ms, one in ")
        .append(InfoText.decimal(period, 2))
        .append(" sec). Longest ever ")
        .append(samples.longestMillis())
        .append("ms.\n");
  }

  private static void adviseSlowLog(StringBuilder text, Settings settings) {
    if (settings.slowLogFromNanos > settings.latencyEventFromNanos) {
      long micros = settings.latencyEventFromNanos / NANOS_PER_MICRO;
      advise(
          text,
          "The slow log does not see all of these. CONFIG SET slowlog-log-slower-than "
              + micros
              + " makes it.");
    }
  }

  private static void advise(StringBuilder text, String advice) {
    text.append("- ").append(advice).append('\n');
  }
}
