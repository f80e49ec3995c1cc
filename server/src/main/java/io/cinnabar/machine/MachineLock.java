package io.cinnabar.machine;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A lock on a file, held by this process. The file stays when the lock ends: who deleted it could
 * delete one that somebody else has locked meanwhile.
 */
final class MachineLock implements AutoCloseable {

  /**
   * The files that this process has locked. To open one of them again would be a mistake: with the
   * first descriptor of a file that is closed a process loses all its locks on it.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path file;
  private final FileChannel channel;

  private MachineLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /** Locks a file, which is made for that; null when it is locked already. */
  static @Nullable MachineLock of(Path path) throws IOException {
    Path folder = path.toAbsolutePath().resolveSibling("").toRealPath();
    Path file = folder.resolve(String.valueOf(path.getFileName()));
    if (!HELD.add(file)) {
      return null;
    }
    MachineLock lock = null;
    try {
      lock = lock(file);
      return lock;
    } finally {
      if (lock == null) {
        HELD.remove(file);
      }
    }
  }

  private static @Nullable MachineLock lock(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = null;
    try {
      lock = channel.tryLock();
      return lock == null ? null : new MachineLock(file, channel);
    } catch (OverlappingFileLockException e) {
      return null; // by another class loader's copy of this class
    } finally {
      if (lock == null) {
        channel.close();
      }
    }
  }

  @Override
  public void close() throws IOException {
    if (channel.isOpen()) {
      channel.close();
      HELD.remove(file);
    }
  }
}
