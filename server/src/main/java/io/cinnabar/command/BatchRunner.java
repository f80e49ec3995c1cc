package io.cinnabar.command;

import io.cinnabar.host.MonotonicClock;
import io.cinnabar.keyspace.Database;
import io.cinnabar.keyspace.Keyspace;
import io.cinnabar.resp.ProtocolException;
import io.cinnabar.resp.ReplyBuffer;
import io.cinnabar.resp.Request;
import io.cinnabar.structure.Slice;
import org.jspecify.annotations.Nullable;

/**
 * Executes what the clients have sent, some hundred commands at a time, in three passes: decode, so
 * that it is known which keys are asked for; touch the table and the entries of all those keys, so
 * that their cache misses overlap; execute. With one command after the other, most of the time
 * would be spent waiting for memory.
 *
 * <p>Decoding reads the clients' buffers and changes nothing, so a command that turns out not to be
 * next (the client was closed by the one before, or has too many replies unread) is simply decoded
 * again later.
 */
public final class BatchRunner {

  private static final int BATCH = 256;

  /** After so many commands the loop looks at the network again. */
  private static final int TURN_COMMANDS = 16 * BATCH;

  /** Replies of one client that are handed over before its next command runs. */
  private static final int SEGMENT_BYTES = 64 * 1024;

  private final Engine engine;
  private final Sessions sessions;
  private final Keyspace keyspace;
  private final MonotonicClock clock;
  private final ReplyBuffer replies = new ReplyBuffer();
  private final Dispatcher dispatcher;
  private final Request[] requests = new Request[BATCH];
  private final @Nullable Session[] owners = new Session[BATCH];
  private final @Nullable Command[] commands = new Command[BATCH];
  private final @Nullable Slice[] keys = new Slice[BATCH];
  private final long[] hashes = new long[BATCH];
  private final int[] candidates = new int[BATCH];
  private final int[] consumed = new int[BATCH];
  private final @Nullable String[] protocolErrors = new String[BATCH];
  private boolean running;

  /** Never read: it keeps the compiler from dropping the loads that it sums up. */
  @SuppressWarnings("UnusedVariable")
  private int touched;

  public BatchRunner(Engine engine) {
    this.engine = engine;
    this.sessions = engine.sessions();
    this.keyspace = engine.keyspace();
    this.clock = engine.host().monotonicClock();
    this.dispatcher = new Dispatcher(engine, replies);
    for (int i = 0; i < BATCH; i++) {
      requests[i] = new Request();
    }
  }

  /** Executes what is queued, up to a turn's worth. */
  public void run() {
    if (running) {
      throw new IllegalStateException("a command must not run others' commands");
    }
    running = true;
    try {
      for (int executed = 0; executed < TURN_COMMANDS && sessions.hasReady(); ) {
        int size = decode();
        touch(size);
        execute(size);
        executed += Math.max(size, 1);
      }
    } finally {
      running = false;
    }
  }

  // ---- first pass

  private int decode() {
    int size = 0;
    Session session = sessions.peekReady();
    while (session != null && size < BATCH) {
      int before = size;
      size = decode(session, size);
      boolean alone = !session.isAuthenticated() && size > before;
      if (size < BATCH && !alone) {
        sessions.dropReady();
      } else {
        sessions.rotateReady();
      }
      if (alone) {
        break;
      }
      session = sessions.peekReady();
    }
    return size;
  }

  /**
   * Decodes the commands of one client into the places from {@code size} on; the new size. While
   * the client has not logged in, only one: the next may be AUTH, which widens the limits for those
   * behind it.
   */
  private int decode(Session session, int size) {
    InputBuffer input = session.input();
    int most = session.isAuthenticated() ? BATCH : Math.min(BATCH, size + 1);
    int at = size;
    while (at < most && !session.isClosing() && !session.isStalled() && input.hasUndecoded()) {
      int from = input.decoded();
      Request request = requests[at];
      try {
        if (!session.decode(request)) {
          return at;
        }
        commands[at] = request.count() == 0 ? null : dispatcher.resolve(request);
      } catch (ProtocolException e) {
        protocolErrors[at] = e.getMessage();
        input.decodedUpTo(input.end());
      } catch (OutOfMemoryError e) {
        sessions.cutForMemory(session);
        return at;
      }
      owners[at] = session;
      consumed[at] = input.decoded() - from;
      at++;
      if (protocolErrors[at - 1] != null) {
        return at;
      }
    }
    return at;
  }

  // ---- second pass

  private void touch(int size) {
    for (int i = 0; i < size; i++) {
      keys[i] = firstKey(i);
      if (keys[i] != null) {
        hashes[i] = keyspace.hash(keys[i]);
      }
    }
    if (size > 1) {
      touched += touchKeys(size);
    }
  }

  private @Nullable Slice firstKey(int i) {
    Command command = commands[i];
    if (command == null || command.firstKey() == 0 || command.firstKey() >= requests[i].count()) {
      return null;
    }
    return requests[i].arg(command.firstKey());
  }

  /**
   * Buckets, then where they lead, then the entries there: each pass waits for memory only once.
   */
  private int touchKeys(int size) {
    int sum = 0;
    for (int i = 0; i < size; i++) {
      if (keys[i] != null) {
        sum += databaseOf(i).touchBucket(hashes[i]);
      }
    }
    for (int i = 0; i < size; i++) {
      candidates[i] = keys[i] == null ? 0 : databaseOf(i).candidate(hashes[i]);
    }
    for (int i = 0; i < size; i++) {
      Slice key = keys[i];
      if (key != null && candidates[i] != 0) {
        sum += databaseOf(i).touchCandidate(candidates[i], key.length);
      }
    }
    return sum;
  }

  private Database databaseOf(int i) {
    return keyspace.database(owner(i).database());
  }

  // ---- third pass

  private void execute(int size) {
    engine.refreshTime();
    long sinceNanos = clock.nanos();
    Session current = null;
    Command previous = size > 0 ? commands[0] : null;
    for (int i = 0; i < size; i++) {
      Session session = owner(i);
      if (session != current) {
        hand(current);
        current = session;
      }
      if (commands[i] != previous) {
        sinceNanos = charge(previous, sinceNanos);
        engine.refreshTime();
        previous = commands[i];
      }
      execute(session, i);
      owners[i] = null;
    }
    hand(current);
    charge(previous, sinceNanos);
  }

  /** Adds the time since {@code sinceNanos} to that of a command; returns the time now. */
  private long charge(@Nullable Command command, long sinceNanos) {
    long nowNanos = clock.nanos();
    if (command != null) {
      engine.statistics().commands.spent(command, nowNanos - sinceNanos);
    }
    return nowNanos;
  }

  private void execute(Session session, int i) {
    String protocolError = protocolErrors[i];
    protocolErrors[i] = null;
    if (replies.size() > SEGMENT_BYTES) {
      hand(session); // which may close it
    }
    if (session.isClosing() || session.isStalled()) {
      return;
    }
    if (session.hasTooMuchOutput()) {
      session.stall();
      return;
    }
    session.input().executed(consumed[i]);
    if (protocolError != null) {
      dispatcher.protocolError(session, protocolError);
    } else if (requests[i].count() > 0) {
      dispatcher.execute(session, requests[i], commands[i], keys[i], hashes[i]);
    }
  }

  /** Hands the replies made since the last call to the client that they are for. */
  private void hand(@Nullable Session session) {
    if (session != null) {
      session.deliver(replies, 0);
    }
    replies.reset();
  }

  private Session owner(int i) {
    Session owner = owners[i];
    if (owner == null) {
      throw new IllegalStateException("no client in place " + i);
    }
    return owner;
  }
}
