package io.cinnabar.command;

import io.cinnabar.arena.ArenaFullException;
import io.cinnabar.resp.ReplyBuffer;
import io.cinnabar.resp.ReplyWriter;
import io.cinnabar.resp.Request;
import io.cinnabar.structure.Slice;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Runs one decoded command: is it known, has it enough arguments, may this client call it; then its
 * handler, in a unit. The only place that turns exceptions into error replies.
 */
public final class Dispatcher {

  private static final int SHOWN_NAME_BYTES = 128;
  private static final long ATTACK_LOG_INTERVAL_MILLIS = 60_000;

  private final Engine engine;
  private final CommandTable table;
  private final ReplyBuffer replies;
  private final ReplyWriter writer = new ReplyWriter();
  private final Call call;
  private long attackLoggedMillis = -ATTACK_LOG_INTERVAL_MILLIS;

  /**
   * @param replies where replies are written, one behind the other; the caller takes them out
   */
  public Dispatcher(Engine engine, ReplyBuffer replies) {
    this.engine = engine;
    this.table = engine.table();
    this.replies = replies;
    this.call = new Call(engine, writer);
  }

  /** The command that a request names, a subcommand if it names one; null when there is none. */
  @Nullable Command resolve(Request request) {
    Command command = table.find(request.arg(0));
    if (command == null || !command.isContainer() || request.count() == 1) {
      return command;
    }
    return table.findSubcommand(command, request.arg(1));
  }

  /**
   * Executes a command and writes its reply.
   *
   * @param command what {@link #resolve} found
   * @param hashedKey an argument whose hash is known already, or null
   */
  void execute(
      Session session,
      Request request,
      @Nullable Command command,
      @Nullable Slice hashedKey,
      long hash) {
    int mark = replies.size();
    writer.target(replies, session.isResp3());
    try {
      if (command == null) {
        rejectUnknown(session, request);
      } else {
        check(session, request, command);
        session.running(command.fullName(), request, engine.unit().nowMillis());
        run(session, request, command, hashedKey, hash);
      }
    } catch (CommandError e) {
      fail(mark, e);
    } catch (ArenaFullException e) {
      fail(mark, CommandError.OUT_OF_MEMORY);
    } catch (OutOfMemoryError e) {
      // What it has done is not known, and a reply may be what didn't fit.
      replies.truncate(mark);
      engine.sessions().endForMemory(session);
    }
    applyReplyMode(session, mark);
  }

  /** Tells a client that it broke the protocol, and closes. */
  void protocolError(Session session, String reason) {
    int mark = replies.size();
    writer.target(replies, session.isResp3());
    engine.statistics().errorReply("ERR");
    writer.error("ERR Protocol error: " + reason);
    applyReplyMode(session, mark);
    engine
        .log()
        .verbose(
            "Protocol error ("
                + reason
                + ") from client: "
                + ClientLine.of(session, engine.unit().nowMillis()));
    session.closeAfterReply();
  }

  private void run(
      Session session, Request request, Command command, @Nullable Slice hashedKey, long hash) {
    call.begin(session, command, request, hashedKey, hash);
    boolean rejected = false;
    try {
      command.handler().run(call);
    } catch (CommandError e) {
      if (e.isRejection()) {
        rejected = true;
        engine.statistics().commands.rejected(command);
      } else {
        engine.statistics().commands.failed(command);
      }
      throw e;
    } catch (ArenaFullException e) {
      engine.statistics().commands.failed(command);
      throw e;
    } catch (RuntimeException e) {
      engine.log().warning(BugReport.of("command '" + command.fullName() + "'", e));
      throw new CommandError("ERR internal error in command '" + command.fullName() + "'");
    } finally {
      call.end();
      session.finished();
      if (!rejected) {
        engine.statistics().commandsProcessed++;
        engine.statistics().commands.called(command);
      }
    }
  }

  private void check(Session session, Request request, Command command) {
    if (!command.acceptsArgumentCount(request.count())) {
      engine.statistics().commands.rejected(command);
      throw CommandError.wrongArgumentCount(command);
    }
    if (!session.isAuthenticated() && !command.has(CommandFlag.NO_AUTH)) {
      engine.statistics().commands.rejected(command);
      throw new CommandError("NOAUTH Authentication required.");
    }
  }

  private void rejectUnknown(Session session, Request request) {
    Slice name = request.arg(0);
    if (name.equalsIgnoreCase("host:") || name.equalsIgnoreCase("post")) {
      abortAttack(session);
      return;
    }
    Command container = table.find(name);
    if (container != null) {
      throw new CommandError(
          "ERR unknown subcommand '"
              + CommandError.shown(request.arg(1), SHOWN_NAME_BYTES)
              + "'. Try "
              + container.name().toUpperCase(Locale.ROOT)
              + " HELP.");
    }
    StringBuilder arguments = new StringBuilder();
    for (int i = 1; i < request.count() && arguments.length() < SHOWN_NAME_BYTES; i++) {
      int room = SHOWN_NAME_BYTES - arguments.length();
      arguments.append('\'').append(CommandError.shown(request.arg(i), room)).append("' ");
    }
    throw new CommandError(
        "ERR unknown command '"
            + CommandError.shown(name, SHOWN_NAME_BYTES)
            + "', with args beginning with: "
            + arguments);
  }

  /** A browser was made to speak to this port: an answer would only help whoever made it do so. */
  private void abortAttack(Session session) {
    long now = engine.unit().nowMillis();
    if (now - attackLoggedMillis >= ATTACK_LOG_INTERVAL_MILLIS) {
      attackLoggedMillis = now;
      engine
          .log()
          .warning(
              "Possible SECURITY ATTACK detected. It looks like somebody is sending POST or Host:"
                  + " commands to Redis. This is likely due to an attacker attempting to use Cross"
                  + " Protocol Scripting to compromise your Redis instance. Connection from "
                  + session.connection().remoteAddress()
                  + " aborted.");
    }
    session.close();
  }

  private void fail(int mark, CommandError error) {
    replies.truncate(mark);
    engine.statistics().errorReply(error.code());
    writer.error(error.line());
  }

  private void applyReplyMode(Session session, int mark) {
    switch (session.replyMode()) {
      case ON -> {}
      case OFF -> replies.truncate(mark);
      case SKIP_NEXT -> session.replyMode(ReplyMode.SKIP);
      case SKIP -> {
        replies.truncate(mark);
        session.replyMode(ReplyMode.ON);
      }
    }
  }
}
