package io.cinnabar;

import static io.cinnabar.config.Parameters.MAXMEMORY;

import io.cinnabar.command.Memory;
import io.cinnabar.config.Config;
import io.cinnabar.host.Log;
import io.cinnabar.loop.Loop;

/** Keeps the memory's limit as the configuration has it, and says where that can't be. */
final class MaxMemoryBinding {

  private final Config config;
  private final Memory memory;
  private final Log log;

  private MaxMemoryBinding(Config config, Memory memory, Log log) {
    this.config = config;
    this.memory = memory;
    this.log = log;
  }

  /** Must come behind {@link SettingsBinding}, which the memory reads. */
  static void bind(Config config, Memory memory, Loop loop, Log log) {
    MaxMemoryBinding binding = new MaxMemoryBinding(config, memory, log);
    binding.warnOfShortHeap();
    config.onChange(
        MAXMEMORY,
        () -> {
          memory.refresh();
          binding.warnOfShortHeap();
          binding.warnOfWhatIsUsed();
          loop.wakeHousekeeping();
        });
  }

  private void warnOfShortHeap() {
    long wanted = config.get(MAXMEMORY);
    if (Long.compareUnsigned(wanted, memory.heapLimitBytes()) > 0) {
      log.warning(
          "WARNING: maxmemory is "
              + Long.toUnsignedString(wanted)
              + " bytes, but the heap of this JVM has room for "
              + memory.heapLimitBytes()
              + " only, which is the limit then. Start with a larger heap (-Xmx).");
    }
  }

  private void warnOfWhatIsUsed() {
    long wanted = config.get(MAXMEMORY);
    long used = memory.usedBytes();
    if (wanted > 0 && wanted < used) {
      log.warning(
          "WARNING: the new maxmemory value set via CONFIG SET ("
              + wanted
              + ") is smaller than the current memory usage ("
              + used
              + "). This will result in key eviction and/or the inability to accept new write"
              + " commands depending on the maxmemory-policy.");
    }
  }
}
