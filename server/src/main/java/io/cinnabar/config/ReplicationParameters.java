package io.cinnabar.config;

import static io.cinnabar.config.ParameterGroup.INT;
import static io.cinnabar.config.ParameterGroup.LONG;
import static io.cinnabar.config.ParameterGroup.MIB;
import static io.cinnabar.config.ParameterGroup.formerly;
import static io.cinnabar.config.ParameterGroup.hidden;
import static io.cinnabar.config.ParameterGroup.immutable;
import static io.cinnabar.config.ParameterGroup.never;
import static io.cinnabar.config.ParameterGroup.secret;

import java.util.List;

/** Primary and replicas. */
public final class ReplicationParameters {

  private static final ParameterGroup TABLE = new ParameterGroup();

  public static final ReplicaOfParameter REPLICAOF =
      immutable(formerly("slaveof", TABLE.add(new ReplicaOfParameter("replicaof"))));
  public static final NumberParameter MIN_REPLICAS_TO_WRITE =
      formerly("min-slaves-to-write", TABLE.number("min-replicas-to-write", 0, 0, INT));
  public static final NumberParameter MIN_REPLICAS_MAX_LAG =
      formerly("min-slaves-max-lag", TABLE.number("min-replicas-max-lag", 10, 0, INT));
  public static final CommitAcksParameter COMMIT_ACKS =
      hidden(TABLE.add(new CommitAcksParameter("commit-acks")));
  public static final BooleanParameter COMMIT_ACKS_FSYNC =
      hidden(TABLE.yesNo("commit-acks-fsync", false));
  public static final TextParameter MASTERUSER = secret(TABLE.optionalText("masteruser"));
  public static final TextParameter MASTERAUTH = secret(TABLE.optionalText("masterauth"));
  public static final BooleanParameter REPLICA_SERVE_STALE_DATA =
      formerly("slave-serve-stale-data", TABLE.yesNo("replica-serve-stale-data", true));
  public static final BooleanParameter REPLICA_READ_ONLY =
      formerly("slave-read-only", TABLE.yesNo("replica-read-only", true));
  public static final BooleanParameter REPLICA_IGNORE_MAXMEMORY =
      formerly("slave-ignore-maxmemory", TABLE.yesNo("replica-ignore-maxmemory", true));
  public static final BooleanParameter REPLICA_IGNORE_DISK_WRITE_ERRORS =
      TABLE.yesNo("replica-ignore-disk-write-errors", false);
  public static final BooleanParameter REPLICA_LAZY_FLUSH =
      never(formerly("slave-lazy-flush", TABLE.yesNo("replica-lazy-flush", false)));
  public static final NumberParameter REPLICA_PRIORITY =
      formerly("slave-priority", TABLE.number("replica-priority", 100, 0, INT));
  public static final BooleanParameter REPLICA_ANNOUNCED = TABLE.yesNo("replica-announced", true);
  public static final TextParameter REPLICA_ANNOUNCE_IP =
      formerly("slave-announce-ip", TABLE.optionalText("replica-announce-ip"));
  public static final NumberParameter REPLICA_ANNOUNCE_PORT =
      formerly("slave-announce-port", TABLE.number("replica-announce-port", 0, 0, 65535));
  public static final TextParameter BIND_SOURCE_ADDR = TABLE.optionalText("bind-source-addr");
  public static final NumberParameter REPL_PING_REPLICA_PERIOD =
      formerly("repl-ping-slave-period", TABLE.number("repl-ping-replica-period", 10, 1, INT));
  public static final NumberParameter REPL_TIMEOUT = TABLE.number("repl-timeout", 60, 1, INT);
  public static final BooleanParameter REPL_DISABLE_TCP_NODELAY =
      TABLE.yesNo("repl-disable-tcp-nodelay", false);
  public static final NumberParameter REPL_BACKLOG_SIZE =
      TABLE.memory("repl-backlog-size", MIB, 1, LONG).clampedTo(16384, LONG);
  public static final NumberParameter REPL_BACKLOG_TTL =
      TABLE.number("repl-backlog-ttl", 3600, 0, LONG);
  public static final BooleanParameter REPL_DISKLESS_SYNC = TABLE.yesNo("repl-diskless-sync", true);
  public static final NumberParameter REPL_DISKLESS_SYNC_DELAY =
      TABLE.number("repl-diskless-sync-delay", 5, 0, INT);
  public static final NumberParameter REPL_DISKLESS_SYNC_MAX_REPLICAS =
      TABLE.number("repl-diskless-sync-max-replicas", 0, 0, INT);
  public static final WordParameter REPL_DISKLESS_LOAD =
      TABLE.word("repl-diskless-load", "disabled", "disabled", "on-empty-db", "swapdb");
  public static final WordParameter PROPAGATION_ERROR_BEHAVIOR =
      TABLE.word("propagation-error-behavior", "ignore", "ignore", "panic", "panic-on-replicas");

  private ReplicationParameters() {}

  /** In the order of their declaration. */
  static List<Parameter> all() {
    return TABLE.parameters();
  }
}
