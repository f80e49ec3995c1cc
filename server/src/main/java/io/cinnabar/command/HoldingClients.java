package io.cinnabar.command;

import io.cinnabar.host.Log;
import java.util.ArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The clients whose replies are held back: lets them go on when the {@link ReplyGate} has moved,
 * and tells those whose time is over. On the loop's thread.
 */
final class HoldingClients {

  private final ReplyGate gate;
  private final Timers timers;
  private final Statistics statistics;
  private final Log log;
  private final Consumer<Session> onRelease;
  private final ArrayList<Session> clients = new ArrayList<>();

  /** When the first of them is told; null while none is to be. */
  private Timers.@Nullable Timer timer;

  private long timerNanos;

  /**
   * @param onRelease has what was let go leave at the end of the turn
   */
  HoldingClients(
      ReplyGate gate, Timers timers, Statistics statistics, Log log, Consumer<Session> onRelease) {
    this.gate = gate;
    this.timers = timers;
    this.statistics = statistics;
    this.log = log;
    this.onRelease = onRelease;
  }

  /** A client has begun to hold replies back. */
  void add(Session session) {
    clients.add(session);
    watch(session.output().deadlineNanos());
  }

  private void watch(long deadlineNanos) {
    if (deadlineNanos == HeldReplies.NEVER || (timer != null && timerNanos - deadlineNanos <= 0)) {
      return;
    }
    if (timer != null) {
      timers.cancel(timer);
    }
    timerNanos = deadlineNanos;
    timer = timers.schedule(deadlineNanos, this::failDue);
  }

  /** Ends a turn: lets the replies go that nothing holds back any more. */
  void release() {
    if (gate.endTurn()) {
      releaseAll();
    }
  }

  private void releaseAll() {
    int kept = 0;
    for (int i = 0; i < clients.size(); i++) {
      Session session = clients.get(i);
      if (session.output().release()) {
        onRelease.accept(session);
      }
      if (session.output().isHeld()) {
        clients.set(kept++, session);
      }
    }
    clients.subList(kept, clients.size()).clear();
  }

  private void failDue() {
    timer = null;
    for (int i = 0; i < clients.size(); i++) {
      count(clients.get(i).output().failDue(timerNanos));
    }
    releaseAll();
    for (int i = 0; i < clients.size(); i++) {
      watch(clients.get(i).output().deadlineNanos());
    }
  }

  /** Nothing is going to be acknowledged any more: tells all of these. */
  void failAll(Iterable<Session> sessions) {
    for (Session session : sessions) {
      count(session.output().failAll(ReplyGate.demotionLine()));
      if (session.output().startsHolding()) {
        clients.add(session);
      }
    }
    releaseAll();
  }

  private void count(int failed) {
    statistics.unacknowledgedReplies += failed;
    for (int i = 0; i < failed; i++) {
      statistics.errorReply(ReplyGate.CODE, log);
    }
  }

  /** How many replies wait for replicas. */
  int awaitingReplies() {
    int count = 0;
    for (int i = 0; i < clients.size(); i++) {
      count += clients.get(i).output().awaiting();
    }
    return count;
  }
}
