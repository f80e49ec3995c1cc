package io.cinnabar.persistence;

import io.cinnabar.host.Disk;
import io.cinnabar.host.DiskFile;
import io.cinnabar.host.Log;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Saves a data set: into a temporary file, which takes the place of the old one when all of it is
 * on the disk. Whoever looks, also after a crash, finds the old file or the new one. One thread
 * saves; others may cancel it, after which the old file stays for good.
 */
final class SnapshotFile {

  /** How it has ended. */
  enum Outcome {
    SAVED,
    FAILED,
    CANCELLED
  }

  private final Disk disk;
  private final Log log;
  private final String directory;
  private final String name;
  private final String temporary;
  private final RdbFileWriter writer;
  private final SnapshotMark mark;
  private boolean cancelled;

  /** Says that the temporary file is somebody's; null before, and where that can't be said. */
  private @Nullable AutoCloseable lock;

  /** What is done at the moment, for the log. */
  private String step = "";

  /**
   * @param name of the file, in the directory
   * @param temporary the name of another file, which nobody else uses: {@link Leftovers#name}
   * @param mark how this server knows the file
   */
  SnapshotFile(
      Disk disk,
      Log log,
      String directory,
      String name,
      String temporary,
      RdbFileWriter writer,
      SnapshotMark mark) {
    this.disk = disk;
    this.log = log;
    this.directory = directory;
    this.name = name;
    this.temporary = temporary;
    this.writer = writer;
    this.mark = mark;
  }

  /** How far it is. */
  RdbFileWriter writer() {
    return writer;
  }

  /** Saves; the log says why if that fails. */
  Outcome save() {
    Outcome outcome = Outcome.FAILED;
    try {
      outcome = write();
    } catch (IOException e) {
      log.warning("Write error saving DB on disk(" + step + "): " + e.getMessage());
    } catch (OutOfMemoryError e) {
      log.warning("Write error saving DB on disk(" + step + "): Cannot allocate memory");
    }
    if (outcome == Outcome.SAVED) {
      log.notice("DB saved on disk");
    } else {
      removeTemporary();
    }
    unlock();
    return outcome;
  }

  private void unlock() {
    AutoCloseable held = lock;
    if (held != null) {
      try {
        held.close();
      } catch (Exception e) {
        log.warning("Unlocking the temp RDB file " + temporary + ": " + e.getMessage());
      }
    }
  }

  private Outcome write() throws IOException {
    try (DiskFile file = create()) {
      if (file == null) {
        return isCancelled() ? Outcome.CANCELLED : Outcome.FAILED;
      }
      step = "write";
      if (!writer.write(file)) {
        return Outcome.CANCELLED;
      }
      step = "fsync";
      file.force();
      step = "close";
    }
    Outcome outcome = rename();
    if (outcome == Outcome.SAVED) {
      step = "fsync of the folder";
      disk.forceDirectory(directory);
    }
    return outcome;
  }

  /** Makes the temporary file; null where it can't be, which the log tells, or was cancelled. */
  private synchronized @Nullable DiskFile create() {
    if (cancelled) {
      return null;
    }
    try {
      DiskFile file = disk.create(path(temporary));
      lock = Leftovers.lock(disk, path(temporary));
      return file;
    } catch (IOException e) {
      log.warning(
          "Failed opening the temp RDB file "
              + temporary
              + " (in server root dir "
              + directory
              + ") for saving: "
              + e.getMessage());
      return null;
    }
  }

  /** Replaces the old file, unless somebody has cancelled that. */
  private synchronized Outcome rename() {
    if (cancelled) {
      return Outcome.CANCELLED;
    }
    if (mark.isReplaced(path(name))) {
      log.warning(
          path(name)
              + " is not what this server has loaded or saved last: somebody else saves there, too."
              + " Each save replaces the other's data. Give each server a dir or dbfilename of its"
              + " own.");
    }
    try {
      disk.rename(path(temporary), path(name));
      mark.note(path(name));
      return Outcome.SAVED;
    } catch (IOException e) {
      log.warning(
          "Error moving temp DB file "
              + temporary
              + " on the final destination "
              + name
              + " (in server root dir "
              + directory
              + "): "
              + e.getMessage());
      return Outcome.FAILED;
    }
  }

  /**
   * Has {@link #save} end soon. When this returns, the old file either is replaced already or never
   * will be.
   */
  synchronized void cancel() {
    cancelled = true;
    writer.cancel();
  }

  private synchronized boolean isCancelled() {
    return cancelled;
  }

  /** Deletes what is left of a save that has not succeeded, or has been cancelled. */
  synchronized void removeTemporary() {
    try {
      disk.delete(path(temporary));
    } catch (IOException e) {
      log.warning("The temp RDB file " + temporary + " can't be deleted: " + e.getMessage());
    }
  }

  private String path(String file) {
    return directory + "/" + file;
  }
}
