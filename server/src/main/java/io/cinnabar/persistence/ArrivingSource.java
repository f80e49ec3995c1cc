package io.cinnabar.persistence;

import java.io.IOException;

/** A data set that another server sends while it is loaded. The loop turns until more has come. */
final class ArrivingSource implements RdbSource {

  private static final long WAIT_NANOS = 100_000_000L;

  private final Arrival arrival;
  private final Loading loading;
  private long position;

  ArrivingSource(Arrival arrival, Loading loading) {
    this.arrival = arrival;
    this.loading = loading;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    loading.advanced(position);
    int count = arrival.take(into, offset, length);
    while (count == 0) {
      loading.await(WAIT_NANOS);
      count = arrival.take(into, offset, length);
    }
    if (count > 0) {
      position += count;
    }
    return count;
  }

  /** How many bytes were read. */
  long position() {
    return position;
  }

  @Override
  public long remaining() {
    return arrival.remaining();
  }
}
