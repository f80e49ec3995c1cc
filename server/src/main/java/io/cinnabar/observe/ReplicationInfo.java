package io.cinnabar.observe;

import static io.cinnabar.config.ReplicationParameters.REPLICA_ANNOUNCED;
import static io.cinnabar.config.ReplicationParameters.REPLICA_PRIORITY;
import static io.cinnabar.config.ReplicationParameters.REPLICA_READ_ONLY;
import static io.cinnabar.config.ReplicationParameters.REPL_BACKLOG_SIZE;

import io.cinnabar.command.Engine;
import io.cinnabar.command.Sessions;
import io.cinnabar.config.Config;
import io.cinnabar.replication.PrimaryLink;
import io.cinnabar.replication.ReplicaStatus;
import io.cinnabar.replication.Replication;
import java.util.List;
import java.util.function.Supplier;

/** The section Replication of INFO. */
final class ReplicationInfo {

  private static final double PERCENT = 100;

  private final Config config;
  private final Supplier<Replication> replication;

  ReplicationInfo(Config config, Supplier<Replication> replication) {
    this.config = config;
    this.replication = replication;
  }

  /** How many clients are replicas. */
  int replicas() {
    return replication.get().statuses().size();
  }

  void write(Engine engine, InfoText text) {
    Replication of = replication.get();
    PrimaryLink link = of.link();
    text.field("role", link == null ? "master" : "slave");
    if (link != null) {
      link(link, text);
    }
    List<ReplicaStatus> replicas = of.statuses();
    text.field("connected_slaves", replicas.size());
    if (of.isWatched()) {
      text.field("min_slaves_good_slaves", of.goodReplicas());
    }
    Sessions sessions = engine.sessions();
    if (sessions.gate().isActive()) {
      text.field("commit_acks_ready_replicas", sessions.gate().readyReplicas());
      text.field("commit_acks_held_replies", sessions.awaitingReplies());
      text.field("commit_acks_failed_replies", engine.statistics().unacknowledgedReplies);
    }
    for (int i = 0; i < replicas.size(); i++) {
      replica(i, replicas.get(i), text);
    }
    text.field("master_failover_state", of.failoverState());
    text.field("master_replid", of.history().id());
    text.field("master_replid2", of.history().formerId());
    text.field("master_repl_offset", of.history().offset());
    text.field("second_repl_offset", of.history().formerOffset());
    text.field("repl_backlog_active", of.hasBacklog() ? 1 : 0);
    text.field("repl_backlog_size", config.get(REPL_BACKLOG_SIZE));
    text.field("repl_backlog_first_byte_offset", of.backlogFirstByte());
    text.field("repl_backlog_histlen", of.backlogBytes());
  }

  private void link(PrimaryLink link, InfoText text) {
    boolean isUp = link.state() == PrimaryLink.State.CONNECTED;
    boolean isSyncing = link.state() == PrimaryLink.State.SYNC;
    text.field("master_host", link.host());
    text.field("master_port", link.port());
    text.field("master_link_status", isUp ? "up" : "down");
    text.field("master_last_io_seconds_ago", link.silentSeconds());
    text.field("master_sync_in_progress", isSyncing ? 1 : 0);
    text.field("slave_read_repl_offset", link.readOffset());
    text.field("slave_repl_offset", link.offset());
    if (isSyncing) {
      sync(link, text);
    }
    if (!isUp) {
      text.field("master_link_down_since_seconds", link.downSeconds());
    }
    text.field("slave_priority", config.get(REPLICA_PRIORITY));
    text.field("slave_read_only", config.get(REPLICA_READ_ONLY) ? 1 : 0);
    text.field("replica_announced", config.get(REPLICA_ANNOUNCED) ? 1 : 0);
  }

  private static void sync(PrimaryLink link, InfoText text) {
    long total = Math.max(0, link.syncTotalBytes());
    long read = link.syncReadBytes();
    text.field("master_sync_total_bytes", total);
    text.field("master_sync_read_bytes", read);
    text.field("master_sync_left_bytes", total == 0 ? -1 : total - read);
    text.decimal("master_sync_perc", total == 0 ? 0 : PERCENT * read / total, 2);
    text.field("master_sync_last_io_seconds_ago", link.syncSilentSeconds());
  }

  private static void replica(int number, ReplicaStatus replica, InfoText text) {
    text.field(
        "slave" + number,
        "ip="
            + replica.address()
            + ",port="
            + replica.port()
            + ",state="
            + replica.state()
            + ",offset="
            + replica.offset()
            + ",lag="
            + replica.lagSeconds());
  }
}
