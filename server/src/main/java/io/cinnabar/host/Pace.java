package io.cinnabar.host;

/** How one task that takes long shares the processors with the loop. On the task's thread. */
@FunctionalInterface
public interface Pace {

  /** Comes again and again during the work; now and then it rests, while the loop is busy. */
  void step();
}
