package io.cinnabar.replication;

import io.cinnabar.keyspace.FrozenKeyspace;
import io.cinnabar.persistence.RdbFileWriter;
import io.cinnabar.persistence.RdbSink;
import java.io.IOException;

/** A snapshot that is written from a frozen view while it is sent. */
final class FrozenSource implements SnapshotSource {

  private final FrozenKeyspace data;
  private final RdbFileWriter writer;

  FrozenSource(FrozenKeyspace data, RdbFileWriter writer) {
    this.data = data;
    this.writer = writer;
  }

  @Override
  public boolean give(RdbSink sink, long bytes) throws IOException {
    return writer.writePart(sink, bytes);
  }

  @Override
  public void cancel() {
    writer.cancel();
  }

  @Override
  public void close() {
    data.close();
  }
}
