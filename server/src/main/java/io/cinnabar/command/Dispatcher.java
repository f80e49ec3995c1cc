package io.cinnabar.command;

import io.cinnabar.arena.ArenaFullException;
import io.cinnabar.host.Log;
import io.cinnabar.host.MonotonicClock;
import io.cinnabar.resp.ReplyBuffer;
import io.cinnabar.resp.ReplyWriter;
import io.cinnabar.resp.Request;
import io.cinnabar.resp.RequestDecoder;
import io.cinnabar.structure.Slice;
import io.cinnabar.tracking.Tracking;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Runs one decoded command: is it known, has it enough arguments, may this client call it; then its
 * handler, in a unit. The only place that turns exceptions into error replies.
 */
public final class Dispatcher {

  private static final int SHOWN_NAME_BYTES = 128;
  private static final long MOST_ROUNDING_BYTES = 64 << 10;
  private static final long ARGUMENT_BYTES = 16;

  /** Replies of a transaction that are handed over before its next command runs. */
  private static final int SEGMENT_BYTES = 64 << 10;

  private static final CommandError NOT_IN_TRANSACTION =
      new CommandError("ERR Command not allowed inside a transaction");

  private static final CommandError FOLLOWERS_ONLY_WATCH =
      new CommandError("ERR Replica can't interact with the keyspace");

  private final Engine engine;
  private final CommandTable table;
  private final ReplyBuffer replies;
  private final ReplyWriter writer = new ReplyWriter();
  private final Call call;

  /** What queued commands run with, inside the call of EXEC. */
  private final Call nestedCall;

  private final CallTimer timer;
  private final Monitors monitors;
  private final Tracking tracking;
  private final ReplyGate gate;
  private final ShownData shownData;
  private final Permissions permissions;
  private final Availability availability;
  private final Settings settings;
  private final TrackedCalls trackedCalls;

  /** Whether the last command got as far as its handler. */
  private boolean ran;

  /** Whether it waits for keys, so that there is no reply yet. */
  private boolean parked;

  /** Up to where replicas have to have the stream before its reply may leave; 0 for none. */
  private long awaited;

  private final LogInterval attackLines = new LogInterval();
  private final LogInterval tlsLines = new LogInterval();

  /**
   * @param replies where replies are written, one behind the other; the caller takes them out
   */
  public Dispatcher(Engine engine, ReplyBuffer replies) {
    this.engine = engine;
    this.table = engine.table();
    this.replies = replies;
    this.call = new Call(engine, writer, this);
    this.nestedCall = new Call(engine, writer, null);
    this.timer = new CallTimer(engine, call);
    this.monitors = engine.sessions().monitors();
    this.gate = engine.sessions().gate();
    this.shownData = new ShownData(gate, engine.availability());
    this.tracking = engine.tracking();
    this.permissions = new Permissions(engine.access(), engine.statistics());
    this.availability = engine.availability();
    this.settings = engine.settings();
    this.trackedCalls = new TrackedCalls(tracking);
  }

  /** Measures the commands that this runs. */
  CallTimer timer() {
    return timer;
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
    int mark = begin(session);
    session.called(command);
    boolean isPrimary = session instanceof PrimarySession;
    if (isPrimary) {
      // What had not expired for the primary must not have expired here.
      engine.unit().repeating(true);
    }
    attempt(session, request, command, hashedKey, hash, mark);
    if (isPrimary) {
      engine.unit().repeating(false);
    }
    if (ran && !monitors.isEmpty()) {
      showMonitors(call);
    }
    if (!parked) {
      applyReplyMode(session, mark, call);
    }
    if (session.isFollowing() && replies.size() > mark) {
      replies.truncate(mark);
      session.follower().answered();
    }
    handOver(session, mark);
    addMessages(session, command);
  }

  /** A reply that waits for replicas goes alone, since an error may have to take its place. */
  private void handOver(Session session, int mark) {
    if (awaited > 0 && replies.size() > mark) {
      session.deliver(replies, mark, awaited);
      replies.reset();
    }
  }

  /** Behind the reply comes what the command has caused its own client to be sent. */
  private void addMessages(Session session, @Nullable Command command) {
    ReplyBuffer messages = engine.sessions().messagesToCaller();
    if (messages.size() > 0) {
      session.output().showData();
      replies.append(messages.array(), 0, messages.size());
      messages.reset();
    }
    trackedCalls.answered(session, command);
  }

  /**
   * Runs the command of a blocked client again, as if it had just come, or answers it that its wait
   * is over.
   */
  void serve(Waiter waiter) {
    Session session = waiter.session();
    int mark = begin(session);
    if (waiter.isOver()) {
      answerUnserved(waiter, mark);
    } else {
      attempt(session, waiter.request(), waiter.command(), null, 0, mark);
    }
    if (!parked) {
      engine.blockedClients().release(waiter);
      applyReplyMode(session, mark, call);
      handOver(session, mark);
    }
    addMessages(session, waiter.command());
  }

  /** Where the reply begins. */
  private int begin(Session session) {
    writer.target(replies, session.isResp3());
    ran = false;
    parked = false;
    awaited = 0;
    return replies.size();
  }

  private void attempt(
      Session session,
      Request request,
      @Nullable Command command,
      @Nullable Slice hashedKey,
      long hash,
      int mark) {
    try {
      if (command == null) {
        rejectUnknown(session, request);
      } else {
        check(session, request, command);
        Transaction transaction = session.transaction();
        if (transaction != null && command.inTransaction() == InTransaction.QUEUED) {
          session.queue(transaction, command, request);
          writer.simple("QUEUED");
        } else {
          session.running(request, engine.unit().nowMillis());
          run(session, request, command, hashedKey, hash);
        }
      }
    } catch (CommandError e) {
      fail(session, command, mark, ran ? e : refused(session, command, e));
    } catch (ArenaFullException e) {
      fail(session, command, mark, CommandError.OUT_OF_MEMORY);
    } catch (OutOfMemoryError e) {
      // What it has done is not known, and a reply may be what didn't fit.
      replies.truncate(mark);
      engine.sessions().endForMemory(session);
    }
  }

  /** A command didn't get as far as its handler. The transaction that it is of will run nothing. */
  private static CommandError refused(
      Session session, @Nullable Command command, CommandError error) {
    if (command != null && command.inTransaction() == InTransaction.RUNS_QUEUE) {
      session.endTransaction();
      return new CommandError("EXECABORT Transaction discarded because of: " + error.lineWithin());
    }
    session.refused();
    return error;
  }

  /** Counted as a call, which a command that waits is not before it ends. */
  private void answerUnserved(Waiter waiter, int mark) {
    Command command = waiter.command();
    call.begin(waiter.session(), command, waiter.request(), null, 0);
    CommandError error = waiter.error();
    if (error == null) {
      waiter.answer(writer);
    } else {
      engine.statistics().commands.failed(command);
      fail(waiter.session(), command, mark, error);
      if (error == BlockedClients.EXPELLED) {
        waiter.session().closeAfterReply();
      }
    }
    countCall(command);
  }

  /** Between batches: lets go of what the last command has looked at. */
  void release() {
    call.release();
    nestedCall.release();
  }

  /**
   * Has a client wait for the end of the pause if its command is one that waits; not if the command
   * would be refused. Whether it has to.
   */
  boolean postpone(Session session, Request request, @Nullable Command command) {
    if (command == null
        || !engine.pause().postpones(mayReplicate(session, command))
        || !command.acceptsArgumentCount(request.count())
        || !(session.isAuthenticated() || command.has(CommandFlag.NO_AUTH))
        || !permissions.grant(session, command, request)
        || session.isMonitoring()
        || session.isFollowing()) {
      return false;
    }
    engine.pause().hold(session, command);
    return true;
  }

  private static boolean mayReplicate(Session session, Command command) {
    Transaction transaction = session.transaction();
    return command.mayReplicate()
        || (transaction != null
            && command.inTransaction() == InTransaction.RUNS_QUEUE
            && transaction.mayReplicate());
  }

  /** Tells a client that it broke the protocol, and closes. */
  void protocolError(Session session, String reason) {
    int mark = replies.size();
    writer.target(replies, session.isResp3());
    engine.statistics().errorReply("ERR", engine.log());
    writer.error("ERR Protocol error: " + reason);
    applyReplyMode(session, mark, call);
    Log log = engine.log();
    if (reason.equals(RequestDecoder.TLS_HANDSHAKE)) {
      warnOfTls(session);
    }
    // Whoever sends garbage sends much of it: the line is made only to be shown.
    if (log.isEnabled(Log.Level.VERBOSE)) {
      String line = ClientLine.of(session, engine.unit().nowMillis());
      log.verbose("Protocol error (" + reason + ") from client: " + line);
    }
    session.closeAfterReply();
  }

  private void run(
      Session session, Request request, Command command, @Nullable Slice hashedKey, long hash) {
    call.begin(session, command, request, hashedKey, hash);
    trackedCalls.begin(session);
    shownData.begin();
    boolean rejected = false;
    try {
      handle(call, command);
    } catch (CommandError e) {
      rejected = e.isRejection();
      throw e;
    } finally {
      call.end();
      session.finished();
      ran = !rejected;
      if (ran) {
        trackedCalls.ran(session, command, call);
        awaited = shownData.ran(session, command, call);
      }
      parked = call.isParked();
      if (!rejected && !parked) {
        countCall(command);
      }
    }
  }

  /**
   * Runs a command that has run before, and must not be refused now: nobody waits for it, and
   * nobody is asked whether it may run.
   *
   * @return what it has answered if that is an error
   */
  @Nullable CommandError replay(Session session, Request request, Command command) {
    if (command.has(CommandFlag.NOSCRIPT)) {
      return CommandError.rejection("ERR '" + command.fullName() + "' is not for files");
    }
    if (!command.acceptsArgumentCount(request.count())) {
      return CommandError.wrongArgumentCount(command);
    }
    writer.target(replies, session.isResp3());
    nestedCall.begin(session, command, request, null, 0);
    try {
      handle(nestedCall, command);
      return null;
    } catch (CommandError e) {
      return e;
    } catch (ArenaFullException e) {
      return CommandError.OUT_OF_MEMORY;
    } finally {
      nestedCall.end();
    }
  }

  /** Runs the handler, and counts how it fails. */
  private void handle(Call on, Command command) {
    try {
      command.handler().run(on);
    } catch (CommandError e) {
      if (e.isRejection()) {
        engine.statistics().commands.rejected(command);
      } else {
        engine.statistics().commands.failed(command);
      }
      throw e;
    } catch (ArenaFullException e) {
      engine.statistics().commands.failed(command);
      throw e;
    } catch (RuntimeException e) {
      throw BugReport.tell(engine.log(), command, e);
    }
  }

  // ---- transactions

  /** Runs what a client has queued and ends its transaction; part of the unit of EXEC. */
  void runQueued(Session session) {
    Transaction transaction = session.transaction();
    if (transaction == null) {
      throw new IllegalStateException("there is no transaction");
    }
    engine.watches().unwatch(session);
    try {
      runQueued(session, transaction);
    } finally {
      session.endTransaction();
    }
    writer.target(replies, session.isResp3());
  }

  private void runQueued(Session session, Transaction transaction) {
    writer.array(transaction.size());
    MonotonicClock clock = engine.host().monotonicClock();
    long sinceNanos = clock.nanos();
    for (int i = 0; i < transaction.size(); i++) {
      Command command = transaction.command(i);
      runQueued(session, command, transaction.take(i));
      long nowNanos = clock.nanos();
      timer.charge(nestedCall, command, nowNanos - sinceNanos);
      sinceNanos = nowNanos;
      // Where replies wait they wait for what this is going to write, too.
      if (replies.size() > SEGMENT_BYTES && !gate.holdsReplies(session)) {
        session.output().showData();
        session.deliver(replies);
        replies.reset();
      }
    }
  }

  private void runQueued(Session session, Command command, Request request) {
    int mark = replies.size();
    writer.target(replies, session.isResp3());
    boolean rejected = false;
    nestedCall.begin(session, command, request, null, 0);
    trackedCalls.begin(session);
    shownData.begin();
    try {
      if (!session.user().isUnrestricted()) {
        permissions.demandStill(session, command, request);
      }
      handle(nestedCall, command);
    } catch (CommandError e) {
      rejected = e.isRejection();
      fail(session, command, mark, e);
    } catch (ArenaFullException e) {
      fail(session, command, mark, CommandError.OUT_OF_MEMORY);
    } finally {
      nestedCall.end();
    }
    if (!rejected) {
      shownData.ranQueued(command, nestedCall);
      trackedCalls.ran(session, command, nestedCall);
      countCall(command);
      if (!monitors.isEmpty()) {
        showMonitors(nestedCall);
      }
    }
    applyReplyMode(session, mark, nestedCall);
  }

  private void countCall(Command command) {
    engine.statistics().commandsProcessed++;
    engine.statistics().commands.called(command);
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
    Transaction transaction = session.transaction();
    if (transaction != null && command.has(CommandFlag.NO_MULTI)) {
      engine.statistics().commands.rejected(command);
      throw NOT_IN_TRANSACTION;
    }
    if (!session.user().isUnrestricted()) {
      permissions.demand(session, command, request);
    }
    demandMemory(request, transaction, command);
    if (tracking.isOverLimit()) {
      tracking.trim();
    }
    demandWritability(session, transaction, command);
    if (session.isSubscribed() && !session.isResp3() && !command.runsWhileSubscribed()) {
      engine.statistics().commands.rejected(command);
      throw new CommandError(
          "ERR Can't execute '"
              + command.fullName()
              + "': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in"
              + " this context");
    }
    demandData(transaction, command);
    if ((session.isMonitoring() || session.isFollowing()) && command.touchesKeyspace()) {
      engine.statistics().commands.rejected(command);
      throw FOLLOWERS_ONLY_WATCH;
    }
  }

  private void demandMemory(Request request, @Nullable Transaction transaction, Command command) {
    boolean needsMemory =
        command.has(CommandFlag.DENYOOM)
            || (transaction != null && needsMemory(transaction, command));
    if (!availability.isLoading()
        && !engine.eviction().admits(needsMemory ? most(request) : 0)
        && needsMemory) {
      reject(command, CommandError.OUT_OF_MEMORY);
    }
  }

  /** A replica's data are its primary's, to whom nothing of this is refused if it can be done. */
  private void demandWritability(
      Session session, @Nullable Transaction transaction, Command command) {
    boolean isPrimary = session instanceof PrimarySession;
    CommandError refusal = availability.writeRefusal();
    if (refusal != null
        && failsWithWrites(transaction, command)
        && !(isPrimary && (settings.replicaIgnoresDiskErrors || !writes(transaction, command)))) {
      reject(command, refusal);
    }
    boolean lacksReplicas = availability.lacksReplicas() || gate.lacksReplicas(session);
    if (lacksReplicas && !isPrimary && writes(transaction, command)) {
      reject(command, Availability.TOO_FEW_REPLICAS);
    }
    if (availability.isFollowing()
        && settings.replicaReadOnly
        && !isPrimary
        && writes(transaction, command)) {
      reject(command, Availability.READ_ONLY);
    }
  }

  /** The data that there are may be too old, or are not complete. */
  private void demandData(@Nullable Transaction transaction, Command command) {
    if (availability.isStale()
        && !settings.replicaServesStaleData
        && !runs(CommandFlag.STALE, transaction, command)) {
      reject(command, Availability.MASTER_DOWN);
    }
    if (availability.isLoading() && !runs(CommandFlag.LOADING, transaction, command)) {
      reject(command, Availability.LOADING);
    }
    if (availability.isReplacing() && command.has(CommandFlag.NO_ASYNC_LOADING)) {
      reject(command, Availability.LOADING);
    }
  }

  private void reject(Command command, CommandError error) {
    engine.statistics().commands.rejected(command);
    throw error;
  }

  /** Queues grow without a limit of their own. */
  private static boolean needsMemory(Transaction transaction, Command command) {
    return switch (command.inTransaction()) {
      case QUEUED -> true;
      case AT_ONCE -> false;
      case RUNS_QUEUE -> transaction.needsMemory();
    };
  }

  private static boolean failsWithWrites(@Nullable Transaction transaction, Command command) {
    return command.failsWithWrites() || writes(transaction, command);
  }

  /** Whether it may change the data set, or run what was queued and may do so. */
  private static boolean writes(@Nullable Transaction transaction, Command command) {
    return command.has(CommandFlag.WRITE)
        || (transaction != null
            && command.inTransaction() == InTransaction.RUNS_QUEUE
            && transaction.writes());
  }

  /** Whether a command, and what it runs, has a flag that lets it run. */
  private static boolean runs(
      CommandFlag flag, @Nullable Transaction transaction, Command command) {
    return command.has(flag)
        && (transaction == null
            || command.inTransaction() != InTransaction.RUNS_QUEUE
            || transaction.allHave(flag));
  }

  /**
   * What a request may take in memory: arguments in blocks a quarter larger, with their headers.
   */
  private static long most(Request request) {
    long bytes = (long) request.end - request.start;
    return bytes + Math.min(bytes >> 2, MOST_ROUNDING_BYTES) + ARGUMENT_BYTES * request.count();
  }

  /** Shows the command that ran, unless it is the operator's own business. */
  private void showMonitors(Call ran) {
    Command command = ran.command();
    if (!command.has(CommandFlag.ADMIN) && !command.has(CommandFlag.SKIP_MONITOR)) {
      monitors.show(ran, engine.host().wallClock());
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

  private void warnOfTls(Session session) {
    if (tlsLines.passes(engine.unit().nowMillis())) {
      engine
          .log()
          .warning(
              "Error accepting a client connection: "
                  + RequestDecoder.TLS_HANDSHAKE
                  + " (addr="
                  + session.connection().remoteAddress()
                  + " laddr="
                  + session.connection().localAddress()
                  + ")");
    }
  }

  /** A browser was made to speak to this port: an answer would only help whoever made it do so. */
  private void abortAttack(Session session) {
    if (attackLines.passes(engine.unit().nowMillis())) {
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

  private void fail(Session session, @Nullable Command command, int mark, CommandError error) {
    replies.truncate(mark);
    engine.statistics().errorReply(error.code(), engine.log());
    writer.error(error.line());
    if (session instanceof PrimarySession primary) {
      primary.failed(command, error);
    }
  }

  private void applyReplyMode(Session session, int mark, Call answered) {
    switch (session.replyMode()) {
      case ON -> {}
      case OFF -> silence(mark, answered);
      case SKIP_NEXT -> session.replyMode(ReplyMode.SKIP);
      case SKIP -> {
        silence(mark, answered);
        session.replyMode(ReplyMode.ON);
      }
    }
  }

  private void silence(int mark, Call answered) {
    if (!answered.isReplyMessage()) {
      replies.truncate(mark);
    }
  }
}
