package io.cinnabar.observe;

import io.cinnabar.command.Call;
import io.cinnabar.command.LatencyEvent;
import io.cinnabar.command.SlownessListener;

/** Keeps what SLOWLOG and LATENCY show. */
public record Slowness(SlowLog slowLog, LatencyMonitor latencyMonitor) implements SlownessListener {

  @Override
  public void slow(Call call, long calls, long nanos) {
    slowLog.add(call, calls, nanos);
  }

  @Override
  public void delayed(LatencyEvent event, long nanos) {
    latencyMonitor.add(event, nanos);
  }
}
