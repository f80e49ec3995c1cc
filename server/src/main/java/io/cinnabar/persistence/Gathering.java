package io.cinnabar.persistence;

/**
 * Whether the next batch is to wait for changes to come. Clients whose replies have just left
 * mostly come again at once; where each reply waits for a force, who comes when the next has just
 * begun waits for two. So a batch waits until as many changes have come as were in the last one or
 * stood behind it, but no longer than that one took. On the loop's thread.
 */
final class Gathering {

  private static final long LONGEST_NANOS = 2_000_000;

  /** With fewer changes in a batch little is gained by larger ones. */
  private static final int MANY_CHANGES = 4;

  private int begun;
  private int expected;
  private int come;
  private long untilNanos;

  /** A change has come. */
  void add() {
    come++;
  }

  /** A batch begins with what has come; how many changes that is. */
  int begin() {
    begun = come;
    come = 0;
    return begun;
  }

  /** A batch of so many changes is on disk, which took so long. */
  void ended(int count, long nowNanos, long tookNanos) {
    expected = count + come;
    untilNanos = nowNanos + Math.min(tookNanos, LONGEST_NANOS);
  }

  /** Whether many changes were in the last batch, or stand behind it. */
  boolean isBusy() {
    return begun >= MANY_CHANGES || come >= MANY_CHANGES;
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
