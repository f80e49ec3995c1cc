package io.cinnabar.net;

import io.netty.util.concurrent.FastThreadLocalThread;

/**
 * Makes the thread that turns the loop one of those for which Netty keeps its small objects to use
 * them again; for others it makes one for each flush.
 */
public final class LoopThread {

  private LoopThread() {}

  /** Runs the loop on this thread, until it returns. */
  public static void run(Runnable loop) {
    FastThreadLocalThread.runWithFastThreadLocal(loop);
  }
}
