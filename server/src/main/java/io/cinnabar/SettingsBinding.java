package io.cinnabar;

import static io.cinnabar.config.EncodingParameters.HLL_SPARSE_MAX_BYTES;
import static io.cinnabar.config.Parameters.ACTIVEDEFRAG;
import static io.cinnabar.config.Parameters.ACTIVE_DEFRAG_CYCLE_MAX;
import static io.cinnabar.config.Parameters.ACTIVE_DEFRAG_CYCLE_MIN;
import static io.cinnabar.config.Parameters.ACTIVE_DEFRAG_IGNORE_BYTES;
import static io.cinnabar.config.Parameters.ACTIVE_DEFRAG_THRESHOLD_LOWER;
import static io.cinnabar.config.Parameters.ACTIVE_DEFRAG_THRESHOLD_UPPER;
import static io.cinnabar.config.Parameters.ACTIVE_EXPIRE_EFFORT;
import static io.cinnabar.config.Parameters.CLIENT_OUTPUT_BUFFER_LIMIT;
import static io.cinnabar.config.Parameters.CLIENT_QUERY_BUFFER_LIMIT;
import static io.cinnabar.config.Parameters.ENABLE_DEBUG_COMMAND;
import static io.cinnabar.config.Parameters.HZ;
import static io.cinnabar.config.Parameters.LATENCY_MONITOR_THRESHOLD;
import static io.cinnabar.config.Parameters.LATENCY_TRACKING;
import static io.cinnabar.config.Parameters.LAZYFREE_LAZY_EVICTION;
import static io.cinnabar.config.Parameters.LAZYFREE_LAZY_EXPIRE;
import static io.cinnabar.config.Parameters.LAZYFREE_LAZY_USER_DEL;
import static io.cinnabar.config.Parameters.MAXCLIENTS;
import static io.cinnabar.config.Parameters.MAXMEMORY;
import static io.cinnabar.config.Parameters.MAXMEMORY_CLIENTS;
import static io.cinnabar.config.Parameters.MAXMEMORY_EVICTION_TENACITY;
import static io.cinnabar.config.Parameters.MAXMEMORY_POLICY;
import static io.cinnabar.config.Parameters.MAXMEMORY_SAMPLES;
import static io.cinnabar.config.Parameters.PROTECTED_MODE;
import static io.cinnabar.config.Parameters.PROTO_MAX_BULK_LEN;
import static io.cinnabar.config.Parameters.SLOWLOG_LOG_SLOWER_THAN;
import static io.cinnabar.config.Parameters.TCP_KEEPALIVE;
import static io.cinnabar.config.Parameters.TIMEOUT;
import static io.cinnabar.config.PersistenceParameters.KEY_LOAD_DELAY;
import static io.cinnabar.config.PersistenceParameters.LOADING_PROCESS_EVENTS_INTERVAL_BYTES;
import static io.cinnabar.config.PersistenceParameters.RDBCHECKSUM;
import static io.cinnabar.config.PersistenceParameters.RDBCOMPRESSION;
import static io.cinnabar.config.PersistenceParameters.RDB_KEY_SAVE_DELAY;
import static io.cinnabar.config.PersistenceParameters.RDB_SAVE_INCREMENTAL_FSYNC;
import static io.cinnabar.config.PersistenceParameters.RDB_VERSION;
import static io.cinnabar.config.ReplicationParameters.REPLICA_IGNORE_DISK_WRITE_ERRORS;
import static io.cinnabar.config.ReplicationParameters.REPLICA_IGNORE_MAXMEMORY;
import static io.cinnabar.config.ReplicationParameters.REPLICA_READ_ONLY;
import static io.cinnabar.config.ReplicationParameters.REPLICA_SERVE_STALE_DATA;

import io.cinnabar.command.Settings;
import io.cinnabar.config.Config;
import io.cinnabar.config.Parameter;
import io.cinnabar.value.StringValue;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Keeps the engine's {@link Settings} as the configuration has them, now and after CONFIG SET. */
final class SettingsBinding {

  private static final List<Parameter> FOLLOWED =
      List.of(
          ACTIVEDEFRAG,
          ACTIVE_DEFRAG_CYCLE_MAX,
          ACTIVE_DEFRAG_CYCLE_MIN,
          ACTIVE_DEFRAG_IGNORE_BYTES,
          ACTIVE_DEFRAG_THRESHOLD_LOWER,
          ACTIVE_DEFRAG_THRESHOLD_UPPER,
          ACTIVE_EXPIRE_EFFORT,
          CLIENT_OUTPUT_BUFFER_LIMIT,
          CLIENT_QUERY_BUFFER_LIMIT,
          ENABLE_DEBUG_COMMAND,
          HLL_SPARSE_MAX_BYTES,
          HZ,
          KEY_LOAD_DELAY,
          LAZYFREE_LAZY_EVICTION,
          LAZYFREE_LAZY_EXPIRE,
          LAZYFREE_LAZY_USER_DEL,
          LATENCY_MONITOR_THRESHOLD,
          LATENCY_TRACKING,
          LOADING_PROCESS_EVENTS_INTERVAL_BYTES,
          MAXCLIENTS,
          MAXMEMORY,
          MAXMEMORY_EVICTION_TENACITY,
          MAXMEMORY_POLICY,
          MAXMEMORY_SAMPLES,
          MAXMEMORY_CLIENTS,
          PROTECTED_MODE,
          PROTO_MAX_BULK_LEN,
          RDBCOMPRESSION,
          RDB_KEY_SAVE_DELAY,
          RDB_SAVE_INCREMENTAL_FSYNC,
          RDB_VERSION,
          REPLICA_IGNORE_DISK_WRITE_ERRORS,
          REPLICA_IGNORE_MAXMEMORY,
          REPLICA_READ_ONLY,
          REPLICA_SERVE_STALE_DATA,
          SLOWLOG_LOG_SLOWER_THAN,
          TCP_KEEPALIVE,
          TIMEOUT);

  private SettingsBinding() {}

  static void bind(Config config, Settings settings) {
    ThresholdsBinding.bind(config, settings.thresholds);
    apply(config, settings);
    Config.ChangeListener listener = () -> apply(config, settings);
    for (Parameter parameter : FOLLOWED) {
      config.onChange(parameter, listener);
    }
  }

  private static void apply(Config config, Settings settings) {
    settings.maxClients = (int) Math.min(Integer.MAX_VALUE, config.get(MAXCLIENTS));
    settings.timeoutSeconds = (int) config.get(TIMEOUT);
    settings.tcpKeepAliveSeconds = (int) config.get(TCP_KEEPALIVE);
    settings.protectedMode = config.get(PROTECTED_MODE);
    settings.maxBulkLength = Math.min(StringValue.MAX_BYTES, config.get(PROTO_MAX_BULK_LEN));
    settings.queryBufferLimitBytes = config.get(CLIENT_QUERY_BUFFER_LIMIT);
    settings.outputLimits = config.get(CLIENT_OUTPUT_BUFFER_LIMIT);
    settings.maxMemoryClients = config.get(MAXMEMORY_CLIENTS);
    settings.debugAccess = config.get(ENABLE_DEBUG_COMMAND);
    settings.hllSparseMaxBytes = config.get(HLL_SPARSE_MAX_BYTES);
    settings.rdbVersion = (int) config.get(RDB_VERSION);
    settings.rdbCompression = config.get(RDBCOMPRESSION);
    settings.rdbChecksum = config.get(RDBCHECKSUM);
    settings.forceRdbInSteps = config.get(RDB_SAVE_INCREMENTAL_FSYNC);
    settings.rdbKeyDelayMicros = config.get(RDB_KEY_SAVE_DELAY);
    settings.keyLoadDelayMicros = config.get(KEY_LOAD_DELAY);
    settings.loadingEventsBytes = config.get(LOADING_PROCESS_EVENTS_INTERVAL_BYTES);
    settings.replicaReadOnly = config.get(REPLICA_READ_ONLY);
    settings.replicaServesStaleData = config.get(REPLICA_SERVE_STALE_DATA);
    settings.replicaIgnoresMaxMemory = config.get(REPLICA_IGNORE_MAXMEMORY);
    settings.replicaIgnoresDiskErrors = config.get(REPLICA_IGNORE_DISK_WRITE_ERRORS);
    settings.hz = (int) config.get(HZ);
    settings.lazyUserDelete = config.get(LAZYFREE_LAZY_USER_DEL);
    settings.activeDefrag = config.get(ACTIVEDEFRAG);
    settings.defragLowerPercent = (int) config.get(ACTIVE_DEFRAG_THRESHOLD_LOWER);
    settings.defragUpperPercent = (int) config.get(ACTIVE_DEFRAG_THRESHOLD_UPPER);
    settings.defragMinEffort = (int) config.get(ACTIVE_DEFRAG_CYCLE_MIN);
    settings.defragMaxEffort = (int) config.get(ACTIVE_DEFRAG_CYCLE_MAX);
    settings.defragIgnoreBytes = config.get(ACTIVE_DEFRAG_IGNORE_BYTES);
    settings.lazyEviction = config.get(LAZYFREE_LAZY_EVICTION);
    settings.maxMemoryBytes = config.get(MAXMEMORY);
    settings.evictionPolicy = config.get(MAXMEMORY_POLICY);
    settings.evictionSamples = (int) config.get(MAXMEMORY_SAMPLES);
    settings.evictionTenacity = (int) config.get(MAXMEMORY_EVICTION_TENACITY);
    settings.lazyExpire = config.get(LAZYFREE_LAZY_EXPIRE);
    settings.activeExpireEffort = (int) config.get(ACTIVE_EXPIRE_EFFORT);
    long slowMicros = config.get(SLOWLOG_LOG_SLOWER_THAN);
    settings.slowLogFromNanos =
        slowMicros < 0 ? Long.MAX_VALUE : TimeUnit.MICROSECONDS.toNanos(slowMicros);
    long delayMillis = config.get(LATENCY_MONITOR_THRESHOLD);
    settings.latencyEventFromNanos =
        delayMillis == 0 ? Long.MAX_VALUE : TimeUnit.MILLISECONDS.toNanos(delayMillis);
    settings.latencyTracking = config.get(LATENCY_TRACKING);
  }
}
