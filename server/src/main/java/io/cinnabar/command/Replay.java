package io.cinnabar.command;

import io.cinnabar.resp.ReplyBuffer;
import io.cinnabar.resp.Request;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs commands again that have been run before, out of a file: nobody may be refused anything, and
 * nobody reads the replies. A transaction runs when its end comes. On the loop's thread, between
 * units, while time stands still for what expires: see {@link Unit#loading}.
 */
public final class Replay {

  private final Engine engine;
  private final ReplyBuffer replies = new ReplyBuffer();
  private final Dispatcher dispatcher;
  private final Session session;
  private @Nullable List<Request> queued;

  public Replay(Engine engine) {
    this.engine = engine;
    this.dispatcher = new Dispatcher(engine, replies);
    this.session = new Session(0, engine.sessions(), NoConnection.INSTANCE, 0);
  }

  /** Whether there is such a command. */
  public boolean knows(Request request) {
    return dispatcher.resolve(request) != null;
  }

  /** Whether the end of a transaction is still to come. */
  public boolean isInTransaction() {
    return queued != null;
  }

  /** Whether a command begins a transaction. */
  public boolean begins(Request request) {
    return request.arg(0).isWord("multi");
  }

  /** Forgets a transaction that has no end. */
  public void abandonTransaction() {
    queued = null;
  }

  /**
   * Runs a command, or queues it.
   *
   * @return what it has answered if that is an error
   */
  public @Nullable CommandError run(Request request) {
    List<Request> transaction = queued;
    if (begins(request)) {
      if (transaction != null) {
        return new CommandError("ERR MULTI calls can not be nested");
      }
      queued = new ArrayList<>();
      return null;
    }
    if (request.arg(0).isWord("exec")) {
      if (transaction == null) {
        return new CommandError("ERR EXEC without MULTI");
      }
      queued = null;
      return runAll(transaction);
    }
    if (transaction != null) {
      transaction.add(request.copy());
      return null;
    }
    return runAlone(request);
  }

  private @Nullable CommandError runAll(List<Request> transaction) {
    CommandError first = null;
    for (Request request : transaction) {
      CommandError error = runAlone(request);
      first = first == null || error == CommandError.OUT_OF_MEMORY ? error : first;
    }
    return first;
  }

  private @Nullable CommandError runAlone(Request request) {
    Command command = dispatcher.resolve(request);
    if (command == null) {
      return new CommandError("ERR unknown command '" + request.arg(0) + "'");
    }
    CommandError error = dispatcher.replay(session, request, command);
    engine.unit().close();
    replies.reset();
    return error;
  }

  /** Lets go of what the last command has looked at. */
  public void release() {
    dispatcher.release();
  }
}
