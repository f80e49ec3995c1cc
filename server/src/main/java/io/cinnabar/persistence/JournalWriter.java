package io.cinnabar.persistence;

import io.cinnabar.host.DiskFile;
import io.cinnabar.host.Log;
import io.cinnabar.structure.Crc64;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The journal's side of the disk: the increment that is appended to, and the manifest. One thread
 * at a time uses it, a worker mostly; whoever hands it over does so safely. After an exception
 * everything is as it was before, so that the same can be tried again.
 */
final class JournalWriter {

  private final AofFolder folder;
  private final Log log;
  private final byte[] line = new byte[AofSeal.BYTES];
  private AofManifest manifest;
  private AofFile increment;

  /** Whether the manifest names the increment; not before there is a base to go with it. */
  private boolean isListed;

  private DiskFile file;
  private long sizeBytes;
  private long forcedBytes;

  /** Whether the last batch could only be written in part, which the log says once. */
  private boolean isShort;

  /** How long the files are that the manifest names, without the increment. */
  private long otherBytes;

  /** The number of the next base: none is used twice, whatever became of it. */
  private long nextBase;

  private JournalWriter(
      AofFolder folder,
      Log log,
      AofManifest manifest,
      AofFile increment,
      boolean isListed,
      DiskFile file)
      throws IOException {
    this.folder = folder;
    this.log = log;
    this.manifest = manifest;
    this.increment = increment;
    this.isListed = isListed;
    this.file = file;
    sizeBytes = file.sizeBytes();
    nextBase = manifest.nextBaseSequence();
  }

  /**
   * Goes on where the manifest ends, with its last increment or, if it has none, with the first.
   *
   * @param manifest as it is on disk; all its files are there
   */
  static JournalWriter resume(AofFolder folder, Log log, AofManifest manifest) throws IOException {
    boolean isNew = manifest.increments().isEmpty();
    AofFile first = AofManifest.increment(folder.prefix(), 1);
    AofManifest resumed = isNew ? manifest.withIncrement(first) : manifest;
    AofFile last = resumed.last();
    DiskFile file = isNew ? folder.create(last) : folder.append(last);
    JournalWriter writer = new JournalWriter(folder, log, resumed, last, true, file);
    try {
      writer.seal();
      if (isNew) {
        folder.force();
        folder.write(resumed);
      }
      for (AofFile other : resumed.loaded()) {
        writer.otherBytes += other.equals(last) ? 0 : folder.sizeBytes(other);
      }
    } catch (IOException e) {
      writer.close();
      throw e;
    }
    String did = isNew ? "Creating" : "Opening";
    log.notice(did + " AOF incr file " + last.name() + " on server start");
    return writer;
  }

  /**
   * Begins anew: with an increment that counts from {@link #install} on, when there is a base that
   * it goes with. Until then the manifest stays, whatever it names.
   */
  static JournalWriter begin(AofFolder folder, Log log) throws IOException, AofManifestException {
    folder.make();
    AofManifest manifest = folder.read();
    AofFile next = AofManifest.increment(folder.prefix(), manifest.nextIncrementSequence());
    JournalWriter writer =
        new JournalWriter(folder, log, manifest, next, false, folder.create(next));
    try {
      writer.seal();
      folder.force();
    } catch (IOException e) {
      writer.close();
      throw e;
    }
    log.notice("Creating AOF incr file " + next.name() + " on background rewrite");
    return writer;
  }

  AofManifest manifest() {
    return manifest;
  }

  AofFolder folder() {
    return folder;
  }

  /** How long all files are that would be loaded. */
  long totalBytes() {
    return otherBytes + sizeBytes;
  }

  /** Whether something was written that a crash could take back. */
  boolean isUnforced() {
    return forcedBytes < sizeBytes;
  }

  /**
   * The first line of each server in a file: with it a batch behind it that was not written whole
   * is known for one.
   */
  private void seal() throws IOException {
    byte[] first = AofSeal.ofNothing();
    append(first, first.length);
    force();
  }

  /** Appends a batch. */
  void write(JournalBuffer batch) throws IOException {
    long before = sizeBytes;
    long checksum = AofSeal.begin(line, batch.sizeBytes(), sizeBytes - forcedBytes);
    for (int i = 0; i < batch.pieces(); i++) {
      checksum = Crc64.update(checksum, batch.piece(i), 0, batch.pieceBytes(i));
    }
    AofSeal.end(line, checksum);
    cutTo(before);
    try {
      append(line, line.length);
      for (int i = 0; i < batch.pieces(); i++) {
        append(batch.piece(i), batch.pieceBytes(i));
      }
      isShort = false;
    } catch (IOException e) {
      long written = file.sizeBytes() - before;
      long expected = line.length + batch.sizeBytes();
      if (written > 0 && !isShort) {
        isShort = true;
        log.warning(
            "Short write while writing to the AOF file: (nwritten="
                + written
                + ", expected="
                + expected
                + ")");
      }
      takeBack(before);
      throw e;
    }
  }

  private void append(byte[] bytes, int length) throws IOException {
    file.append(bytes, 0, length);
    sizeBytes += length;
  }

  /**
   * Takes back what was appended since the file had this size, as far as that is possible now; the
   * next {@link #write} does the rest.
   */
  void takeBack(long size) {
    sizeBytes = size;
    forcedBytes = Math.min(forcedBytes, size);
    try {
      cutTo(size);
    } catch (IOException e) {
      log.warning(
          "Could not remove short write from the append-only file.  Redis may refuse to load the"
              + " AOF the next time it starts.  ftruncate: "
              + e.getMessage());
    }
  }

  private void cutTo(long size) throws IOException {
    if (file.sizeBytes() > size) {
      file.truncate(size);
    }
  }

  long sizeBytes() {
    return sizeBytes;
  }

  /** Returns when all that was written outlives a crash. */
  void force() throws IOException {
    file.force();
    forcedBytes = sizeBytes;
  }

  /**
   * Goes on in another increment. What is in this one is forced before anything gets into that one,
   * so that a crash leaves no gap. A failure leaves a file without commands, even if the manifest
   * should name it already.
   */
  void rotate() throws IOException {
    if (isUnforced()) {
      force();
    }
    AofFile next = AofManifest.increment(folder.prefix(), increment.sequence() + 1);
    AofManifest listing = isListed ? manifest.withIncrement(next) : manifest;
    DiskFile old = file;
    long oldBytes = sizeBytes;
    file = folder.create(next);
    sizeBytes = 0;
    try {
      seal();
      folder.force();
      if (isListed) {
        folder.write(listing);
      }
    } catch (IOException e) {
      file.close();
      file = old;
      sizeBytes = oldBytes;
      forcedBytes = oldBytes;
      throw e;
    }
    manifest = listing;
    increment = next;
    otherBytes += isListed ? oldBytes : 0;
    old.close();
    log.notice("Creating AOF incr file " + next.name() + " on background rewrite");
  }

  /**
   * Makes a file the base, instead of all that was there before the increment of now.
   *
   * @param temporary its name until now; all of it outlives a crash
   */
  void install(String temporary, boolean isRdb) throws IOException {
    AofFile base = AofManifest.base(folder.prefix(), nextBase++, isRdb);
    folder.disk().rename(folder.path(temporary), folder.path(base));
    log.notice(
        "Successfully renamed the temporary AOF base file " + temporary + " into " + base.name());
    folder.force();
    AofManifest whole = isListed ? manifest : manifest.withIncrement(increment);
    AofManifest renewed = whole.withBase(base, increment);
    long baseBytes = folder.sizeBytes(base);
    folder.write(renewed);
    manifest = renewed;
    isListed = true;
    otherBytes = baseBytes;
  }

  /**
   * As {@link #install}, while no changes are kept: the base alone is all there is. What was there
   * before is deleted.
   */
  static void installAlone(AofFolder folder, Log log, String temporary, boolean isRdb)
      throws IOException {
    AofManifest before;
    try {
      before = folder.read();
    } catch (AofManifestException e) {
      throw new IOException(e.getMessage(), e);
    }
    AofFile base = AofManifest.base(folder.prefix(), before.nextBaseSequence(), isRdb);
    folder.disk().rename(folder.path(temporary), folder.path(base));
    folder.force();
    List<AofFile> past = new ArrayList<>(before.history());
    past.addAll(before.loaded());
    folder.write(new AofManifest(base, List.of(), List.of()));
    for (AofFile old : past) {
      log.notice("Removing the history file " + old.name() + " in the background");
      folder.disk().delete(folder.path(old));
    }
  }

  /** Deletes what was there before the last {@link #install}; beside other steps, if need be. */
  void delete(List<AofFile> history) throws IOException {
    for (AofFile old : history) {
      log.notice("Removing the history file " + old.name() + " in the background");
      folder.disk().delete(folder.path(old));
    }
  }

  /** Says in the manifest that what it has for history was deleted. */
  void forgetHistory() throws IOException {
    AofManifest cleared = manifest.withoutHistory();
    folder.write(cleared);
    manifest = cleared;
  }

  /** Closes the file, without {@link #force}. */
  void close() {
    try {
      file.close();
    } catch (IOException e) {
      log.warning("Closing the AOF file: " + e.getMessage());
    }
  }
}
