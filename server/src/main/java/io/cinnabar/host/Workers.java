package io.cinnabar.host;

/** Threads beside the loop, for work that waits for the disk or takes long. */
public interface Workers {

  /**
   * Runs {@code task} away from the loop. Whatever the task hands back to the loop it hands back
   * through {@link Network#post}; it must not touch the engine.
   */
  void run(Runnable task);

  /** Holds up the thread that calls it, which must not be the loop's; perhaps a little longer. */
  void pause(long nanos);

  /** Says that the loop has had something to do; on the loop's thread. */
  void loopWorked();

  /** For a task that takes long and waits for nothing; each has its own. From any thread. */
  Pace pace();
}
