package io.cinnabar.replication;

import static io.cinnabar.config.ReplicationParameters.BIND_SOURCE_ADDR;
import static io.cinnabar.config.ReplicationParameters.PROPAGATION_ERROR_BEHAVIOR;
import static io.cinnabar.config.ReplicationParameters.REPL_TIMEOUT;
import static io.cinnabar.config.TlsParameters.TLS_REPLICATION;

import io.cinnabar.command.CommandError;
import io.cinnabar.command.Engine;
import io.cinnabar.command.LogInterval;
import io.cinnabar.command.PrimarySession;
import io.cinnabar.command.Timers;
import io.cinnabar.host.ConnectAddress;
import io.cinnabar.host.Connection;
import io.cinnabar.host.ConnectionHandler;
import io.cinnabar.host.Log;
import io.cinnabar.host.MonotonicClock;
import io.cinnabar.host.Network;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The link to one primary, for as long as this server follows it: connects, and again when the
 * connection is lost; asks for the stream; takes in the data set where that has to come first; then
 * has the stream executed, and tells the primary each second how far it is. On the loop's thread.
 *
 * <pre>
 *   WAITING -> CONNECTING -> HANDSHAKE -> STREAM
 *                                \-> HEADER -> BODY -> LOADING -> STREAM
 *   any of them -> WAITING, for a second at most
 * </pre>
 */
final class UpstreamLink implements PrimaryLink, Network.Acceptor, PrimarySession.Stream {

  private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** So much of the stream may wait to be executed before nothing more is read. */
  private static final int MAX_PENDING_BYTES = 4 << 20;

  /** The signal of a process that ends itself. */
  private static final int ABORT = 6;

  private static final long NO_OFFSET = 1;
  private static final byte[] NEWLINE = {'\n'};
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private enum Phase {
    WAITING(State.CONNECT),
    CONNECTING(State.CONNECTING),
    HANDSHAKE(State.HANDSHAKE),
    HEADER(State.SYNC),
    BODY(State.SYNC),
    LOADING(State.SYNC),
    STREAM(State.CONNECTED);

    final State state;

    Phase(State state) {
      this.state = state;
    }
  }

  private final Following owner;
  private final Engine engine;
  private final Log log;
  private final MonotonicClock clock;
  private final String host;
  private final int port;
  private final LogInterval errorLines = new LogInterval();

  private Phase phase = Phase.WAITING;
  private Timers.@Nullable Timer timer;
  private Network.@Nullable Attempt attempt;
  private @Nullable Conversation conversation;
  private @Nullable Handshake handshake;
  private @Nullable IncomingDataSet incoming;
  private @Nullable PrimarySession session;
  private boolean isFull;
  private boolean closed;
  private long lastNanos;
  private long triedNanos;
  private long toldNanos;

  /** Up to where the primary has asked, and what it was told last to be on disk of that. */
  private long askedOffset;

  private long toldDurable = NONE;

  UpstreamLink(Following owner, Engine engine, String host, int port) {
    this.owner = owner;
    this.engine = engine;
    log = engine.log();
    clock = engine.host().monotonicClock();
    this.host = host;
    this.port = port;
    lastNanos = clock.nanos();
  }

  /** Begins, with the next turn. */
  void start() {
    triedNanos = clock.nanos() - SECOND_NANOS;
    schedule(0);
  }

  private void schedule(long nanos) {
    timer = owner.timers().schedule(clock.nanos() + nanos, this::tick);
  }

  /** What is due each second. */
  private void tick() {
    if (closed) {
      return;
    }
    schedule(SECOND_NANOS);
    boolean isSilent = clock.nanos() - lastNanos > timeoutNanos();
    switch (phase) {
      case WAITING -> connect();
      case CONNECTING, HANDSHAKE -> {
        if (isSilent) {
          log.warning("Timeout connecting to the MASTER...");
          drop("timeout");
        }
      }
      case HEADER, BODY, LOADING -> watchTransfer();
      case STREAM -> {
        if (isSilent) {
          log.warning("MASTER timeout: no data nor PING received...");
          drop("timeout");
        } else {
          acknowledge();
        }
      }
    }
  }

  private long timeoutNanos() {
    return TimeUnit.SECONDS.toNanos(owner.config().get(REPL_TIMEOUT));
  }

  /** Whether the data set goes on coming, or being loaded; to be called while it is. */
  void watchTransfer() {
    if (closed || phase.state != State.SYNC) {
      return;
    }
    boolean isDue = phase != Phase.LOADING || !hasAll();
    if (isDue && clock.nanos() - lastNanos > timeoutNanos()) {
      log.warning(
          "Timeout receiving bulk data from MASTER... If the problem persists try to set the"
              + " 'repl-timeout' parameter in redis.conf to a larger value.");
      drop("timeout");
    } else if (phase == Phase.LOADING && clock.nanos() - toldNanos >= SECOND_NANOS) {
      // The primary is to know that this server is at work, and not gone.
      toldNanos = clock.nanos();
      send(NEWLINE);
    }
  }

  // ---- connecting

  private void connect() {
    log.notice("Connecting to MASTER " + host + ":" + port);
    phase = Phase.CONNECTING;
    lastNanos = clock.nanos();
    triedNanos = lastNanos;
    attempt =
        engine
            .host()
            .network()
            .connect(
                new ConnectAddress(
                    host,
                    port,
                    owner.config().get(BIND_SOURCE_ADDR),
                    owner.config().get(TLS_REPLICATION)),
                engine.host().workers(),
                this);
    log.notice("MASTER <-> REPLICA sync started");
  }

  @Override
  public void failed(String reason) {
    attempt = null;
    log.warning("Error condition on socket for SYNC: " + reason);
    phase = Phase.WAITING;
  }

  @Override
  public ConnectionHandler accepted(Connection connection) {
    attempt = null;
    log.notice("Non blocking connect for SYNC fired the event.");
    Conversation begun = new Conversation(connection);
    conversation = begun;
    phase = Phase.HANDSHAKE;
    lastNanos = clock.nanos();
    if (engine.settings().tcpKeepAliveSeconds > 0) {
      connection.keepAlive(engine.settings().tcpKeepAliveSeconds);
    }
    Handshake shaking = owner.handshake(this::send);
    handshake = shaking;
    shaking.begin();
    return begun;
  }

  private void send(byte[] bytes) {
    Conversation to = conversation;
    if (to != null) {
      to.connection.write(bytes, 0, bytes.length);
      to.connection.flush();
    }
  }

  /** Gives the connection up; another is made within a second. */
  void drop(String reason) {
    Conversation dropped = conversation;
    conversation = null;
    if (attempt != null) {
      attempt.cancel();
      attempt = null;
    }
    if (incoming != null) {
      incoming.cancel(reason);
      incoming = null;
    }
    if (dropped != null) {
      dropped.connection.close();
    }
    endStream();
    phase = Phase.WAITING;
  }

  private void endStream() {
    PrimarySession ended = session;
    session = null;
    if (ended == null) {
      return;
    }
    int lostBytes = ended.pendingStreamBytes();
    ended.closed();
    owner.linked(false);
    log.warning("Connection with master lost.");
    if (lostBytes > 0) {
      log.notice(
          "The last "
              + lostBytes
              + " bytes from the master are no whole command or transaction, and are asked for"
              + " again");
    }
  }

  // ---- what the primary says

  private void received(ByteBuffer bytes) {
    lastNanos = clock.nanos();
    Conversation with = conversation;
    while (bytes.hasRemaining() && with != null && with == conversation) {
      switch (phase) {
        case HANDSHAKE -> readLine(with, bytes);
        case HEADER, BODY, LOADING -> {
          IncomingDataSet into = incoming;
          if (into == null) {
            return;
          }
          into.received(bytes);
        }
        case STREAM -> {
          PrimarySession to = session;
          if (to == null) {
            return;
          }
          feed(to, bytes);
          bytes.position(bytes.limit());
        }
        case WAITING, CONNECTING -> throw new IllegalStateException("nobody is connected");
      }
    }
  }

  private void feed(PrimarySession to, ByteBuffer bytes) {
    engine.statistics().streamInputBytes += bytes.remaining();
    to.received(bytes);
    Conversation with = conversation;
    if (!isFull && with != null && to.pendingStreamBytes() > MAX_PENDING_BYTES) {
      isFull = true;
      with.connection.reading(false);
    }
  }

  private void readOn() {
    PrimarySession following = session;
    Conversation with = conversation;
    if (isFull && following != null && with != null) {
      boolean isSlow = following.hasWork() && following.pendingStreamBytes() > MAX_PENDING_BYTES;
      if (!isSlow) {
        isFull = false;
        with.connection.reading(true);
      }
    }
  }

  private void readLine(Conversation with, ByteBuffer bytes) {
    String line = with.line.read(bytes);
    if (with.line.isTooLong()) {
      log.warning("I/O error reading the reply of MASTER: the line is too long");
      drop("bad protocol");
    } else if (line != null) {
      shake(with, line);
    }
  }

  private void shake(Conversation by, String line) {
    Handshake with = handshake;
    if (with == null) {
      return;
    }
    switch (with.reply(line)) {
      case GOES_ON -> {}
      case FULL -> {
        phase = Phase.HEADER;
        incoming = new IncomingDataSet(owner, this, engine, by.connection);
        owner.failover().accepted();
      }
      case PARTIAL -> {
        owner.proceed(with.id());
        log.notice("MASTER <-> REPLICA sync: Master accepted a Partial Resynchronization.");
        follow(NOTHING);
        owner.failover().accepted();
      }
      case FAILED -> drop("handshake");
      case REJECTED -> owner.failover().rejected();
    }
  }

  // ---- what the data set on its way says

  /** It comes into a file. */
  void receives() {
    phase = Phase.BODY;
  }

  /** Loads as soon as the loop is neither in a poll nor in a command. */
  void load(Runnable task) {
    phase = Phase.LOADING;
    toldNanos = clock.nanos();
    owner
        .timers()
        .schedule(
            clock.nanos(),
            () -> {
              if (!closed && phase == Phase.LOADING) {
                task.run();
              }
            });
  }

  // ---- what the owner says of the data set

  /**
   * Where in which history the data set was taken that has come; below zero where that is not
   * known.
   */
  long syncOffset() {
    return handshake == null ? NONE : handshake.offset();
  }

  /** See {@link #syncOffset}. */
  String syncId() {
    return handshake == null ? "" : handshake.id();
  }

  /** The data set is in place: the stream can follow. */
  void loaded() {
    IncomingDataSet complete = incoming;
    incoming = null;
    if (closed || phase != Phase.LOADING) {
      return;
    }
    if (conversation == null || complete == null) {
      // The connection was lost meanwhile; what follows is asked for in another one.
      phase = Phase.WAITING;
      return;
    }
    follow(complete.early());
    if (complete.isMarked()) {
      acknowledge();
    }
  }

  /** The data set could not be loaded. */
  void notLoaded(String reason) {
    if (!closed && phase == Phase.LOADING) {
      drop(reason);
    }
  }

  /**
   * Has the stream executed from now on.
   *
   * @param early what has come of it
   */
  private void follow(ByteBuffer early) {
    Conversation with = conversation;
    if (with == null) {
      return;
    }
    phase = Phase.STREAM;
    PrimarySession following = engine.sessions().follow(with.connection, this);
    session = following;
    following.database(owner.streamDatabase());
    owner.linked(true);
    lastNanos = clock.nanos();
    isFull = false;
    with.connection.reading(true);
    if (early.hasRemaining()) {
      feed(following, early);
    }
  }

  // ---- the stream

  @Override
  public void executed(byte[] bytes, int offset, int length) {
    PrimarySession from = session;
    if (from != null) {
      owner.executed(bytes, offset, length, from.database());
    }
  }

  @Override
  public void failed(String name, CommandError error) {
    if (errorLines.passes(engine.unit().nowMillis())) {
      log.warning(
          "== CRITICAL == This replica is sending an error to its master: '-"
              + error.line()
              + "' after processing the command '"
              + name
              + "'");
    }
    engine.statistics().unexpectedErrors++;
    // Where clients write as well, the data may differ from the primary's for good reason.
    if (engine.settings().replicaReadOnly
        && !owner.config().word(PROPAGATION_ERROR_BEHAVIOR).equals("ignore")) {
      log.warning("The server ends, as propagation-error-behavior says");
      engine.lifecycle().crash(ABORT);
    }
  }

  @Override
  public void impossible(String name, CommandError error) {
    log.warning(
        "The command '"
            + name
            + "' of the master can't be executed here, so the link is cut: "
            + error.line());
    if (error == CommandError.OUT_OF_MEMORY) {
      owner.forgetHistory();
    }
  }

  @Override
  public void corrupt(String reason) {
    log.warning(
        "Protocol error ("
            + reason
            + ") from master, master stream corruption? Closing the master connection and discarding"
            + " the cached master.");
    owner.forgetHistory();
  }

  /** Tells the primary how far this server is. */
  private void acknowledge() {
    if (phase == Phase.STREAM && owner.isHistoryKnown()) {
      send(owner.acknowledgement());
    }
  }

  @Override
  public void asked() {
    acknowledge();
    askedOffset = owner.replication().history().offset();
    toldDurable = owner.durableOffset();
  }

  private void tellDurable() {
    if (toldDurable == NONE || toldDurable >= askedOffset) {
      return;
    }
    long durable = owner.durableOffset();
    if (durable > toldDurable) {
      acknowledge();
    }
    toldDurable = durable;
  }

  @Override
  public void endTurn() {
    readOn();
    tellDurable();
  }

  // ---- the connection

  /** One connection to the primary. What comes from one that was given up is ignored. */
  private final class Conversation implements ConnectionHandler {

    final Connection connection;
    final ReplyLine line = new ReplyLine();

    Conversation(Connection connection) {
      this.connection = connection;
    }

    private boolean isCurrent() {
      return conversation == this;
    }

    @Override
    public void received(ByteBuffer bytes) {
      if (isCurrent()) {
        UpstreamLink.this.received(bytes);
      }
    }

    @Override
    public void drained() {}

    @Override
    public boolean isBusy() {
      PrimarySession following = session;
      return isCurrent() && following != null && following.isBusy();
    }

    @Override
    public void handshakeFailed(String reason) {
      log.warning("Error condition on socket for SYNC: " + reason);
    }

    @Override
    public void decryptionFailed(String reason) {
      log.warning("I/O error trying to sync with MASTER: " + reason);
    }

    @Override
    public void closed() {
      if (isCurrent()) {
        lost();
      }
    }
  }

  private void lost() {
    switch (phase) {
      case HANDSHAKE ->
          log.warning("Master did not respond to command during SYNC handshake: connection lost");
      case HEADER -> log.warning("I/O error reading bulk count from MASTER: connection lost");
      case BODY -> log.warning("I/O error trying to sync with MASTER: connection lost");
      case LOADING -> {
        if (!hasAll()) {
          log.warning("I/O error trying to sync with MASTER: connection lost");
        }
      }
      case WAITING, CONNECTING, STREAM -> {}
    }
    if (phase == Phase.LOADING && hasAll()) {
      // All of the data set is here, and is good for a connection to come.
      conversation = null;
      return;
    }
    boolean wasLinked = phase == Phase.STREAM;
    drop("connection lost");
    if (wasLinked && !closed && clock.nanos() - triedNanos >= SECOND_NANOS) {
      log.notice("Reconnecting to MASTER " + host + ":" + port);
      connect();
    }
  }

  /** Whether all of the data set has come, so that the connection is of no more use for it. */
  private boolean hasAll() {
    return incoming == null || incoming.isWhole();
  }

  // ---- what others ask

  @Override
  public String host() {
    return host;
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public State state() {
    return phase.state;
  }

  @Override
  public int database() {
    PrimarySession following = session;
    return following == null ? owner.streamDatabase() : following.database();
  }

  @Override
  public long offset() {
    return owner.isHistoryKnown() ? owner.replication().history().offset() : NO_OFFSET;
  }

  @Override
  public long readOffset() {
    PrimarySession following = session;
    return offset() + (following == null ? 0 : following.pendingStreamBytes());
  }

  @Override
  public long silentSeconds() {
    return phase == Phase.STREAM ? secondsSince(lastNanos) : NONE;
  }

  @Override
  public long downSeconds() {
    long sinceNanos = owner.unlinkedNanos();
    return sinceNanos == NONE ? NONE : secondsSince(sinceNanos);
  }

  @Override
  public long syncReadBytes() {
    return incoming == null ? 0 : incoming.receivedBytes();
  }

  @Override
  public long syncTotalBytes() {
    return incoming == null ? NONE : incoming.totalBytes();
  }

  @Override
  public long syncSilentSeconds() {
    return secondsSince(lastNanos);
  }

  private long secondsSince(long nanos) {
    return TimeUnit.NANOSECONDS.toSeconds(clock.nanos() - nanos);
  }

  @Override
  public void close() {
    closed = true;
    if (timer != null) {
      owner.timers().cancel(timer);
    }
    drop("this server follows another");
  }
}
