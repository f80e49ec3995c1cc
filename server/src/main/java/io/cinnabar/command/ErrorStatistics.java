package io.cinnabar.command;

import io.cinnabar.host.Log;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How many error replies there were of each code, the word that a reply begins with. Scripts may
 * make up any code; when there are too many, counting ends until the statistics are reset.
 */
public final class ErrorStatistics {

  private static final int MOST_CODES = 128;

  /** Stands for all codes when there are too many. */
  private static final String DISABLED = "ERRORSTATS_DISABLED";

  private final TreeMap<String, Counter> byCode = new TreeMap<>();
  private boolean disabled;

  void count(String code, Log log) {
    Counter counter = byCode.get(code);
    if (counter == null) {
      if (disabled) {
        return;
      }
      counter = new Counter();
      if (byCode.size() >= MOST_CODES) {
        disable(log);
        byCode.put(DISABLED, counter);
      } else {
        byCode.put(code, counter);
      }
    }
    counter.value++;
  }

  private void disable(Log log) {
    log.warning(
        "Errorstats stopped adding new errors because the number of errors reached the limit, may"
            + " be misuse of lua error_reply, please check INFO ERRORSTATS, this can be re-enabled"
            + " via CONFIG RESETSTAT.");
    log.warning("Current errors code list: " + String.join(", ", byCode.keySet()));
    byCode.clear();
    disabled = true;
  }

  /** The counts by code, in the codes' order: a copy. */
  public SortedMap<String, Long> counts() {
    TreeMap<String, Long> counts = new TreeMap<>();
    for (Map.Entry<String, Counter> entry : byCode.entrySet()) {
      counts.put(entry.getKey(), entry.getValue().value);
    }
    return counts;
  }

  void reset() {
    byCode.clear();
    disabled = false;
  }

  private static final class Counter {
    private long value;
  }
}
