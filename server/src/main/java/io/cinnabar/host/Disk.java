package io.cinnabar.host;

import java.io.IOException;

/** Files, by path as the operator wrote it; relative ones start at the working directory. */
public interface Disk {

  /** The whole contents of a file. */
  byte[] read(String path) throws IOException;
}
