package io.cinnabar.observe;

import io.cinnabar.command.BlockedClients;
import io.cinnabar.command.Engine;
import io.cinnabar.command.Sessions;
import io.cinnabar.config.Config;
import io.cinnabar.config.Parameters;
import io.cinnabar.host.Host;
import io.cinnabar.host.ProcessInfo;
import io.cinnabar.keyspace.Database;
import io.cinnabar.persistence.AppendOnlyFile;
import io.cinnabar.persistence.SnapshotLoader;
import io.cinnabar.persistence.Snapshots;
import io.cinnabar.replication.History;
import io.cinnabar.replication.Replication;
import java.util.Set;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * What the server tells about itself, as the text of INFO: what it knows from its start, and what
 * it reads off the engine when it is asked. A field that Redis has is shown where its value is
 * known, and left out where it would be made up.
 */
public final class Info {

  private static final double MICROS_PER_SECOND = 1e6;

  private final ProcessInfo process;
  private final Config config;
  private final Samples samples;
  private final ServerInfo server;
  private final MemoryInfo memory;
  private final DurabilityInfo durability;
  private final ReplicationInfo replicationInfo;

  /**
   * Begins to count the server's age.
   *
   * @param tcpPort the port that is listened on, 0 for none
   * @param snapshots what the data set is saved by, once there is something to tell
   * @param loader what it is loaded by
   * @param appendOnlyFile what keeps its changes
   * @param replication who follows it, and whom it follows
   */
  public Info(
      Host host,
      Config config,
      IntSupplier tcpPort,
      Supplier<Snapshots> snapshots,
      Supplier<SnapshotLoader> loader,
      Supplier<AppendOnlyFile> appendOnlyFile,
      Supplier<Replication> replication) {
    this.process = host.process();
    this.config = config;
    this.samples = new Samples(host.monotonicClock().nanos());
    this.server = new ServerInfo(host, config, tcpPort, History.draw(host.random()));
    this.memory = new MemoryInfo(config, samples);
    this.durability = new DurabilityInfo(config, snapshots, loader, appendOnlyFile);
    this.replicationInfo = new ReplicationInfo(config, replication);
  }

  Samples samples() {
    return samples;
  }

  /** Looks at what only shows over time, such as rates; to be called some ten times a second. */
  public void sample(Engine engine) {
    samples.take(engine);
  }

  /** The text of these sections. */
  String text(Engine engine, Set<InfoSection> sections) {
    InfoText text = new InfoText();
    for (InfoSection section : sections) {
      text.section(section.title());
      switch (section) {
        case SERVER -> server.write(engine, text);
        case CLIENTS -> clients(engine, text);
        case MEMORY -> memory.write(engine, text);
        case PERSISTENCE -> durability.persistence(engine, text);
        case STATS -> StatsInfo.write(engine, samples, text);
        case REPLICATION -> replicationInfo.write(engine, text);
        case CPU -> cpu(text);
        case MODULES -> {}
        case COMMANDSTATS -> CommandInfo.commandstats(engine, text);
        case ERRORSTATS -> CommandInfo.errorstats(engine.statistics().errors, text);
        case LATENCYSTATS ->
            CommandInfo.latencystats(
                engine, config.get(Parameters.LATENCY_TRACKING_INFO_PERCENTILES), text);
        case CLUSTER -> text.field("cluster_enabled", 0);
        case KEYSPACE -> keyspace(engine, text);
      }
    }
    return text.toString();
  }

  private void clients(Engine engine, InfoText text) {
    Sessions sessions = engine.sessions();
    BlockedClients blocked = engine.blockedClients();
    long nowMillis = engine.unit().nowMillis();
    text.field("connected_clients", sessions.count() - replicationInfo.replicas());
    text.field("cluster_connections", 0);
    text.field("maxclients", engine.settings().maxClients);
    text.field("client_recent_max_input_buffer", sessions.recentInput().get(nowMillis));
    text.field("client_recent_max_output_buffer", sessions.recentOutput().get(nowMillis));
    text.field("blocked_clients", engine.pause().heldCount() + blocked.count());
    text.field("tracking_clients", engine.tracking().clients());
    text.field("clients_in_timeout_table", blocked.timedCount());
    text.field("total_blocking_keys", blocked.keyCount());
    text.field("total_blocking_keys_on_nokey", blocked.alsoWhenGoneKeyCount());
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

  private static void keyspace(Engine engine, InfoText text) {
    for (int i = 0; i < engine.keyspace().databases(); i++) {
      Database database = engine.keyspace().database(i);
      if (database.size() > 0) {
        text.field(
            "db" + i,
            "keys="
                + database.size()
                + ",expires="
                + database.expiringCount()
                + ",avg_ttl="
                + engine.keyspace().averageTtlMillis(i, engine.unit().nowMillis()));
      }
    }
  }
}
