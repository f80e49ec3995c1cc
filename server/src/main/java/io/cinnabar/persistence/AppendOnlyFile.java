package io.cinnabar.persistence;

import static io.cinnabar.config.PersistenceParameters.AOF_DISABLE_AUTO_GC;
import static io.cinnabar.config.PersistenceParameters.AOF_LOAD_TRUNCATED;
import static io.cinnabar.config.PersistenceParameters.AOF_REWRITE_INCREMENTAL_FSYNC;
import static io.cinnabar.config.PersistenceParameters.AOF_TIMESTAMP_ENABLED;
import static io.cinnabar.config.PersistenceParameters.AOF_USE_RDB_PREAMBLE;
import static io.cinnabar.config.PersistenceParameters.APPENDDIRNAME;
import static io.cinnabar.config.PersistenceParameters.APPENDFILENAME;
import static io.cinnabar.config.PersistenceParameters.APPENDFSYNC;
import static io.cinnabar.config.PersistenceParameters.APPENDONLY;
import static io.cinnabar.config.PersistenceParameters.AUTO_AOF_REWRITE_MIN_SIZE;
import static io.cinnabar.config.PersistenceParameters.AUTO_AOF_REWRITE_PERCENTAGE;
import static io.cinnabar.config.PersistenceParameters.NO_APPENDFSYNC_ON_REWRITE;

import io.cinnabar.arena.ArenaFullException;
import io.cinnabar.command.CommandError;
import io.cinnabar.command.Engine;
import io.cinnabar.command.Replay;
import io.cinnabar.command.Timers;
import io.cinnabar.config.Config;
import io.cinnabar.config.ConfigException;
import io.cinnabar.config.Parameter;
import io.cinnabar.host.DiskFile;
import io.cinnabar.host.Log;
import io.cinnabar.keyspace.FrozenKeyspace;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The append-only file as the configuration wants it: loaded at the start, kept from then on,
 * rewritten when it has grown, turned on and off. On the loop's thread.
 */
public final class AppendOnlyFile {

  private static final double NANOS_PER_SECOND = 1e9;

  /** Between two looks whether a rewrite has ended that is in the way. */
  private static final long RETRY_NANOS = 10_000_000L;

  private static final CommandError NOT_LOADED =
      new CommandError("ERR Error trying to load the AOF files, check server logs.");

  private static final String TEMPORARY_BASE = "temp-base.aof";

  private final Engine engine;
  private final Config config;
  private final Log log;
  private final Timers timers;
  private final Snapshots snapshots;
  private final Loading loading;
  private final Journal journal;
  private final AofRewrite rewrite;
  private @Nullable AofFolder folder;
  private @Nullable AutoCloseable lock;

  /** What is opened already, but waits for the turn to end. */
  private @Nullable JournalWriter beginning;

  public AppendOnlyFile(
      Engine engine,
      Config config,
      Timers timers,
      Journal journal,
      Snapshots snapshots,
      Loading loading) {
    this.engine = engine;
    this.config = config;
    this.log = engine.log();
    this.timers = timers;
    this.snapshots = snapshots;
    this.loading = loading;
    this.journal = journal;
    rewrite = new AofRewrite(engine, journal, this::base);
    apply();
    for (Parameter parameter : List.of(APPENDFSYNC, AOF_TIMESTAMP_ENABLED, AOF_DISABLE_AUTO_GC)) {
      config.onChange(parameter, this::apply);
    }
    config.onChange(APPENDONLY, this::turn);
  }

  private void apply() {
    journal.policy(config.get(APPENDFSYNC));
    journal.timestamped(config.get(AOF_TIMESTAMP_ENABLED));
    rewrite.keepHistory(config.get(AOF_DISABLE_AUTO_GC));
  }

  public Journal journal() {
    return journal;
  }

  public AofRewrite rewrite() {
    return rewrite;
  }

  private AofFolder configuredFolder() {
    return new AofFolder(
        engine.host().disk(),
        config.directory(),
        config.get(APPENDDIRNAME),
        config.get(APPENDFILENAME));
  }

  private AofRewrite.Base base(FrozenKeyspace data) {
    return config.get(AOF_USE_RDB_PREAMBLE)
        ? new RdbFileWriter(data, snapshots.options(true), engine.host().workers())
        : new AofBaseWriter(
            data, config.get(AOF_REWRITE_INCREMENTAL_FSYNC), engine.host().workers().pace());
  }

  // The start.

  /**
   * Fills the empty keyspace with what the files say, and keeps all changes from then on.
   *
   * @return false when the server is to end before all is loaded
   * @throws IOException when that can't be; the log says why
   */
  public boolean loadAtStart(Loading.Meanwhile meanwhile) throws IOException {
    AofFolder files = configuredFolder();
    lock(files);
    try {
      removeLeftovers(files);
      return loadLocked(files, meanwhile);
    } finally {
      if (!journal.isOpen()) {
        unlock();
      }
    }
  }

  /** What a rewrite has left that was killed: nobody else can have the folder. */
  private void removeLeftovers(AofFolder files) {
    for (String name : List.of(TEMPORARY_BASE, AofRewrite.TEMPORARY)) {
      String path = files.path(name);
      if (files.disk().exists(path)) {
        try {
          files.disk().delete(path);
          log.notice("Removed " + path + ", which a rewrite has left that was killed");
        } catch (IOException e) {
          log.warning("Deleting " + path + ": " + e.getMessage());
        }
      }
    }
  }

  private boolean loadLocked(AofFolder files, Loading.Meanwhile meanwhile) throws IOException {
    long startNanos = engine.host().monotonicClock().nanos();
    AofManifest manifest;
    try {
      manifest = load(files, meanwhile);
    } catch (AofLoadException e) {
      throw new IOException(e.getMessage(), e);
    } catch (ArenaFullException e) {
      log.warning(
          "Out of memory loading the append only file: the data set does not fit into what the"
              + " heap has for it, "
              + engine.memory().heapLimitBytes()
              + " bytes. Give the server a larger heap.");
      throw new IOException("out of memory", e);
    } catch (Loading.Stopped e) {
      return false;
    }
    if (!manifest.isEmpty()) {
      long tookNanos = engine.host().monotonicClock().nanos() - startNanos;
      log.notice(
          String.format(
              Locale.ROOT,
              "DB loaded from append only file: %.3f seconds",
              tookNanos / NANOS_PER_SECOND));
    }
    try {
      AofManifest whole = manifest.isEmpty() ? makeBase(files) : manifest;
      JournalWriter writer = JournalWriter.resume(files, log, whole);
      AofFile base = whole.base();
      rewrite.baseBytes(base == null ? 0 : files.sizeBytes(base));
      folder = files;
      journal.open(writer, true);
      rewrite.deleteHistory(); // which the last server has not come to
    } catch (IOException e) {
      log.warning("Can't open the append-only file: " + e.getMessage());
      throw e;
    }
    return true;
  }

  private AofManifest load(AofFolder files, Loading.Meanwhile meanwhile)
      throws IOException, AofLoadException {
    AofLoader loader =
        new AofLoader(
            files,
            log,
            engine.host().monotonicClock(),
            new Replay(engine),
            new Source(),
            config.get(AOF_LOAD_TRUNCATED));
    AofManifest manifest = loader.prepare();
    if (!manifest.isEmpty()) {
      loading.begin(loader.totalBytes(manifest), meanwhile);
      engine.unit().loading(true);
      try {
        loader.load(manifest);
      } finally {
        engine.unit().loading(false);
        loading.end();
      }
    }
    return manifest;
  }

  /** The data set as it is, for a folder that has nothing yet. */
  private AofManifest makeBase(AofFolder files) throws IOException {
    files.make();
    FrozenKeyspace data = engine.keyspace().freeze();
    try (DiskFile file = files.disk().create(files.path(TEMPORARY_BASE))) {
      AofRewrite.Base writer = base(data);
      writer.write(file);
      file.force();
      AofFile base = AofManifest.base(files.prefix(), 1, writer.isRdb());
      files.disk().rename(files.path(TEMPORARY_BASE), files.path(base));
      log.notice("Creating AOF base file " + base.name() + " on server start");
      return new AofManifest(base, List.of(), List.of());
    } finally {
      data.close();
    }
  }

  /**
   * Makes sure that no other server has the folder.
   *
   * @throws IOException when it has; the log says so
   */
  private void lock(AofFolder files) throws IOException {
    try {
      files.make();
    } catch (IOException e) {
      log.warning("Can't open or create append-only dir " + files.name() + ": " + e.getMessage());
      throw e;
    }
    try {
      lock = engine.host().disk().lock(files.path(files.prefix() + ".lock"));
    } catch (IOException e) {
      log.warning("Can't lock the append-only dir " + files.name() + ": " + e.getMessage());
      throw e;
    }
    if (lock == null) {
      log.warning("Another server keeps its append-only file in " + files.path());
      throw new IOException("The append-only dir " + files.name() + " is locked");
    }
  }

  private void unlock() {
    AutoCloseable held = lock;
    lock = null;
    if (held != null) {
      try {
        held.close();
      } catch (Exception e) {
        log.warning("Unlocking the append-only dir: " + e.getMessage());
      }
    }
  }

  /**
   * See {@link Engine.Lifecycle#loadAppendOnlyFile}.
   *
   * @return false when the server is to end, or has to: the log says why
   */
  public boolean reload(Loading.Meanwhile meanwhile) {
    AofFolder files = journal.isOpen() && folder != null ? folder : configuredFolder();
    boolean isThere = files.hasManifest() || files.disk().exists(files.oldFile());
    if (!isThere || journal.hasGap()) {
      log.warning("There is no whole append-only file in " + files.path());
      throw NOT_LOADED;
    }
    emptied(); // a rewrite would take away files that are being read
    if (!journal.flush()) {
      log.warning("Fail to fsync the AOF file: " + journal.failure());
      throw NOT_LOADED;
    }
    engine.unit().flushAll(engine.keyspace());
    try {
      load(files, meanwhile);
    } catch (AofLoadException | IOException | ArenaFullException e) {
      log.warning("Error loading the append only file, exiting: " + e.getMessage());
      return false;
    } catch (Loading.Stopped e) {
      return false;
    }
    snapshots.countAsSaved();
    log.notice("Append Only File loaded by DEBUG LOADAOF");
    return true;
  }

  // Turning it on and off.

  private void turn() throws ConfigException {
    boolean isWanted = config.get(APPENDONLY);
    if (isWanted && !journal.isOpen() && beginning == null) {
      begin();
    } else if (!isWanted) {
      end();
    }
  }

  private void begin() throws ConfigException {
    AofFolder files = configuredFolder();
    try {
      lock(files);
      JournalWriter writer = JournalWriter.begin(files, log);
      beginning = writer;
      journal.announce(true);
      folder = files;
      if (rewrite.isRunning()) {
        log.warning(
            "AOF was enabled but there is already an AOF rewriting in background. Stopping"
                + " background AOF and starting a rewrite now.");
        rewrite.cancel();
      }
      begin(writer, 0);
    } catch (IOException | AofManifestException e) {
      log.warning(
          "Redis needs to enable the AOF but can't trigger a background AOF rewrite operation."
              + " Check the above logs for more info about the error. "
              + e.getMessage());
      unlock();
      throw new ConfigException("Unable to turn on AOF. Check server logs.");
    }
  }

  /** The data set must not be frozen within a unit: what that does would be told once more. */
  private void begin(JournalWriter writer, long delayNanos) {
    timers.schedule(
        engine.host().monotonicClock().nanos() + delayNanos,
        () -> {
          AofFolder files = folder;
          if (beginning != writer || files == null) {
            return;
          }
          if (rewrite.isRunning()) {
            begin(writer, RETRY_NANOS);
          } else {
            beginning = null;
            rewrite.startBehind(files, writer);
          }
        });
  }

  private void end() {
    JournalWriter unused = beginning;
    beginning = null;
    journal.announce(false);
    if (unused != null) {
      unused.close();
    }
    if (journal.isOpen()) {
      rewrite.abandon();
      if (!journal.flush()) {
        log.warning("Fail to fsync the AOF file: " + journal.failure());
      }
      journal.close();
    }
    unlock();
  }

  /**
   * Says that the server ends: waits until all changes are on disk, and lets go of the files.
   *
   * @return false when some can't be written
   */
  public boolean close() {
    if (!journal.isOpen()) {
      return true;
    }
    log.notice("Calling fsync() on the AOF file.");
    rewrite.abandon();
    boolean isFlushed = journal.flush();
    if (!isFlushed) {
      log.warning("Fail to fsync the AOF file: " + journal.failure() + ".");
    }
    journal.close();
    unlock();
    return isFlushed;
  }

  // Rewriting.

  /** Begins a rewrite now. */
  void startRewrite() throws IOException {
    AofFolder files = folder;
    if (files == null) {
      files = configuredFolder();
      files.make();
    }
    rewrite.start(files);
  }

  /** Whether something else is being saved, which a rewrite waits for. */
  boolean isSaving() {
    return snapshots.isRunning();
  }

  /** Begins a rewrite if one is due; some times a second. */
  public void tick() {
    rewrite.noteCopiedBytes();
    boolean isBusy = rewrite.isRunning() || snapshots.isRunning();
    journal.sparing(isBusy && config.get(NO_APPENDFSYNC_ON_REWRITE));
    if (isBusy) {
      return;
    }
    try {
      if (rewrite.isScheduled()) {
        if (!rewrite.isLimited()) {
          startRewrite();
        }
      } else if (journal.isOpen() && folder != null) {
        rewrite.startIfGrown(
            folder, config.get(AUTO_AOF_REWRITE_PERCENTAGE), config.get(AUTO_AOF_REWRITE_MIN_SIZE));
      }
    } catch (IOException e) {
      log.warning("Can't open or create append-only dir: " + e.getMessage());
    }
  }

  /** Says that the data set was emptied: what is being written is worthless. */
  public void emptied() {
    if (rewrite.isRunning()) {
      rewrite.cancel();
      rewrite.schedule();
    }
  }

  // Parts.

  private final class Source implements AofLoader.Source {
    @Override
    public long loadSnapshot(DiskFile file, String name) throws IOException, RdbException {
      RdbLoader loader = new RdbLoader(engine, loading, RdbLoader.Mode.BASE);
      long end = loader.load(file);
      snapshots.loaded(loader.functions());
      return end;
    }

    @Override
    public void progress(long bytes) {
      loading.advanced(bytes);
    }
  }
}
