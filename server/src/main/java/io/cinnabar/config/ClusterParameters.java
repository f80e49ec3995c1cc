package io.cinnabar.config;

import static io.cinnabar.config.ParameterGroup.INT;
import static io.cinnabar.config.ParameterGroup.LONG;
import static io.cinnabar.config.ParameterGroup.formerly;
import static io.cinnabar.config.ParameterGroup.hidden;
import static io.cinnabar.config.ParameterGroup.immutable;
import static io.cinnabar.config.ParameterGroup.notYet;
import static io.cinnabar.config.ParameterGroup.unsupported;

import java.util.List;

/** The cluster. There is none yet, so a server can't be told to be part of one. */
public final class ClusterParameters {

  private static final ParameterGroup TABLE = new ParameterGroup();

  public static final BooleanParameter CLUSTER_ENABLED =
      unsupported("cluster mode is", immutable(TABLE.yesNo("cluster-enabled", false)));
  public static final TextParameter CLUSTER_CONFIG_FILE =
      notYet(immutable(TABLE.text("cluster-config-file", "nodes.conf")));
  public static final NumberParameter CLUSTER_PORT =
      notYet(immutable(TABLE.number("cluster-port", 0, 0, 65535)));
  public static final NumberParameter CLUSTER_NODE_TIMEOUT =
      notYet(TABLE.number("cluster-node-timeout", 15_000, 0, LONG));
  public static final NumberParameter CLUSTER_PING_INTERVAL =
      hidden(notYet(TABLE.number("cluster-ping-interval", 0, 0, LONG)));
  public static final NumberParameter CLUSTER_MIGRATION_BARRIER =
      notYet(TABLE.number("cluster-migration-barrier", 1, 0, INT));
  public static final NumberParameter CLUSTER_REPLICA_VALIDITY_FACTOR =
      notYet(
          formerly(
              "cluster-slave-validity-factor",
              TABLE.number("cluster-replica-validity-factor", 10, 0, INT)));
  public static final BooleanParameter CLUSTER_REPLICA_NO_FAILOVER =
      notYet(
          formerly("cluster-slave-no-failover", TABLE.yesNo("cluster-replica-no-failover", false)));
  public static final BooleanParameter CLUSTER_ALLOW_REPLICA_MIGRATION =
      notYet(TABLE.yesNo("cluster-allow-replica-migration", true));
  public static final BooleanParameter CLUSTER_REQUIRE_FULL_COVERAGE =
      notYet(TABLE.yesNo("cluster-require-full-coverage", true));
  public static final BooleanParameter CLUSTER_ALLOW_READS_WHEN_DOWN =
      notYet(TABLE.yesNo("cluster-allow-reads-when-down", false));
  public static final BooleanParameter CLUSTER_ALLOW_PUBSUBSHARD_WHEN_DOWN =
      notYet(TABLE.yesNo("cluster-allow-pubsubshard-when-down", true));
  public static final NumberParameter CLUSTER_LINK_SENDBUF_LIMIT =
      notYet(TABLE.unsignedMemory("cluster-link-sendbuf-limit", 0));
  public static final TextParameter CLUSTER_ANNOUNCE_IP =
      notYet(TABLE.optionalText("cluster-announce-ip"));
  public static final NumberParameter CLUSTER_ANNOUNCE_PORT =
      notYet(TABLE.number("cluster-announce-port", 0, 0, 65535));
  public static final NumberParameter CLUSTER_ANNOUNCE_TLS_PORT =
      notYet(TABLE.number("cluster-announce-tls-port", 0, 0, 65535));
  public static final NumberParameter CLUSTER_ANNOUNCE_BUS_PORT =
      notYet(TABLE.number("cluster-announce-bus-port", 0, 0, 65535));
  public static final TextParameter CLUSTER_ANNOUNCE_HOSTNAME =
      notYet(TABLE.optionalText("cluster-announce-hostname").checkedBy(TextChecks::hostName));
  public static final TextParameter CLUSTER_ANNOUNCE_HUMAN_NODENAME =
      notYet(TABLE.optionalText("cluster-announce-human-nodename").checkedBy(TextChecks::nodeName));
  public static final WordParameter CLUSTER_PREFERRED_ENDPOINT_TYPE =
      notYet(
          TABLE.word(
              "cluster-preferred-endpoint-type", "ip", "ip", "hostname", "unknown-endpoint"));

  private ClusterParameters() {}

  /** In the order of their declaration. */
  static List<Parameter> all() {
    return TABLE.parameters();
  }
}
