package io.cinnabar.command;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** How many error replies there were of each code, the word that a reply begins with. */
public final class ErrorStatistics {

  private final TreeMap<String, Counter> byCode = new TreeMap<>();

  void count(String code) {
    Counter counter = byCode.get(code);
    if (counter == null) {
      counter = new Counter();
      byCode.put(code, counter);
    }
    counter.value++;
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
  }

  private static final class Counter {
    private long value;
  }
}
