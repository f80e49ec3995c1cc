package io.cinnabar.host;

import java.io.IOException;

/**
 * An open file. One thread at a time uses it, which need not be the loop's; whoever hands it over
 * does so safely. After an {@link IOException} of a write, as many bytes of it as there was room
 * for may be in the file.
 */
public interface DiskFile extends ReadableBytes, AutoCloseable {

  /** {@inheritDoc} With all that was appended. */
  @Override
  long sizeBytes() throws IOException;

  /** Adds bytes at the end, all of them. A crash may take them back until {@link #force}. */
  void append(byte[] from, int offset, int length) throws IOException;

  /** Cuts off what is behind {@code sizeBytes}. */
  void truncate(long sizeBytes) throws IOException;

  /** Returns when everything that was appended outlives a crash of the machine. */
  void force() throws IOException;

  /** Closes it, without {@link #force}. Closing again does nothing. */
  @Override
  void close() throws IOException;
}
