package io.cinnabar.replication;

import static io.cinnabar.config.PersistenceParameters.DBFILENAME;
import static io.cinnabar.config.ReplicationParameters.MASTERAUTH;
import static io.cinnabar.config.ReplicationParameters.MASTERUSER;
import static io.cinnabar.config.ReplicationParameters.REPLICAOF;
import static io.cinnabar.config.ReplicationParameters.REPLICA_ANNOUNCE_IP;
import static io.cinnabar.config.ReplicationParameters.REPLICA_ANNOUNCE_PORT;
import static io.cinnabar.config.ReplicationParameters.REPL_DISKLESS_LOAD;
import static io.cinnabar.config.TlsParameters.TLS_PORT;
import static io.cinnabar.config.TlsParameters.TLS_REPLICATION;

import io.cinnabar.arena.ArenaFullException;
import io.cinnabar.command.Engine;
import io.cinnabar.command.Timers;
import io.cinnabar.config.Config;
import io.cinnabar.config.ConfigException;
import io.cinnabar.host.Log;
import io.cinnabar.keyspace.Database;
import io.cinnabar.keyspace.Keyspace;
import io.cinnabar.keyspace.Replacement;
import io.cinnabar.loop.Loop;
import io.cinnabar.persistence.AppendOnlyFile;
import io.cinnabar.persistence.Journal;
import io.cinnabar.persistence.Loading;
import io.cinnabar.persistence.SnapshotLoader;
import io.cinnabar.persistence.Snapshots;
import io.cinnabar.persistence.StreamPosition;
import java.io.IOException;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * This server as the replica of another: whom it follows, which part of whose history it has, and
 * how another data set takes the place of its own. On the loop's thread.
 */
public final class Following {

  private final Engine engine;
  private final Config config;
  private final Log log;
  private final Timers timers;
  private final Loop loop;
  private final IntSupplier port;
  private final Replication replication;
  private final Snapshots snapshots;
  private final SnapshotLoader loader;
  private final AppendOnlyFile appendOnlyFile;
  private final DurableOffset durableOffset;
  private final Failover failover;

  /** Whether the data set is a part of the history that {@link Replication} names. */
  private boolean historyKnown = true;

  /** For which database the last command of the stream was. */
  private int streamDatabase;

  /**
   * Since when no primary's stream comes, where one did, whichever it was: a Sentinel has to know
   * how old the data are. {@link PrimaryLink#NONE} otherwise.
   */
  private long unlinkedNanos = PrimaryLink.NONE;

  private boolean hasFiles;
  private long files;

  /**
   * One that follows nobody yet.
   *
   * @param port where clients connect, as the primary is told
   */
  public Following(
      Engine engine,
      Config config,
      Timers timers,
      Loop loop,
      IntSupplier port,
      Replication replication,
      Snapshots snapshots,
      SnapshotLoader loader,
      AppendOnlyFile appendOnlyFile) {
    this.engine = engine;
    this.config = config;
    log = engine.log();
    this.timers = timers;
    this.loop = loop;
    this.port = port;
    this.replication = replication;
    this.snapshots = snapshots;
    this.loader = loader;
    this.appendOnlyFile = appendOnlyFile;
    durableOffset = new DurableOffset(appendOnlyFile.journal());
    failover = new Failover(engine, timers, this, replication);
    replication.failover(failover);
  }

  // ---- whom it follows

  /**
   * Says, before the data set is loaded at the start, whether it is a primary's.
   *
   * @param files whether this server has files, as one that is embedded may not
   */
  public void prepare(boolean files) {
    hasFiles = files && !config.get(DBFILENAME).isEmpty();
    replication.fullSyncs().hasFiles(hasFiles);
    engine.availability().following(!config.get(REPLICAOF).isEmpty());
  }

  /** Follows the primary that the configuration names, when the data set is loaded. */
  public void start() {
    String primary = config.get(REPLICAOF);
    StreamPosition position = loader.position();
    if (primary.isEmpty()) {
      if (position != null) {
        replication.loaded(position, loader.expiredKeys() == 0);
      }
      return;
    }
    historyKnown = position != null;
    if (position != null) {
      replication.adopt(position.id(), position.offset());
      streamDatabase = position.database();
    }
    int space = primary.lastIndexOf(' ');
    link(primary.substring(0, space), Integer.parseInt(primary.substring(space + 1)));
  }

  /** Whether it follows this primary already. */
  boolean follows(String host, int port) {
    PrimaryLink link = replication.link();
    return link != null && link.host().equalsIgnoreCase(host) && link.port() == port;
  }

  /** Follows a primary from now on: REPLICAOF with host and port. */
  void follow(String host, int port) {
    if (!replication.isReplica()) {
      log.notice(
          "Before turning into a replica, using my own master parameters to synthesize a cached"
              + " master: I may be able to synchronize with the new master with just a partial"
              + " transfer.");
      historyKnown = true;
      streamDatabase = 0;
    }
    engine.blockedClients().expel(engine.sessions().all());
    configure(host, Integer.toString(port));
    engine.availability().following(true);
    link(host, port);
  }

  private void link(String host, int port) {
    UpstreamLink link = new UpstreamLink(this, engine, host, port);
    replication.follow(link);
    link.start();
  }

  /** Follows nobody any more: REPLICAOF NO ONE. Whether it did. */
  boolean lead() {
    if (!replication.isReplica()) {
      return false;
    }
    configure("no", "one");
    engine.availability().following(false);
    replication.lead();
    unlinkedNanos = PrimaryLink.NONE;
    // Where a synchronization has ended badly it is still off.
    appendOnlyFile.resume();
    return true;
  }

  private void configure(String... words) {
    try {
      config.set(REPLICAOF.name(), words);
    } catch (ConfigException e) {
      throw new IllegalStateException(e);
    }
  }

  // ---- what the link asks

  Config config() {
    return config;
  }

  Failover failover() {
    return failover;
  }

  Timers timers() {
    return timers;
  }

  Replication replication() {
    return replication;
  }

  Handshake handshake(Consumer<byte[]> out) {
    int announced = (int) config.get(REPLICA_ANNOUNCE_PORT);
    int own = config.get(TLS_REPLICATION) ? (int) config.get(TLS_PORT) : port.getAsInt();
    Handshake.Identity identity =
        new Handshake.Identity(
            announced == 0 ? own : announced,
            config.get(REPLICA_ANNOUNCE_IP),
            config.get(MASTERUSER),
            config.get(MASTERAUTH));
    History history = replication.history();
    return new Handshake(
        log,
        identity,
        historyKnown ? history.id() : "",
        history.offset(),
        failover.isRunning(),
        out);
  }

  /** The primary goes on where this server is, in the history of this name. */
  void proceed(String id) {
    replication.proceed(id);
  }

  void linked(boolean yes) {
    unlinkedNanos = yes ? PrimaryLink.NONE : engine.host().monotonicClock().nanos();
    engine.availability().linked(yes);
  }

  long unlinkedNanos() {
    return unlinkedNanos;
  }

  int streamDatabase() {
    return streamDatabase;
  }

  boolean isHistoryKnown() {
    return historyKnown;
  }

  /** The data set is no part of the history any more; no snapshot may say so either. */
  void forgetHistory() {
    historyKnown = false;
    replication.restartHistory();
  }

  void executed(byte[] bytes, int offset, int length, int database) {
    replication.relay(bytes, offset, length);
    streamDatabase = database;
  }

  byte[] acknowledgement() {
    long offset = replication.history().offset();
    long durable = durableOffset();
    return durable == PrimaryLink.NONE
        ? ReplyLine.command("REPLCONF", "ACK", Long.toString(offset))
        : ReplyLine.command(
            "REPLCONF", "ACK", Long.toString(offset), "FACK", Long.toString(durable));
  }

  /** Up to where the stream is on this server's disk; {@link PrimaryLink#NONE} without a file. */
  long durableOffset() {
    return durableOffset.at(replication.history().offset());
  }

  // ---- another data set

  /** Whether the data set goes into a file before it is loaded. */
  boolean receivesToFile() {
    return switch (config.word(REPL_DISKLESS_LOAD)) {
      case "swapdb" -> false;
      case "on-empty-db" -> !isEmpty() && hasFiles;
      default -> hasFiles;
    };
  }

  private boolean isEmpty() {
    Keyspace keyspace = engine.keyspace();
    for (int i = 0; i < keyspace.databases(); i++) {
      if (keyspace.database(i).size() > 0) {
        return false;
      }
    }
    return true;
  }

  ReceivedFile newFile(Body body, ReceivedFile.Listener listener) {
    String temporary = "temp-sync-" + engine.host().process().processId() + "-" + ++files + ".rdb";
    boolean checks = engine.settings().rdbChecksum && !engine.settings().skipChecksums;
    return new ReceivedFile(
        engine.host(),
        log,
        config.directory(),
        config.get(DBFILENAME),
        temporary,
        body,
        checks,
        listener);
  }

  /** Loads what has come into a file, in place of the data set. */
  void load(UpstreamLink link, ReceivedFile file) {
    // What is being saved must not take the place of what has come.
    snapshots.cancel();
    try {
      file.rename();
    } catch (IOException e) {
      log.warning(String.valueOf(e.getMessage()));
      link.notLoaded("not stored");
      return;
    }
    beginAnew();
    log.notice("MASTER <-> REPLICA sync: Loading DB in memory");
    try {
      if (loader.loadReceived(serving(link, false))) {
        finish(link);
      }
    } catch (IOException | ArenaFullException e) {
      log.warning("Failed trying to load the MASTER synchronization DB from disk: " + reason(e));
      empty();
      link.notLoaded("not loaded");
    }
  }

  /** Loads what comes: in place of the data set, or beside it. */
  void load(UpstreamLink link, ReceivedStream stream) {
    boolean beside = !isEmpty();
    // Old data of the same history are an older state of what comes, so they can be served.
    boolean served = beside && historyKnown && link.syncId().equals(replication.history().id());
    Replacement replacement = null;
    if (beside) {
      replacement = engine.keyspace().replace();
    } else {
      beginAnew();
    }
    log.notice("MASTER <-> REPLICA sync: Loading DB in memory");
    boolean isLoaded = false;
    try {
      long totalBytes = Math.max(0, stream.totalBytes());
      if (loader.load(stream, totalBytes, replacement, served, serving(link, served))) {
        if (!stream.endsRightly()) {
          throw new IOException("Replication stream EOF marker is broken");
        }
        isLoaded = true;
      }
    } catch (IOException | ArenaFullException e) {
      log.warning("Failed trying to load the MASTER synchronization DB from socket: " + reason(e));
      link.notLoaded("not loaded");
    } finally {
      end(replacement, isLoaded);
    }
    if (isLoaded) {
      finish(link);
    }
  }

  private void end(@Nullable Replacement replacement, boolean isLoaded) {
    if (replacement == null) {
      if (!isLoaded) {
        empty();
      }
    } else if (isLoaded) {
      log.notice("MASTER <-> REPLICA sync: Swapping active DB with loaded DB");
      snapshots.cancel();
      appendOnlyFile.suspend();
      tellReplaced(replacement);
      replacement.complete();
      engine.unit().flushed();
      engine.unit().close();
      log.notice("MASTER <-> REPLICA sync: Discarding old DB in background");
    } else {
      log.notice("MASTER <-> REPLICA sync: Discarding temporary DB in background");
      replacement.abandon();
    }
  }

  private Loading.Meanwhile serving(UpstreamLink link, boolean served) {
    return nanos -> {
      boolean goesOn = served ? loop.turnWithin(nanos) : loop.turnWhileLoading(nanos);
      link.watchTransfer();
      return goesOn;
    };
  }

  private static String reason(Exception e) {
    return e instanceof ArenaFullException ? "out of memory" : String.valueOf(e.getMessage());
  }

  private void beginAnew() {
    appendOnlyFile.suspend();
    log.notice("MASTER <-> REPLICA sync: Flushing old data");
    empty();
  }

  private void empty() {
    forgetHistory();
    engine.unit().flushAll(engine.keyspace());
    engine.unit().close();
  }

  private void tellReplaced(Replacement replacement) {
    Keyspace keyspace = engine.keyspace();
    for (int i = 0; i < keyspace.databases(); i++) {
      Database database = keyspace.database(i);
      engine.unit().willReplace(database, replacement.database(i));
      engine.unit().touchedAll(i, database.size());
    }
  }

  /** The primary's data set is this server's now. */
  private void finish(UpstreamLink link) {
    historyKnown = link.syncOffset() >= 0;
    if (historyKnown) {
      replication.adopt(link.syncId(), link.syncOffset());
    } else {
      replication.adopt(History.draw(engine.host().random()), 0);
    }
    // A replica hands its primary's stream on, which does not begin with a database for us.
    StreamPosition position = loader.position();
    streamDatabase = position == null ? 0 : position.database();
    log.notice("MASTER <-> REPLICA sync: Finished with success");
    appendOnlyFile.resume();
    link.loaded();
  }

  /** Up to which byte of the stream the append-only file is on disk. */
  private static final class DurableOffset {

    private final Journal journal;
    private long watchedPosition = PrimaryLink.NONE;
    private long watchedOffset;
    private long durable;

    DurableOffset(Journal journal) {
      this.journal = journal;
    }

    /**
     * That offset, when the stream has come to this one; {@link PrimaryLink#NONE} without a file.
     */
    long at(long offset) {
      if (!journal.isOpen()) {
        watchedPosition = PrimaryLink.NONE;
        durable = 0;
        return PrimaryLink.NONE;
      }
      long synced = journal.syncedPosition();
      if (synced >= journal.position()) {
        watchedPosition = PrimaryLink.NONE;
        durable = offset;
      } else if (watchedPosition == PrimaryLink.NONE || synced >= watchedPosition) {
        durable = watchedPosition == PrimaryLink.NONE ? durable : watchedOffset;
        watchedPosition = journal.position();
        watchedOffset = offset;
      }
      return durable;
    }
  }
}
