package io.cinnabar.machine;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import io.cinnabar.host.Disk;
import io.cinnabar.host.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The machine's file system. */
final class MachineDisk implements Disk {

  private static final boolean POSIX =
      FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

  /** Others may read a file, only its owner may write to it. */
  private static final FileAttribute<?>[] ATTRIBUTES =
      POSIX
          ? new FileAttribute<?>[] {
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--"))
          }
          : new FileAttribute<?>[0];

  /** What is done with one path. */
  @FunctionalInterface
  private interface Action<T> {
    T run(Path path) throws IOException;
  }

  @Override
  public byte[] read(String path) throws IOException {
    return on(path, Files::readAllBytes);
  }

  @Override
  public boolean exists(String path) {
    try {
      return Files.exists(Path.of(path));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  @Override
  public String workingDirectory() {
    return Path.of("").toAbsolutePath().toString();
  }

  @Override
  public String directory(String path) throws IOException {
    if (path.isEmpty()) {
      throw MachineErrors.noSuchFile();
    }
    return on(
        path,
        file -> {
          Path real = file.toRealPath();
          if (!Files.isDirectory(real)) {
            throw new NotDirectoryException(path);
          }
          return real.toString();
        });
  }

  @Override
  public List<String> list(String directory) throws IOException {
    return on(
        directory,
        folder -> {
          try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName())).toList();
          }
        });
  }

  @Override
  public void replace(String path, byte[] contents) throws IOException {
    on(
        path,
        file -> {
          if (Files.isDirectory(file)) {
            throw new IOException("Is a directory");
          }
          replace(file.toAbsolutePath(), contents);
          return file;
        });
  }

  /** By way of a file beside it, whose name nobody else uses. */
  private static void replace(Path file, byte[] contents) throws IOException {
    String name = file.getFileName() + "-" + ProcessHandle.current().pid() + ".tmp";
    Path fresh = file.resolveSibling(name);
    Files.deleteIfExists(fresh); // left behind by a process with the same id
    try {
      write(fresh, contents);
      Files.move(fresh, file, ATOMIC_MOVE, REPLACE_EXISTING);
    } catch (IOException e) {
      Files.deleteIfExists(fresh);
      throw e;
    }
    force(fresh.resolveSibling(""));
  }

  /** Elsewhere than on POSIX systems a directory can't be opened. */
  private static void force(Path directory) throws IOException {
    if (POSIX) {
      try (FileChannel channel = FileChannel.open(directory, READ)) {
        channel.force(true);
      }
    }
  }

  private static void write(Path file, byte[] contents) throws IOException {
    try (FileChannel channel = FileChannel.open(file, Set.of(CREATE_NEW, WRITE), ATTRIBUTES)) {
      ByteBuffer left = ByteBuffer.wrap(contents);
      while (left.hasRemaining()) {
        channel.write(left);
      }
      channel.force(true);
    }
  }

  @Override
  public DiskFile open(String path) throws IOException {
    return open(path, Set.of(READ));
  }

  @Override
  public DiskFile create(String path) throws IOException {
    return open(path, Set.of(CREATE, TRUNCATE_EXISTING, READ, WRITE));
  }

  @Override
  public DiskFile append(String path) throws IOException {
    return open(path, Set.of(CREATE, READ, WRITE));
  }

  private static DiskFile open(String path, Set<OpenOption> options) throws IOException {
    return on(path, file -> new MachineFile(FileChannel.open(file, options, ATTRIBUTES)));
  }

  @Override
  public void rename(String from, String to) throws IOException {
    on(from, file -> Files.move(file, Path.of(to), ATOMIC_MOVE, REPLACE_EXISTING));
  }

  @Override
  public void delete(String path) throws IOException {
    on(path, Files::deleteIfExists);
  }

  @Override
  public void makeDirectory(String path) throws IOException {
    on(
        path,
        folder -> {
          try {
            return Files.createDirectory(folder);
          } catch (FileAlreadyExistsException e) {
            if (Files.isDirectory(folder)) {
              return folder;
            }
            throw e;
          }
        });
  }

  @Override
  public void forceDirectory(String path) throws IOException {
    on(
        path,
        folder -> {
          force(folder);
          return folder;
        });
  }

  @Override
  public @Nullable AutoCloseable lock(String path) throws IOException {
    return on(path, file -> Optional.ofNullable(MachineLock.of(file))).orElse(null);
  }

  private static <T> T on(String path, Action<T> action) throws IOException {
    try {
      return action.run(Path.of(path));
    } catch (InvalidPathException e) {
      throw MachineErrors.noSuchFile();
    } catch (IOException e) {
      throw MachineErrors.reason(e);
    }
  }
}
