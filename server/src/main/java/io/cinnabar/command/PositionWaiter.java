package io.cinnabar.command;

import io.cinnabar.resp.ReplyWriter;
import io.cinnabar.resp.Request;
import io.cinnabar.structure.Line.Place;
import org.jspecify.annotations.Nullable;

/**
 * A client that waits until there are copies of what it has written: until journal and replicas
 * have come to where its last write ends.
 */
final class PositionWaiter extends Waiter {

  private final Copies wanted;
  private final PositionWaits waits;
  private final long journalPosition;
  private final long streamPosition;
  private @Nullable Place<PositionWaiter> place;

  /**
   * @param request is kept
   */
  PositionWaiter(
      Session session, Command command, Request request, Copies wanted, PositionWaits waits) {
    super(session, command, request);
    this.wanted = wanted;
    this.waits = waits;
    journalPosition = session.journalPosition();
    streamPosition = session.streamPosition();
  }

  Copies wanted() {
    return wanted;
  }

  void place(Place<PositionWaiter> place) {
    this.place = place;
  }

  /** Whether there are as many copies as it wants. */
  boolean isMet() {
    return (wanted.local() == 0 || isSyncedHere()) && replicas() >= wanted.replicas();
  }

  private boolean isSyncedHere() {
    return waits.isSynced(journalPosition);
  }

  private int replicas() {
    return waits.replicas(streamPosition, wanted.onDisk());
  }

  /** Tells how many copies there are, whether it is enough or not. */
  @Override
  void answer(ReplyWriter reply) {
    if (wanted.onDisk()) {
      reply.array(2);
      reply.integer(isSyncedHere() ? 1 : 0);
    }
    reply.integer(replicas());
  }

  @Override
  void leave() {
    if (place != null) {
      place.leave();
    }
  }

  @Override
  long memoryBytes() {
    return memoryBytes(request().array.length);
  }

  /**
   * What waiting costs.
   *
   * @param requestBytes the length of the command
   */
  static long memoryBytes(long requestBytes) {
    return FIXED_BYTES + requestBytes;
  }
}
