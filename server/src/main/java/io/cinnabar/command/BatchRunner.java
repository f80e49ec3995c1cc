package io.cinnabar.command;

import io.cinnabar.keyspace.Database;
import io.cinnabar.keyspace.Keyspace;
import io.cinnabar.resp.ProtocolException;
import io.cinnabar.resp.ReplyBuffer;
import io.cinnabar.resp.Request;
import io.cinnabar.structure.Slice;
import io.cinnabar.tracking.Tracking;
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

  /**
   * Replies of one client that are handed over before its next command runs: so few that they are
   * copied out of the processor's nearest caches.
   */
  private static final int SEGMENT_BYTES = 16 * 1024;

  private final Sessions sessions;
  private final Memory memory;
  private final Keyspace keyspace;
  private final Tracking tracking;
  private final Pause pause;
  private final Unit unit;
  private final BlockedClients blockedClients;
  private final PositionWaits positionWaits;
  private final ReplyBuffer replies = new ReplyBuffer();
  private final Dispatcher dispatcher;
  private final CallTimer timer;
  private final Request[] requests = new Request[BATCH];
  private final @Nullable Session[] owners = new Session[BATCH];
  private final @Nullable Command[] commands = new Command[BATCH];
  private final @Nullable Slice[] keys = new Slice[BATCH];
  private final long[] hashes = new long[BATCH];

  /** The commands whose keys are touched. */
  private final int[] places = new int[BATCH];

  /** For each command with a key, which of these it is. */
  private final int[] groups = new int[BATCH];

  private final int[] candidates = new int[BATCH];
  private final ElementTouch elements;
  private final int[] consumed = new int[BATCH];
  private final @Nullable String[] protocolErrors = new String[BATCH];
  private boolean running;

  /** What most requests lie in. */
  private byte[] turnArray = {};

  /** Never read: it keeps the compiler from dropping the loads that it sums up. */
  @SuppressWarnings("UnusedVariable")
  private int touched;

  public BatchRunner(Engine engine) {
    this.sessions = engine.sessions();
    this.memory = engine.memory();
    this.keyspace = engine.keyspace();
    this.tracking = engine.tracking();
    this.pause = engine.pause();
    this.unit = engine.unit();
    this.blockedClients = engine.blockedClients();
    this.positionWaits = engine.sessions().positionWaits();
    this.dispatcher = new Dispatcher(engine, replies);
    this.timer = dispatcher.timer();
    this.elements = new ElementTouch(keyspace, BATCH);
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
    releaseOld();
    try {
      for (int executed = 0; executed < TURN_COMMANDS && sessions.hasReady(); ) {
        int size = decode();
        touch(size);
        execute(size);
        executed += Math.max(size, 1);
      }
    } finally {
      dispatcher.release();
      elements.release();
      running = false;
    }
  }

  /**
   * Serves the blocked clients whose time is over, who have their copies, or whose keys have gone,
   * between the turns.
   */
  public void serveBlocked() {
    positionWaits.look();
    if (blockedClients.isPending()) {
      timer.begin();
      try {
        serve();
      } finally {
        dispatcher.release();
      }
    }
  }

  /** Runs the commands of blocked clients again whose keys are ready, until nobody's are. */
  private void serve() {
    Waiter waiter = blockedClients.next(unit.nowMillis());
    while (waiter != null) {
      Session session = waiter.session();
      session.unhanded(replies);
      timer.start();
      timer.next(waiter.command(), waiter.request().end);
      dispatcher.serve(waiter);
      timer.ran(replies.size());
      timer.stop();
      hand(session);
      waiter = blockedClients.next(unit.nowMillis());
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
    while (at < most && !session.isClosing() && !session.isWaiting() && input.hasUndecoded()) {
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

  /** A key that several commands in a row ask for is touched once. */
  private void touch(int size) {
    int count = 0;
    boolean seeksElements = false;
    for (int i = 0; i < size; i++) {
      Slice key = firstKey(i);
      keys[i] = key;
      if (key != null) {
        long hash = keyspace.hash(key);
        hashes[i] = hash;
        if (count == 0 || hashes[places[count - 1]] != hash) {
          places[count++] = i;
        }
        groups[i] = count - 1;
        seeksElements |= seeksElement(i);
      }
    }
    if (count > 1 || seeksElements) {
      touched += touchKeys(count) + tracking.touch(hashes, keys, places, count);
    }
    if (seeksElements) {
      touched += touchElements(size);
    }
  }

  /** Whether a command looks for an element of what its key holds. */
  private boolean seeksElement(int i) {
    Command command = commands[i];
    int element = command == null ? 0 : command.element();
    return element != 0 && element < requests[i].count();
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
  private int touchKeys(int count) {
    int sum = 0;
    for (int n = 0; n < count; n++) {
      int i = places[n];
      sum += databaseOf(i).touchBucket(hashes[i]);
    }
    for (int n = 0; n < count; n++) {
      int i = places[n];
      candidates[n] = databaseOf(i).candidate(hashes[i]);
    }
    for (int n = 0; n < count; n++) {
      int i = places[n];
      Slice key = keys[i];
      if (key != null && candidates[n] != 0) {
        sum += databaseOf(i).touchCandidate(candidates[n], key.length);
      }
    }
    return sum;
  }

  /** The elements that are looked for in large collections, whose entries have been touched. */
  private int touchElements(int size) {
    for (int i = 0; i < size; i++) {
      Command command = commands[i];
      if (keys[i] != null && command != null && seeksElement(i) && candidates[groups[i]] != 0) {
        elements.at(databaseOf(i), candidates[groups[i]]);
        elements.add(requests[i].arg(command.element()));
      }
    }
    return elements.touch();
  }

  private Database databaseOf(int i) {
    return keyspace.database(owner(i).database());
  }

  // ---- third pass

  private void execute(int size) {
    timer.begin();
    memory.refreshClients();
    Session current = null;
    for (int i = 0; i < size; i++) {
      Session session = owner(i);
      if (!session.equals(current) || replies.size() > SEGMENT_BYTES) {
        if (current != null) {
          timer.stop();
          hand(current); // which may close it
          timer.start();
        }
        current = session;
        current.unhanded(replies);
      }
      timer.next(commands[i], consumed[i]);
      execute(session, i);
      timer.ran(replies.size());
      owners[i] = null;
      release(i);
      if (blockedClients.isPending()) {
        timer.stop();
        hand(session);
        serve();
        timer.start();
        session.unhanded(replies);
      }
    }
    timer.stop();
    hand(current);
  }

  /** Input of a client's own may be large, and is the collector's when the client is done with. */
  @SuppressWarnings("ReferenceEquality") // the very array of the turn
  private void release(int i) {
    if (requests[i].array != turnArray) {
      requests[i].release();
      keys[i] = null;
    }
  }

  /** The same for what the turns shared before it got too small. */
  @SuppressWarnings("ReferenceEquality")
  private void releaseOld() {
    byte[] array = sessions.turnInput().array();
    if (array != turnArray) {
      turnArray = array;
      for (int i = 0; i < BATCH; i++) {
        release(i);
      }
    }
  }

  private void execute(Session session, int i) {
    String protocolError = protocolErrors[i];
    protocolErrors[i] = null;
    if (session.isClosing() || session.isWaiting()) {
      return;
    }
    if (session.hasTooMuchOutput()) {
      session.stall();
      return;
    }
    if (pause.isOn()
        && protocolError == null
        && dispatcher.postpone(session, requests[i], commands[i])) {
      return;
    }
    if (session instanceof PrimarySession primary) {
      executeForPrimary(primary, i, protocolError);
      return;
    }
    session.input().executed(consumed[i]);
    if (protocolError != null) {
      dispatcher.protocolError(session, protocolError);
    } else if (requests[i].count() > 0) {
      dispatcher.execute(session, requests[i], commands[i], keys[i], hashes[i]);
    }
  }

  /** What the primary has sent goes on to others, as it is, once it was done here. */
  private void executeForPrimary(PrimarySession primary, int i, @Nullable String protocolError) {
    InputBuffer input = primary.input();
    boolean isGood = primary.begin(input.array(), input.start(), consumed[i], protocolError);
    input.executed(consumed[i]);
    if (isGood) {
      if (requests[i].count() > 0) {
        dispatcher.execute(primary, requests[i], commands[i], keys[i], hashes[i]);
      }
      primary.end();
    }
  }

  /** Hands the replies made since the last call to the client that they are for. */
  private void hand(@Nullable Session session) {
    if (session != null) {
      session.unhanded(null);
      session.deliver(replies);
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
