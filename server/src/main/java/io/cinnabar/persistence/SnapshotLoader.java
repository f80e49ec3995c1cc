package io.cinnabar.persistence;

import static io.cinnabar.config.PersistenceParameters.DBFILENAME;

import io.cinnabar.arena.ArenaFullException;
import io.cinnabar.command.CommandError;
import io.cinnabar.command.Engine;
import io.cinnabar.config.Config;
import io.cinnabar.host.DiskFile;
import io.cinnabar.host.Log;
import io.cinnabar.keyspace.Replacement;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Loads the data set from its file: at the start, and when DEBUG RELOAD says so. */
public final class SnapshotLoader {

  private static final CommandError NOT_SAVED = new CommandError("ERR");
  private static final CommandError NOT_LOADED =
      new CommandError("ERR Error trying to load the RDB dump, check server logs.");

  private static final String NO_SUCH_FILE = "No such file or directory";
  private static final double NANOS_PER_SECOND = 1e9;

  private final Engine engine;
  private final Config config;
  private final Log log;
  private final Snapshots snapshots;
  private final Loading loading;
  private long loadedKeys;
  private long expiredKeys;
  private @Nullable StreamPosition position;

  public SnapshotLoader(Engine engine, Config config, Snapshots snapshots) {
    this.engine = engine;
    this.config = config;
    this.log = engine.log();
    this.snapshots = snapshots;
    loading = new Loading(engine);
  }

  /** How far it is, for INFO. */
  public Loading loading() {
    return loading;
  }

  /** How many keys came with the last file. */
  public long loadedKeys() {
    return loadedKeys;
  }

  /** How many of the last file's keys had expired. */
  public long expiredKeys() {
    return expiredKeys;
  }

  /** Where in the stream of changes the last file was written; null where it does not tell. */
  public @Nullable StreamPosition position() {
    return position;
  }

  /**
   * Fills the empty keyspace at the start; does nothing where there is no file.
   *
   * @param meanwhile serves the clients
   * @return false when the server is to end before all is loaded
   * @throws IOException when the file can't be loaded; the log says what to do about it
   */
  public boolean loadAtStart(Loading.Meanwhile meanwhile) throws IOException {
    // A replica keeps what has expired until its primary says otherwise.
    RdbLoader.Mode mode =
        engine.availability().isFollowing() ? RdbLoader.Mode.BASE : RdbLoader.Mode.WHOLE;
    engine.refreshTime();
    long startNanos = engine.host().monotonicClock().nanos();
    String path = path();
    try {
      if (!load(mode, meanwhile)) {
        return true;
      }
    } catch (RdbFileException e) {
      log.warning("Bad file format reading the RDB file " + path + ": " + e.reason());
      log.warning(
          "The server does not start, and the file is as it was. `cinnabar-server --check-rdb "
              + path
              + "` examines it; with a good copy in its place, or without it, the server starts.");
      throw new IOException(e.reason());
    } catch (ArenaFullException e) {
      log.warning(
          "Out of memory loading "
              + path
              + ": the data set does not fit into what the heap has for it, "
              + engine.memory().heapLimitBytes()
              + " bytes. Give the server a larger heap.");
      throw new IOException("out of memory");
    } catch (IOException e) {
      log.warning("Fatal error loading the DB: " + e.getMessage() + ". Exiting.");
      throw e;
    } catch (Loading.Stopped e) {
      return false;
    }
    long tookNanos = engine.host().monotonicClock().nanos() - startNanos;
    log.notice(
        String.format(
            Locale.ROOT, "DB loaded from disk: %.3f seconds", tookNanos / NANOS_PER_SECOND));
    return true;
  }

  private String path() {
    return config.directory() + "/" + config.get(DBFILENAME);
  }

  /** Whether there was a file. */
  private boolean load(RdbLoader.Mode mode, Loading.Meanwhile meanwhile)
      throws RdbFileException, IOException {
    if (config.get(DBFILENAME).isEmpty()) {
      return false;
    }
    String path = path();
    try (DiskFile file = engine.host().disk().open(path)) {
      load(file, mode, meanwhile);
      snapshots.found(path);
      return true;
    } catch (IOException e) {
      if (NO_SUCH_FILE.equals(e.getMessage())) {
        snapshots.found(path);
        return false;
      }
      throw e;
    }
  }

  private void load(DiskFile file, RdbLoader.Mode mode, Loading.Meanwhile meanwhile)
      throws RdbFileException, IOException {
    RdbLoader loader = new RdbLoader(engine, loading, mode);
    loading.begin(file.sizeBytes(), meanwhile);
    try {
      loader.load(file);
    } finally {
      loading.end();
    }
    loaded(loader);
  }

  private void loaded(RdbLoader loader) {
    loadedKeys = loader.loaded();
    expiredKeys = loader.expired();
    position = loader.position();
    snapshots.loaded(loader.functions());
  }

  // A replica's.

  /**
   * Fills the empty keyspace from the file, with all that another server has sent in it.
   *
   * @throws IOException when that can't be; the keys before that are there
   * @throws ArenaFullException when there is no memory for it; likewise
   */
  public boolean loadReceived(Loading.Meanwhile meanwhile) throws IOException {
    try {
      if (!load(RdbLoader.Mode.BASE, meanwhile)) {
        throw new IOException(NO_SUCH_FILE);
      }
      return true;
    } catch (RdbFileException e) {
      throw new IOException(e.reason(), e);
    } catch (Loading.Stopped e) {
      return false;
    }
  }

  /**
   * Fills the empty keyspace, or what will replace its contents, with what another server sends.
   *
   * @param totalBytes how much that will be; 0 if that is not known
   * @param replacement null for the keyspace itself
   * @param isServed whether clients are served from the keyspace meanwhile as if nothing happened
   * @return false when the server was told to end meanwhile
   * @throws IOException when that can't be; the keys before that are there
   * @throws ArenaFullException when there is no memory for it; likewise
   */
  public boolean load(
      Arrival arrival,
      long totalBytes,
      @Nullable Replacement replacement,
      boolean isServed,
      Loading.Meanwhile meanwhile)
      throws IOException {
    RdbLoader loader = new RdbLoader(engine, loading, RdbLoader.Mode.BASE, replacement);
    if (isServed) {
      loading.beginBeside(totalBytes, meanwhile);
    } else {
      loading.begin(totalBytes, meanwhile);
    }
    try {
      ArrivingSource source = new ArrivingSource(arrival, loading);
      if (loader.load(source) != source.position()) {
        throw new IOException("there are bytes behind its end");
      }
    } catch (RdbFileException e) {
      throw new IOException(e.reason(), e);
    } catch (Loading.Stopped e) {
      return false;
    } finally {
      loading.end();
    }
    loaded(loader);
    return true;
  }

  /**
   * See {@link Engine.Lifecycle#reload}.
   *
   * @param meanwhile serves the clients
   */
  public void reload(boolean save, boolean flush, boolean merge, Loading.Meanwhile meanwhile) {
    if (save && !snapshots.save()) {
      throw NOT_SAVED;
    }
    if (flush) {
      engine.unit().flushAll(engine.keyspace());
    }
    RdbLoader.Mode mode = merge ? RdbLoader.Mode.MERGED : RdbLoader.Mode.WHOLE;
    try {
      if (!load(mode, meanwhile)) {
        log.warning("There is no " + path());
        throw NOT_LOADED;
      }
    } catch (RdbFileException e) {
      log.warning("Bad file format reading the RDB file " + path() + ": " + e.reason());
      throw NOT_LOADED;
    } catch (IOException e) {
      log.warning("Error loading the DB: " + e.getMessage());
      throw NOT_LOADED;
    } catch (Loading.Stopped e) {
      return;
    }
    log.warning("DB reloaded by DEBUG RELOAD");
  }
}
