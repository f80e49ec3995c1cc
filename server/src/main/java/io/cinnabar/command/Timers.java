package io.cinnabar.command;

import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Tasks of the loop that are due at some time. Times are those of the monotonic clock. */
public final class Timers {

  private final TreeSet<Timer> queue = new TreeSet<>();
  private long sequence;

  /** Runs {@code task} once, in the first turn at or after {@code atNanos}. */
  public Timer schedule(long atNanos, Runnable task) {
    Timer timer = new Timer(atNanos, sequence++, task);
    queue.add(timer);
    return timer;
  }

  /** Forgets a task, unless it has run. */
  public void cancel(Timer timer) {
    queue.remove(timer);
  }

  /**
   * Nanoseconds from {@code nowNanos} to the next task; 0 when one is due, {@code most} at most.
   */
  public long nanosToNext(long nowNanos, long most) {
    Timer next = first();
    return next == null ? most : Math.max(0, Math.min(most, next.atNanos - nowNanos));
  }

  /** Runs what is due. */
  public void run(long nowNanos) {
    Timer next = first();
    while (next != null && next.atNanos - nowNanos <= 0) {
      queue.remove(next);
      next.task.run();
      next = first();
    }
  }

  private @Nullable Timer first() {
    return queue.isEmpty() ? null : queue.first();
  }

  /** A task that waits for its time. */
  public static final class Timer implements Comparable<Timer> {

    private final long atNanos;
    private final long sequence;
    private final Runnable task;

    private Timer(long atNanos, long sequence, Runnable task) {
      this.atNanos = atNanos;
      this.sequence = sequence;
      this.task = task;
    }

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
