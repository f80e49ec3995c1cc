package io.cinnabar.command;

import io.cinnabar.command.OutputLimits.Limit;
import io.cinnabar.host.Connection;
import io.cinnabar.host.ConnectionHandler;
import io.cinnabar.pubsub.ChannelKind;
import io.cinnabar.pubsub.Subscriptions;
import io.cinnabar.resp.ReplyBuffer;
import io.cinnabar.resp.Request;
import io.cinnabar.resp.RequestDecoder;
import io.cinnabar.tracking.CachingClient;
import io.cinnabar.tracking.Tracker;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One client: its connection, what it has sent and was not executed yet, and what it has set for
 * itself. Bytes that come in only queue here; the {@link BatchRunner} decodes and executes them
 * after the poll. All on the loop's thread.
 */
public class Session implements ConnectionHandler, CachingClient {

  private static final String NO_COMMAND = "NULL";

  /** Replies that may wait at an unlimited client before its further commands have to wait. */
  private static final long STALL_BYTES = 256 << 10;

  /** Commands that may wait at such a client. */
  private static final long STALLED_INPUT_BYTES = 1L << 30;

  /** Objects of a client without its buffers, the transport's included. */
  private static final long FIXED_BYTES = 1200;

  private final long id;
  private final Sessions sessions;
  private final Connection connection;
  private final ClientOutput output;
  private final InputBuffer input;
  private final RequestDecoder decoder = new RequestDecoder();
  private final ClientMemory.Charge memoryCharge = new ClientMemory.Charge(this);
  private final ClientNames names = new ClientNames();
  private final WatchedKeys watched = new WatchedKeys();
  private final long createdMillis;

  private int database;
  private boolean resp3;
  private User user;
  private boolean authenticated;
  private ReplyMode replyMode = ReplyMode.ON;
  private long lastActiveMillis;
  private String lastCommand = NO_COMMAND;
  private long commandsExecuted;

  /** Where its last write ends in the journal, and in the stream that replicas follow. */
  private long journalPosition;

  private long streamPosition;
  private @Nullable Request running;
  private @Nullable Waiter waiter;
  private @Nullable Transaction transaction;
  private @Nullable Subscriptions subscriptions;
  private @Nullable Tracker tracker;
  private Follower follower = Follower.NONE;

  /** Its replies that are not handed over yet, while its commands run. */
  private @Nullable ReplyBuffer unhanded;

  private int place;
  private boolean ready;
  private boolean written;
  private boolean stalled;
  private boolean held;
  private boolean monitoring;
  private boolean closing;
  private boolean closed;
  private boolean evictable = true;
  private boolean touching = true;

  Session(long id, Sessions sessions, Connection connection, long nowMillis) {
    this.id = id;
    this.sessions = sessions;
    this.connection = connection;
    this.output = new ClientOutput(connection, sessions.gate());
    this.input = new InputBuffer(sessions.turnInput());
    this.createdMillis = nowMillis;
    this.lastActiveMillis = nowMillis;
    user = sessions.access().defaultUser();
    authenticated = user.isOpen();
  }

  // ---- what the network says

  @Override
  public void received(ByteBuffer bytes) {
    if (closing) {
      return;
    }
    sessions.statistics().reads++;
    sessions.statistics().inputBytes += bytes.remaining();
    lastActiveMillis = sessions.nowMillis();
    if ((long) input.pendingBytes() + bytes.remaining() > inputLimitBytes()) {
      sessions.cutForInput(this);
      return;
    }
    try {
      input.append(bytes, decoder.wanted());
      sessions.ready(this);
    } catch (OutOfMemoryError e) {
      sessions.cutForMemory(this);
    }
  }

  /**
   * Commands that wait for their reader would have been executed elsewhere, and their replies wait
   * without a limit, so a low limit on what a client may send at once does not hold for them.
   */
  long inputLimitBytes() {
    long limitBytes = sessions.settings().queryBufferLimitBytes;
    return stalled ? Math.max(limitBytes, STALLED_INPUT_BYTES) : limitBytes;
  }

  @Override
  public void drained() {
    if (!isFollowing()) {
      output.drained();
    }
    lastActiveMillis = sessions.nowMillis();
    sessions.memoryChanged(this);
    resumeIfRead();
  }

  @Override
  public boolean isBusy() {
    boolean busy = ready || stalled || written || output.isHeld() || running != null;
    return !closing && (busy || input.hasDecoded());
  }

  @Override
  public void handshakeFailed(String reason) {
    sessions.handshakeFailed(connection, reason);
  }

  @Override
  public void decryptionFailed(String reason) {
    sessions.log().verbose("Reading from client: " + reason);
  }

  @Override
  public void closed() {
    input.clear();
    output.clear();
    leave();
  }

  private void leave() {
    closing = true;
    if (!closed) {
      closed = true;
      sessions.removed(this);
    }
  }

  // ---- what the batch runner does with it

  InputBuffer input() {
    return input;
  }

  boolean isReady() {
    return ready;
  }

  void ready(boolean ready) {
    this.ready = ready;
  }

  boolean isWritten() {
    return written;
  }

  void written(boolean written) {
    this.written = written;
  }

  /** Ends a turn: what of the input is still needed moves to an array of this client's own. */
  void settleInput() {
    try {
      input.settle(decoder.wanted());
    } catch (OutOfMemoryError e) {
      input.clear();
      sessions.cutForMemory(this);
    }
  }

  /** Decodes the next command; false when there is none that is complete. */
  boolean decode(Request into) {
    decoder.maxBulkLength(sessions.settings().maxBulkLength);
    decoder.authenticated(isAuthenticated());
    int next = decoder.next(input.array(), input.decoded(), input.end(), into);
    if (next == RequestDecoder.INCOMPLETE) {
      return false;
    }
    input.decodedUpTo(next);
    return true;
  }

  /**
   * Whether so many replies wait to be read that further commands have to wait too. A client that
   * is cut at a limit runs until that limit. Reading goes on meanwhile, since a client may well
   * send its whole pipeline before it reads the first reply.
   */
  boolean hasTooMuchOutput() {
    long pending = output.pendingBytes();
    if (pending <= STALL_BYTES) {
      return false;
    }
    Limit limit = sessions.settings().outputLimits.normal();
    return pending - ClientOutput.UNCOUNTED_BYTES > Math.max(limit.hardBytes(), limit.softBytes());
  }

  /** Puts decoded commands back until the client has read its replies. */
  void stall() {
    stalled = true;
    input.undecode();
    decoder.reset();
  }

  private void resumeIfRead() {
    if (stalled && !closing && !hasTooMuchOutput()) {
      stalled = false;
      sessions.ready(this);
    }
  }

  /** Whether its commands wait until it has read its replies. */
  boolean isStalled() {
    return stalled;
  }

  /** Puts decoded commands back until a pause ends; the first of them is this. */
  void hold(Command command) {
    held = true;
    called(command);
    input.undecode();
    decoder.reset();
  }

  /** Ends {@link #hold}. */
  void resume() {
    held = false;
    lastActiveMillis = sessions.nowMillis();
    if (!closing) {
      sessions.ready(this);
    }
  }

  /** Whether its commands wait for the end of a pause. */
  boolean isHeld() {
    return held;
  }

  /** Puts decoded commands back until the command that runs is answered. */
  void park(Waiter waiter) {
    this.waiter = waiter;
    input.undecode();
    decoder.reset();
  }

  /** Ends {@link #park}. */
  void unpark() {
    waiter = null;
    commandsExecuted++;
    lastActiveMillis = sessions.nowMillis();
    if (!closing) {
      sessions.ready(this);
    }
  }

  /** Its command that waits; null when there is none. */
  @Nullable Waiter waiter() {
    return waiter;
  }

  /** Whether it shows as blocked: one of its commands waits, whatever for. */
  boolean isBlocked() {
    return held || waiter != null;
  }

  /** Whether its commands wait for something. */
  boolean isWaiting() {
    return stalled || isBlocked();
  }

  // ---- transactions

  /** What it has queued since MULTI; null outside a transaction. */
  @Nullable Transaction transaction() {
    return transaction;
  }

  /** Whether it has sent MULTI, and no EXEC yet. */
  public boolean isInTransaction() {
    return transaction != null;
  }

  /** Whether a command was refused that was to be queued, so that EXEC will run nothing. */
  public boolean isTransactionAborted() {
    return transaction != null && transaction.isAborted();
  }

  /** Begins to queue its commands. */
  public void beginTransaction() {
    transaction = new Transaction();
  }

  /** Forgets what is queued and what is watched. */
  public void endTransaction() {
    transaction = null;
    sessions.watches().unwatch(this);
    sessions.memoryChanged(this);
  }

  /** Queues a command for EXEC. */
  void queue(Transaction queue, Command command, Request request) {
    queue.queue(command, request);
    sessions.memoryGrown(this);
  }

  /** A command was refused; if it was one for the queue, EXEC will be, too. */
  void refused() {
    if (transaction != null) {
      transaction.abort();
    }
  }

  /** The keys that it watches. */
  public WatchedKeys watched() {
    return watched;
  }

  /** How many commands are queued; -1 outside a transaction. */
  public int queuedCommands() {
    return transaction == null ? -1 : transaction.size();
  }

  /** What queued commands and watched keys cost. */
  public long transactionBytes() {
    return watched.bytes() + (transaction == null ? 0 : transaction.memoryBytes());
  }

  // ---- subscriptions

  @Override
  public Subscriptions subscriptions() {
    Subscriptions held = subscriptions;
    if (held == null) {
      held = new Subscriptions();
      subscriptions = held;
    }
    return held;
  }

  @Override
  public boolean isSubscribed() {
    return subscriptions != null && !subscriptions.isEmpty();
  }

  /** To how many channels or patterns it has subscribed. */
  public int subscriptionCount(ChannelKind kind) {
    return subscriptions == null ? 0 : subscriptions.count(kind);
  }

  /** What the server keeps for it has become more, or less. */
  public void keptChanged() {
    sessions.keptChanged(this);
  }

  /** What it is told of keys that change; null if it has never asked for that. */
  public @Nullable Tracker tracker() {
    return tracker;
  }

  public void tracker(Tracker tracker) {
    this.tracker = tracker;
    sessions.memoryGrown(this);
  }

  // ---- following

  /** What it is as a replica, or will be. */
  public Follower follower() {
    return follower;
  }

  public void follower(Follower follower) {
    this.follower = follower;
  }

  /** Whether it is a replica. */
  public boolean isFollowing() {
    return follower.isFollowing();
  }

  /** Whether replies wait for the journal, so that nothing may be sent past them. */
  public boolean isHoldingReplies() {
    return output.isHeld();
  }

  /** Sends a replica what is no reply, past all limits; it leaves at the end of the turn. */
  public void send(byte[] bytes, int offset, int length) {
    if (!closing) {
      sessions.statistics().streamed(length);
      connection.write(bytes, offset, length);
      sessions.written(this);
    }
  }

  // ---- replies

  /** Says where the replies to the commands are that run next; null behind the last of them. */
  void unhanded(@Nullable ReplyBuffer replies) {
    unhanded = replies;
  }

  ClientOutput output() {
    return output;
  }

  /** Sends replies; they leave at the end of the turn. */
  void deliver(ReplyBuffer replies) {
    write(replies.array(), 0, replies.size(), 0);
  }

  /**
   * As {@link #deliver(ReplyBuffer)}, where the last reply waits for replicas.
   *
   * @param begin where it begins
   * @param awaited up to where they have to have the stream
   */
  void deliver(ReplyBuffer replies, int begin, long awaited) {
    write(replies.array(), 0, begin, 0);
    output.showData();
    write(replies.array(), begin, replies.size() - begin, awaited);
  }

  /**
   * Shows a monitor what none of its commands has asked for, behind all that it was sent so far. It
   * leaves at the end of the turn, unless the client has turned replies off.
   */
  void show(byte[] bytes, int offset, int length) {
    if (!closing && replyMode != ReplyMode.OFF && replyMode != ReplyMode.SKIP) {
      append(bytes, offset, length);
    }
  }

  /** {@inheritDoc} Those that have turned replies off get messages still. */
  @Override
  public void message(byte[] bytes, int offset, int length) {
    if (running != null) {
      sessions.messagesToCaller().append(bytes, offset, length);
    } else if (!closing) {
      append(bytes, offset, length);
    }
  }

  private void append(byte[] bytes, int offset, int length) {
    output.showData();
    ReplyBuffer replies = unhanded;
    if (replies != null) {
      replies.append(bytes, offset, length);
    } else {
      write(bytes, offset, length, 0);
    }
  }

  private void write(byte[] bytes, int offset, int length, long awaited) {
    if (length == 0 || closed) {
      return;
    }
    sessions.statistics().outputBytes += length;
    try {
      output.write(bytes, offset, length, awaited);
      sessions.written(this);
    } catch (OutOfMemoryError e) {
      sessions.cutForMemory(this);
      return;
    }
    if (exceedsOutputLimit()) {
      sessions.cutForOutput(this, "scheduled to be closed ASAP");
    } else {
      sessions.memoryGrown(this);
    }
  }

  void flush() {
    sessions.statistics().writes++;
    connection.flush();
    sessions.memoryChanged(this);
    if (!closing) {
      resumeIfRead();
    } else if (!closed && !output.isHeld()) {
      connection.closeAfterWrite();
    }
  }

  /** Says what its replies wait for; null is what holds for all. */
  public void commitAcks(@Nullable CommitAcks own) {
    output.acks(own);
  }

  /** Cuts a client whose output has been too much for too long; to be called now and then. */
  public void checkOutputLimit() {
    if (exceedsOutputLimit()) {
      sessions.cutForOutput(this, "closed");
    }
  }

  private boolean exceedsOutputLimit() {
    return !closed && output.exceeds(outputLimit(), follower.unsentBytes(), sessions.nowMillis());
  }

  /**
   * A monitor is an ordinary client, but its commands can't be made to wait when it does not read.
   * Where ordinary clients have no limit it gets that of the others to whom the server speaks
   * unasked.
   */
  private Limit outputLimit() {
    if (isFollowing()) {
      return follower.outputLimit();
    }
    OutputLimits limits = sessions.settings().outputLimits;
    boolean unasked = isSubscribed() || (monitoring && limits.normal().isNone());
    return unasked ? limits.pubsub() : limits.normal();
  }

  /** Whether it has done nothing for longer than this, and waits for nothing. */
  boolean isIdle(long mostMillis) {
    long nowMillis = sessions.nowMillis();
    if (output.hasMoved()) {
      lastActiveMillis = nowMillis;
    }
    return !isBlocked()
        && !monitoring
        && !isSubscribed()
        && !isFollowing()
        && nowMillis - lastActiveMillis > mostMillis;
  }

  /** Says what the client asks for, whether that will run or not; null is nothing known. */
  void called(@Nullable Command command) {
    lastCommand = command == null ? NO_COMMAND : command.fullName();
  }

  /** Says that a command is about to run. */
  void running(Request request, long nowMillis) {
    running = request;
    lastActiveMillis = nowMillis;
  }

  /** Says that the command has been executed, or that it waits. */
  void finished() {
    running = null;
    if (waiter == null) {
      commandsExecuted++;
    }
  }

  /** Says that it has changed the data set, up to these positions. */
  void wrote(long journalPosition, long streamPosition) {
    this.journalPosition = journalPosition;
    this.streamPosition = streamPosition;
  }

  /** Where its last write ends in the journal; 0 before the first. */
  long journalPosition() {
    return journalPosition;
  }

  /** Where its last write ends in the stream that replicas follow; 0 before the first. */
  long streamPosition() {
    return streamPosition;
  }

  // ---- what commands read and set

  public long id() {
    return id;
  }

  public Connection connection() {
    return connection;
  }

  public int database() {
    return database;
  }

  public void database(int index) {
    database = index;
  }

  @Override
  public boolean isResp3() {
    return resp3;
  }

  public void resp3(boolean resp3) {
    this.resp3 = resp3;
  }

  /** Whose rights it has. */
  public User user() {
    return user;
  }

  /** Whether it may call commands: it gave the password, or none is asked for any more. */
  public boolean isAuthenticated() {
    return authenticated || sessions.access().defaultUser().isOpen();
  }

  /** Makes it a user, who has said the right password. */
  public void logIn(User user) {
    this.user = user;
    authenticated = true;
  }

  /** Makes it the default user, who has to say the password anew if one is asked for. */
  public void logOut() {
    user = sessions.access().defaultUser();
    authenticated = false;
  }

  /** Takes back what the client has set, but not the name of its library, as RESET does. */
  public void reset() {
    database = 0;
    resp3 = false;
    names.reset();
    replyMode = ReplyMode.ON;
    evictable = true;
    touching = true;
    commitAcks(null);
    monitoring(false);
    endTransaction();
    sessions.pubSub().unsubscribeAll(this);
    if (tracker != null) {
      sessions.tracking().turnOff(tracker);
    }
    user = sessions.access().defaultUser();
    authenticated = user.isOpen();
  }

  /** Whether it may be closed to save memory. */
  public boolean isEvictable() {
    return evictable;
  }

  public void evictable(boolean evictable) {
    this.evictable = evictable;
    sessions.memoryChanged(this);
  }

  /** Whether it is shown every command that runs. */
  public boolean isMonitoring() {
    return monitoring;
  }

  /** Enters or leaves monitor mode. */
  public void monitoring(boolean monitoring) {
    if (this.monitoring != monitoring) {
      this.monitoring = monitoring;
      if (monitoring) {
        sessions.monitors().add(this);
      } else {
        sessions.monitors().remove(this);
      }
    }
  }

  /** Whether its reads count as uses of the keys. */
  public boolean isTouching() {
    return touching;
  }

  public void touching(boolean touching) {
    this.touching = touching;
  }

  /** What it calls itself. */
  public ClientNames names() {
    return names;
  }

  public ReplyMode replyMode() {
    return replyMode;
  }

  public void replyMode(ReplyMode mode) {
    replyMode = mode;
  }

  public long createdMillis() {
    return createdMillis;
  }

  /** When the client last sent something. */
  public long lastActiveMillis() {
    return lastActiveMillis;
  }

  /**
   * Full name of the last command, {@code container|sub} for a subcommand; NULL before the first
   * and when there is none of that name.
   */
  public String lastCommand() {
    return lastCommand;
  }

  public long commandsExecuted() {
    return commandsExecuted;
  }

  /** Bytes of replies and messages that have not left yet, and of what a replica is sent. */
  public long pendingBytes() {
    return output.pendingBytes() + follower.unsentBytes();
  }

  /** Bytes that have come and wait to be executed. */
  public int queryBufferBytes() {
    return input.pendingBytes();
  }

  /** Bytes of the array that this client's input keeps to itself. */
  public int queryBufferCapacity() {
    return input.ownBytes();
  }

  /** Bytes of the arguments of the command that runs or waits; 0 between commands. */
  public long argumentBytes() {
    Request request = waiter == null ? running : waiter.request();
    return request == null ? 0 : request.argumentBytes(0);
  }

  /** What this client costs: buffers, pending output, names, and a fixed share for its objects. */
  public long memoryBytes() {
    return FIXED_BYTES
        + names.bytes()
        + (waiter == null ? 0 : waiter.memoryBytes())
        + transactionBytes()
        + (subscriptions == null ? 0 : subscriptions.memoryBytes())
        + (tracker == null ? 0 : tracker.memoryBytes())
        + input.ownBytes()
        + output.pendingBytes();
  }

  /** Its part of {@link ClientMemory}. */
  ClientMemory.Charge memoryCharge() {
    return memoryCharge;
  }

  /** Where {@link Sessions} keeps it. */
  int place() {
    return place;
  }

  void place(int place) {
    this.place = place;
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  /** Whether the connection closes, or has closed; nothing it sent is executed any more. */
  public boolean isClosing() {
    return closing;
  }

  /** Closes after the replies so far have left; commands that came behind are dropped. */
  public void closeAfterReply() {
    closing = true;
    sessions.written(this);
  }

  @Override
  public void cutForMemory() {
    sessions.cutForMemory(this);
  }

  /** Closes at once. */
  public void close() {
    output.clear();
    connection.close();
    leave();
  }
}
