package io.cinnabar.replication;

import static io.cinnabar.config.PersistenceParameters.APPENDONLY;
import static io.cinnabar.config.PersistenceParameters.RDB_DEL_SYNC_FILES;
import static io.cinnabar.config.PersistenceParameters.SAVE;
import static io.cinnabar.config.ReplicationParameters.REPL_DISKLESS_SYNC;
import static io.cinnabar.config.ReplicationParameters.REPL_DISKLESS_SYNC_DELAY;
import static io.cinnabar.config.ReplicationParameters.REPL_DISKLESS_SYNC_MAX_REPLICAS;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.cinnabar.command.Engine;
import io.cinnabar.config.Config;
import io.cinnabar.host.DiskFile;
import io.cinnabar.host.Log;
import io.cinnabar.keyspace.FrozenKeyspace;
import io.cinnabar.persistence.Snapshots;
import io.cinnabar.replication.Replica.Phase;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gives the replicas their snapshots. Those that wait at the same time share one: either it is sent
 * while it is written, from a frozen view, or it is saved to the server's file first and sent from
 * there. From the moment of the snapshot on, what changes lies in the backlog for them. One
 * snapshot is on its way at a time; who comes later waits for the next, unless it can still join a
 * save. On the loop's thread.
 */
final class FullSyncs implements Snapshots.SaveListener {

  private static final byte[] NO_MARK = {};
  private static final byte[] FAILED =
      Replica.line("-ERR BGSAVE failed, replication can't continue");

  private final Engine engine;
  private final Config config;
  private final Log log;
  private final Snapshots snapshots;
  private final History history;
  private final ReplicationStream stream;
  private final Replicas replicas;
  private @Nullable SnapshotTransfer transfer;
  private boolean hasFiles = true;

  /** Whether the save that is running was begun for replicas. */
  private boolean isSaving;

  /** Where in the stream that save has begun. */
  private long savedOffset;

  /** Whether the server's file is there for replicas only. */
  private boolean isFileForReplicas;

  FullSyncs(
      Engine engine,
      Config config,
      Snapshots snapshots,
      History history,
      ReplicationStream stream,
      Replicas replicas) {
    this.engine = engine;
    this.config = config;
    this.log = engine.log();
    this.snapshots = snapshots;
    this.history = history;
    this.stream = stream;
    this.replicas = replicas;
    snapshots.listen(this);
  }

  /** Says whether this server has a folder to save to, as one that is embedded may not. */
  void hasFiles(boolean yes) {
    hasFiles = yes;
  }

  /** Says in the log how a replica's wish is dealt with that has just come. */
  void announce(Replica added) {
    if (isSaving) {
      log.notice(
          canJoin(added)
              ? "Waiting for end of BGSAVE for SYNC"
              : "Can't attach the replica to the current BGSAVE. Waiting for next BGSAVE for SYNC");
    } else if (transfer != null) {
      log.notice("Current BGSAVE has socket target. Waiting for next BGSAVE for SYNC");
    } else if (isStreamed(added) && config.get(REPL_DISKLESS_SYNC_DELAY) > 0) {
      log.notice("Delay next BGSAVE for diskless SYNC");
    }
  }

  /** Whether it can have the snapshot that is being saved: another one waits for that, too. */
  private boolean canJoin(Replica added) {
    if (added.wantsAll()) {
      for (Replica other : replicas.all()) {
        if (other.phase() == Phase.SAVING && !other.isSnapshotOnly()) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean isStreamed(Replica replica) {
    boolean isBetterStreamed = config.get(REPL_DISKLESS_SYNC) || !hasFiles || !replica.wantsAll();
    return replica.canKnowMark() && isBetterStreamed;
  }

  // ---- beginning

  /** Begins with a snapshot if one is due; to be called at the end of each turn. */
  void startIfDue() {
    if (transfer != null) {
      return;
    }
    List<Replica> waiting = waiting();
    if (isSaving) {
      join(waiting);
    } else if (!waiting.isEmpty()) {
      start(waiting);
    }
  }

  private void join(List<Replica> waiting) {
    for (Replica replica : waiting) {
      if (canJoin(replica)) {
        begin(replica, Phase.SAVING, savedOffset);
      }
    }
  }

  private void start(List<Replica> waiting) {
    if (!hasFiles && refuseFiles(waiting)) {
      return;
    }
    Replica first = waiting.get(0);
    waiting.removeIf(
        other ->
            other.wantsKeys() != first.wantsKeys()
                || other.wantsFunctions() != first.wantsFunctions());
    boolean isStreamed = true;
    for (Replica replica : waiting) {
      isStreamed &= isStreamed(replica);
    }
    if (isStreamed) {
      if (isDue(waiting)) {
        stream(waiting, first);
      }
    } else if (!snapshots.isRunning()) {
      save(waiting);
    }
  }

  /** Who has to be told how long the snapshot is can only have a saved one; whether some have. */
  private boolean refuseFiles(List<Replica> waiting) {
    List<Replica> refused = new ArrayList<>(waiting);
    refused.removeIf(Replica::canKnowMark);
    for (Replica replica : refused) {
      log.warning(
          "Replica "
              + replica.name()
              + " can't have the data set: it can't take it without a file, and this server has no"
              + " folder for one");
    }
    cut(refused);
    return !refused.isEmpty();
  }

  private List<Replica> waiting() {
    List<Replica> waiting = List.of();
    for (int i = 0; i < replicas.all().size(); i++) {
      Replica replica = replicas.all().get(i);
      if (replica.phase() == Phase.WAITING
          && !replica.session().isHoldingReplies()
          && !replica.session().isClosing()) {
        if (waiting.isEmpty()) {
          waiting = new ArrayList<>(); // none in most turns
        }
        waiting.add(replica);
      }
    }
    return waiting;
  }

  /** Others may come soon that can share the snapshot. */
  private boolean isDue(List<Replica> waiting) {
    long mostReplicas = config.get(REPL_DISKLESS_SYNC_MAX_REPLICAS);
    if (!config.get(REPL_DISKLESS_SYNC) || (mostReplicas > 0 && waiting.size() >= mostReplicas)) {
      return true;
    }
    long longestSeconds = 0;
    for (Replica replica : waiting) {
      longestSeconds =
          Math.max(longestSeconds, replicas.nowSeconds() - replica.waitingSinceSeconds());
    }
    return longestSeconds >= config.get(REPL_DISKLESS_SYNC_DELAY);
  }

  /** A replica gets the stream from here on. */
  private void begin(Replica replica, Phase phase, long offset) {
    byte[] reply = Replica.line("+FULLRESYNC " + history.id() + " " + offset);
    Backlog backlog = stream.open();
    replica.begin(phase, reply, replica.isSnapshotOnly() ? null : backlog.cursor(offset));
  }

  private void stream(List<Replica> waiting, Replica like) {
    log.notice("Starting BGSAVE for SYNC with target: replicas sockets");
    stream.beginAnew();
    FrozenKeyspace data = engine.keyspace().freeze();
    SnapshotSource source =
        new FrozenSource(data, snapshots.writer(data, like.wantsKeys(), like.wantsFunctions()));
    String mark = History.draw(engine.host().random());
    SnapshotTransfer sent = newTransfer(source);
    for (Replica replica : waiting) {
      begin(replica, Phase.STREAMED, history.offset());
      replica.receive(
          Phase.STREAMED,
          sent,
          Replica.line("$EOF:" + mark),
          mark.getBytes(US_ASCII),
          replicas.nowSeconds());
    }
    log.notice("Background RDB transfer started by pid " + engine.host().process().processId());
    sent.goOn();
  }

  private SnapshotTransfer newTransfer(SnapshotSource source) {
    SnapshotTransfer made = new SnapshotTransfer(engine.host(), log, source, this::transferEnded);
    transfer = made;
    return made;
  }

  private void transferEnded() {
    transfer = null;
  }

  // ---- by way of a file

  private void save(List<Replica> waiting) {
    log.notice("Starting BGSAVE for SYNC with target: disk");
    stream.beginAnew();
    savedOffset = history.offset();
    isSaving = true;
    snapshots.saveInBackground();
    for (Replica replica : waiting) {
      begin(replica, Phase.SAVING, savedOffset);
    }
  }

  @Override
  public void saveEnded(boolean isSaved) {
    boolean wasForReplicas = isSaving;
    isSaving = false;
    if (isSaved && !wasForReplicas) {
      isFileForReplicas = false;
    }
    if (!wasForReplicas) {
      return;
    }
    isFileForReplicas = true;
    List<Replica> waiting = new ArrayList<>();
    for (Replica replica : replicas.all()) {
      if (replica.phase() == Phase.SAVING) {
        waiting.add(replica);
      }
    }
    if (waiting.isEmpty()) {
      return;
    }
    if (!isSaved) {
      log.warning("SYNC failed. BGSAVE child returned an error");
      cut(waiting);
      return;
    }
    try {
      send(waiting);
    } catch (IOException e) {
      log.warning("SYNC failed. Can't open/stat DB after BGSAVE: " + e.getMessage());
      cut(waiting);
    }
  }

  private void send(List<Replica> waiting) throws IOException {
    DiskFile file = engine.host().disk().open(snapshots.path());
    SavedSource source = new SavedSource(file, log);
    byte[] header = Replica.line("$" + source.sizeBytes());
    SnapshotTransfer sent = newTransfer(source);
    for (Replica replica : waiting) {
      replica.receive(Phase.SENT, sent, header, NO_MARK, replicas.nowSeconds());
    }
    sent.goOn();
  }

  private void cut(List<Replica> waiting) {
    for (Replica replica : waiting) {
      replica.session().send(FAILED, 0, FAILED.length);
      replica.session().closeAfterReply();
    }
  }

  // ---- once a second

  /** Deletes the file that was made for replicas only, if nobody is to find it. */
  void tick() {
    if (!isFileForReplicas
        || isSaving
        || transfer != null
        || !config.get(RDB_DEL_SYNC_FILES)
        || config.get(APPENDONLY)
        || !config.get(SAVE).isEmpty()) {
      return;
    }
    isFileForReplicas = false;
    log.notice("Removing the RDB file used to feed replicas in a persistence-less instance");
    try {
      engine.host().disk().delete(snapshots.path());
    } catch (IOException e) {
      log.warning("The RDB file can't be deleted: " + e.getMessage());
    }
  }

  /** What a snapshot that is on its way takes in memory. */
  long memoryBytes() {
    return transfer == null ? 0 : transfer.memoryBytes();
  }
}
