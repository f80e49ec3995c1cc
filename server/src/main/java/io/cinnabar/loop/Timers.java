package io.cinnabar.loop;

import java.util.PriorityQueue;

/** Tasks of the loop that are due at some time. Times are those of the monotonic clock. */
public final class Timers {

  private final PriorityQueue<Timer> queue = new PriorityQueue<>();
  private long sequence;

  /** Runs {@code task} once, in the first turn at or after {@code atNanos}. */
  public void schedule(long atNanos, Runnable task) {
    queue.add(new Timer(atNanos, sequence++, task));
  }

  /**
   * Nanoseconds from {@code nowNanos} to the next task; 0 when one is due, {@code most} at most.
   */
  public long nanosToNext(long nowNanos, long most) {
    Timer next = queue.peek();
    return next == null ? most : Math.max(0, Math.min(most, next.atNanos - nowNanos));
  }

  /** Runs what is due. */
  public void run(long nowNanos) {
    Timer next = queue.peek();
    while (next != null && next.atNanos - nowNanos <= 0) {
      queue.remove();
      next.task.run();
      next = queue.peek();
    }
  }

  private record Timer(long atNanos, long sequence, Runnable task) implements Comparable<Timer> {
    @Override
    public int compareTo(Timer other) {
      long difference = atNanos - other.atNanos;
      if (difference == 0) {
        difference = sequence - other.sequence;
      }
      return Long.signum(difference);
    }
  }
}
