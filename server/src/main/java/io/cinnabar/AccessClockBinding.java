package io.cinnabar;

import static io.cinnabar.config.Parameters.LFU_DECAY_TIME;
import static io.cinnabar.config.Parameters.LFU_LOG_FACTOR;
import static io.cinnabar.config.Parameters.MAXMEMORY_POLICY;

import io.cinnabar.config.Config;
import io.cinnabar.keyspace.AccessClock;

/** Keeps the clock of accesses as the configuration has it, now and after CONFIG SET. */
final class AccessClockBinding {

  private AccessClockBinding() {}

  static void bind(Config config, AccessClock clock) {
    apply(config, clock);
    Config.ChangeListener listener = () -> apply(config, clock);
    config.onChange(MAXMEMORY_POLICY, listener);
    config.onChange(LFU_LOG_FACTOR, listener);
    config.onChange(LFU_DECAY_TIME, listener);
  }

  private static void apply(Config config, AccessClock clock) {
    clock.lfu(config.get(MAXMEMORY_POLICY).isLfu());
    clock.lfuLogFactor((int) config.get(LFU_LOG_FACTOR));
    clock.lfuDecayMinutes((int) config.get(LFU_DECAY_TIME));
  }
}
