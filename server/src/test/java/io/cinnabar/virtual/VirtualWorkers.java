package io.cinnabar.virtual;

import io.cinnabar.host.Pace;
import io.cinnabar.host.Workers;
import java.util.ArrayDeque;
import java.util.Queue;

/** Workers without threads: tasks wait until a test runs them, oldest first. */
public final class VirtualWorkers implements Workers {

  private final Queue<Runnable> tasks = new ArrayDeque<>();

  @Override
  public void run(Runnable task) {
    tasks.add(task);
  }

  /** Time is the test's. */
  @Override
  public void pause(long nanos) {}

  /** Runs the oldest task; returns whether there was one. */
  public boolean runNext() {
    Runnable task = tasks.poll();
    if (task == null) {
      return false;
    }
    task.run();
    return true;
  }

  /** Whether nothing is to be done. */
  public boolean isIdle() {
    return tasks.isEmpty();
  }

  /** Runs all tasks, and those that they give in turn. */
  public void runAll() {
    while (runNext()) {
      // The call does the work.
    }
  }

  @Override
  public void loopWorked() {}

  @Override
  public Pace pace() {
    return () -> {};
  }
}
