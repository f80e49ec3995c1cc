package io.cinnabar.command;

import io.cinnabar.host.Connection;
import io.cinnabar.host.ConnectionHandler;
import io.cinnabar.host.Log;
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
public final class Sessions {

  private static final String TOO_MANY_CLIENTS = "-ERR max number of clients reached\r\n";

  private final Settings settings;
  private final Statistics statistics;
  private final Unit unit;
  private final Log log;
  private final TurnInput turnInput = new TurnInput();
  private final Map<Long, Session> byId = new LinkedHashMap<>();
  private final ArrayDeque<Session> ready = new ArrayDeque<>();
  private final ArrayList<Session> received = new ArrayList<>();
  private final ArrayList<Session> written = new ArrayList<>();
  private long nextId = 1;

  public Sessions(Settings settings, Statistics statistics, Unit unit, Log log) {
    this.settings = settings;
    this.statistics = statistics;
    this.unit = unit;
    this.log = log;
  }

  // ---- coming and going

  /** Takes in a connection, or turns it away with the reason as its only reply. */
  public ConnectionHandler accept(Connection connection) {
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
    log.verbose("Accepted " + connection.remoteAddress());
    return session;
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
   * Closes clients that said nothing for longer than {@code timeout}, and those that don't read.
   */
  public void closeIdle() {
    long idleMillis = settings.timeoutSeconds * 1000L;
    for (Session session : all().toArray(new Session[0])) {
      session.checkOutputLimit();
      if (idleMillis > 0 && unit.nowMillis() - session.lastActiveMillis() > idleMillis) {
        log.verbose("Closing idle client");
        session.close();
      }
    }
  }

  /** Closes every client as soon as its replies so far have left; what it sent since is dropped. */
  public void closeAllAfterReply() {
    byId.values().forEach(Session::closeAfterReply);
  }

  void removed(Session session) {
    byId.remove(session.id());
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
      session.flush();
    }
    written.clear();
  }

  /** Ends a turn: what of its input is still needed moves to the clients' own arrays. */
  public void settleInput() {
    for (int i = 0; i < received.size(); i++) {
      received.get(i).input().settle();
    }
    received.clear();
    turnInput.reset();
  }

  // ---- what others ask

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
