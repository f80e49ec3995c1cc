package io.cinnabar.machine;

import io.cinnabar.host.ProcessInfo;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;

/**
 * What the JVM's collectors have done. To load the beans that tell it takes tens of milliseconds,
 * which nobody shall wait for: the first question has a thread do it, and until then nothing is
 * known. Thread-safe.
 */
final class Collectors {

  private boolean asked;
  private volatile List<GarbageCollectorMXBean> beans = List.of();

  /** How often they have collected, or {@link ProcessInfo#UNKNOWN}. */
  long collections() {
    return sum(GarbageCollectorMXBean::getCollectionCount);
  }

  /** How long they have collected, in milliseconds, or {@link ProcessInfo#UNKNOWN}. */
  long collectionMillis() {
    return sum(GarbageCollectorMXBean::getCollectionTime);
  }

  private long sum(Figure figure) {
    List<GarbageCollectorMXBean> loaded = beans;
    if (loaded.isEmpty()) {
      load();
      return ProcessInfo.UNKNOWN;
    }
    long sum = 0;
    for (GarbageCollectorMXBean bean : loaded) {
      sum += Math.max(0, figure.of(bean));
    }
    return sum;
  }

  private synchronized void load() {
    if (!asked) {
      asked = true;
      Thread loader =
          new Thread(
              () -> beans = List.copyOf(ManagementFactory.getGarbageCollectorMXBeans()),
              "cinnabar-beans");
      loader.setDaemon(true);
      loader.start();
    }
  }

  private interface Figure {
    long of(GarbageCollectorMXBean bean);
  }
}
