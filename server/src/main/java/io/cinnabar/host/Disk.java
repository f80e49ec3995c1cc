package io.cinnabar.host;

import java.io.IOException;
import java.util.List;

/**
 * Files, by path as the operator wrote it; relative ones start at the working directory. The
 * message of an {@link IOException} is the machine's reason, as in {@code No such file or
 * directory}.
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
}
