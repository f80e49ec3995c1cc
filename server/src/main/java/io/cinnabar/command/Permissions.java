package io.cinnabar.command;

import io.cinnabar.resp.Request;
import io.cinnabar.structure.Slice;
import org.jspecify.annotations.Nullable;

/**
 * Asks, before a command runs, whether its client's user may run it. Allocates nothing unless the
 * answer is no.
 */
final class Permissions implements CommandArguments {

  private static final Request NO_REQUEST = new Request();

  private final Access access;
  private final Statistics statistics;
  private Request request = NO_REQUEST;

  Permissions(Access access, Statistics statistics) {
    this.access = access;
    this.statistics = statistics;
  }

  /** Whether the command may run; nobody hears of it if not. */
  boolean grant(Session session, Command command, Request request) {
    return session.user().isUnrestricted() || check(session.user(), command, request) == null;
  }

  /**
   * Does nothing if the command may run.
   *
   * @throws CommandError otherwise, which is taken note of
   */
  void demand(Session session, Command command, Request request) {
    Denial denial = check(session.user(), command, request);
    if (denial != null) {
      note(session, command, request, denial);
      statistics.commands.rejected(command);
      throw new CommandError("NOPERM " + denial.brief(session.user(), command));
    }
  }

  /**
   * As {@link #demand}, of a command that was allowed when it was queued. The statistics of
   * commands don't count it as rejected.
   */
  void demandStill(Session session, Command command, Request request) {
    Denial denial = check(session.user(), command, request);
    if (denial != null) {
      note(session, command, request, denial);
      throw CommandError.rejection("NOPERM " + denial.belated());
    }
  }

  private void note(Session session, Command command, Request denied, Denial denial) {
    request = denied;
    access.denied(session, command, this, denial);
    request = NO_REQUEST;
  }

  private @Nullable Denial check(User user, Command command, Request request) {
    this.request = request;
    Denial denial = user.check(command, this);
    this.request = NO_REQUEST;
    return denial;
  }

  @Override
  public int argCount() {
    return request.count();
  }

  @Override
  public Slice arg(int index) {
    return request.arg(index);
  }
}
