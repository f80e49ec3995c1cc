package io.cinnabar.host;

import java.io.IOException;

/** Bytes that can be read from any place, by one thread at a time. */
public interface ReadableBytes {

  /** How many there are. */
  long sizeBytes() throws IOException;

  /**
   * Reads some of them.
   *
   * @param position of the first one
   * @return how many: at least one, or -1 at the end
   */
  int read(long position, byte[] into, int offset, int length) throws IOException;
}
