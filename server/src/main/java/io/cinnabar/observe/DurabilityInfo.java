package io.cinnabar.observe;

import static io.cinnabar.config.PersistenceParameters.APPENDONLY;

import io.cinnabar.command.Engine;
import io.cinnabar.config.Config;
import io.cinnabar.persistence.AofRewrite;
import io.cinnabar.persistence.AppendOnlyFile;
import io.cinnabar.persistence.Journal;
import io.cinnabar.persistence.Loading;
import io.cinnabar.persistence.SnapshotLoader;
import io.cinnabar.persistence.Snapshots;
import java.util.function.Supplier;

/** The section Persistence of INFO. */
final class DurabilityInfo {

  private static final double PERCENT = 100;

  private final Config config;
  private final Supplier<Snapshots> snapshots;
  private final Supplier<SnapshotLoader> loader;
  private final Supplier<AppendOnlyFile> appendOnlyFile;

  DurabilityInfo(
      Config config,
      Supplier<Snapshots> snapshots,
      Supplier<SnapshotLoader> loader,
      Supplier<AppendOnlyFile> appendOnlyFile) {
    this.appendOnlyFile = appendOnlyFile;
    this.config = config;
    this.snapshots = snapshots;
    this.loader = loader;
  }

  void persistence(Engine engine, InfoText text) {
    boolean isLoading = engine.availability().isLoading();
    text.field("loading", isLoading ? 1 : 0);
    text.field("async_loading", 0);
    current(snapshots.get(), text);
    snapshots(snapshots.get(), text);
    appendOnlyFile(text);
    text.field("module_fork_in_progress", 0);
    text.field("module_fork_last_cow_size", 0);
    if (appendOnlyFile.get().journal().isOpen()) {
      openFile(text);
    }
    if (isLoading) {
      loading(loader.get().loading(), text);
    }
  }

  /** Blocks that are copied are what a fork would copy as pages. */
  private static void current(Snapshots snapshots, InfoText text) {
    boolean isRunning = snapshots.isRunning();
    long total = snapshots.keysTotal();
    text.field("current_cow_peak", snapshots.mostCopiedBytes());
    text.field("current_cow_size", isRunning ? snapshots.copiedBytes() : 0);
    text.field("current_cow_size_age", 0);
    text.decimal("current_fork_perc", total > 0 ? PERCENT * snapshots.keysDone() / total : 0, 2);
    text.field("current_save_keys_processed", snapshots.keysDone());
    text.field("current_save_keys_total", total);
  }

  private void snapshots(Snapshots snapshots, InfoText text) {
    text.field("rdb_changes_since_last_save", snapshots.changes());
    text.field("rdb_bgsave_in_progress", snapshots.isRunning() ? 1 : 0);
    text.field("rdb_last_save_time", snapshots.savedSeconds());
    text.field("rdb_last_bgsave_status", snapshots.hasFailed() ? "err" : "ok");
    text.field("rdb_last_bgsave_time_sec", snapshots.lastDurationSeconds());
    text.field("rdb_current_bgsave_time_sec", snapshots.durationSeconds());
    text.field("rdb_saves", snapshots.count());
    text.field("rdb_last_cow_size", snapshots.lastCopiedBytes());
    text.field("rdb_last_load_keys_expired", loader.get().expiredKeys());
    text.field("rdb_last_load_keys_loaded", loader.get().loadedKeys());
  }

  private static void loading(Loading loading, InfoText text) {
    text.field("loading_start_time", loading.startSeconds());
    text.field("loading_total_bytes", loading.totalBytes());
    text.field("loading_rdb_used_mem", loading.usedBytesThen());
    text.field("loading_loaded_bytes", loading.loadedBytes());
    text.decimal("loading_loaded_perc", loading.loadedPercent(), 2);
    text.field("loading_eta_seconds", loading.secondsLeft());
  }

  private void appendOnlyFile(InfoText text) {
    AofRewrite rewrite = appendOnlyFile.get().rewrite();
    Journal journal = appendOnlyFile.get().journal();
    text.field("aof_enabled", config.get(APPENDONLY) ? 1 : 0);
    text.field("aof_rewrite_in_progress", rewrite.isRunning() ? 1 : 0);
    text.field("aof_rewrite_scheduled", rewrite.isScheduled() ? 1 : 0);
    text.field("aof_last_rewrite_time_sec", rewrite.lastDurationSeconds());
    text.field("aof_current_rewrite_time_sec", rewrite.currentSeconds());
    text.field("aof_last_bgrewrite_status", rewrite.hasFailed() ? "err" : "ok");
    text.field("aof_rewrites", rewrite.count());
    text.field("aof_rewrites_consecutive_failures", rewrite.failuresInRow());
    text.field("aof_last_write_status", journal.failure() == null ? "ok" : "err");
    text.field("aof_last_cow_size", rewrite.lastCopiedBytes());
  }

  /** What there is to tell only while an append-only file is kept. */
  private void openFile(InfoText text) {
    AofRewrite rewrite = appendOnlyFile.get().rewrite();
    Journal journal = appendOnlyFile.get().journal();
    text.field("aof_current_size", journal.totalBytes());
    text.field("aof_base_size", rewrite.baseBytes());
    text.field("aof_pending_rewrite", 0);
    text.field("aof_buffer_length", journal.bufferedBytes());
    text.field("aof_pending_bio_fsync", journal.isBusy() ? 1 : 0);
    text.field("aof_delayed_fsync", journal.delayedForces());
  }
}
