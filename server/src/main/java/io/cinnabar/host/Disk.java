package io.cinnabar.host;

import java.io.IOException;

/** Files, by path as the operator wrote it; relative ones start at the working directory. */
public interface Disk {

  /**
   * The whole contents of a file.
   *
   * @throws IOException when it can't be read; the message is the machine's reason, as in {@code No
   *     such file or directory}
   */
  byte[] read(String path) throws IOException;
}
