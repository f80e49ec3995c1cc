package io.cinnabar.persistence;

import io.cinnabar.host.DiskFile;
import java.io.IOException;

/** Takes a snapshot while it is written: a file, or somebody who sends it on. */
public interface RdbSink {

  /** Takes these bytes, which change afterwards. */
  void append(byte[] bytes, int offset, int length) throws IOException;

  /** Returns when all that was taken outlives a crash of the machine, if it ever will. */
  void force() throws IOException;

  /** One that appends to a file. */
  static RdbSink of(DiskFile file) {
    return new RdbSink() {
      @Override
      public void append(byte[] bytes, int offset, int length) throws IOException {
        file.append(bytes, offset, length);
      }

      @Override
      public void force() throws IOException {
        file.force();
      }
    };
  }
}
