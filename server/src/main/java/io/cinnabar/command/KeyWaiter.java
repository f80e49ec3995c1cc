package io.cinnabar.command;

import io.cinnabar.command.WaitingLine.WaitingPlace;
import io.cinnabar.resp.ReplyWriter;
import io.cinnabar.resp.Request;
import java.util.ArrayList;
import java.util.List;

/** A client that waits for keys: its command runs again when one of them is ready. */
final class KeyWaiter extends Waiter {

  /** The objects of each of its keys. */
  private static final long KEY_BYTES = 300;

  private final Awaited awaited;
  private final BlockedClients lines;
  private final List<WaitingPlace> places = new ArrayList<>(1);

  /**
   * @param request is kept
   * @param lines where it is going to stand
   */
  KeyWaiter(
      Session session, Command command, Request request, Awaited awaited, BlockedClients lines) {
    super(session, command, request);
    this.awaited = awaited;
    this.lines = lines;
  }

  Awaited awaited() {
    return awaited;
  }

  /** Where it stands, a place for each of its keys. */
  List<WaitingPlace> places() {
    return places;
  }

  @Override
  void answer(ReplyWriter reply) {
    reply.nullArray();
  }

  @Override
  void leave() {
    lines.leave(this);
  }

  @Override
  long memoryBytes() {
    return memoryBytes(places.size(), request().array.length);
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
