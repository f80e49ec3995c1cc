package io.cinnabar.observe;

import io.cinnabar.command.Command;
import io.cinnabar.command.CommandStatistics;
import io.cinnabar.command.Engine;
import io.cinnabar.command.Settings;
import io.cinnabar.command.Statistics;
import io.cinnabar.command.Version;
import io.cinnabar.config.Config;
import io.cinnabar.config.Parameters;
import io.cinnabar.host.Host;
import io.cinnabar.host.ProcessInfo;
import io.cinnabar.keyspace.Database;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.IntSupplier;
import java.util.random.RandomGenerator;

/**
 * What the server tells about itself, as the text of INFO: what it knows from its start, and what
 * it reads off the engine when it is asked. A field that Redis has is shown where its value is
 * known, and left out where it would be made up.
 */
public final class Info {

  private static final int ID_BYTES = 20;
  private static final double MICROS_PER_SECOND = 1e6;
  private static final int NANOS_PER_MICRO = 1000;
  private static final int MICROS_PER_MILLI = 1000;
  private static final double BYTES_PER_KILOBYTE = 1024;

  private final Host host;
  private final ProcessInfo process;
  private final Config config;
  private final IntSupplier tcpPort;
  private final String runId;
  private final String replicationId;
  private final long startNanos;
  private final Samples samples;

  /**
   * Begins to count the server's age.
   *
   * @param tcpPort the port that is listened on, 0 for none
   */
  public Info(Host host, Config config, IntSupplier tcpPort) {
    this.host = host;
    this.process = host.process();
    this.config = config;
    this.tcpPort = tcpPort;
    this.runId = newId(host.random());
    this.replicationId = newId(host.random());
    this.startNanos = host.monotonicClock().nanos();
    this.samples = new Samples(startNanos);
  }

  /** Looks at what only shows over time, such as rates; to be called some ten times a second. */
  public void sample(Engine engine) {
    samples.take(engine);
  }

  /** Forty hexadecimal digits. */
  private static String newId(RandomGenerator random) {
    StringBuilder id = new StringBuilder();
    for (int i = 0; i < ID_BYTES; i++) {
      id.append(String.format(Locale.ROOT, "%02x", random.nextInt(1 << Byte.SIZE)));
    }
    return id.toString();
  }

  /** The text of these sections. */
  String text(Engine engine, Set<InfoSection> sections) {
    InfoText text = new InfoText();
    for (InfoSection section : sections) {
      text.section(section.title());
      switch (section) {
        case SERVER -> server(engine, text);
        case CLIENTS -> clients(engine, text);
        case MEMORY -> memory(engine, text);
        case PERSISTENCE -> persistence(engine, text);
        case STATS -> stats(engine.statistics(), text);
        case REPLICATION -> replication(text);
        case CPU -> cpu(text);
        case MODULES -> {}
        case COMMANDSTATS -> commandstats(engine, text);
        case ERRORSTATS -> errorstats(engine.statistics(), text);
        case CLUSTER -> text.field("cluster_enabled", 0);
        case KEYSPACE -> keyspace(engine, text);
      }
    }
    return text.toString();
  }

  private void server(Engine engine, InfoText text) {
    Settings settings = engine.settings();
    Duration uptime = Duration.ofNanos(host.monotonicClock().nanos() - startNanos);
    text.field("redis_version", Version.REDIS);
    text.field("cinnabar_version", Version.CINNABAR);
    text.field("redis_mode", "standalone");
    text.field("os", process.operatingSystem());
    text.field("arch_bits", process.archBits());
    text.field("multiplexing_api", host.network().transportName());
    text.field("process_id", process.processId());
    text.field("process_supervised", "no");
    text.field("run_id", runId);
    text.field("tcp_port", tcpPort.getAsInt());
    text.field("server_time_usec", micros(host.wallClock().instant()));
    text.field("uptime_in_seconds", uptime.toSeconds());
    text.field("uptime_in_days", uptime.toDays());
    text.field("hz", settings.hz);
    text.field("configured_hz", config.get(Parameters.HZ));
    text.field("executable", process.executable());
    String file = config.file();
    text.field("config_file", file == null ? "" : file);
    text.field("io_threads_active", 0);
    listeners(text);
  }

  private static long micros(Instant time) {
    return time.getEpochSecond() * 1_000_000 + time.getNano() / NANOS_PER_MICRO;
  }

  private void listeners(InfoText text) {
    int count = 0;
    if (tcpPort.getAsInt() > 0) {
      StringBuilder addresses = new StringBuilder();
      for (String address : config.get(Parameters.BIND)) {
        addresses.append(",bind=").append(address);
      }
      text.field("listener" + count++, "name=tcp" + addresses + ",port=" + tcpPort.getAsInt());
    }
    String path = config.get(Parameters.UNIXSOCKET);
    if (!path.isEmpty()) {
      text.field("listener" + count, "name=unix,bind=" + path);
    }
  }

  private static void clients(Engine engine, InfoText text) {
    text.field("connected_clients", engine.sessions().count());
    text.field("cluster_connections", 0);
    text.field("maxclients", engine.settings().maxClients);
    text.field("blocked_clients", 0);
    text.field("tracking_clients", 0);
  }

  private void memory(Engine engine, InfoText text) {
    long used = Samples.usedMemoryBytes(engine);
    long peak = samples.peakMemoryBytes(engine);
    long clients = Samples.clientMemoryBytes(engine);
    text.bytes("used_memory", used);
    known(text, "used_memory_rss", process.residentBytes());
    text.bytes("used_memory_peak", peak);
    text.field("used_memory_peak_perc", percent(used, peak));
    text.field("used_memory_overhead", clients);
    text.field("used_memory_dataset", used - clients);
    text.field("used_memory_dataset_perc", percent(used - clients, used));
    known(text, "total_system_memory", process.totalMemoryBytes());
    text.bytes("maxmemory", 0);
    text.field("maxmemory_policy", config.word(Parameters.MAXMEMORY_POLICY));
    text.field("mem_clients_normal", clients);
  }

  private static void known(InfoText text, String name, long bytes) {
    if (bytes != ProcessInfo.UNKNOWN) {
      text.bytes(name, bytes);
    }
  }

  private static String percent(long part, long whole) {
    return InfoText.decimal(whole == 0 ? 0 : 100.0 * part / whole, 2) + "%";
  }

  private static void persistence(Engine engine, InfoText text) {
    text.field("loading", 0);
    text.field("async_loading", 0);
    text.field("rdb_changes_since_last_save", engine.unit().changeCount());
    text.field("rdb_bgsave_in_progress", 0);
    text.field("aof_enabled", 0);
    text.field("aof_rewrite_in_progress", 0);
    text.field("aof_rewrite_scheduled", 0);
  }

  private void stats(Statistics statistics, InfoText text) {
    text.field("total_connections_received", statistics.connectionsReceived);
    text.field("total_commands_processed", statistics.commandsProcessed);
    text.field("instantaneous_ops_per_sec", (long) samples.commandsPerSecond());
    text.field("total_net_input_bytes", statistics.inputBytes);
    text.field("total_net_output_bytes", statistics.outputBytes);
    text.decimal("instantaneous_input_kbps", samples.inputBytesPerSecond() / BYTES_PER_KILOBYTE, 2);
    text.decimal(
        "instantaneous_output_kbps", samples.outputBytesPerSecond() / BYTES_PER_KILOBYTE, 2);
    text.field("rejected_connections", statistics.connectionsRejected);
    text.field("expired_keys", statistics.expiredKeys);
    text.field("expire_cycle_cpu_milliseconds", statistics.expireCycleMicros / MICROS_PER_MILLI);
    text.field("evicted_keys", 0);
    text.field("evicted_clients", 0);
    text.field("keyspace_hits", statistics.keyspaceHits);
    text.field("keyspace_misses", statistics.keyspaceMisses);
    text.field("total_forks", 0);
    text.field("total_error_replies", statistics.errorReplies);
    text.field("acl_access_denied_auth", statistics.deniedLogins);
    text.field(
        "client_query_buffer_limit_disconnections", statistics.queryBufferLimitDisconnections);
    text.field(
        "client_output_buffer_limit_disconnections", statistics.outputBufferLimitDisconnections);
  }

  private void replication(InfoText text) {
    text.field("role", "master");
    text.field("connected_slaves", 0);
    text.field("master_failover_state", "no-failover");
    text.field("master_replid", replicationId);
    text.field("master_replid2", "0".repeat(2 * ID_BYTES));
    text.field("master_repl_offset", 0);
    text.field("second_repl_offset", -1);
    text.field("repl_backlog_active", 0);
    text.field("repl_backlog_first_byte_offset", 0);
    text.field("repl_backlog_histlen", 0);
  }

  private void cpu(InfoText text) {
    seconds(text, "used_cpu_sys", process.systemCpuMicros());
    seconds(text, "used_cpu_user", process.userCpuMicros());
    seconds(text, "used_cpu_sys_children", 0);
    seconds(text, "used_cpu_user_children", 0);
    seconds(text, "used_cpu_sys_main_thread", process.threadSystemCpuMicros());
    seconds(text, "used_cpu_user_main_thread", process.threadUserCpuMicros());
  }

  private static void seconds(InfoText text, String name, long micros) {
    if (micros != ProcessInfo.UNKNOWN) {
      text.decimal(name, micros / MICROS_PER_SECOND, 6);
    }
  }

  private static void commandstats(Engine engine, InfoText text) {
    CommandStatistics statistics = engine.statistics().commands;
    for (Command command : engine.table().commands()) {
      commandstats(statistics, command, text);
      for (Command subcommand : command.subcommands()) {
        commandstats(statistics, subcommand, text);
      }
    }
  }

  private static void commandstats(CommandStatistics statistics, Command command, InfoText text) {
    long calls = statistics.calls(command);
    long micros = statistics.micros(command);
    long rejected = statistics.rejectedCalls(command);
    if (calls > 0 || rejected > 0) {
      text.field(
          "cmdstat_" + command.fullName(),
          "calls="
              + calls
              + ",usec="
              + micros
              + ",usec_per_call="
              + InfoText.decimal(calls == 0 ? 0 : (double) micros / calls, 2)
              + ",rejected_calls="
              + rejected
              + ",failed_calls="
              + statistics.failedCalls(command));
    }
  }

  private static void errorstats(Statistics statistics, InfoText text) {
    for (Map.Entry<String, Long> count : statistics.errors.counts().entrySet()) {
      text.field("errorstat_" + count.getKey(), "count=" + count.getValue());
    }
  }

  private static void keyspace(Engine engine, InfoText text) {
    for (int i = 0; i < engine.keyspace().databases(); i++) {
      Database database = engine.keyspace().database(i);
      if (database.size() > 0) {
        text.field(
            "db" + i,
            "keys=" + database.size() + ",expires=" + database.expiringCount() + ",avg_ttl=0");
      }
    }
  }
}
