package io.cinnabar.command;

import io.cinnabar.command.Timers.Timer;
import io.cinnabar.command.WaitingLine.WaitingPlace;
import io.cinnabar.resp.Request;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A blocked client: the command that runs again when one of its keys is ready, and until when. */
final class Waiter {

  /** The objects of one that waits, and of each of its keys. */
  private static final long FIXED_BYTES = 400;

  private static final long KEY_BYTES = 300;

  private final Session session;
  private final Command command;
  private final Request request;
  private final Awaited awaited;
  private final List<WaitingPlace> places = new ArrayList<>(1);
  private @Nullable Timer timer;
  private boolean over;
  private @Nullable CommandError error;

  /**
   * @param request is kept
   */
  Waiter(Session session, Command command, Request request, Awaited awaited) {
    this.session = session;
    this.command = command;
    this.request = request;
    this.awaited = awaited;
  }

  Session session() {
    return session;
  }

  Command command() {
    return command;
  }

  Request request() {
    return request;
  }

  Awaited awaited() {
    return awaited;
  }

  /** Where it stands, a place for each of its keys. */
  List<WaitingPlace> places() {
    return places;
  }

  /** What ends the wait; null when it may last for ever. */
  @Nullable Timer timer() {
    return timer;
  }

  void timer(@Nullable Timer timer) {
    this.timer = timer;
  }

  /** Whether it gets nothing any more: its time is over, or somebody has ended the wait. */
  boolean isOver() {
    return over;
  }

  /** What the client is answered when the wait {@link #isOver}; null for the reply to a timeout. */
  @Nullable CommandError error() {
    return error;
  }

  void end(@Nullable CommandError error) {
    over = true;
    this.error = error;
  }

  /** What the wait costs. */
  long memoryBytes() {
    return memoryBytes(places.size(), request.array.length);
  }

  /**
   * What waiting for so many keys costs.
   *
   * @param requestBytes the length of the command, whose keys are kept once more
   */
  static long memoryBytes(long keys, long requestBytes) {
    return FIXED_BYTES + KEY_BYTES * keys + 2 * requestBytes;
  }
}
