package io.cinnabar.command;

import io.cinnabar.host.Connection;
import io.cinnabar.host.ConnectionHandler;
import io.cinnabar.host.Log;
import io.cinnabar.host.Network;
import io.cinnabar.pubsub.PubSub;
import io.cinnabar.resp.ReplyBuffer;
import io.cinnabar.tracking.Tracker;
import io.cinnabar.tracking.Tracking;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All clients: takes in new connections, knows who has sent something and who has replies to be
 * flushed, and lets go of clients that break a limit. On the loop's thread.
 */
public final class Sessions implements Network.Acceptor {

  /** As many clients are looked at each time, if there are so many. */
  private static final int MIN_SHARE = 5;

  private static final String TOO_MANY_CLIENTS = "-ERR max number of clients reached\r\n";

  private final Settings settings;
  private final Access access;
  private final Statistics statistics;
  private final Unit unit;
  private final Pause pause;
  private final BlockedClients blockedClients;
  private final PositionWaits positionWaits;
  private final Watches watches;
  private final PubSub pubSub;
  private final Tracking tracking;
  private final ReplyGate gate;
  private final Log log;
  private final TurnInput turnInput;
  private final ClientMemory memory = new ClientMemory();
  private final Monitors monitors = new Monitors();
  private final RecentMaximum recentInput = new RecentMaximum();
  private final RecentMaximum recentOutput = new RecentMaximum();
  private final Map<Long, Session> byId = new LinkedHashMap<>();

  /** All clients in an order without a meaning: each can be taken out at once. */
  private final ArrayList<Session> places = new ArrayList<>();

  private final ArrayDeque<Session> ready = new ArrayDeque<>();
  private final ArrayList<Session> received = new ArrayList<>();
  private final ArrayList<Session> written = new ArrayList<>();

  private final HoldingClients holding;
  private final ReplyBuffer messagesToCaller = new ReplyBuffer();
  private long nextId = 1;
  private int nextPlace;
  private final LogInterval failureLines = new LogInterval();
  private final LogInterval excessLines = new LogInterval();

  /**
   * Without clients yet.
   *
   * @param keptInputBytes how much memory for clients' input is kept while it isn't used
   */
  public Sessions(
      Settings settings,
      Access access,
      Statistics statistics,
      Unit unit,
      Pause pause,
      BlockedClients blockedClients,
      Watches watches,
      PubSub pubSub,
      Tracking tracking,
      ReplyGate gate,
      Timers timers,
      Log log,
      long keptInputBytes) {
    this.settings = settings;
    this.access = access;
    this.statistics = statistics;
    this.unit = unit;
    this.pause = pause;
    this.blockedClients = blockedClients;
    this.positionWaits = new PositionWaits(gate.durability(), blockedClients);
    this.watches = watches;
    this.pubSub = pubSub;
    this.tracking = tracking;
    this.gate = gate;
    this.log = log;
    holding = new HoldingClients(gate, timers, statistics, log, this::written);
    gate.onDemotion(() -> holding.failAll(byId.values()));
    turnInput = new TurnInput(new InputArrays(keptInputBytes));
  }

  // ---- coming and going

  /** Takes in a connection, or turns it away with the reason as its only reply. */
  @Override
  public ConnectionHandler accepted(Connection connection) {
    if (byId.size() >= settings.maxClients) {
      return reject(connection, TOO_MANY_CLIENTS);
    }
    boolean open = settings.protectedMode && access.defaultUser().isPasswordless();
    if (open && !connection.isLocal()) {
      return reject(connection, ProtectedMode.DENIAL);
    }
    statistics.connectionsReceived++;
    if (settings.tcpKeepAliveSeconds > 0 && !connection.isUnix()) {
      connection.keepAlive(settings.tcpKeepAliveSeconds);
    }
    Session session = new Session(nextId++, this, connection, unit.nowMillis());
    add(session);
    if (log.isEnabled(Log.Level.VERBOSE)) {
      log.verbose("Accepted " + connection.remoteAddress());
    }
    return session;
  }

  /** Takes in the primary, whose changes come through a connection that this side has made. */
  public PrimarySession follow(Connection connection, PrimarySession.Stream stream) {
    PrimarySession session =
        new PrimarySession(nextId++, this, connection, unit.nowMillis(), stream);
    add(session);
    return session;
  }

  private void add(Session session) {
    byId.put(session.id(), session);
    session.place(places.size());
    places.add(session);
    memory.count(session);
  }

  @Override
  public void failed(String reason) {
    if (failureLines.passes(unit.nowMillis())) {
      log.warning("Accepting client connection: " + reason);
    }
  }

  Log log() {
    return log;
  }

  void handshakeFailed(Connection connection, String reason) {
    log.warning(
        "Error accepting a client connection: "
            + reason
            + " (addr="
            + connection.remoteAddress()
            + " laddr="
            + connection.localAddress()
            + ")");
  }

  private ConnectionHandler reject(Connection connection, String line) {
    statistics.connectionsRejected++;
    byte[] bytes = line.getBytes(StandardCharsets.US_ASCII);
    connection.write(bytes, 0, bytes.length);
    connection.flush();
    connection.closeAfterWrite();
    return Deaf.INSTANCE;
  }

  /**
   * Looks at the next clients, so many that each has its turn within about a second: closes those
   * that said nothing for longer than {@code timeout}, and those that don't read; adds up what they
   * cost.
   *
   * @param callsPerSecond how often this is called
   */
  public void upkeep(int callsPerSecond) {
    int share = Math.min(places.size(), Math.max(MIN_SHARE, places.size() / callsPerSecond + 1));
    for (int i = 0; i < share && !places.isEmpty(); i++) {
      // Downwards: what moves into the place of one that leaves has been looked at already.
      if (nextPlace < 0 || nextPlace >= places.size()) {
        nextPlace = places.size() - 1;
      }
      inspect(places.get(nextPlace--));
    }
  }

  private void inspect(Session session) {
    memory.count(session);
    long nowMillis = unit.nowMillis();
    recentInput.note(nowMillis, session.queryBufferCapacity());
    recentOutput.note(nowMillis, session.pendingBytes());
    session.checkOutputLimit();
    long idleMillis = settings.timeoutSeconds * 1000L;
    if (idleMillis > 0 && !session.isClosed() && session.isIdle(idleMillis)) {
      log.verbose("Closing idle client");
      session.close();
    }
  }

  /** Closes every client as soon as its replies so far have left; what it sent since is dropped. */
  public void closeAllAfterReply() {
    byId.values().forEach(Session::closeAfterReply);
  }

  void removed(Session session) {
    byId.remove(session.id());
    Session last = places.remove(places.size() - 1);
    if (!last.equals(session)) {
      places.set(session.place(), last);
      last.place(session.place());
    }
    memory.remove(session);
    session.monitoring(false);
    session.commitAcks(null);
    session.endTransaction();
    pubSub.unsubscribeAll(session);
    Tracker tracker = session.tracker();
    if (tracker != null) {
      tracking.leave(tracker);
    }
    session.follower().left();
    if (session.isHeld()) {
      pause.forget(session);
    }
    Waiter waiter = session.waiter();
    if (waiter != null) {
      blockedClients.release(waiter);
    }
    if (log.isEnabled(Log.Level.VERBOSE)) {
      log.verbose("Client closed connection id=" + session.id());
    }
  }

  void cutForInput(Session session) {
    statistics.queryBufferLimitDisconnections++;
    log.warning(
        "Closing client that reached max query buffer length: "
            + ClientLine.of(session, unit.nowMillis()));
    session.close();
  }

  void cutForOutput(Session session, String how) {
    statistics.outputBufferLimitDisconnections++;
    log.warning(
        "Client "
            + ClientLine.of(session, unit.nowMillis())
            + ' '
            + how
            + " for overcoming of output buffer limits.");
    session.close();
  }

  /** For a client whose input or replies don't fit into what is left of the heap. */
  void cutForMemory(Session session) {
    session.close();
    logShortage(session);
  }

  /** For a client whose command didn't fit; the replies to those before still leave. */
  void endForMemory(Session session) {
    session.closeAfterReply();
    logShortage(session);
  }

  private void logShortage(Session session) {
    log.warning(
        "Closing client that needs more memory than there is: "
            + ClientLine.of(session, unit.nowMillis()));
  }

  // ---- what they cost

  /** A client may cost more or less than it did. */
  void memoryChanged(Session session) {
    if (settings.maxMemoryClients != 0 && !session.isClosed()) {
      memory.count(session);
    }
  }

  /** A client costs more than it did, perhaps too much. */
  void memoryGrown(Session session) {
    if (settings.maxMemoryClients != 0 && !session.isClosed()) {
      memory.count(session);
      evict();
    }
  }

  /** What is kept for a client has changed; it counts at once, for the next that asks for room. */
  void keptChanged(Session session) {
    recount(session);
    memoryGrown(session);
  }

  /** Closes the largest clients while all together cost too much. */
  private void evict() {
    long mostBytes = settings.clientMemoryBytes();
    while (memory.totalBytes() >= mostBytes) {
      Session session = memory.largest();
      if (session == null) {
        logExcess();
        return;
      }
      if (memory.totalBytes() < mostBytes) {
        return; // it was counted too high
      }
      log.notice("Evicting client: " + ClientLine.of(session, unit.nowMillis()));
      statistics.evictedClients++;
      session.close();
    }
  }

  private void logExcess() {
    if (excessLines.passes(unit.nowMillis())) {
      log.warning("Over client maxmemory after evicting all evictable clients");
    }
  }

  // ---- who has something to do

  void ready(Session session) {
    if (!session.isReady()) {
      session.ready(true);
      ready.add(session);
    }
    received.add(session);
  }

  /** The next client with input that was not looked at yet, left in its place; null when none. */
  @Nullable Session peekReady() {
    return ready.peek();
  }

  /**
   * Takes the first ready client out: it has nothing complete to execute. What it sent in an
   * earlier turn may lie in an array of its own, which is to go when this turn ends.
   */
  void dropReady() {
    Session session = ready.remove();
    session.ready(false);
    if (session.input().ownBytes() > 0) {
      received.add(session);
    }
  }

  /** Puts the first ready client behind the others. */
  void rotateReady() {
    ready.add(ready.remove());
  }

  /** Whether commands wait to be executed. */
  public boolean hasReady() {
    return !ready.isEmpty();
  }

  void written(Session session) {
    if (!session.isWritten()) {
      session.written(true);
      written.add(session);
    }
  }

  /** Hands the changes of this turn to the disk. */
  public void commit() {
    gate.durability().commit();
  }

  /** Lets every reply out that was made since the last call, and that may leave. */
  public void flush() {
    holding.release();
    for (int i = 0; i < written.size(); i++) {
      Session session = written.get(i);
      session.written(false);
      if (session.output().startsHolding()) {
        holding.add(session);
      }
      try {
        session.flush();
      } catch (OutOfMemoryError e) {
        cutForMemory(session);
      }
      recount(session);
    }
    written.clear();
  }

  /** A client that is gone is no longer counted, although this turn has still to do with it. */
  private void recount(Session session) {
    if (!session.isClosed()) {
      memory.count(session);
    }
  }

  /** Ends a turn: what of its input is still needed moves to the clients' own arrays. */
  public void settleInput() {
    for (int i = 0; i < received.size(); i++) {
      Session session = received.get(i);
      session.settleInput();
      recount(session);
    }
    received.clear();
    turnInput.reset();
    if (settings.maxMemoryClients != 0) {
      evict();
    }
  }

  // ---- what others ask

  /**
   * What all clients cost in bytes, each as it was when {@link #upkeep} came by, with the memory
   * that is kept for their input; the sum of {@link Session#memoryBytes} over {@link #all} is
   * exact, and takes the longer the more there are.
   */
  public long approximateMemoryBytes() {
    return memory.totalBytes() + turnInput.arrays().bytes();
  }

  /** The largest arrays that clients have had for their input lately. */
  public RecentMaximum recentInput() {
    return recentInput;
  }

  /** The most replies that have waited for a client lately. */
  public RecentMaximum recentOutput() {
    return recentOutput;
  }

  /** What the clients' input of one turn is gathered in, as long as it is. */
  public long sharedInputBytes() {
    return turnInput.bytes();
  }

  /** All clients, the oldest first. */
  public Collection<Session> all() {
    return byId.values();
  }

  public @Nullable Session byId(long id) {
    return byId.get(id);
  }

  public int count() {
    return byId.size();
  }

  Settings settings() {
    return settings;
  }

  Access access() {
    return access;
  }

  Statistics statistics() {
    return statistics;
  }

  ClientMemory memory() {
    return memory;
  }

  PubSub pubSub() {
    return pubSub;
  }

  Tracking tracking() {
    return tracking;
  }

  /** Those that wait for copies of what they have written. */
  public PositionWaits positionWaits() {
    return positionWaits;
  }

  /** Decides when replies may leave. */
  public ReplyGate gate() {
    return gate;
  }

  /** How many replies wait for replicas. */
  public int awaitingReplies() {
    return holding.awaitingReplies();
  }

  /** Messages to the client whose command runs, which leave behind the reply to it. */
  ReplyBuffer messagesToCaller() {
    return messagesToCaller;
  }

  Watches watches() {
    return watches;
  }

  Monitors monitors() {
    return monitors;
  }

  TurnInput turnInput() {
    return turnInput;
  }

  long nowMillis() {
    return unit.nowMillis();
  }

  /** Hears nothing, of a connection that was turned away. */
  private enum Deaf implements ConnectionHandler {
    INSTANCE;

    @Override
    public void received(ByteBuffer bytes) {}

    @Override
    public void drained() {}

    @Override
    public boolean isBusy() {
      return false;
    }

    @Override
    public void closed() {}
  }
}
