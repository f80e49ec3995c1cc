package io.cinnabar.command;

import io.cinnabar.resp.Request;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a client has queued between MULTI and EXEC. */
final class Transaction {

  /** The objects of a queued command without its arguments. */
  private static final long COMMAND_BYTES = 120;

  /** What one argument takes beside its bytes. */
  private static final long ARGUMENT_BYTES = 8;

  private final List<@Nullable Request> requests = new ArrayList<>();
  private final List<Command> commands = new ArrayList<>();
  private boolean aborted;
  private boolean replicates;
  private boolean needsMemory;
  private boolean writes;
  private long bytes;

  /**
   * Queues a command.
   *
   * @param request is copied
   */
  void queue(Command command, Request request) {
    if (!aborted) {
      Request copy = request.copy();
      requests.add(copy);
      commands.add(command);
      replicates |= command.mayReplicate();
      needsMemory |= command.has(CommandFlag.DENYOOM);
      writes |= command.has(CommandFlag.WRITE);
      bytes += COMMAND_BYTES + ARGUMENT_BYTES * copy.count() + copy.array.length;
    }
  }

  /** A command was refused: EXEC will run nothing, and nothing more is kept. */
  void abort() {
    aborted = true;
  }

  boolean isAborted() {
    return aborted;
  }

  /** How many commands are queued. */
  int size() {
    return commands.size();
  }

  /** Whether one of them may change the data set. */
  boolean mayReplicate() {
    return replicates;
  }

  /** Whether one of them is refused while memory is above its limit. */
  boolean needsMemory() {
    return needsMemory;
  }

  /** Whether one of them is a write. */
  boolean writes() {
    return writes;
  }

  /** Whether all of them have a flag. */
  boolean allHave(CommandFlag flag) {
    for (Command command : commands) {
      if (!command.has(flag)) {
        return false;
      }
    }
    return true;
  }

  Command command(int index) {
    return commands.get(index);
  }

  /** A request, to be run once: its memory is given back with it. */
  Request take(int index) {
    Request request = requests.set(index, null);
    if (request == null) {
      throw new IllegalStateException("queued command " + index + " has run already");
    }
    return request;
  }

  /** What it costs. */
  long memoryBytes() {
    return bytes;
  }
}
