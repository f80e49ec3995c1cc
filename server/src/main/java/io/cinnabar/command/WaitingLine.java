package io.cinnabar.command;

import io.cinnabar.structure.BytesKey;
import io.cinnabar.structure.Line;
import io.cinnabar.structure.Line.Place;
import org.jspecify.annotations.Nullable;

/** The clients that wait for one key, in the order in which they came. */
final class WaitingLine {

  private final BytesKey key;
  private final Line<KeyWaiter> waiters = new Line<>();
  private int alsoWhenGone;
  private boolean ready;

  /**
   * @param key is kept
   */
  WaitingLine(BytesKey key) {
    this.key = key;
  }

  BytesKey key() {
    return key;
  }

  @Nullable Place<KeyWaiter> first() {
    return waiters.first();
  }

  /** The ticket of the one that came last; 0 when nobody is there. */
  long lastTicket() {
    Place<KeyWaiter> last = waiters.last();
    return last == null ? 0 : last.ticket();
  }

  boolean isEmpty() {
    return waiters.isEmpty();
  }

  /** Whether somebody in it also waits for the key to go. */
  boolean hasAlsoWhenGone() {
    return alsoWhenGone > 0;
  }

  /** Whether the key may be what somebody waits for, and was not looked at yet. */
  boolean isReady() {
    return ready;
  }

  void ready(boolean ready) {
    this.ready = ready;
  }

  /**
   * Puts a client at the end, unless it is there already because its command names the key twice.
   */
  void add(KeyWaiter waiter) {
    Place<KeyWaiter> last = waiters.last();
    if (last != null && last.member() == waiter) {
      return;
    }
    waiter.places().add(new WaitingPlace(this, waiters.add(waiter)));
    if (waiter.awaited().isAlsoWhenGone()) {
      alsoWhenGone++;
    }
  }

  /** Where one client stands, and in which line. */
  record WaitingPlace(WaitingLine line, Place<KeyWaiter> place) {

    /** Gives it up. */
    void leave() {
      place.leave();
      if (place.member().awaited().isAlsoWhenGone()) {
        line.alsoWhenGone--;
      }
    }
  }
}
