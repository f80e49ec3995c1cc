package io.cinnabar.observe;

import io.cinnabar.command.Engine;
import io.cinnabar.config.Config;
import io.cinnabar.config.ReplicationParameters;
import io.cinnabar.host.Host;

/**
 * The sections Persistence and Replication of INFO. Nothing is written to disk or to replicas yet,
 * which is what the figures say.
 */
final class DurabilityInfo {

  private static final int NEVER = -1;
  private static final int MILLIS_PER_SECOND = 1000;

  private final Config config;
  private final long startSeconds;

  /** The server starts now, with a data set that counts as saved. */
  DurabilityInfo(Host host, Config config) {
    this.config = config;
    startSeconds = host.wallClock().millis() / MILLIS_PER_SECOND;
  }

  void persistence(Engine engine, InfoText text) {
    text.field("loading", 0);
    text.field("async_loading", 0);
    text.field("current_cow_peak", 0);
    text.field("current_cow_size", 0);
    text.field("current_cow_size_age", 0);
    text.field("current_fork_perc", "0.00");
    text.field("current_save_keys_processed", 0);
    text.field("current_save_keys_total", 0);
    snapshots(engine, text);
    appendOnlyFile(text);
    text.field("module_fork_in_progress", 0);
    text.field("module_fork_last_cow_size", 0);
  }

  private void snapshots(Engine engine, InfoText text) {
    text.field("rdb_changes_since_last_save", engine.unit().changeCount());
    text.field("rdb_bgsave_in_progress", 0);
    text.field("rdb_last_save_time", startSeconds);
    text.field("rdb_last_bgsave_status", "ok");
    text.field("rdb_last_bgsave_time_sec", NEVER);
    text.field("rdb_current_bgsave_time_sec", NEVER);
    text.field("rdb_saves", 0);
    text.field("rdb_last_cow_size", 0);
    text.field("rdb_last_load_keys_expired", 0);
    text.field("rdb_last_load_keys_loaded", 0);
  }

  private static void appendOnlyFile(InfoText text) {
    text.field("aof_enabled", 0);
    text.field("aof_rewrite_in_progress", 0);
    text.field("aof_rewrite_scheduled", 0);
    text.field("aof_last_rewrite_time_sec", NEVER);
    text.field("aof_current_rewrite_time_sec", NEVER);
    text.field("aof_last_bgrewrite_status", "ok");
    text.field("aof_rewrites", 0);
    text.field("aof_rewrites_consecutive_failures", 0);
    text.field("aof_last_write_status", "ok");
    text.field("aof_last_cow_size", 0);
  }

  void replication(Engine engine, InfoText text) {
    String replicationId = engine.replicationId().toString();
    text.field("role", "master");
    text.field("connected_slaves", 0);
    text.field("master_failover_state", "no-failover");
    text.field("master_replid", replicationId);
    text.field("master_replid2", "0".repeat(replicationId.length()));
    text.field("master_repl_offset", 0);
    text.field("second_repl_offset", -1);
    text.field("repl_backlog_active", 0);
    text.field("repl_backlog_size", config.get(ReplicationParameters.REPL_BACKLOG_SIZE));
    text.field("repl_backlog_first_byte_offset", 0);
    text.field("repl_backlog_histlen", 0);
  }
}
