package io.cinnabar.command;

import io.cinnabar.host.Connection;
import io.cinnabar.host.ConnectionHandler;
import io.cinnabar.host.Log;
import io.cinnabar.host.Network;
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

  /** Accepting fails many times a second while it fails at all. */
  private static final long FAILURE_LOG_INTERVAL_MILLIS = 60_000;

  /** As many clients are looked at each time, if there are so many. */
  private static final int MIN_SHARE = 5;

  private static final String TOO_MANY_CLIENTS = "-ERR max number of clients reached\r\n";

  private final Settings settings;
  private final Statistics statistics;
  private final Unit unit;
  private final Log log;
  private final TurnInput turnInput = new TurnInput();
  private final Map<Long, Session> byId = new LinkedHashMap<>();

  /** All clients in an order without a meaning: each can be taken out at once. */
  private final ArrayList<Session> places = new ArrayList<>();

  private final ArrayDeque<Session> ready = new ArrayDeque<>();
  private final ArrayList<Session> received = new ArrayList<>();
  private final ArrayList<Session> written = new ArrayList<>();
  private long nextId = 1;
  private int nextPlace;
  private long memoryBytes;
  private long failureLoggedMillis = -FAILURE_LOG_INTERVAL_MILLIS;

  public Sessions(Settings settings, Statistics statistics, Unit unit, Log log) {
    this.settings = settings;
    this.statistics = statistics;
    this.unit = unit;
    this.log = log;
  }

  // ---- coming and going

  /** Takes in a connection, or turns it away with the reason as its only reply. */
  @Override
  public ConnectionHandler accepted(Connection connection) {
    if (byId.size() >= settings.maxClients) {
      return reject(connection, TOO_MANY_CLIENTS);
    }
    if (settings.protectedMode && settings.password.length == 0 && !connection.isLocal()) {
      return reject(connection, ProtectedMode.DENIAL);
    }
    statistics.connectionsReceived++;
    if (settings.tcpKeepAliveSeconds > 0 && !connection.isUnix()) {
      connection.keepAlive(settings.tcpKeepAliveSeconds);
    }
    Session session = new Session(nextId++, this, connection, unit.nowMillis());
    byId.put(session.id(), session);
    session.place(places.size());
    places.add(session);
    memoryBytes += session.recountMemory();
    log.verbose("Accepted " + connection.remoteAddress());
    return session;
  }

  @Override
  public void failed(String reason) {
    long nowMillis = unit.nowMillis();
    if (nowMillis - failureLoggedMillis >= FAILURE_LOG_INTERVAL_MILLIS) {
      failureLoggedMillis = nowMillis;
      log.warning("Accepting client connection: " + reason);
    }
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
    memoryBytes += session.recountMemory();
    session.checkOutputLimit();
    long idleMillis = settings.timeoutSeconds * 1000L;
    if (idleMillis > 0
        && !session.isClosing()
        && unit.nowMillis() - session.lastActiveMillis() > idleMillis) {
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
    if (last != session) {
      places.set(session.place(), last);
      last.place(session.place());
    }
    memoryBytes -= session.countedMemoryBytes();
    log.verbose("Client closed connection id=" + session.id());
  }

  void cutForInput(Session session) {
    statistics.queryBufferLimitDisconnections++;
    log.warning(
        "Closing client that reached max query buffer length: "
            + ClientLine.of(session, unit.nowMillis()));
    session.close();
  }

  void cutForOutput(Session session) {
    statistics.outputBufferLimitDisconnections++;
    log.warning(
        "Client "
            + ClientLine.of(session, unit.nowMillis())
            + " closed for overcoming of output buffer limits.");
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

  /** Takes the first ready client out: it has nothing complete to execute. */
  void dropReady() {
    ready.remove().ready(false);
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

  /** Lets every reply out that was made since the last call. */
  public void flush() {
    for (int i = 0; i < written.size(); i++) {
      Session session = written.get(i);
      session.written(false);
      try {
        session.flush();
      } catch (OutOfMemoryError e) {
        cutForMemory(session);
      }
    }
    written.clear();
  }

  /** Ends a turn: what of its input is still needed moves to the clients' own arrays. */
  public void settleInput() {
    for (int i = 0; i < received.size(); i++) {
      received.get(i).settleInput();
    }
    received.clear();
    turnInput.reset();
  }

  // ---- what others ask

  /**
   * What all clients cost in bytes, each as it was when {@link #upkeep} came by; the sum of {@link
   * Session#memoryBytes} over {@link #all} is exact, and takes the longer the more there are.
   */
  public long approximateMemoryBytes() {
    return memoryBytes;
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

  Statistics statistics() {
    return statistics;
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
