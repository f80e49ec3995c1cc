package io.cinnabar.persistence;

import java.io.IOException;

/** Bytes of a data set as they come from another server. On the loop's thread. */
public interface Arrival {

  /** Stands for a number of bytes that is not known. */
  long UNKNOWN = RdbSource.UNKNOWN;

  /**
   * Takes some of what has come.
   *
   * @return how many bytes; 0 when none are there yet, -1 at the end
   * @throws IOException when no more will come
   */
  int take(byte[] into, int offset, int length) throws IOException;

  /** How many bytes there are left, or {@link #UNKNOWN}. */
  long remaining();
}
