package io.cinnabar.observe;

import io.cinnabar.command.Engine;
import io.cinnabar.config.Config;
import io.cinnabar.config.Parameters;
import io.cinnabar.host.ProcessInfo;

/**
 * The section Memory of INFO. Fields that begin with {@code jvm_} are our own: the collector's
 * figures.
 */
final class MemoryInfo {

  /** What {@code mem_allocator} calls the arena. */
  static final String ALLOCATOR = "arena";

  private final Config config;
  private final Samples samples;

  MemoryInfo(Config config, Samples samples) {
    this.config = config;
    this.samples = samples;
  }

  void write(Engine engine, InfoText text) {
    MemoryReport report = new MemoryReport(engine, samples);
    used(engine, report, text);
    scripts(text);
    text.bytes("maxmemory", engine.memory().limitBytes());
    text.field("maxmemory_policy", config.word(Parameters.MAXMEMORY_POLICY));
    fragmentation(report, text);
    text.field("mem_not_counted_for_evict", report.snapshots + engine.memory().excessStreamBytes());
    text.field("mem_replication_backlog", report.backlog);
    text.field("mem_total_replication_buffers", engine.memory().streamBytes());
    text.field("mem_clients_slaves", report.replicas);
    text.field("mem_clients_normal", report.clients);
    text.field("mem_cluster_links", 0);
    text.field("mem_aof_buffer", 0);
    text.field("mem_allocator", ALLOCATOR);
    text.field("active_defrag_running", engine.compactor().effortPercent());
    text.field("lazyfree_pending_objects", engine.keyspace().setAsideKeys());
    text.field("lazyfreed_objects", engine.keyspace().reclaimedKeys());
    collector(engine.host().process(), text);
  }

  private static void used(Engine engine, MemoryReport report, InfoText text) {
    text.bytes("used_memory", report.used);
    if (report.resident != ProcessInfo.UNKNOWN) {
      text.bytes("used_memory_rss", report.resident);
    }
    text.bytes("used_memory_peak", report.peak);
    text.field("used_memory_peak_perc", percent(report.peakPercent()));
    text.field("used_memory_overhead", report.overhead);
    text.field("used_memory_startup", report.startup);
    text.field("used_memory_dataset", report.dataset);
    text.field("used_memory_dataset_perc", percent(report.datasetPercent()));
    text.field("allocator_allocated", report.allocated);
    text.field("allocator_active", report.active);
    text.field("allocator_resident", report.reserved);
    long total = engine.host().process().totalMemoryBytes();
    if (total != ProcessInfo.UNKNOWN) {
      text.bytes("total_system_memory", total);
    }
  }

  /** There are none yet. */
  private static void scripts(InfoText text) {
    text.bytes("used_memory_lua", 0);
    text.field("used_memory_vm_eval", 0);
    text.field("used_memory_scripts_eval", 0);
    text.field("number_of_cached_scripts", 0);
    text.field("number_of_functions", 0);
    text.field("number_of_libraries", 0);
    text.field("used_memory_vm_functions", 0);
    text.bytes("used_memory_vm_total", 0);
    text.field("used_memory_functions", 0);
    text.bytes("used_memory_scripts", 0);
  }

  private static void fragmentation(MemoryReport report, InfoText text) {
    text.decimal("allocator_frag_ratio", MemoryReport.ratio(report.active, report.allocated), 2);
    text.field("allocator_frag_bytes", report.active - report.allocated);
    text.decimal("allocator_rss_ratio", MemoryReport.ratio(report.reserved, report.active), 2);
    text.field("allocator_rss_bytes", report.reserved - report.active);
    if (report.resident != ProcessInfo.UNKNOWN) {
      text.decimal("rss_overhead_ratio", MemoryReport.ratio(report.resident, report.reserved), 2);
      text.field("rss_overhead_bytes", report.resident - report.reserved);
      text.decimal("mem_fragmentation_ratio", MemoryReport.ratio(report.resident, report.used), 2);
      text.field("mem_fragmentation_bytes", report.resident - report.used);
    }
  }

  private static void collector(ProcessInfo process, InfoText text) {
    known(text, "jvm_heap_used", process.usedHeapBytes());
    known(text, "jvm_heap_committed", process.committedHeapBytes());
    known(text, "jvm_heap_max", process.maxHeapBytes());
    known(text, "jvm_gc_collections", process.collections());
    known(text, "jvm_gc_milliseconds", process.collectionMillis());
  }

  private static void known(InfoText text, String name, long value) {
    if (value != ProcessInfo.UNKNOWN) {
      text.field(name, value);
    }
  }

  private static String percent(double value) {
    return InfoText.decimal(value, 2) + "%";
  }
}
