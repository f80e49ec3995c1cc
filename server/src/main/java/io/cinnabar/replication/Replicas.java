package io.cinnabar.replication;

import static io.cinnabar.config.ReplicationParameters.COMMIT_ACKS_FSYNC;
import static io.cinnabar.config.ReplicationParameters.MIN_REPLICAS_MAX_LAG;
import static io.cinnabar.config.ReplicationParameters.MIN_REPLICAS_TO_WRITE;
import static io.cinnabar.config.ReplicationParameters.REPL_BACKLOG_SIZE;
import static io.cinnabar.config.ReplicationParameters.REPL_TIMEOUT;

import io.cinnabar.command.ClientLine;
import io.cinnabar.command.Durability;
import io.cinnabar.command.Engine;
import io.cinnabar.command.OutputLimits.Limit;
import io.cinnabar.command.PositionWaits;
import io.cinnabar.command.ReplyGate;
import io.cinnabar.command.Session;
import io.cinnabar.config.Config;
import io.cinnabar.host.Log;
import io.cinnabar.replication.Replica.Phase;
import java.util.ArrayList;
import java.util.List;

/**
 * The replicas: sends them what there is to be sent, knows how far they are, and lets go of those
 * that are silent for too long. On the loop's thread.
 */
final class Replicas {

  private static final int MILLIS_PER_SECOND = 1000;

  private final Engine engine;
  private final Config config;
  private final Log log;
  private final PositionWaits waits;
  private final ReplyGate gate;
  private final List<Replica> replicas = new ArrayList<>();

  /** When the last of them has left. */
  private long lonelySinceSeconds;

  private boolean isPrimary = true;
  private boolean isClosing;

  Replicas(Engine engine, Config config) {
    this.engine = engine;
    this.config = config;
    waits = engine.sessions().positionWaits();
    gate = engine.sessions().gate();
    log = engine.log();
    lonelySinceSeconds = nowSeconds();
    config.onChange(MIN_REPLICAS_TO_WRITE, this::judgeWrites);
    config.onChange(MIN_REPLICAS_MAX_LAG, this::judgeWrites);
    config.onChange(COMMIT_ACKS_FSYNC, this::judgeWrites);
    judgeWrites();
  }

  long nowSeconds() {
    return engine.host().wallClock().millis() / MILLIS_PER_SECOND;
  }

  List<Replica> all() {
    return replicas;
  }

  boolean isEmpty() {
    return replicas.isEmpty();
  }

  /** What a client has said of itself as a replica, or will say. */
  Replica of(Session session) {
    if (session.follower() instanceof Replica replica) {
      return replica;
    }
    Replica replica = new Replica(session, this);
    session.follower(replica);
    return replica;
  }

  /** A client has asked for the stream. */
  void add(Replica replica) {
    replicas.add(replica);
    judgeWrites();
  }

  /** For how long there has been none. */
  long lonelySeconds() {
    return replicas.isEmpty() ? nowSeconds() - lonelySinceSeconds : 0;
  }

  /** Begins to count anew for how long there has been none. */
  void touch() {
    lonelySinceSeconds = nowSeconds();
  }

  /** Cuts all of them off, so that they ask anew. */
  void disconnectAll() {
    for (Replica replica : List.copyOf(replicas)) {
      replica.session().close();
    }
  }

  /** Says that the server ends. */
  void close() {
    isClosing = true;
  }

  /** Sends what there is to be sent, at the end of a turn. */
  void flush() {
    if (replicas.isEmpty()) {
      return;
    }
    long nowSeconds = nowSeconds();
    // Downwards: those that are cut off leave the list.
    for (int i = replicas.size() - 1; i >= 0; i--) {
      if (i < replicas.size()) {
        replicas.get(i).flush(nowSeconds);
      }
    }
  }

  // ---- once a second

  /** Keeps those alive that wait, and lets go of those that are gone. */
  void tick() {
    long nowSeconds = nowSeconds();
    long timeoutSeconds = config.get(REPL_TIMEOUT);
    for (Replica replica : List.copyOf(replicas)) {
      if (!replica.session().isHoldingReplies()) {
        replica.keepAlive();
      }
      if (replica.isOnline()
          && !replica.isSilent()
          && nowSeconds - replica.acknowledgedSeconds() > timeoutSeconds) {
        log.warning("Disconnecting timedout replica (streaming sync): " + replica.name());
        replica.session().close();
      } else if ((replica.phase() == Phase.STREAMED || replica.phase() == Phase.SENT)
          && nowSeconds - replica.movedSeconds() > timeoutSeconds) {
        log.warning("Disconnecting timedout replica (full sync): " + replica.name());
        replica.session().close();
      }
    }
    judgeWrites();
  }

  // ---- how far they are

  /** How long ago it has told how far it is; 0 where it can't have. */
  long lagSeconds(Replica replica) {
    boolean hasTold = replica.isOnline() && replica.acknowledgedSeconds() > 0;
    return hasTold ? nowSeconds() - replica.acknowledgedSeconds() : 0;
  }

  int acknowledged(long position) {
    int count = 0;
    for (Replica replica : replicas) {
      count += replica.isOnline() && replica.acknowledgedOffset() >= position ? 1 : 0;
    }
    return count;
  }

  int synced(long position) {
    int count = 0;
    for (Replica replica : replicas) {
      count += replica.isOnline() && replica.syncedOffset() >= position ? 1 : 0;
    }
    return count;
  }

  /** Up to where so many of them have told that they have everything. */
  long acknowledgedBy(int wanted, boolean isOnDisk) {
    long most = Durability.NOTHING;
    for (Replica replica : replicas) {
      long offset = isOnDisk ? replica.syncedOffset() : replica.acknowledgedOffset();
      if (replica.isOnline()
          && offset > most
          && (isOnDisk ? synced(offset) : acknowledged(offset)) >= wanted) {
        most = offset;
      }
    }
    return most;
  }

  /** Whether all of them, if there are any, have everything up to this position. */
  boolean have(long position) {
    for (Replica replica : replicas) {
      if (replica.acknowledgedOffset() != position) {
        return false;
      }
    }
    return true;
  }

  /** Says in the log which of them don't have everything up to this position. */
  void tellLagging(long position) {
    int lagging = 0;
    for (Replica replica : replicas) {
      if (replica.acknowledgedOffset() != position) {
        lagging++;
        long seconds = replica.isOnline() ? nowSeconds() - replica.acknowledgedSeconds() : 0;
        log.notice(
            "Lagging replica "
                + replica.name()
                + " reported offset "
                + (position - replica.acknowledgedOffset())
                + " behind master, lag="
                + seconds
                + ", state="
                + replica.phase().word()
                + ".");
      }
    }
    if (!replicas.isEmpty()) {
      log.notice(
          replicas.size()
              - lagging
              + " of "
              + replicas.size()
              + " replicas are in sync when shutting down.");
    }
  }

  /** How many are near enough for writes to be allowed. */
  int goodCount() {
    int count = 0;
    for (Replica replica : replicas) {
      count += replica.isOnline() && isNear(replica) ? 1 : 0;
    }
    return count;
  }

  private boolean isNear(Replica replica) {
    return nowSeconds() - replica.acknowledgedSeconds() <= config.get(MIN_REPLICAS_MAX_LAG);
  }

  /** How many can be counted on to acknowledge what they are sent, on disk where that counts. */
  private int readyCount() {
    boolean isAnyNear = config.get(MIN_REPLICAS_MAX_LAG) == 0;
    boolean mustSync = config.get(COMMIT_ACKS_FSYNC);
    int count = 0;
    for (Replica replica : replicas) {
      boolean isReady =
          replica.phase() == Phase.ONLINE && (isAnyNear || isNear(replica)) && !replica.isSilent();
      count += isReady && (replica.syncs() || !mustSync) ? 1 : 0;
    }
    return count;
  }

  /** Whether writes depend on how many replicas there are. */
  boolean isWatched() {
    return config.get(MIN_REPLICAS_TO_WRITE) > 0 && config.get(MIN_REPLICAS_MAX_LAG) > 0;
  }

  /** Says whether this server is a primary; a replica refuses writes for reasons of its own. */
  void primary(boolean yes) {
    isPrimary = yes;
    judgeWrites();
    gate.primary(yes);
  }

  private void judgeWrites() {
    boolean lacks = isPrimary && isWatched() && goodCount() < config.get(MIN_REPLICAS_TO_WRITE);
    engine.availability().lacksReplicas(lacks);
    gate.readyReplicas(readyCount());
  }

  // ---- what they tell

  Limit outputLimit() {
    Limit limit = engine.settings().outputLimits.replica();
    long backlogBytes = config.get(REPL_BACKLOG_SIZE);
    // Less than the backlog has is no reason to cut a replica: it would come back and get it.
    return limit.hardBytes() > 0 && limit.hardBytes() < backlogBytes
        ? new Limit(backlogBytes, limit.softBytes(), limit.softSeconds())
        : limit;
  }

  /** One of them has told how far it is. */
  void acknowledged(Replica replica, long offset, long syncedOffset) {
    boolean synced = replica.syncs();
    replica.acknowledged(offset, syncedOffset, nowSeconds());
    waits.acknowledged();
    gate.acknowledged();
    if (replica.syncs() != synced) {
      judgeWrites();
    }
  }

  /** It is sent the stream from now on. */
  void streams(Replica replica) {
    judgeWrites();
    log.notice("Synchronization with replica " + replica.name() + " succeeded");
  }

  /** It has the snapshot. */
  void hasSnapshot(Replica replica) {
    if (replica.phase() == Phase.LOADING) {
      log.notice(
          "Streamed RDB transfer with replica "
              + replica.name()
              + " succeeded (socket). Waiting for REPLCONF ACK from replica to enable streaming");
      judgeWrites();
    } else {
      streams(replica);
    }
  }

  /** It has the snapshot, and wanted nothing else. */
  void transmitted(Replica replica) {
    log.notice(
        "RDB transfer completed, rdb only replica ("
            + replica.name()
            + ") should be disconnected asap");
  }

  /** One of them has sent a command that has a reply. */
  void answered(Replica replica) {
    log.warning(
        "Replica generated a reply to command '"
            + replica.session().lastCommand()
            + "', disconnecting it: "
            + ClientLine.of(replica.session(), engine.unit().nowMillis()));
    replica.session().close();
  }

  /** One of them is gone. */
  void left(Replica replica) {
    replicas.remove(replica);
    if (replicas.isEmpty()) {
      touch();
    }
    if (!isClosing) {
      log.notice("Connection with replica " + replica.name() + " lost.");
    }
    judgeWrites();
  }
}
