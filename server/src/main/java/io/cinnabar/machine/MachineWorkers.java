package io.cinnabar.machine;

import io.cinnabar.host.Pace;
import io.cinnabar.host.Workers;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A few daemon threads, started when there is work and ended when there has been none for a while,
 * so that an idle server costs none. Tasks beyond them wait in order.
 */
final class MachineWorkers implements Workers {

  private static final int MAX_THREADS = 4;
  private static final long IDLE_SECONDS = 30;

  private final ThreadPoolExecutor executor;
  private final AtomicLong loopTurns = new AtomicLong();

  MachineWorkers() {
    AtomicInteger started = new AtomicInteger();
    executor =
        new ThreadPoolExecutor(
            MAX_THREADS,
            MAX_THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "cinnabar-worker-" + started.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    executor.allowCoreThreadTimeOut(true);
  }

  @Override
  public void run(Runnable task) {
    executor.execute(task);
  }

  @Override
  public void pause(long nanos) {
    LockSupport.parkNanos(nanos);
  }

  @Override
  public void loopWorked() {
    loopTurns.lazySet(loopTurns.get() + 1);
  }

  @Override
  public Pace pace() {
    return new MachinePace(loopTurns);
  }
}
