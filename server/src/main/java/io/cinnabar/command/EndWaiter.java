package io.cinnabar.command;

import io.cinnabar.resp.ReplyWriter;
import io.cinnabar.resp.Request;

/** A client that has told the server to end: it is answered only if that stays. */
final class EndWaiter extends Waiter {

  /**
   * @param request is kept
   */
  EndWaiter(Session session, Command command, Request request) {
    super(session, command, request);
  }

  @Override
  boolean isUnblockable() {
    return false;
  }

  @Override
  void answer(ReplyWriter reply) {
    throw new IllegalStateException("the wait ends with an error, or with the server");
  }

  @Override
  void leave() {}

  @Override
  long memoryBytes() {
    return FIXED_BYTES + request().array.length;
  }
}
