package io.cinnabar.replication;

import static io.cinnabar.config.ReplicationParameters.BIND_SOURCE_ADDR;
import static io.cinnabar.config.ReplicationParameters.PROPAGATION_ERROR_BEHAVIOR;
import static io.cinnabar.config.ReplicationParameters.REPL_TIMEOUT;
import static io.cinnabar.config.TlsParameters.TLS_REPLICATION;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

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
import java.io.ByteArrayOutputStream;
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

  /** The signal of a process that ends itself. */
  private static final int ABORT = 6;

  private static final String MARKED = "$EOF:";
  private static final byte[] NEWLINE = {'\n'};

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
  private @Nullable Transfer transfer;
  private @Nullable PrimarySession session;
  private boolean isMarked;
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
    boolean isDue = phase != Phase.LOADING || (transfer != null && !transfer.isWhole());
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
  private void drop(String reason) {
    Conversation dropped = conversation;
    conversation = null;
    if (attempt != null) {
      attempt.cancel();
      attempt = null;
    }
    if (transfer != null) {
      transfer.cancel(reason);
      transfer = null;
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
        case HANDSHAKE, HEADER -> readLine(with, bytes);
        case BODY, LOADING -> readBody(with, bytes);
        case STREAM -> {
          PrimarySession to = session;
          if (to == null) {
            return;
          }
          to.received(bytes);
          bytes.position(bytes.limit());
        }
        case WAITING, CONNECTING -> throw new IllegalStateException("nobody is connected");
      }
    }
  }

  private void readLine(Conversation with, ByteBuffer bytes) {
    String line = with.line.read(bytes);
    if (with.line.isTooLong()) {
      log.warning("I/O error reading bulk count from MASTER: the line is too long");
      drop("bad protocol");
    } else if (line != null) {
      if (phase == Phase.HANDSHAKE) {
        shake(line);
      } else {
        header(line);
      }
    }
  }

  private void shake(String line) {
    Handshake with = handshake;
    if (with == null) {
      return;
    }
    switch (with.reply(line)) {
      case GOES_ON -> {}
      case FULL -> {
        phase = Phase.HEADER;
        owner.failover().accepted();
      }
      case PARTIAL -> {
        owner.proceed(with.id());
        log.notice("MASTER <-> REPLICA sync: Master accepted a Partial Resynchronization.");
        follow();
        owner.failover().accepted();
      }
      case FAILED -> drop("handshake");
      case REJECTED -> owner.failover().rejected();
    }
  }

  private void header(String line) {
    if (line.isEmpty()) {
      return;
    }
    Body body = null;
    if (line.startsWith("-")) {
      log.warning("MASTER aborted replication with an error: " + line.substring(1));
    } else if (line.startsWith(MARKED) && line.length() == MARKED.length() + Body.MARK_BYTES) {
      isMarked = true;
      body = Body.upTo(line.substring(MARKED.length()).getBytes(ISO_8859_1));
    } else if (line.startsWith("$")) {
      isMarked = false;
      long length = length(line);
      body = length > 0 ? Body.ofLength(length) : null;
    }
    if (body == null) {
      if (!line.startsWith("-")) {
        log.warning(
            "Bad protocol from MASTER, the first byte is not '$' (we received '"
                + line
                + "'), are you sure the host and port are right?");
      }
      drop("bad protocol");
      return;
    }
    receive(body);
  }

  private static long length(String line) {
    try {
      return Long.parseLong(line.substring(1));
    } catch (NumberFormatException e) {
      return NONE;
    }
  }

  private void receive(Body body) {
    boolean toFile = owner.receivesToFile();
    String target = toFile ? "to disk" : "to parser";
    log.notice(
        isMarked
            ? "MASTER <-> REPLICA sync: receiving streamed RDB from master with EOF " + target
            : "MASTER <-> REPLICA sync: receiving "
                + body.totalBytes()
                + " bytes from master "
                + target);
    Conversation from = conversation;
    if (toFile) {
      transfer = owner.newFile(body, new Storing(from));
      phase = Phase.BODY;
    } else {
      ReceivedStream stream = new ReceivedStream(body, yes -> reading(from, yes));
      transfer = stream;
      load(() -> owner.load(this, stream));
    }
  }

  private void readBody(Conversation from, ByteBuffer bytes) {
    Transfer into = transfer;
    if (into != null && !into.isWhole()) {
      into.received(bytes);
      if (into.isWhole()) {
        // What follows is the stream, whose time comes when the data set is loaded.
        from.connection.reading(false);
      }
    } else {
      byte[] early = new byte[bytes.remaining()];
      bytes.get(early);
      from.early.writeBytes(early);
    }
  }

  private void reading(@Nullable Conversation from, boolean yes) {
    Transfer into = transfer;
    if (from != null && from == conversation && into != null && !into.isWhole()) {
      from.connection.reading(yes);
    }
  }

  /** Loads as soon as the loop is neither in a poll nor in a command. */
  private void load(Runnable task) {
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
    transfer = null;
    if (closed || phase != Phase.LOADING) {
      return;
    }
    if (conversation == null) {
      // The connection was lost meanwhile; what follows is asked for in another one.
      phase = Phase.WAITING;
      return;
    }
    follow();
    if (isMarked) {
      acknowledge();
    }
  }

  /** The data set could not be loaded. */
  void notLoaded(String reason) {
    if (!closed && phase == Phase.LOADING) {
      drop(reason);
    }
  }

  /** Has the stream executed from now on. */
  private void follow() {
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
    if (with.early.size() > 0) {
      following.received(ByteBuffer.wrap(with.early.toByteArray()));
      with.early.reset();
    }
    with.connection.reading(true);
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
    if (!owner.config().word(PROPAGATION_ERROR_BEHAVIOR).equals("ignore")) {
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

  @Override
  public void endTurn() {
    if (toldDurable == NONE || toldDurable >= askedOffset) {
      return;
    }
    long durable = owner.durableOffset();
    if (durable > toldDurable) {
      acknowledge();
    }
    toldDurable = durable;
  }

  // ---- the connection

  /** One connection to the primary. What comes from one that was given up is ignored. */
  private final class Conversation implements ConnectionHandler {

    final Connection connection;
    final ReplyLine line = new ReplyLine();

    /** What has come of the stream before its time. */
    final ByteArrayOutputStream early = new ByteArrayOutputStream();

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
        if (transfer != null && !transfer.isWhole()) {
          log.warning("I/O error trying to sync with MASTER: connection lost");
        }
      }
      case WAITING, CONNECTING, STREAM -> {}
    }
    if (phase == Phase.LOADING && (transfer == null || transfer.isWhole())) {
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

  /** Hears of the data set on its way into a file. */
  private final class Storing implements ReceivedFile.Listener {

    private final @Nullable Conversation from;

    Storing(@Nullable Conversation from) {
      this.from = from;
    }

    @Override
    public void reading(boolean yes) {
      UpstreamLink.this.reading(from, yes);
    }

    @Override
    public void stored(ReceivedFile file) {
      if (!closed && from == conversation && phase == Phase.BODY) {
        load(() -> owner.load(UpstreamLink.this, file));
      }
    }

    @Override
    public void failed(String reason) {
      if (!closed && from == conversation) {
        log.warning(reason);
        drop(reason);
      }
    }
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
  public long readOffset() {
    PrimarySession following = session;
    long pending = following == null ? 0 : following.pendingStreamBytes();
    return owner.replication().history().offset() + pending;
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
    return transfer == null ? 0 : transfer.receivedBytes();
  }

  @Override
  public long syncTotalBytes() {
    return transfer == null ? NONE : transfer.totalBytes();
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
