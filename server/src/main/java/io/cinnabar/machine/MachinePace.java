package io.cinnabar.machine;

import io.cinnabar.host.Pace;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Works in short slices while the loop is busy, and rests between them, longer than it works. Where
 * there are few processors a thread that never waits would else take one from the loop, or from its
 * clients, for as long as the system lets threads run at a time: several milliseconds.
 */
final class MachinePace implements Pace {

  /** The clock is read once in so many steps. */
  private static final int STEPS = 16;

  private static final long SLICE_NANOS = 300_000;

  /** How much longer it rests than it works. */
  private static final int REST_FACTOR = 2;

  /** The most that is made up for of a rest that was longer than meant. */
  private static final long MAX_OVERSLEPT_NANOS = 2_000_000;

  private final AtomicLong loopTurns;
  private long seenTurns;
  private int steps;
  private long sinceNanos = System.nanoTime();
  private long overslept;

  MachinePace(AtomicLong loopTurns) {
    this.loopTurns = loopTurns;
  }

  @Override
  public void step() {
    if (++steps % STEPS != 0) {
      return;
    }
    long nanos = System.nanoTime();
    long workedNanos = nanos - sinceNanos;
    if (workedNanos < SLICE_NANOS) {
      return;
    }
    long turns = loopTurns.get();
    long restNanos = turns == seenTurns ? 0 : workedNanos * REST_FACTOR - overslept;
    seenTurns = turns;
    if (restNanos > 0) {
      LockSupport.parkNanos(restNanos);
    }
    sinceNanos = System.nanoTime();
    overslept = Math.min(MAX_OVERSLEPT_NANOS, sinceNanos - nanos - restNanos);
  }
}
