package io.cinnabar.host;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Files, by path as the operator wrote it; relative ones start at the working directory. The
 * message of an {@link IOException} is the machine's reason, as in {@code No such file or
 * directory}. Any thread may use it.
 */
public interface Disk {

  /**
   * The whole contents of a file.
   *
   * @throws IOException when it can't be read
   */
  byte[] read(String path) throws IOException;

  /** Whether there is a file or directory at {@code path}. */
  boolean exists(String path);

  /** The directory at which relative paths start: its path from the root. */
  String workingDirectory();

  /**
   * The path of a directory from the root, without links.
   *
   * @throws IOException when it isn't there, is no directory, or can't be entered
   */
  String directory(String path) throws IOException;

  /**
   * The names of what is in a directory, in no order.
   *
   * @throws IOException when it can't be read
   */
  List<String> list(String directory) throws IOException;

  /**
   * Gives a file new contents, or makes it: whoever opens it, now or after a crash, finds either
   * the old contents or the new ones, and the new ones once this has returned. Others may read the
   * file, only its owner may write to it.
   *
   * @throws IOException when it can't be done; the file is as it was
   */
  void replace(String path, byte[] contents) throws IOException;

  /**
   * Opens a file to read it.
   *
   * @throws IOException when there is none, or it can't be read
   */
  DiskFile open(String path) throws IOException;

  /**
   * Makes an empty file, or empties the one that there is, to append to it. That it is there at all
   * outlives a crash after {@link #forceDirectory}.
   */
  DiskFile create(String path) throws IOException;

  /** Opens a file to append to it, and makes it if there is none. */
  DiskFile append(String path) throws IOException;

  /**
   * Gives a file another name in the same file system, at once and instead of what has that name.
   * It outlives a crash after {@link #forceDirectory}.
   */
  void rename(String from, String to) throws IOException;

  /** Deletes a file, if there is one. */
  void delete(String path) throws IOException;

  /** Makes a directory, unless there is one. */
  void makeDirectory(String path) throws IOException;

  /** Returns when the names of what is in a directory outlive a crash of the machine. */
  void forceDirectory(String path) throws IOException;

  /**
   * Locks a file against other servers, which it makes for that; the lock ends with the process.
   *
   * @return what ends it earlier; null when another process holds it
   */
  @Nullable AutoCloseable lock(String path) throws IOException;
}
