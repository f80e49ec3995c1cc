package io.cinnabar.observe;

import io.cinnabar.command.LatencyEvent;
import io.cinnabar.structure.Slice;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What has held the server up for at least {@code latency-monitor-threshold}, by kind of event. On
 * the loop's thread.
 */
public final class LatencyMonitor {

  private static final int NANOS_PER_MILLI = 1_000_000;

  private final InstantSource wallClock;
  private final Map<LatencyEvent, LatencySeries> series = new EnumMap<>(LatencyEvent.class);

  public LatencyMonitor(InstantSource wallClock) {
    this.wallClock = wallClock;
  }

  /** Takes in a delay that has just ended. */
  void add(LatencyEvent event, long nanos) {
    LatencySeries samples = series.get(event);
    if (samples == null) {
      samples = new LatencySeries();
      series.put(event, samples);
    }
    samples.add(nowSeconds(), nanos / NANOS_PER_MILLI);
  }

  /** Seconds since 1970, the time that samples are told in. */
  long nowSeconds() {
    return wallClock.instant().getEpochSecond();
  }

  /** The samples of each event that has any; not to be changed. */
  Map<LatencyEvent, LatencySeries> series() {
    return series;
  }

  /** The samples of the event of this name, which is told in its own case; null when none. */
  @Nullable LatencySeries series(Slice name) {
    LatencyEvent event = event(name);
    return event == null ? null : series.get(event);
  }

  /** Forgets the samples of an event; whether there were any. */
  boolean forget(Slice name) {
    LatencyEvent event = event(name);
    return event != null && series.remove(event) != null;
  }

  /** Forgets all samples; of how many events there were any. */
  int forgetAll() {
    int count = series.size();
    series.clear();
    return count;
  }

  private @Nullable LatencyEvent event(Slice name) {
    for (LatencyEvent event : series.keySet()) {
      if (name.contentEquals(Slice.of(event.redisName()))) {
        return event;
      }
    }
    return null;
  }
}
