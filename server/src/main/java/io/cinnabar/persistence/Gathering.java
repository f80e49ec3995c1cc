package io.cinnabar.persistence;

/**
 * Whether the next batch is to wait for changes to come. Clients whose replies have just left
 * mostly come again at once; where each reply waits for a force, who comes when the next has just
 * begun waits for two. So a batch waits until as many changes have come as were in the last one or
 * stood behind it, but no longer than that one took. On the loop's thread.
 */
final class Gathering {

  private static final long LONGEST_NANOS = 2_000_000;

  private int expected;
  private int come;
  private long untilNanos;

  /** A change has come. */
  void add() {
    come++;
  }

  /** A batch begins with what has come; how many changes that is. */
  int begin() {
    int count = come;
    come = 0;
    return count;
  }

  /** A batch of so many changes is on disk, which took so long. */
  void ended(int count, long nowNanos, long tookNanos) {
    expected = count + come;
    untilNanos = nowNanos + Math.min(tookNanos, LONGEST_NANOS);
  }

  /** Whether more changes are worth waiting for, until {@link #untilNanos}. */
  boolean isIncomplete() {
    return come < expected;
  }

  /** When a wait ends, whatever comes. */
  long untilNanos() {
    return untilNanos;
  }
}
