package io.cinnabar.command;

import io.cinnabar.command.OutputLimits.Limit;
import io.cinnabar.host.Connection;
import io.cinnabar.host.ConnectionHandler;
import io.cinnabar.resp.ReplyBuffer;
import io.cinnabar.resp.Request;
import io.cinnabar.resp.RequestDecoder;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One client: its connection, what it has sent and was not executed yet, and what it has set for
 * itself. Bytes that come in only queue here; the {@link BatchRunner} decodes and executes them
 * after the poll. All on the loop's thread.
 */
public final class Session implements ConnectionHandler {

  private static final byte[] NONE = {};

  /** Replies that may wait at an unlimited client before its further commands have to wait. */
  private static final long STALL_BYTES = 1 << 20;

  /**
   * Replies that no limit counts. Redis keeps so much in a client's fixed buffer, and counts only
   * what goes beyond it.
   */
  private static final long UNCOUNTED_BYTES = 16 << 10;

  /** Objects of a client without its buffers, the transport's included. */
  private static final long FIXED_BYTES = 1200;

  private final long id;
  private final Sessions sessions;
  private final Connection connection;
  private final InputBuffer input;
  private final RequestDecoder decoder = new RequestDecoder();
  private final long createdMillis;

  private int database;
  private boolean resp3;
  private boolean authenticated;
  private byte[] name = NONE;
  private byte[] libraryName = NONE;
  private byte[] libraryVersion = NONE;
  private ReplyMode replyMode = ReplyMode.ON;
  private long lastActiveMillis;
  private long softLimitSinceMillis;
  private String lastCommand = "NULL";
  private long commandsExecuted;
  private @Nullable Request running;
  private int place;
  private long countedMemoryBytes;
  private boolean ready;
  private boolean written;
  private boolean stalled;
  private boolean closing;
  private boolean closed;
  private boolean evictable = true;
  private boolean touching = true;

  Session(long id, Sessions sessions, Connection connection, long nowMillis) {
    this.id = id;
    this.sessions = sessions;
    this.connection = connection;
    this.input = new InputBuffer(sessions.turnInput());
    this.createdMillis = nowMillis;
    this.lastActiveMillis = nowMillis;
    authenticated = sessions.settings().password.length == 0;
  }

  // ---- what the network says

  @Override
  public void received(ByteBuffer bytes) {
    if (closing) {
      return;
    }
    sessions.statistics().inputBytes += bytes.remaining();
    lastActiveMillis = sessions.nowMillis();
    if ((long) input.pendingBytes() + bytes.remaining()
        > sessions.settings().queryBufferLimitBytes) {
      sessions.cutForInput(this);
      return;
    }
    try {
      input.append(bytes);
      sessions.ready(this);
    } catch (OutOfMemoryError e) {
      sessions.cutForMemory(this);
    }
  }

  @Override
  public void drained() {
    softLimitSinceMillis = 0;
    resumeIfRead();
  }

  @Override
  public boolean isBusy() {
    return !closing && (ready || stalled || input.hasDecoded());
  }

  @Override
  public void closed() {
    closing = true;
    closed = true;
    input.clear();
    sessions.removed(this);
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
      input.settle();
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
    long pending = connection.pendingBytes();
    if (pending <= STALL_BYTES) {
      return false;
    }
    Limit limit = sessions.settings().outputLimits.normal();
    return pending - UNCOUNTED_BYTES > Math.max(limit.hardBytes(), limit.softBytes());
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

  /** Sends replies; they leave at the end of the turn. */
  void deliver(ReplyBuffer replies, int from) {
    int length = replies.size() - from;
    if (length == 0 || closed) {
      return;
    }
    sessions.statistics().outputBytes += length;
    try {
      connection.write(replies.array(), from, length);
      sessions.written(this);
    } catch (OutOfMemoryError e) {
      sessions.cutForMemory(this);
      return;
    }
    checkOutputLimit();
  }

  void flush() {
    connection.flush();
    if (closing) {
      if (!closed) {
        connection.closeAfterWrite();
      }
    } else {
      resumeIfRead();
    }
  }

  /**
   * Cuts a client that has too much unread output; called after writes and by the periodic work.
   */
  void checkOutputLimit() {
    Limit limit = sessions.settings().outputLimits.normal();
    long pending = connection.pendingBytes() - UNCOUNTED_BYTES;
    boolean cut = limit.hardBytes() > 0 && pending > limit.hardBytes();
    if (limit.softBytes() > 0 && pending > limit.softBytes()) {
      long now = sessions.nowMillis();
      if (softLimitSinceMillis == 0) {
        softLimitSinceMillis = now;
      } else if (now - softLimitSinceMillis > limit.softSeconds() * 1000L) {
        cut = true;
      }
    } else {
      softLimitSinceMillis = 0;
    }
    if (cut && !closed) {
      sessions.cutForOutput(this);
    }
  }

  /** Says that a command is about to run. */
  void running(String commandName, Request request, long nowMillis) {
    lastCommand = commandName;
    running = request;
    lastActiveMillis = nowMillis;
    commandsExecuted++;
  }

  /** Says that the command has been executed. */
  void finished() {
    running = null;
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

  public boolean isResp3() {
    return resp3;
  }

  public void resp3(boolean resp3) {
    this.resp3 = resp3;
  }

  /** Whether it may call commands: it gave the password, or none is asked for any more. */
  public boolean isAuthenticated() {
    return authenticated || sessions.settings().password.length == 0;
  }

  public void authenticated(boolean authenticated) {
    this.authenticated = authenticated;
  }

  /** Takes back what the client has set, but not the name of its library, as RESET does. */
  public void reset() {
    database = 0;
    resp3 = false;
    name = NONE;
    replyMode = ReplyMode.ON;
    evictable = true;
    touching = true;
    authenticated(sessions.settings().password.length == 0);
  }

  /** Whether it may be closed to save memory. */
  public boolean isEvictable() {
    return evictable;
  }

  public void evictable(boolean evictable) {
    this.evictable = evictable;
  }

  /** Whether its reads count as uses of the keys. */
  public boolean isTouching() {
    return touching;
  }

  public void touching(boolean touching) {
    this.touching = touching;
  }

  public byte[] name() {
    return name;
  }

  public void name(byte[] name) {
    this.name = name;
  }

  public byte[] libraryName() {
    return libraryName;
  }

  public void libraryName(byte[] libraryName) {
    this.libraryName = libraryName;
  }

  public byte[] libraryVersion() {
    return libraryVersion;
  }

  public void libraryVersion(byte[] libraryVersion) {
    this.libraryVersion = libraryVersion;
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
   * Full name of the last command, {@code container|sub} for a subcommand; NULL before the first.
   */
  public String lastCommand() {
    return lastCommand;
  }

  public long commandsExecuted() {
    return commandsExecuted;
  }

  /** Bytes that have come and wait to be executed. */
  public int queryBufferBytes() {
    return input.pendingBytes();
  }

  /** Bytes of the array that this client's input keeps to itself. */
  public int queryBufferCapacity() {
    return input.ownBytes();
  }

  /** Bytes of the arguments of the command that runs; 0 between commands. */
  public long argumentBytes() {
    long bytes = 0;
    if (running != null) {
      for (int i = 0; i < running.count(); i++) {
        bytes += running.arg(i).length;
      }
    }
    return bytes;
  }

  /** What this client costs: buffers, pending output and a fixed share for its objects. */
  public long memoryBytes() {
    return FIXED_BYTES + input.ownBytes() + connection.pendingBytes();
  }

  /** What {@link #recountMemory} has found last. */
  long countedMemoryBytes() {
    return countedMemoryBytes;
  }

  /** Notes {@link #memoryBytes}; by how much it has grown since the last time. */
  long recountMemory() {
    long before = countedMemoryBytes;
    countedMemoryBytes = memoryBytes();
    return countedMemoryBytes - before;
  }

  /** Where {@link Sessions} keeps it. */
  int place() {
    return place;
  }

  void place(int place) {
    this.place = place;
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

  /** Closes at once. */
  public void close() {
    closing = true;
    connection.close();
  }
}
