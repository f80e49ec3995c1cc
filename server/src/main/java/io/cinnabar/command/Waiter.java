package io.cinnabar.command;

import io.cinnabar.command.Timers.Timer;
import io.cinnabar.resp.ReplyWriter;
import io.cinnabar.resp.Request;
import org.jspecify.annotations.Nullable;

/** A blocked client: its command, and until when it waits. What for, its kind says. */
abstract class Waiter {

  /** The objects of one that waits. */
  static final long FIXED_BYTES = 400;

  private final Session session;
  private final Command command;
  private final Request request;
  private @Nullable Timer timer;
  private boolean over;
  private @Nullable CommandError error;

  /**
   * @param request is kept
   */
  Waiter(Session session, Command command, Request request) {
    this.session = session;
    this.command = command;
    this.request = request;
  }

  final Session session() {
    return session;
  }

  final Command command() {
    return command;
  }

  final Request request() {
    return request;
  }

  /** What ends the wait; null when it may last for ever. */
  final @Nullable Timer timer() {
    return timer;
  }

  final void timer(@Nullable Timer timer) {
    this.timer = timer;
  }

  /**
   * Whether nothing will be done for it any more but to answer it: its time is over, it has what it
   * waits for, or somebody has ended the wait.
   */
  final boolean isOver() {
    return over;
  }

  /** What the client is answered when the wait {@link #isOver}; null for {@link #answer}. */
  final @Nullable CommandError error() {
    return error;
  }

  final void end(@Nullable CommandError error) {
    over = true;
    this.error = error;
  }

  /** Writes the reply when the wait is over without an error. */
  abstract void answer(ReplyWriter reply);

  /** Nobody finds it any more where it waits. */
  abstract void leave();

  /** What the wait costs. */
  abstract long memoryBytes();
}
