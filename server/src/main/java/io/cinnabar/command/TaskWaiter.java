package io.cinnabar.command;

import io.cinnabar.arena.ArenaFullException;
import io.cinnabar.resp.ReplyWriter;
import io.cinnabar.resp.Request;
import org.jspecify.annotations.Nullable;

/** A client that waits for its {@link LongTask}, which runs between the turns. */
final class TaskWaiter extends Waiter {

  private final LongTask task;

  /**
   * @param request is kept
   */
  TaskWaiter(Session session, Command command, Request request, LongTask task) {
    super(session, command, request);
    this.task = task;
  }

  /** Runs the task; how it has failed, or null. */
  @Nullable CommandError run(Engine engine) {
    try {
      task.run(true);
      return null;
    } catch (CommandError e) {
      return e;
    } catch (ArenaFullException e) {
      return CommandError.OUT_OF_MEMORY;
    } catch (RuntimeException e) {
      return BugReport.tell(engine.log(), command(), e);
    }
  }

  @Override
  boolean isUnblockable() {
    return false;
  }

  @Override
  void answer(ReplyWriter reply) {
    reply.ok();
  }

  @Override
  void leave() {}

  @Override
  long memoryBytes() {
    return FIXED_BYTES + request().array.length;
  }
}
