package io.cinnabar.virtual;

import io.cinnabar.host.ConnectAddress;
import io.cinnabar.host.ListenAddress;
import io.cinnabar.host.Network;
import io.cinnabar.host.TlsSettings;
import io.cinnabar.host.Workers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A network without sockets. A test connects, sends and receives through {@link VirtualPeer}s;
 * nothing happens but in {@link #poll}, in the order of connecting, so a run depends on the seed
 * and the test alone.
 */
public final class VirtualNetwork implements Network {

  /** As much as the real network reads at once. */
  private static final int MAX_READ_BYTES = 64 << 10;

  private static final byte SPOILED = (byte) 0xDB;

  private static final String LOCAL = "127.0.0.1";

  private final VirtualTime time;
  private final VirtualInternet internet;
  private final String address;
  private final RandomGenerator random;
  private final List<VirtualListener> listeners = new ArrayList<>();
  private final List<VirtualConnection> connections = new ArrayList<>();
  private final ByteBuffer readBuffer = ByteBuffer.allocateDirect(MAX_READ_BYTES);
  private final Map<String, IOException> lackingHosts = new HashMap<>();
  private final List<TlsSettings> secured = new ArrayList<>();
  private @Nullable IOException keyRefusal;
  private List<Runnable> posted = new ArrayList<>();

  private BooleanSupplier stopsTime = () -> false;
  private BooleanSupplier meanwhile = () -> false;
  private Runnable whileWaiting = () -> {};
  private boolean polling;
  private boolean dead;
  private boolean idlePollsAdvanceTime;
  private int maxPieceBytes;
  private int windowBytes = 256 << 10;
  private int nextPort = 49_152;
  private int nextPeerPort = 40_001;
  private int nextFileDescriptor = 8;

  /** The network of a machine that nobody else can connect to. */
  public VirtualNetwork(long seed, VirtualTime time) {
    this(seed, new VirtualInternet(seed, time), LOCAL);
  }

  /** The network of a machine among others, at this address. */
  public VirtualNetwork(long seed, VirtualInternet internet, String address) {
    random = new SplittableRandom(seed);
    this.time = internet.time();
    this.internet = internet;
    this.address = address;
    internet.add(address, this);
  }

  /** What joins it to others. */
  public VirtualInternet internet() {
    return internet;
  }

  /** Its own address. */
  public String address() {
    return address;
  }

  // What a test arranges.

  /** Connects from the local machine. */
  public VirtualPeer connect(ListenAddress address) throws IOException {
    String from = address.isUnix() ? address.host() + ":0" : "127.0.0.1:" + nextPeerPort++;
    return connect(address, from);
  }

  /**
   * Connects.
   *
   * @param from the peer's address as {@code ip:port} or {@code [v6]:port}
   * @throws IOException when nobody listens there
   */
  public VirtualPeer connect(ListenAddress address, String from) throws IOException {
    VirtualConnection connection = accept(address, from);
    if (connection == null) {
      throw new IOException("Connection refused");
    }
    return new VirtualPeer(connection);
  }

  private @Nullable VirtualConnection accept(ListenAddress address, String from) {
    VirtualListener listener = listenerAt(address);
    if (listener == null) {
      return null;
    }
    String local = withPort(address.host(), Math.max(address.port(), 0));
    return add(listener.acceptor, from, local, address.isUnix());
  }

  private VirtualConnection add(Acceptor acceptor, String remote, String local, boolean isUnix) {
    VirtualConnection connection =
        new VirtualConnection(this, acceptor, remote, local, isUnix, nextFileDescriptor++);
    connections.add(connection);
    return connection;
  }

  private static String withPort(String host, int port) {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }

  // For the internet.

  /** This end of a connection from another host; null if nobody listens there. */
  @Nullable VirtualConnection accept(String host, int port, String from) {
    return accept(new ListenAddress(host, port, 0, 0), withPort(from, nextPeerPort++));
  }

  /** This end of a connection that it has made. */
  VirtualConnection made(Acceptor acceptor, String remote, String local) {
    return add(acceptor, remote, local, false);
  }

  /** From now on bytes arrive in random pieces of up to {@code maxBytes}, one in each poll. */
  public void deliverInPieces(int maxBytes) {
    maxPieceBytes = maxBytes;
  }

  /** From now on nobody can listen on {@code host}, for this reason. */
  public void lack(String host, IOException reason) {
    lackingHosts.put(host, reason);
  }

  /** From now on no keys can be used, for this reason; null when they can again. */
  public void refuseKeys(@Nullable IOException reason) {
    keyRefusal = reason;
  }

  /** How connections with TLS were to be encrypted, oldest first. Here none of them is. */
  public List<TlsSettings> secured() {
    return secured;
  }

  /** Whether who connects there speaks TLS. */
  public boolean isTls(ListenAddress address) {
    VirtualListener listener = listenerAt(address);
    return listener != null && listener.address.tls();
  }

  /** How many bytes fit between a connection and a peer that doesn't receive. */
  public void setWindowBytes(int bytes) {
    windowBytes = bytes;
  }

  /** From now on a poll with nothing to do moves time to its deadline; else it just returns. */
  public void advanceTimeWhenIdle() {
    idlePollsAdvanceTime = true;
  }

  /** Says when a poll with nothing to do leaves the time alone. */
  public void stopTimeWhile(BooleanSupplier busy) {
    stopsTime = busy;
  }

  /** Says what others do while a poll waits: it is called until it returns false. */
  public void meanwhile(BooleanSupplier others) {
    meanwhile = others;
  }

  /** Says what other machines do while a poll has nothing to do but wait. */
  public void whileWaiting(Runnable others) {
    whileWaiting = others;
  }

  /** From now on a {@link PowerFailure} comes out of each poll, and of the one under way. */
  public void losePower() {
    dead = true;
  }

  private void use() {
    if (dead) {
      throw new PowerFailure();
    }
  }

  // What the server sees.

  @Override
  public Listener listen(ListenAddress address, Acceptor acceptor) throws IOException {
    IOException lacking = lackingHosts.get(address.host());
    if (lacking != null) {
      throw lacking;
    }
    if (address.port() != 0 && isTaken(address)) {
      throw new IOException("bind: Address already in use");
    }
    ListenAddress bound = address.port() == 0 ? address.withPort(nextPort++) : address;
    VirtualListener listener = new VirtualListener(this, bound, acceptor);
    listeners.add(listener);
    return listener;
  }

  @Override
  public Attempt connect(ConnectAddress to, Workers workers, Acceptor acceptor) {
    if (VirtualInternet.isNumeric(to.host())) {
      return internet.connect(this, to, to.host(), acceptor);
    }
    NamedAttempt attempt = new NamedAttempt(to, acceptor);
    workers.run(() -> post(attempt::begin));
    return attempt;
  }

  /** A connection to a host whose address is looked up first. */
  private final class NamedAttempt implements Attempt {

    private final ConnectAddress to;
    private final Acceptor acceptor;
    private @Nullable Attempt begun;
    private boolean cancelled;

    NamedAttempt(ConnectAddress to, Acceptor acceptor) {
      this.to = to;
      this.acceptor = acceptor;
    }

    void begin() {
      String host = internet.resolve(to.host());
      if (cancelled) {
        return;
      }
      if (host == null) {
        acceptor.failed("Name or service not known");
      } else {
        begun = internet.connect(VirtualNetwork.this, to, host, acceptor);
      }
    }

    @Override
    public void cancel() {
      cancelled = true;
      if (begun != null) {
        begun.cancel();
      }
    }
  }

  @Override
  public void secure(TlsSettings settings) throws IOException {
    if (keyRefusal != null) {
      throw keyRefusal;
    }
    secured.add(settings);
  }

  @Override
  public String tlsLibrary() {
    return secured.isEmpty() ? "" : "virtual";
  }

  private @Nullable VirtualListener listenerAt(ListenAddress address) {
    for (VirtualListener listener : listeners) {
      if (covers(listener.address, address)) {
        return listener;
      }
    }
    return null;
  }

  private boolean isTaken(ListenAddress address) {
    for (VirtualListener listener : listeners) {
      if (covers(listener.address, address) || covers(address, listener.address)) {
        return true;
      }
    }
    return false;
  }

  private static boolean covers(ListenAddress one, ListenAddress other) {
    String wildcard = other.host().indexOf(':') < 0 ? "*" : "::*";
    return one.port() == other.port()
        && (one.host().equals(other.host()) || (!one.isUnix() && one.host().equals(wildcard)));
  }

  @Override
  public void poll(long maxWaitNanos) {
    if (polling) {
      throw new IllegalStateException("poll was called from a handler");
    }
    polling = true;
    try {
      use();
      while (meanwhile.getAsBoolean()) {
        // The call does the work.
      }
      boolean ran = internet.deliver();
      ran |= runPosted();
      boolean worked = stepAll() || ran;
      if (!worked && maxWaitNanos > 0) {
        whileWaiting.run();
        use();
      }
      if (!worked && maxWaitNanos > 0 && idlePollsAdvanceTime && !stopsTime.getAsBoolean()) {
        long arrivalNanos = internet.nextNanos();
        if (maxWaitNanos == Long.MAX_VALUE && arrivalNanos == Long.MAX_VALUE) {
          throw new IllegalStateException("would wait forever");
        }
        time.advanceNanos(Math.min(maxWaitNanos, arrivalNanos - time.nanos()));
      }
    } finally {
      polling = false;
    }
  }

  private synchronized List<Runnable> takePosted() {
    List<Runnable> tasks = posted;
    posted = new ArrayList<>();
    return tasks;
  }

  private boolean runPosted() {
    List<Runnable> tasks = takePosted();
    Failures failures = new Failures();
    for (Runnable task : tasks) {
      failures.guard(task);
    }
    failures.throwFirst();
    return !tasks.isEmpty();
  }

  private boolean stepAll() {
    boolean[] worked = {false};
    Failures failures = new Failures();
    for (VirtualConnection connection : List.copyOf(connections)) {
      if (!failures.guard(() -> worked[0] |= connection.step())) {
        connection.close();
      }
    }
    connections.removeIf(VirtualConnection::isOver);
    failures.throwFirst();
    return worked[0];
  }

  @Override
  public synchronized void post(Runnable task) {
    posted.add(task);
  }

  @Override
  public String transportName() {
    return "virtual";
  }

  @Override
  public void close() {
    listeners.clear();
    internet.closed(this);
    for (VirtualConnection connection : connections) {
      connection.close();
    }
    stepAll();
  }

  // For connections.

  int windowBytes() {
    return windowBytes;
  }

  /** The next bytes for a handler, in the one buffer that serves all reads. */
  ByteBuffer nextPiece(ByteQueue incoming) {
    int limit = maxPieceBytes > 0 ? random.nextInt(1, maxPieceBytes + 1) : MAX_READ_BYTES;
    byte[] bytes = incoming.remove(Math.min(Math.min(limit, MAX_READ_BYTES), incoming.size()));
    return readBuffer.clear().put(bytes).flip();
  }

  /** Overwrites a buffer, so that a handler that kept it is found out. */
  void spoil(ByteBuffer buffer) {
    buffer.rewind();
    while (buffer.hasRemaining()) {
      buffer.put(SPOILED);
    }
  }

  private static final class VirtualListener implements Listener {
    final VirtualNetwork network;
    final ListenAddress address;
    final Acceptor acceptor;

    VirtualListener(VirtualNetwork network, ListenAddress address, Acceptor acceptor) {
      this.network = network;
      this.address = address;
      this.acceptor = acceptor;
    }

    @Override
    public ListenAddress address() {
      return address;
    }

    @Override
    public void close() {
      network.listeners.remove(this);
    }
  }

  /** Exceptions that wait until all others are served. */
  private static final class Failures {
    private @Nullable RuntimeException first;
    private @Nullable Error error;

    /** Returns whether {@code step} ended without an exception. */
    boolean guard(Runnable step) {
      try {
        step.run();
        return true;
      } catch (RuntimeException e) {
        first = first == null ? e : first;
      } catch (Error e) {
        error = error == null ? e : error;
      }
      return false;
    }

    void throwFirst() {
      if (error != null) {
        throw error;
      }
      if (first != null) {
        throw first;
      }
    }
  }
}
