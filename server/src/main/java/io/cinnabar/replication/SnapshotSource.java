package io.cinnabar.replication;

import io.cinnabar.persistence.RdbSink;
import java.io.IOException;

/** Where a snapshot for replicas comes from, part by part. */
interface SnapshotSource {

  /**
   * Gives the sink so many bytes more, or a few more than that. On a worker.
   *
   * @return whether these were the last ones
   */
  boolean give(RdbSink sink, long bytes) throws IOException;

  /** Has {@link #give} end soon. From any thread. */
  void cancel();

  /** Lets go of what it comes from. On the loop's thread, and not while it gives. */
  void close();
}
