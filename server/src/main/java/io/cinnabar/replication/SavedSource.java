package io.cinnabar.replication;

import io.cinnabar.host.DiskFile;
import io.cinnabar.host.Log;
import io.cinnabar.persistence.RdbSink;
import java.io.IOException;

/** A snapshot that was saved to a file. */
final class SavedSource implements SnapshotSource {

  private static final int PIECE_BYTES = 64 << 10;

  private final DiskFile file;
  private final long sizeBytes;
  private final Log log;
  private final byte[] piece = new byte[PIECE_BYTES];
  private long position;
  private volatile boolean isCancelled;

  SavedSource(DiskFile file, Log log) throws IOException {
    this.file = file;
    this.log = log;
    sizeBytes = file.sizeBytes();
  }

  long sizeBytes() {
    return sizeBytes;
  }

  @Override
  public boolean give(RdbSink sink, long bytes) throws IOException {
    long end = Math.min(sizeBytes, position + bytes);
    while (position < end && !isCancelled) {
      int count = file.read(position, piece, 0, (int) Math.min(PIECE_BYTES, end - position));
      if (count < 0) {
        throw new IOException("the file has become shorter");
      }
      sink.append(piece, 0, count);
      position += count;
    }
    return position == sizeBytes;
  }

  @Override
  public void cancel() {
    isCancelled = true;
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      log.warning("Closing the RDB file for replicas: " + e.getMessage());
    }
  }
}
