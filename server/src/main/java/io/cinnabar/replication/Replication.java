package io.cinnabar.replication;

import static io.cinnabar.config.ReplicationParameters.REPL_BACKLOG_SIZE;
import static io.cinnabar.config.ReplicationParameters.REPL_BACKLOG_TTL;
import static io.cinnabar.config.ReplicationParameters.REPL_DISABLE_TCP_NODELAY;
import static io.cinnabar.config.ReplicationParameters.REPL_PING_REPLICA_PERIOD;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.cinnabar.command.Engine;
import io.cinnabar.command.ReplicaAcks;
import io.cinnabar.command.StreamMemory;
import io.cinnabar.config.Config;
import io.cinnabar.host.Log;
import io.cinnabar.persistence.Snapshots;
import io.cinnabar.persistence.StreamPosition;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * This server's part in replication: the history of its data set, the stream of changes, the
 * replicas that follow it, and the link to a primary where it has one. On the loop's thread.
 */
public final class Replication implements ReplicaAcks, StreamMemory {

  private static final long NEVER = -1;

  /** What a replica asks for that has no data set yet. */
  private static final String NO_ID = "?";

  private static final byte[] REPLCONF = "REPLCONF".getBytes(US_ASCII);
  private static final List<byte[]> ASK =
      List.of(REPLCONF, "GETACK".getBytes(US_ASCII), "*".getBytes(US_ASCII));
  private static final List<byte[]> PING = List.of("PING".getBytes(US_ASCII));

  private final Engine engine;
  private final Config config;
  private final Log log;
  private final History history;
  private final ReplicationStream stream;
  private final Replicas replicas;
  private final FullSyncs fullSyncs;
  private @Nullable PrimaryLink link;
  private @Nullable Failover failover;
  private boolean mustAsk;
  private long tickedSeconds;
  private long pingedSeconds;

  /** The number of changes at which the data set was what its place in the history says. */
  private long exactAtChange = NEVER;

  public Replication(Engine engine, Config config, Snapshots snapshots) {
    this.engine = engine;
    this.config = config;
    log = engine.log();
    history = new History(engine.host().random());
    stream = new ReplicationStream(history, engine.unit(), config.get(REPL_BACKLOG_SIZE));
    config.onChange(REPL_BACKLOG_SIZE, () -> stream.limit(config.get(REPL_BACKLOG_SIZE)));
    replicas = new Replicas(engine, config);
    fullSyncs = new FullSyncs(engine, config, snapshots, history, stream, replicas);
    snapshots.position(this::streamPosition);
    engine.sessions().positionWaits().replicas(this);
    engine.sessions().gate().replicas(this);
    engine.memory().stream(this);
  }

  /** Which history of changes the data set has, and how far it has come. */
  public History history() {
    return history;
  }

  Replicas replicas() {
    return replicas;
  }

  FullSyncs fullSyncs() {
    return fullSyncs;
  }

  ReplicationStream stream() {
    return stream;
  }

  /** Says who hands this server's part over to a replica. */
  void failover(Failover newFailover) {
    failover = newFailover;
  }

  /** Who hands this server's part over to a replica. */
  Failover failover() {
    if (failover == null) {
      throw new IllegalStateException("the server is not wired yet");
    }
    return failover;
  }

  // ---- who follows whom

  /** {@inheritDoc} Whether the primary is connected or not. */
  @Override
  public boolean isReplica() {
    return link != null;
  }

  /** The link to the primary; null without one. */
  public @Nullable PrimaryLink link() {
    return link;
  }

  /**
   * Follows a primary from now on: REPLICAOF with a host. The history stays what it was, since the
   * new primary may be able to go on with it; the backlog is kept, or made, so that this can be
   * asked for. Replicas stay, in case it is. The old link is closed.
   */
  public void follow(PrimaryLink newLink) {
    closeLink();
    link = newLink;
    if (stream.backlog() == null && engine.unit().changeCount() != exactAtChange) {
      // Nobody has counted what has changed: it is at no place of that history.
      history.restart();
    }
    stream.own(false);
    stream.open();
    replicas.primary(false);
  }

  /** Follows nobody any more: REPLICAOF NO ONE. The history goes on under a new name. */
  public void lead() {
    closeLink();
    history.renew();
    log.notice(
        "Setting secondary replication ID to "
            + history.formerId()
            + ", valid up to offset: "
            + history.formerOffset()
            + ". New replication ID is "
            + history.id());
    // Those who follow have to hear of the new name; they go on where they are.
    replicas.disconnectAll();
    replicas.touch();
    stream.own(true);
    stream.beginAnew();
    replicas.primary(true);
  }

  private void closeLink() {
    if (link != null) {
      link.close();
      link = null;
    }
  }

  /**
   * The primary sends all of its data set anew, which is at this place of its history: whoever
   * follows this server has to begin anew, too. To be called when the new data set is in place.
   */
  public void adopt(String id, long offset) {
    replicas.disconnectAll();
    history.adopt(id, offset);
    stream.close();
    stream.open();
  }

  /**
   * The primary goes on where this server is.
   *
   * @param id what the history is called now
   */
  public void proceed(String id) {
    if (!id.equals(history.id())) {
      history.rename(id);
      replicas.disconnectAll();
    }
    stream.open();
  }

  /**
   * The data set has come from a file that was written at this place of a history. A replica may
   * ask its primary to go on from there. A primary goes on from there itself, under a new name.
   *
   * @param isWhole whether all keys of the file are there still
   */
  public void loaded(StreamPosition position, boolean isWhole) {
    history.adopt(position.id(), position.offset());
    exactAtChange = engine.unit().changeCount();
    if (link == null && isWhole) {
      history.renew();
      stream.open();
    } else if (link == null) {
      history.restart();
    }
  }

  /** Goes on under a new name that nobody knows: DEBUG CHANGE-REPL-ID. */
  public void restartHistory() {
    history.restart();
  }

  /** Cuts all replicas off, so that they ask anew where they can go on. */
  public void disconnectReplicas() {
    replicas.disconnectAll();
  }

  // ---- who asks to follow

  /** A replica wants to begin anew. */
  void synchronise(Replica replica) {
    log.notice("Replica " + replica.name() + " asks for synchronization");
    beginAnew(replica);
  }

  /**
   * A replica wants to go on.
   *
   * @param offset the number of the byte, counted from one, that it wants next
   */
  void synchronise(Replica replica, String id, long offset) {
    log.notice("Replica " + replica.name() + " asks for synchronization");
    if (mayGoOn(replica, id, offset)) {
      goOn(replica, offset);
      return;
    }
    if (!id.equals(NO_ID)) {
      engine.statistics().refusedPartialSyncs++;
    }
    beginAnew(replica);
  }

  private boolean mayGoOn(Replica replica, String id, long offset) {
    if (!history.continuesAt(id, offset)) {
      logMismatch(replica, id, offset);
      return false;
    }
    Backlog backlog = stream.backlog();
    if (backlog == null || !backlog.reachesBackTo(offset - 1)) {
      log.notice(
          "Unable to partial resync with replica "
              + replica.name()
              + " for lack of backlog (Replica request was: "
              + offset
              + ").");
      if (offset - 1 > history.offset()) {
        log.warning(
            "Warning: replica "
                + replica.name()
                + " tried to PSYNC with an offset that is greater than the master replication"
                + " offset.");
      }
      return false;
    }
    return true;
  }

  private void logMismatch(Replica replica, String id, long offset) {
    if (id.equals(NO_ID)) {
      log.notice("Full resync requested by replica " + replica.name());
    } else if (id.equalsIgnoreCase(history.formerId())) {
      log.notice(
          "Partial resynchronization not accepted: Requested offset for second ID was "
              + offset
              + ", but I can reply up to "
              + history.formerOffset());
    } else {
      log.notice(
          "Partial resynchronization not accepted: Replication ID mismatch (Replica asked for '"
              + id
              + "', my replication IDs are '"
              + history.id()
              + "' and '"
              + history.formerId()
              + "')");
    }
  }

  private void goOn(Replica replica, long offset) {
    engine.statistics().partialSyncs++;
    String reply = replica.canBeRenamed() ? "+CONTINUE " + history.id() : "+CONTINUE";
    BacklogCursor from = stream.open().cursor(offset - 1);
    log.notice(
        "Partial resynchronization request from "
            + replica.name()
            + " accepted. Sending "
            + from.unreadBytes()
            + " bytes of backlog starting from offset "
            + offset
            + ".");
    replica.goOn(Replica.line(reply), from, replicas.nowSeconds());
    replicas.add(replica);
  }

  private void beginAnew(Replica replica) {
    engine.statistics().fullSyncs++;
    if (config.get(REPL_DISABLE_TCP_NODELAY)) {
      replica.session().connection().noDelay(false);
    }
    replica.await(replicas.nowSeconds());
    replicas.add(replica);
    openStream();
    fullSyncs.announce(replica);
  }

  // ---- the stream

  /**
   * Takes in bytes of the primary's stream, as they came, when what they say was done: they are
   * this server's stream, too.
   */
  public void relay(byte[] bytes, int offset, int length) {
    stream.relay(bytes, offset, length);
  }

  /** Where the data set is, for a snapshot; null where nobody could go on from there. */
  private @Nullable StreamPosition streamPosition() {
    if (stream.backlog() == null) {
      return null;
    }
    int database = link == null ? stream.database() : link.database();
    return new StreamPosition(history.id(), history.offset(), database);
  }

  /** Sends the replicas what there is for them; at the end of each turn. */
  public void endTurn() {
    if (link != null) {
      link.endTurn();
    }
    if (stream.isBroken()) {
      log.warning("Out of memory for what replicas are to be sent: they have to begin anew");
      replicas.disconnectAll();
      freeBacklog();
    }
    if (replicas.isEmpty()) {
      mustAsk = false;
      return;
    }
    if (mustAsk && !engine.pause().isOn()) {
      mustAsk = false;
      if (link == null) {
        stream.tell(ASK);
      }
    }
    fullSyncs.startIfDue();
    replicas.flush();
    failover().goOn();
  }

  /**
   * Makes sure that there is a stream to follow. What has changed before nobody has counted, so the
   * history begins anew with it.
   */
  void openStream() {
    if (stream.backlog() == null) {
      history.restart();
      stream.open();
      log.notice(
          "Replication backlog created, my new replication IDs are '"
              + history.id()
              + "' and '"
              + history.formerId()
              + "'");
    }
  }

  private void freeBacklog() {
    history.restart();
    stream.close();
  }

  // ---- the server ends

  /** Whether all replicas have told that they have everything. */
  public boolean haveReplicasEverything() {
    return replicas.have(history.offset());
  }

  /** Says in the log which replicas have not, now that the server ends. */
  public void tellLaggingReplicas() {
    replicas.tellLagging(history.offset());
  }

  // ---- some times a second

  /** Does what is due once a second. */
  public void tick() {
    long nowSeconds = replicas.nowSeconds();
    if (nowSeconds == tickedSeconds) {
      return;
    }
    tickedSeconds = nowSeconds;
    replicas.tick();
    fullSyncs.tick();
    stream.giveBack();
    if (link == null) {
      ping(nowSeconds);
      freeIdleBacklog();
    }
  }

  /** So that replicas know that the link is up. */
  private void ping(long nowSeconds) {
    if (nowSeconds - pingedSeconds >= config.get(REPL_PING_REPLICA_PERIOD)) {
      pingedSeconds = nowSeconds;
      // While a replica is to catch up, the stream stands still.
      if (!replicas.isEmpty() && !failover().isOn()) {
        stream.tell(PING);
      }
    }
  }

  /** Nobody has come back for so long. */
  private void freeIdleBacklog() {
    long ttlSeconds = config.get(REPL_BACKLOG_TTL);
    if (ttlSeconds > 0
        && stream.backlog() != null
        && replicas.isEmpty()
        && replicas.lonelySeconds() > ttlSeconds) {
      freeBacklog();
      log.notice(
          "Replication backlog freed after " + ttlSeconds + " seconds without connected replicas.");
    }
  }

  /** Says that the server ends. */
  public void close() {
    replicas.close();
    closeLink();
  }

  // ---- what INFO and ROLE tell

  /** The replicas, in the order in which they came. */
  public List<ReplicaStatus> statuses() {
    List<ReplicaStatus> statuses = new ArrayList<>();
    for (Replica replica : replicas.all()) {
      statuses.add(
          new ReplicaStatus(
              replica.address(),
              replica.port(),
              replica.phase().word(),
              replica.isOnline(),
              replica.acknowledgedOffset(),
              replicas.lagSeconds(replica)));
    }
    return statuses;
  }

  /** Whether writes depend on how many replicas there are. */
  public boolean isWatched() {
    return replicas.isWatched();
  }

  /** How many replicas are near enough for writes to be allowed. */
  public int goodReplicas() {
    return replicas.goodCount();
  }

  /** How far a failover is, in the words of INFO. */
  public String failoverState() {
    return failover().word();
  }

  /** Whether the stream is kept. */
  public boolean hasBacklog() {
    return stream.backlog() != null;
  }

  /** The number of the first byte that is kept of the stream, counted from one; 0 for none. */
  public long backlogFirstByte() {
    Backlog backlog = stream.backlog();
    return backlog == null ? 0 : backlog.firstOffset() + 1;
  }

  /** How much of the stream is kept. */
  public long backlogBytes() {
    Backlog backlog = stream.backlog();
    return backlog == null ? 0 : backlog.sizeBytes();
  }

  // ---- what waiting clients ask

  @Override
  public long position() {
    return history.offset();
  }

  @Override
  public int acknowledged(long position) {
    return replicas.acknowledged(position);
  }

  @Override
  public int synced(long position) {
    return replicas.synced(position);
  }

  @Override
  public long acknowledgedBy(int count, boolean isOnDisk) {
    return replicas.acknowledgedBy(count, isOnDisk);
  }

  @Override
  public void ask() {
    mustAsk = true;
  }

  // ---- what it costs

  @Override
  public long bytes() {
    return stream.bytes() + fullSyncs.memoryBytes();
  }

  @Override
  public long excessBytes() {
    return stream.excessBytes() + fullSyncs.memoryBytes();
  }
}
