package io.cinnabar.net;

import java.util.ArrayList;
import java.util.List;

/** Tasks from other threads for the loop. */
final class Mailbox {

  private List<Runnable> arriving = new ArrayList<>();
  private volatile boolean empty = true;

  boolean isEmpty() {
    return empty;
  }

  synchronized void add(Runnable task) {
    arriving.add(task);
    empty = false;
  }

  /** What has arrived so far, oldest first; what those tasks post in turn comes with the next. */
  synchronized List<Runnable> take() {
    if (empty) {
      return List.of();
    }
    List<Runnable> tasks = arriving;
    arriving = new ArrayList<>();
    empty = true;
    return tasks;
  }
}
