package io.cinnabar.virtual;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with a disk. It counts the operations that change the disk, the first being number
 * 1: to make, rename, delete, or replace a file, to make a directory, to append, to truncate, to
 * force.
 */
final class DiskFaults {

  /** What an operation does, or what it leaves when it fails in the middle. */
  @FunctionalInterface
  interface Effect {
    void run() throws IOException;
  }

  private long operations;
  private long failingOperation;
  private @Nullable String reason;
  private @Nullable String lastingReason;
  private long lastOperation;
  private boolean lastIsDone;
  private boolean dead;
  private boolean stalled;

  long operations() {
    return operations;
  }

  /** Has one operation to come fail. */
  void fail(long operation, String why) {
    failingOperation = operation;
    reason = why;
  }

  /** Has all of them fail; null ends that. */
  void failAll(@Nullable String why) {
    lastingReason = why;
  }

  /** Has the power fail in the middle of an operation, or when it has just been done. */
  void losePower(long operation, boolean done) {
    lastOperation = operation;
    lastIsDone = done;
  }

  void stall(boolean yes) {
    stalled = yes;
  }

  boolean isStalled() {
    return stalled;
  }

  /** Another life begins, without any fault, and counts from 1. */
  void restart() {
    operations = 0;
    failingOperation = 0;
    lastingReason = null;
    lastOperation = 0;
    dead = false;
    stalled = false;
  }

  /** Anything at all is done, if only to read. */
  void use() {
    if (dead) {
      throw new PowerFailure();
    }
    if (stalled) {
      throw new IllegalStateException("the disk is stalled: who uses it now would wait");
    }
  }

  /**
   * Runs an operation that changes something.
   *
   * @param part what it leaves behind if it fails
   */
  void change(Effect effect, Effect part) throws IOException {
    use();
    operations++;
    boolean last = operations == lastOperation;
    if (last && !lastIsDone) {
      dead = true;
      part.run();
      throw new PowerFailure();
    }
    String why = operations == failingOperation ? reason : lastingReason;
    if (why != null) {
      part.run();
      throw new IOException(why);
    }
    effect.run();
    if (last) {
      dead = true;
      throw new PowerFailure();
    }
  }
}
