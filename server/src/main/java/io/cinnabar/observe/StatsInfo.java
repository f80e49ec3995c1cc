package io.cinnabar.observe;

import io.cinnabar.command.Command;
import io.cinnabar.command.CommandStatistics;
import io.cinnabar.command.Engine;
import io.cinnabar.command.Statistics;
import io.cinnabar.pubsub.ChannelKind;
import io.cinnabar.pubsub.PubSub;

/**
 * The section Stats of INFO. Zeros that stand here as such count what this server doesn't do, or
 * not yet: forks, keys that are moved to other servers.
 */
final class StatsInfo {

  private static final int NANOS_PER_MICRO = 1000;
  private static final int MICROS_PER_MILLI = 1000;
  private static final int NANOS_PER_MILLI = 1_000_000;
  private static final double BYTES_PER_KILOBYTE = 1024;
  private static final double PERCENT = 100;

  private StatsInfo() {}

  static void write(Engine engine, Samples samples, InfoText text) {
    traffic(engine.statistics(), samples, text);
    replicas(engine.statistics(), text);
    keys(engine, text);
    forks(engine, text);
    compaction(engine, text);
    clients(engine, text);
    loop(engine, samples, text);
  }

  private static void traffic(Statistics statistics, Samples samples, InfoText text) {
    text.field("total_connections_received", statistics.connectionsReceived);
    text.field("total_commands_processed", statistics.commandsProcessed);
    text.field("instantaneous_ops_per_sec", (long) samples.commandsPerSecond());
    text.field("total_net_input_bytes", statistics.inputBytes);
    text.field("total_net_output_bytes", statistics.outputBytes);
    text.field("total_net_repl_input_bytes", statistics.streamInputBytes);
    text.field("total_net_repl_output_bytes", statistics.streamOutputBytes);
    kilobytes("instantaneous_input_kbps", samples.inputBytesPerSecond(), text);
    kilobytes("instantaneous_output_kbps", samples.outputBytesPerSecond(), text);
    kilobytes("instantaneous_input_repl_kbps", samples.streamInputBytesPerSecond(), text);
    kilobytes("instantaneous_output_repl_kbps", samples.streamOutputBytesPerSecond(), text);
    text.field("rejected_connections", statistics.connectionsRejected);
  }

  private static void kilobytes(String name, double bytes, InfoText text) {
    text.decimal(name, bytes / BYTES_PER_KILOBYTE, 2);
  }

  private static void replicas(Statistics statistics, InfoText text) {
    text.field("sync_full", statistics.fullSyncs);
    text.field("sync_partial_ok", statistics.partialSyncs);
    text.field("sync_partial_err", statistics.refusedPartialSyncs);
  }

  private static void keys(Engine engine, InfoText text) {
    Statistics statistics = engine.statistics();
    PubSub pubSub = engine.pubSub();
    text.field("expired_subkeys", statistics.expiredFields);
    text.field("expired_keys", statistics.expiredKeys);
    text.decimal("expired_stale_perc", statistics.expiredStaleShare * PERCENT, 2);
    text.field("expired_time_cap_reached_count", statistics.expirySlicesCut);
    text.field("expire_cycle_cpu_milliseconds", statistics.expireCycleMicros / MICROS_PER_MILLI);
    text.field("evicted_keys", statistics.evictedKeys);
    text.field("evicted_clients", statistics.evictedClients);
    text.field("total_eviction_exceeded_time", millis(engine.eviction().totalExceededNanos()));
    text.field("current_eviction_exceeded_time", millis(engine.eviction().currentExceededNanos()));
    text.field("keyspace_hits", statistics.keyspaceHits);
    text.field("keyspace_misses", statistics.keyspaceMisses);
    text.field("pubsub_channels", pubSub.count(ChannelKind.CHANNEL));
    text.field("pubsub_patterns", pubSub.count(ChannelKind.PATTERN));
    text.field("pubsubshard_channels", pubSub.count(ChannelKind.SHARD_CHANNEL));
  }

  private static void forks(Engine engine, InfoText text) {
    text.field("latest_fork_usec", 0);
    text.field("total_forks", 0);
    text.field("migrate_cached_sockets", 0);
    text.field("slave_expires_tracked_keys", engine.expiry().ownKeyCount());
  }

  /** Blocks stand for keys here: the arena moves a key without looking into it. */
  private static void compaction(Engine engine, InfoText text) {
    long nanos = engine.statistics().compactionNanos;
    text.field("active_defrag_hits", engine.keyspace().compactionHits());
    text.field("active_defrag_misses", engine.keyspace().compactionMisses());
    text.field("active_defrag_key_hits", engine.keyspace().compactionHits());
    text.field("active_defrag_key_misses", engine.keyspace().compactionMisses());
    text.field("total_active_defrag_time", millis(nanos));
    text.field("current_active_defrag_time", 0);
  }

  private static void clients(Engine engine, InfoText text) {
    Statistics statistics = engine.statistics();
    text.field("tracking_total_keys", engine.tracking().keys());
    text.field("tracking_total_items", engine.tracking().items());
    text.field("tracking_total_prefixes", engine.tracking().prefixes());
    text.field("unexpected_error_replies", statistics.unexpectedErrors);
    text.field("total_error_replies", statistics.errorReplies);
    text.field("dump_payload_sanitizations", 0);
    text.field("total_reads_processed", statistics.reads);
    text.field("total_writes_processed", statistics.writes);
    text.field("io_threaded_reads_processed", 0);
    text.field("io_threaded_writes_processed", 0);
    text.field("reply_buffer_shrinks", 0);
    text.field("reply_buffer_expands", 0);
    text.field(
        "client_query_buffer_limit_disconnections", statistics.queryBufferLimitDisconnections);
    text.field(
        "client_output_buffer_limit_disconnections", statistics.outputBufferLimitDisconnections);
    text.field("acl_access_denied_auth", statistics.deniedLogins);
    text.field("acl_access_denied_cmd", statistics.deniedCommands);
    text.field("acl_access_denied_key", statistics.deniedKeys);
    text.field("acl_access_denied_channel", statistics.deniedChannels);
  }

  private static void loop(Engine engine, Samples samples, InfoText text) {
    Statistics statistics = engine.statistics();
    text.field("eventloop_cycles", statistics.turns);
    text.field("eventloop_duration_sum", statistics.turnNanos / NANOS_PER_MICRO);
    text.field("eventloop_duration_cmd_sum", commandMicros(engine));
    text.field("instantaneous_eventloop_cycles_per_sec", (long) samples.turnsPerSecond());
    text.field(
        "instantaneous_eventloop_duration_usec", (long) samples.nanosPerTurn() / NANOS_PER_MICRO);
  }

  private static long commandMicros(Engine engine) {
    CommandStatistics statistics = engine.statistics().commands;
    long micros = 0;
    for (Command command : engine.table().commands()) {
      micros += statistics.micros(command);
      for (Command subcommand : command.subcommands()) {
        micros += statistics.micros(subcommand);
      }
    }
    return micros;
  }

  private static long millis(long nanos) {
    return nanos / NANOS_PER_MILLI;
  }
}
