package io.cinnabar.persistence;

import io.cinnabar.host.DiskFile;
import java.io.IOException;
import java.util.function.LongConsumer;

/** A file from its beginning to where it ended when it was opened. */
final class RdbFileSource implements RdbSource {

  private final DiskFile file;
  private final LongConsumer progress;
  private final long sizeBytes;
  private long position;

  /**
   * @param progress hears how many bytes were read so far, before more are
   */
  RdbFileSource(DiskFile file, LongConsumer progress) throws IOException {
    this.file = file;
    this.progress = progress;
    sizeBytes = file.sizeBytes();
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    progress.accept(position);
    int count = file.read(position, into, offset, length);
    if (count > 0) {
      position += count;
    }
    return count;
  }

  @Override
  public long remaining() {
    return sizeBytes - position;
  }
}
