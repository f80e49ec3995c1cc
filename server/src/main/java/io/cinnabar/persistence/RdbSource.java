package io.cinnabar.persistence;

import java.io.IOException;

/** Where RDB comes from: a file, or bytes whose end only shows when it comes. */
interface RdbSource {

  /** Stands for a number of bytes that is not known. */
  long UNKNOWN = Long.MAX_VALUE;

  /**
   * Reads some bytes.
   *
   * @return how many: at least one, or -1 at the end
   */
  int read(byte[] into, int offset, int length) throws IOException;

  /** How many bytes there are left, or {@link #UNKNOWN}. */
  long remaining();
}
