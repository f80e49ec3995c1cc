package io.cinnabar.persistence;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.cinnabar.command.CommandError;
import io.cinnabar.command.Replay;
import io.cinnabar.host.DiskFile;
import io.cinnabar.host.Log;
import io.cinnabar.host.MonotonicClock;
import io.cinnabar.persistence.AofDamage.Kind;
import io.cinnabar.resp.Request;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Loads an append-only file: the base, then the increments, in which commands run again. What a
 * crash has left incomplete at the end of the last file is cut off, where the configuration allows
 * it; any other damage ends the loading, and leaves the files alone. On the loop's thread.
 */
public final class AofLoader {

  private static final byte[] RDB_START = "REDIS".getBytes(US_ASCII);
  private static final double NANOS_PER_SECOND = 1e9;

  /** Between two calls of {@link Source#progress}, in bytes. */
  private static final long PROGRESS_BYTES = 256 << 10;

  /** What loading needs of the rest of the server. */
  public interface Source {

    /**
     * Fills the data set from a snapshot at the beginning of a file.
     *
     * @return where it ends
     * @throws RdbException when it can't be understood
     */
    long loadSnapshot(DiskFile file, String name) throws IOException, RdbException;

    /** So many bytes of all files have been loaded: a time to look at the network. */
    void progress(long bytes);
  }

  private final AofFolder folder;
  private final Log log;
  private final MonotonicClock clock;
  private final Replay replay;
  private final Source source;
  private final boolean mayTruncate;
  private final Request request = new Request();

  /** Bytes of the files before the one that is loaded. */
  private long bytesBefore;

  /**
   * @param mayTruncate {@code aof-load-truncated}
   */
  public AofLoader(
      AofFolder folder,
      Log log,
      MonotonicClock clock,
      Replay replay,
      Source source,
      boolean mayTruncate) {
    this.folder = folder;
    this.log = log;
    this.clock = clock;
    this.replay = replay;
    this.source = source;
    this.mayTruncate = mayTruncate;
  }

  /**
   * The manifest; an old, single file becomes the base of a new one.
   *
   * @throws AofLoadException when it can't be understood, or a file is missing
   */
  public AofManifest prepare() throws AofLoadException {
    try {
      AofManifest manifest = folder.read();
      return isUpgrade(manifest) ? upgrade() : manifest;
    } catch (AofManifestException e) {
      e.logLines().forEach(log::warning);
      throw new AofLoadException(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw fatal(
          "Fatal error: can't open the AOF manifest file "
              + folder.manifestName()
              + " for reading: "
              + e.getMessage());
    }
  }

  /** An upgrade that was interrupted has its manifest, but the file is not where it belongs. */
  private boolean isUpgrade(AofManifest manifest) {
    if (!folder.disk().exists(folder.oldFile())) {
      return false;
    }
    AofFile base = manifest.base();
    return manifest.isEmpty()
        || (base != null
            && manifest.increments().isEmpty()
            && base.name().equals(folder.prefix())
            && !folder.disk().exists(folder.path(base)));
  }

  private AofManifest upgrade() throws AofLoadException, IOException {
    AofFile base = new AofFile(folder.prefix(), 1, AofFile.Kind.BASE);
    AofManifest manifest = new AofManifest(base, List.of(), List.of());
    folder.make();
    folder.write(manifest);
    try {
      folder.disk().rename(folder.oldFile(), folder.path(base));
      folder.force();
    } catch (IOException e) {
      throw fatal(
          "Error trying to move the old AOF file "
              + folder.prefix()
              + " into dir "
              + folder.name()
              + ": "
              + e.getMessage());
    }
    log.notice(
        "Successfully migrated an old-style AOF file ("
            + folder.prefix()
            + ") into the AOF directory ("
            + folder.name()
            + ").");
    return manifest;
  }

  /** How long the files are that a manifest names; they have to be there. */
  public long totalBytes(AofManifest manifest) throws AofLoadException {
    long bytes = 0;
    for (AofFile file : manifest.loaded()) {
      try {
        bytes += folder.sizeBytes(file);
      } catch (IOException e) {
        throw fatal(
            "Unable to obtain the AOF file " + file.name() + " length. stat: " + e.getMessage());
      }
    }
    return bytes;
  }

  /** Loads what a manifest names into the data set, which is empty. */
  public void load(AofManifest manifest) throws AofLoadException {
    bytesBefore = 0;
    List<AofFile> files = manifest.loaded();
    for (int i = 0; i < files.size(); i++) {
      AofFile file = files.get(i);
      long beganNanos = clock.nanos();
      load(file, i == files.size() - 1);
      double seconds = (clock.nanos() - beganNanos) / NANOS_PER_SECOND;
      String kind = file.kind() == AofFile.Kind.BASE ? "base" : "incr";
      log.notice(
          "DB loaded from %s file %s: %.3f seconds"
              .formatted(kind, file.name(), seconds)
              .replace(',', '.'));
    }
  }

  private void load(AofFile aof, boolean isLast) throws AofLoadException {
    String name = aof.name();
    try (DiskFile file = folder.disk().open(folder.path(aof))) {
      long from = loadSnapshot(file, name);
      AofReader reader = new AofReader(file, from);
      long validBytes = run(reader, file, name, isLast);
      if (validBytes < file.sizeBytes()) {
        cut(aof, validBytes);
      }
      bytesBefore += validBytes;
    } catch (IOException e) {
      throw fatal(
          "Fatal error: can't open the append log file "
              + name
              + " for reading: "
              + e.getMessage());
    } finally {
      replay.release();
    }
  }

  /** Loads the snapshot that a file may begin with; where its commands begin. */
  private long loadSnapshot(DiskFile file, String name) throws IOException, AofLoadException {
    byte[] start = new byte[RDB_START.length];
    int count = file.read(0, start, 0, start.length);
    if (count < start.length || !Arrays.equals(start, RDB_START)) {
      return 0;
    }
    boolean isOld = name.equals(folder.prefix());
    log.notice(
        isOld
            ? "Reading RDB preamble from AOF file..."
            : "Reading RDB base file on AOF loading...");
    try {
      long end = source.loadSnapshot(file, name);
      if (isOld) {
        log.notice("Reading the remaining AOF tail...");
      }
      return end;
    } catch (RdbException e) {
      log.warning(String.valueOf(e.getMessage()));
      throw fatal(
          "Error reading the RDB "
              + (isOld ? "preamble of the AOF" : "base")
              + " file "
              + name
              + ", AOF loading aborted");
    }
  }

  /** Runs a file's commands; up to where it is valid. */
  private long run(AofReader reader, DiskFile file, String name, boolean isLast)
      throws IOException, AofLoadException {
    long validBytes = reader.position();
    long multiStart = validBytes;
    long nextProgress = 0;
    try {
      while (reader.next(request)) {
        if (replay.begins(request) && !replay.isInTransaction()) {
          multiStart = reader.commandStart();
        }
        run(reader, name);
        validBytes = reader.position();
        if (validBytes >= nextProgress) {
          nextProgress = validBytes + PROGRESS_BYTES;
          source.progress(bytesBefore + validBytes);
        }
      }
      if (!replay.isInTransaction()) {
        return file.sizeBytes();
      }
    } catch (AofDamage damage) {
      judge(damage, reader, name);
      validBytes = damage.offset();
    }
    if (replay.isInTransaction()) {
      replay.abandonTransaction();
      log.warning("Revert incomplete MULTI/EXEC transaction in AOF file " + name);
      validBytes = multiStart;
    }
    demandTruncation(reader, validBytes, name, isLast);
    return validBytes;
  }

  private void run(AofReader reader, String name) throws AofLoadException {
    if (!replay.knows(request)) {
      throw fatal("Unknown command '" + request.arg(0) + "' reading the append only file " + name);
    }
    CommandError error = replay.run(request);
    if (error == CommandError.OUT_OF_MEMORY) {
      throw fatal(
          "Out of memory at offset "
              + reader.commandStart()
              + " reading the append only file "
              + name);
    }
    if (error != null) {
      log.warning(
          "== CRITICAL == This server is sending an error to its AOF-loading-client: '"
              + error.line()
              + "' after processing the command '"
              + request.arg(0).toString().toLowerCase(Locale.ROOT)
              + "' at offset "
              + reader.commandStart());
    }
  }

  /** Passes what may be the unfinished end of a file. */
  private void judge(AofDamage damage, AofReader reader, String name)
      throws IOException, AofLoadException {
    if (reader.isUnfinished(damage)) {
      return;
    }
    if (damage.kind() == Kind.CHECKSUM || reader.hasSeals()) {
      log.warning(
          "The append only file "
              + name
              + " is damaged at offset "
              + damage.offset()
              + ": "
              + damage.describe());
    }
    throw fatal(
        "Bad file format reading the append only file "
            + name
            + ": make a backup of your AOF file, then use cinnabar-server --check-aof --fix"
            + " <filename.manifest>");
  }

  /** Refuses to load a file of which a part has to be cut off, where that may not be. */
  private void demandTruncation(AofReader reader, long validBytes, String name, boolean isLast)
      throws AofLoadException {
    if (!isLast) {
      throw fatal("Fatal error: the truncated file is not the last file");
    }
    if (reader.cut(validBytes) != validBytes) {
      throw fatal(
          "Bad file format reading the append only file "
              + name
              + ": make a backup of your AOF file, then use cinnabar-server --check-aof --fix"
              + " <filename.manifest>");
    }
    if (!mayTruncate) {
      throw fatal(
          "Unexpected end of file reading the append only file "
              + name
              + ". You can: 1) Make a backup of your AOF file, then use cinnabar-server --check-aof --fix"
              + " <filename.manifest>. 2) Alternatively you can set the 'aof-load-truncated'"
              + " configuration option to yes and restart the server.");
    }
  }

  private void cut(AofFile aof, long validBytes) throws AofLoadException {
    log.warning("!!! Warning: short read while loading the AOF file " + aof.name() + "!!!");
    log.warning("!!! Truncating the AOF " + aof.name() + " at offset " + validBytes + " !!!");
    try (DiskFile file = folder.disk().append(folder.path(aof))) {
      file.truncate(validBytes);
      file.force();
    } catch (IOException e) {
      throw fatal("Error truncating the AOF file " + aof.name() + ": " + e.getMessage());
    }
    log.warning("AOF " + aof.name() + " loaded anyway because aof-load-truncated is enabled");
  }

  private AofLoadException fatal(String message) {
    log.warning(message);
    return new AofLoadException(message);
  }
}
