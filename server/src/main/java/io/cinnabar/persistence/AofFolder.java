package io.cinnabar.persistence;

import io.cinnabar.host.Disk;
import io.cinnabar.host.DiskFile;
import java.io.IOException;

/**
 * The folder that an append-only file's files lie in, beside their manifest. Stateless; by any
 * thread, one at a time.
 */
public final class AofFolder {

  private final Disk disk;
  private final String parent;
  private final String name;
  private final String path;
  private final String prefix;

  /**
   * @param parent the data folder
   * @param name of the folder in it
   * @param prefix what the names of all files begin with
   */
  public AofFolder(Disk disk, String parent, String name, String prefix) {
    this.disk = disk;
    this.parent = parent;
    this.name = name;
    this.path = parent + "/" + name;
    this.prefix = prefix;
  }

  Disk disk() {
    return disk;
  }

  /** What the names of all files begin with, which is what an old, single file is called. */
  String prefix() {
    return prefix;
  }

  /** Its name in the data folder. */
  String name() {
    return name;
  }

  String path() {
    return path;
  }

  String path(AofFile file) {
    return path(file.name());
  }

  String path(String name) {
    return path + "/" + name;
  }

  /** The old, single file, which lies in the data folder. */
  String oldFile() {
    return parent + "/" + prefix;
  }

  String manifestName() {
    return prefix + ".manifest";
  }

  /** Whether there is a manifest. */
  boolean hasManifest() {
    return disk.exists(path(manifestName()));
  }

  /** Reads the manifest; an empty one if there is none. */
  AofManifest read() throws IOException, AofManifestException {
    return hasManifest() ? AofManifest.parse(disk.read(path(manifestName()))) : AofManifest.EMPTY;
  }

  /** Replaces the manifest, and returns when that outlives a crash. */
  void write(AofManifest manifest) throws IOException {
    disk.replace(path(manifestName()), manifest.format());
  }

  /** Makes the folder, unless it is there, and returns when that outlives a crash. */
  void make() throws IOException {
    if (!disk.exists(path)) {
      disk.makeDirectory(path);
      disk.forceDirectory(parent);
    }
  }

  /** Makes a file, which is there after a crash only after {@link #force}. */
  DiskFile create(AofFile file) throws IOException {
    return disk.create(path(file));
  }

  /** Opens a file that is there to append to it. */
  DiskFile append(AofFile file) throws IOException {
    return disk.append(path(file));
  }

  /** Returns when the names of all files outlive a crash. */
  void force() throws IOException {
    disk.forceDirectory(path);
  }

  /** How long a file is. */
  long sizeBytes(AofFile file) throws IOException {
    try (DiskFile open = disk.open(path(file))) {
      return open.sizeBytes();
    }
  }
}
