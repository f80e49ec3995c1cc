package io.cinnabar.persistence;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.cinnabar.host.Disk;
import io.cinnabar.host.DiskFile;
import io.cinnabar.resp.Request;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * Examines an append-only file, given by its manifest or as a single file, and tells what it finds,
 * in lines like those of redis-check-aof. Only where it is told to it changes something: then it
 * cuts the last file off where the damage begins.
 */
public final class AofCheck {

  private static final byte[] RDB_START = "REDIS".getBytes(US_ASCII);

  /** Examines the snapshot that a file begins with. */
  @FunctionalInterface
  public interface SnapshotCheck {
    /** Where it ends; -1 if something is wrong with it, which was told. */
    long examine(DiskFile file, String name) throws IOException;
  }

  private final Disk disk;
  private final Consumer<String> out;
  private final SnapshotCheck snapshots;
  private final boolean isFixing;
  private final Request request = new Request();

  /**
   * @param isFixing whether damaged files are to be cut
   */
  public AofCheck(Disk disk, Consumer<String> out, SnapshotCheck snapshots, boolean isFixing) {
    this.disk = disk;
    this.out = out;
    this.snapshots = snapshots;
    this.isFixing = isFixing;
  }

  /** Examines what is at a path; whether all is well, now at least. */
  public boolean run(String path) {
    try {
      return isManifest(path) ? runAll(path) : runOne(path);
    } catch (IOException e) {
      return tell(path, e);
    }
  }

  private boolean tell(String path, IOException failure) {
    out.accept("Cannot open file " + path + ": " + failure.getMessage() + ", aborting...");
    return false;
  }

  private boolean isManifest(String path) throws IOException {
    try (DiskFile file = disk.open(path)) {
      byte[] start = new byte[1];
      long at = 0;
      while (file.read(at, start, 0, 1) == 1 && start[0] == '#') {
        while (file.read(at, start, 0, 1) == 1 && start[0] != '\n') {
          at++;
        }
        at++;
      }
      return start[0] == 'f';
    }
  }

  private boolean runOne(String path) throws IOException {
    out.accept("Start checking Old-Style AOF");
    boolean isWhole = examine(path, path, true);
    out.accept("AOF " + path + (isWhole ? " is valid" : " is not valid"));
    return isWhole;
  }

  private boolean runAll(String path) throws IOException {
    AofManifest manifest;
    try {
      manifest = AofManifest.parse(disk.read(path));
    } catch (AofManifestException e) {
      e.logLines().forEach(out);
      return false;
    }
    out.accept("Start checking Multi Part AOF");
    String folder = path.substring(0, path.lastIndexOf('/') + 1);
    List<AofFile> files = manifest.loaded();
    for (int i = 0; i < files.size(); i++) {
      AofFile file = files.get(i);
      String kind = file.kind() == AofFile.Kind.BASE ? "BASE" : "INCR";
      out.accept("Start to check " + kind + " AOF " + file.name());
      if (!examinePart(folder + file.name(), file.name(), i == files.size() - 1)) {
        out.accept(kind + " AOF " + file.name() + " is not valid");
        return false;
      }
      out.accept(kind + " AOF " + file.name() + " is valid");
    }
    out.accept("All AOF files and manifest are valid");
    return true;
  }

  private boolean examinePart(String path, String name, boolean isLast) {
    try {
      return examine(path, name, isLast);
    } catch (IOException e) {
      return tell(path, e);
    }
  }

  private boolean examine(String path, String name, boolean isLast) throws IOException {
    long validBytes;
    long sizeBytes;
    try (DiskFile file = disk.open(path)) {
      sizeBytes = file.sizeBytes();
      long from = 0;
      byte[] start = new byte[RDB_START.length];
      if (file.read(0, start, 0, start.length) == start.length && Arrays.equals(start, RDB_START)) {
        from = snapshots.examine(file, name);
        if (from < 0) {
          return false;
        }
      }
      validBytes = walk(new AofReader(file, from), name);
    }
    out.accept(
        "AOF analyzed: filename="
            + name
            + ", size="
            + sizeBytes
            + ", ok_up_to="
            + validBytes
            + ", diff="
            + (sizeBytes - validBytes));
    return validBytes == sizeBytes || repair(path, name, sizeBytes, validBytes, isLast);
  }

  /** Up to where a file can be loaded; tells what is wrong there. */
  private long walk(AofReader reader, String name) throws IOException {
    long validBytes = reader.position();
    long transactionStart = -1;
    try {
      while (reader.next(request)) {
        if (request.arg(0).isWord("multi")) {
          if (transactionStart >= 0) {
            out.accept("Unexpected MULTI in AOF " + name + " at offset " + reader.commandStart());
            return transactionStart;
          }
          transactionStart = reader.commandStart();
        } else if (request.arg(0).isWord("exec")) {
          if (transactionStart < 0) {
            out.accept("Unexpected EXEC in AOF " + name + " at offset " + reader.commandStart());
            return reader.commandStart();
          }
          transactionStart = -1;
        }
        validBytes = reader.position();
      }
      validBytes = transactionStart < 0 ? reader.position() : transactionStart;
      if (transactionStart >= 0) {
        out.accept("Reached EOF before reading EXEC for MULTI at offset " + transactionStart);
      }
    } catch (AofDamage damage) {
      validBytes = transactionStart < 0 ? damage.offset() : transactionStart;
      out.accept("0x" + Long.toHexString(damage.offset()) + ": " + damage.describe());
      if (!reader.isUnfinished(damage)) {
        out.accept(
            "This is not what a crash leaves: what was on disk has changed. Commands behind it are"
                + " lost if the file is cut there.");
      }
    }
    return reader.cut(validBytes);
  }

  private boolean repair(String path, String name, long sizeBytes, long validBytes, boolean isLast)
      throws IOException {
    if (!isFixing) {
      out.accept("AOF " + name + " is not valid. Use the --fix option to try fixing it.");
      return false;
    }
    if (!isLast) {
      out.accept("Failed to truncate AOF " + name + " because it is not the last file");
      return false;
    }
    out.accept(
        "This will shrink the AOF "
            + name
            + " from "
            + sizeBytes
            + " bytes, with "
            + (sizeBytes - validBytes)
            + " bytes, to "
            + validBytes
            + " bytes");
    try (DiskFile file = disk.append(path)) {
      file.truncate(validBytes);
      file.force();
    }
    out.accept("Successfully truncated AOF " + name);
    return true;
  }
}
