package io.cinnabar.virtual;

import io.cinnabar.host.Disk;
import io.cinnabar.host.DiskFile;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Files in memory, on a disk that behaves as badly as it may. What was not forced is at the mercy
 * of {@link #crash}: names that were made, changed or deleted since the last {@link
 * #forceDirectory}, bytes that were appended since the last {@link DiskFile#force}. It can fail, be
 * full, refuse to be written to, and stall, all when a test says so. Paths start at the root or at
 * {@value #HOME}.
 */
public final class VirtualDisk implements Disk {

  /** The working directory. */
  public static final String HOME = "/home";

  private final FileNames names = new FileNames(HOME);
  private final DiskFaults faults = new DiskFaults();
  private final Set<String> readOnly = new HashSet<>();
  private final Set<String> locked = new HashSet<>();
  private long capacityBytes = Long.MAX_VALUE;
  private int life;

  // What a test arranges.

  /** Adds a file, and the directories above it, that outlive a crash. */
  public void put(String path, byte[] contents) {
    names.put(absolute(path), new FileContents(contents.clone()));
  }

  /** Nothing in this directory can be made, renamed, deleted or replaced from now on. */
  public void makeReadOnly(String directory) {
    readOnly.add(absolute(directory));
  }

  /** Ends {@link #makeReadOnly}. */
  public void makeWritable(String directory) {
    readOnly.remove(absolute(directory));
  }

  /** All files together get no larger; what is above it already stays. */
  public void setCapacityBytes(long bytes) {
    capacityBytes = bytes;
  }

  /**
   * How many operations there were that change the disk: to make, rename, delete, or replace a
   * file, to make a directory, to append, to truncate, to force.
   */
  public long operations() {
    return faults.operations();
  }

  /** Has one operation to come fail; an append leaves half of its bytes, a force what it likes. */
  public void fail(long operation, String reason) {
    faults.fail(operation, reason);
  }

  /** Has all operations fail from now on; null ends that. */
  public void failAll(@Nullable String reason) {
    faults.failAll(reason);
  }

  /**
   * Has a {@link PowerFailure} come out of one operation to come, and out of all after it, until
   * {@link #crash} is called.
   *
   * @param done whether that operation has had its effect
   */
  public void losePower(long operation, boolean done) {
    faults.losePower(operation, done);
  }

  /** Whether who uses the disk has to wait: workers must not run meanwhile. */
  public boolean isStalled() {
    return faults.isStalled();
  }

  /** Begins or ends a stall. */
  public void stall(boolean yes) {
    faults.stall(yes);
  }

  /**
   * Turns into what is there after the machine has crashed and started again: nothing is open or
   * locked, nothing is wrong any more, and of what was not forced chance leaves some.
   */
  public void crash(RandomGenerator random) {
    names.crash(random);
    restart();
  }

  /** Turns into what is there after the process alone was killed: all that it has done. */
  public void kill() {
    restart();
  }

  private void restart() {
    life++;
    locked.clear();
    faults.restart();
  }

  // For open files.

  DiskFaults faults() {
    return faults;
  }

  int life() {
    return life;
  }

  long freeBytes() {
    long used = 0;
    for (FileContents contents : names.all()) {
      used += contents.sizeBytes();
    }
    return Math.max(0, capacityBytes - used);
  }

  // What the server sees.

  @Override
  public byte[] read(String path) throws IOException {
    faults.use();
    return file(path).toByteArray();
  }

  @Override
  public boolean exists(String path) {
    return names.get(absolute(path)) != null;
  }

  @Override
  public String workingDirectory() {
    return HOME;
  }

  @Override
  public String directory(String path) throws IOException {
    if (path.isEmpty() || names.get(absolute(path)) == null) {
      throw new IOException("No such file or directory");
    }
    if (!names.isDirectory(absolute(path))) {
      throw new IOException("Not a directory");
    }
    return absolute(path);
  }

  @Override
  public List<String> list(String directory) throws IOException {
    return names.in(directory(directory));
  }

  @Override
  public void replace(String path, byte[] contents) throws IOException {
    String file = changeable(path);
    if (names.isDirectory(file)) {
      throw new IOException("Is a directory");
    }
    if (freeBytes() < contents.length) {
      throw new IOException("No space left on device");
    }
    faults.change(
        () -> {
          names.add(file, new FileContents(contents.clone()));
          names.force(FileNames.parent(file));
        },
        () -> {});
  }

  @Override
  public DiskFile open(String path) throws IOException {
    faults.use();
    return new VirtualFile(this, file(path), false);
  }

  @Override
  public DiskFile create(String path) throws IOException {
    FileContents contents = names.get(absolute(path));
    if (contents == null) {
      return append(path);
    }
    FileContents file = file(path);
    faults.change(() -> file.truncate(0), () -> {});
    return new VirtualFile(this, file, true);
  }

  @Override
  public DiskFile append(String path) throws IOException {
    faults.use();
    if (names.get(absolute(path)) == null) {
      String file = changeable(path);
      faults.change(() -> names.add(file, new FileContents(new byte[0])), () -> {});
    }
    return new VirtualFile(this, file(path), true);
  }

  @Override
  public void rename(String from, String to) throws IOException {
    FileContents contents = file(from);
    String source = changeable(from);
    String target = changeable(to);
    faults.change(() -> names.rename(source, target, contents), () -> {});
  }

  @Override
  public void delete(String path) throws IOException {
    if (names.get(absolute(path)) != null) {
      String file = changeable(path);
      faults.change(() -> names.remove(file), () -> {});
    }
  }

  @Override
  public void makeDirectory(String path) throws IOException {
    String directory = absolute(path);
    if (names.isDirectory(directory)) {
      return;
    }
    if (names.get(directory) != null) {
      throw new IOException("File exists");
    }
    changeable(path);
    faults.change(() -> names.add(directory, FileContents.DIRECTORY), () -> {});
  }

  @Override
  public void forceDirectory(String path) throws IOException {
    String directory = directory(path);
    faults.change(() -> names.force(directory), () -> {});
  }

  @Override
  public @Nullable AutoCloseable lock(String path) throws IOException {
    append(path).close();
    String file = absolute(path);
    return locked.add(file) ? () -> locked.remove(file) : null;
  }

  private FileContents file(String path) throws IOException {
    FileContents contents = names.get(absolute(path));
    if (contents == null) {
      throw new IOException("No such file or directory");
    }
    if (contents == FileContents.DIRECTORY) {
      throw new IOException("Is a directory");
    }
    return contents;
  }

  /** The path, if its directory is there and may change. */
  private String changeable(String path) throws IOException {
    String file = absolute(path);
    String directory = FileNames.parent(file);
    if (readOnly.contains(directory)) {
      throw new IOException("Permission denied");
    }
    if (!names.isDirectory(directory)) {
      throw new IOException(
          names.get(directory) != null ? "Not a directory" : "No such file or directory");
    }
    return file;
  }

  private static String absolute(String path) {
    if (path.equals(".")) {
      return HOME;
    }
    String whole = path.startsWith("/") ? path : HOME + "/" + path;
    return whole.length() > 1 && whole.endsWith("/")
        ? whole.substring(0, whole.length() - 1)
        : whole;
  }
}
