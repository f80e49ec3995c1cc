package io.cinnabar.persistence;

import static io.cinnabar.config.PersistenceParameters.DBFILENAME;
import static io.cinnabar.config.PersistenceParameters.SAVE;
import static io.cinnabar.config.PersistenceParameters.STOP_WRITES_ON_BGSAVE_ERROR;

import io.cinnabar.command.BugReport;
import io.cinnabar.command.Engine;
import io.cinnabar.config.Config;
import io.cinnabar.config.SavePoint;
import io.cinnabar.host.Log;
import io.cinnabar.keyspace.FrozenKeyspace;
import io.cinnabar.persistence.SnapshotFile.Outcome;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Saves the data set to its file: on the loop's thread for SAVE, on a worker's for BGSAVE and at
 * save points. All on the loop's thread, but for the writing of frozen data.
 */
public final class Snapshots {

  /** After a failure the next save point has to wait so long. */
  private static final long RETRY_SECONDS = 5;

  private static final int MILLIS_PER_SECOND = 1000;
  private static final int NONE = -1;

  private final Engine engine;
  private final Config config;
  private final Log log;
  private final SnapshotMark mark;
  private @Nullable Running running;
  private boolean scheduled;
  private List<byte[]> functions = List.of();
  private Supplier<@Nullable StreamPosition> position = () -> null;
  private SaveListener listener = isSaved -> {};

  /** The number of changes that are saved. */
  private long savedChanges;

  private long savedSeconds;
  private long triedSeconds;
  private boolean hasFailed;
  private long lastDurationSeconds = NONE;
  private long lastCopiedBytes;
  private long count;
  private long files;

  /** Hears when a save on a worker is over. */
  @FunctionalInterface
  public interface SaveListener {
    void saveEnded(boolean isSaved);
  }

  /** A save on a worker. */
  private static final class Running {
    final SnapshotFile file;
    final FrozenKeyspace data;
    final long changes;
    final long startSeconds;
    long mostCopiedBytes;
    boolean isCancelled;

    Running(SnapshotFile file, FrozenKeyspace data, long changes, long startSeconds) {
      this.file = file;
      this.data = data;
      this.changes = changes;
      this.startSeconds = startSeconds;
    }
  }

  /** An empty data set, which counts as saved. */
  public Snapshots(Engine engine, Config config) {
    this.engine = engine;
    this.config = config;
    this.log = engine.log();
    mark = new SnapshotMark(engine.host().disk());
    savedSeconds = nowSeconds();
    config.onChange(SAVE, this::judgeWrites);
    config.onChange(STOP_WRITES_ON_BGSAVE_ERROR, this::judgeWrites);
  }

  private long nowSeconds() {
    return engine.host().wallClock().millis() / MILLIS_PER_SECOND;
  }

  // Saving.

  /** Saves now, while everybody waits. Whether that has succeeded; the log says why not. */
  public boolean save() {
    long changes = engine.unit().changeCount();
    FrozenKeyspace data = engine.keyspace().freeze();
    Outcome outcome;
    try {
      outcome = file(data).save();
    } finally {
      data.close();
    }
    if (outcome == Outcome.SAVED) {
      saved(changes);
    }
    return outcome == Outcome.SAVED;
  }

  /**
   * Begins to save; none may be running. What is saved is the data set as it is now, so this must
   * not be in the middle of a transaction.
   */
  public void saveInBackground() {
    long changes = engine.unit().changeCount();
    triedSeconds = nowSeconds();
    scheduled = false;
    FrozenKeyspace data = engine.keyspace().freeze();
    Running save = new Running(file(data), data, changes, triedSeconds);
    running = save;
    log.notice("Background saving started by pid " + processId());
    engine.host().workers().run(() -> run(save));
  }

  /** On a worker. */
  private void run(Running save) {
    Outcome outcome = Outcome.FAILED;
    try {
      outcome = save.file.save();
    } catch (RuntimeException e) {
      log.warning(BugReport.of("saving the data set", e));
    } finally {
      Outcome told = outcome;
      engine.host().network().post(() -> ended(save, told));
    }
  }

  private SnapshotFile file(FrozenKeyspace data) {
    return new SnapshotFile(
        engine.host().disk(),
        log,
        config.directory(),
        config.get(DBFILENAME),
        Leftovers.name(processId(), ++files),
        new RdbFileWriter(data, options(false), engine.host().workers()),
        mark);
  }

  private long processId() {
    return engine.host().process().processId();
  }

  private void saved(long changes) {
    savedChanges = changes;
    savedSeconds = nowSeconds();
    hasFailed = false;
    count++;
    judgeWrites();
  }

  private void ended(Running save, Outcome outcome) {
    noteCopiedBytes();
    save.data.close();
    running = null;
    lastDurationSeconds = nowSeconds() - save.startSeconds;
    lastCopiedBytes = save.mostCopiedBytes;
    if (save.isCancelled) {
      log.warning("Background saving terminated by the server");
    } else if (outcome == Outcome.SAVED) {
      log.notice("Background saving terminated with success");
      saved(save.changes);
    } else {
      log.warning("Background saving error");
      hasFailed = true;
      judgeWrites();
    }
    listener.saveEnded(outcome == Outcome.SAVED);
  }

  /** Says that a save is to begin as soon as one can. */
  void schedule() {
    scheduled = true;
  }

  /** Ends the save that is running, if there is one, without a file. */
  public void cancel() {
    Running save = running;
    if (save != null) {
      save.isCancelled = true;
      save.file.cancel();
    }
  }

  /** All keys are gone: what is being saved is of no use, and the file is to have none either. */
  public void emptied() {
    cancel();
    if (!config.get(SAVE).isEmpty() && save()) {
      count--; // as in Redis, since nobody has asked for a save
    }
  }

  /** Says that the server ends without the save that is running, and leaves nothing of it. */
  public void abandon() {
    Running save = running;
    if (save != null) {
      log.warning("There is a child saving an .rdb. Killing it!");
      cancel();
      save.file.removeTemporary();
    }
  }

  /** Begins a save if one is due; some times a second. */
  public void tick() {
    if (engine.availability().isReplacing()) {
      return;
    }
    if (running != null) {
      noteCopiedBytes();
      return;
    }
    long seconds = nowSeconds();
    if (hasFailed && seconds - triedSeconds <= RETRY_SECONDS) {
      return;
    }
    for (SavePoint point : config.get(SAVE)) {
      if (changes() >= point.changes() && seconds - savedSeconds > point.seconds()) {
        log.notice(point.changes() + " changes in " + point.seconds() + " seconds. Saving...");
        saveInBackground();
        return;
      }
    }
    if (scheduled) {
      saveInBackground();
    }
  }

  private void noteCopiedBytes() {
    Running save = running;
    if (save != null) {
      save.mostCopiedBytes = Math.max(save.mostCopiedBytes, copiedBytes());
    }
  }

  /** Decides whether writes are refused. */
  private void judgeWrites() {
    engine
        .availability()
        .snapshotsFail(
            hasFailed && config.get(STOP_WRITES_ON_BGSAVE_ERROR) && !config.get(SAVE).isEmpty());
  }

  /** How a file is written as things are now. */
  RdbFileOptions options(boolean isAofBase) {
    return RdbFileOptions.of(engine, functions, true, isAofBase ? null : position.get(), isAofBase);
  }

  // For replicas.

  /** Says who knows where in the stream of changes the data set is. */
  public void position(Supplier<@Nullable StreamPosition> source) {
    position = source;
  }

  /** Says who hears when a save on a worker is over. */
  public void listen(SaveListener newListener) {
    listener = newListener;
  }

  /** What writes a frozen data set as a file would have it. */
  public RdbFileWriter writer(FrozenKeyspace data, boolean withKeys, boolean withFunctions) {
    List<byte[]> sources = withFunctions ? functions : List.of();
    RdbFileOptions options = RdbFileOptions.of(engine, sources, withKeys, position.get(), false);
    return new RdbFileWriter(data, options, engine.host().workers());
  }

  /** Where the file is. */
  public String path() {
    return config.directory() + "/" + config.get(DBFILENAME);
  }

  // At the start, and after a load.

  /** Has the files removed, beside everything else, that killed servers have left. */
  public void removeLeftovers() {
    String directory = config.directory();
    engine.host().workers().run(() -> Leftovers.remove(engine.host().disk(), log, directory));
  }

  /** The data set is what the file at this path says, which may not be there. */
  void found(String path) {
    mark.note(path);
  }

  /** The data set has come from the file, with these sources of functions. */
  void loaded(List<byte[]> sources) {
    functions = List.copyOf(sources);
    countAsSaved();
  }

  /** Says that what has changed so far is no reason to save. */
  void countAsSaved() {
    savedChanges = engine.unit().changeCount();
  }

  // For INFO, and for commands.

  /** Whether a save is running on a worker. */
  public boolean isRunning() {
    return running != null;
  }

  /** How many changes there were that are not saved. */
  public long changes() {
    return engine.unit().changeCount() - savedChanges;
  }

  /** When the data set was saved, in seconds since 1970. */
  public long savedSeconds() {
    return savedSeconds;
  }

  /** Whether the last save has failed. */
  public boolean hasFailed() {
    return hasFailed;
  }

  /** How long the last save on a worker took; -1 without one. */
  public long lastDurationSeconds() {
    return lastDurationSeconds;
  }

  /** How long that takes already which is running; -1 without one. */
  public long durationSeconds() {
    Running save = running;
    return save == null ? NONE : nowSeconds() - save.startSeconds;
  }

  /** How many files were saved since the start. */
  public long count() {
    return count;
  }

  /** How much had to be copied during the last save on a worker. */
  public long lastCopiedBytes() {
    return lastCopiedBytes;
  }

  /** How much is copied now since it changed and somebody still has to see what it was. */
  public long copiedBytes() {
    return engine.keyspace().arena().limboBytes();
  }

  /** The most that was copied during the save that is running; 0 without one. */
  public long mostCopiedBytes() {
    Running save = running;
    return save == null ? 0 : Math.max(save.mostCopiedBytes, copiedBytes());
  }

  /** How many keys were written by the save that is running; 0 without one. */
  public long keysDone() {
    Running save = running;
    return save == null ? 0 : save.file.writer().keysDone();
  }

  /** How many keys it has to write; 0 without one. */
  public long keysTotal() {
    Running save = running;
    return save == null ? 0 : save.file.writer().keysTotal();
  }
}
