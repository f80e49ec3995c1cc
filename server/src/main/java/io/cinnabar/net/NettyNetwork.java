package io.cinnabar.net;

import io.cinnabar.host.ConnectAddress;
import io.cinnabar.host.ListenAddress;
import io.cinnabar.host.Network;
import io.cinnabar.host.TlsSettings;
import io.cinnabar.host.Workers;
import io.cinnabar.net.tls.TlsContext;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelPromise;
import io.netty.channel.ManualIoEventLoop;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The machine's network over Netty, driven by hand: Netty has no thread of its own here.
 *
 * <p>The thread that calls {@link #listen} or {@link #poll} first owns everything but {@link
 * #post}. An exception out of a handler or a posted task closes the connection it concerns and
 * comes out of the poll when that has served all others. With NIO a poll may clear the thread's
 * interrupt flag.
 */
public final class NettyNetwork implements Network {

  private static final long CLOSE_STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long MAX_CLOSE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  /** When thousands hang up at once, the others are served in between. */
  private static final int MAX_CLOSED_PER_POLL = 128;

  /** Whoever has not agreed on an encryption by then goes. */
  private static final long HANDSHAKE_TIMEOUT_MILLIS = 10_000;

  /** So many of those that are turned away get a handshake to be told why. */
  private static final int MAX_REFUSED_HANDSHAKES = 64;

  private final Transport transport;
  private final Mailbox mailbox = new Mailbox();
  private final OutputBuffers outputBuffers = new OutputBuffers();
  private final List<ListeningSocket> listening = new ArrayList<>();

  private final Set<NettyAttempt> attempts = new HashSet<>();

  private final Set<NettyConnection> connections = new HashSet<>();

  /** Connections whose output may have drained during this poll. */
  private final List<NettyConnection> settling = new ArrayList<>();

  /** Channels to be read from in the next poll. */
  private List<Channel> reading = new ArrayList<>();

  private List<Channel> readingNext = new ArrayList<>();

  /** Connections whose peers have sent their last byte. */
  private List<NettyConnection> ended = new ArrayList<>();

  private List<NettyConnection> endedNext = new ArrayList<>();

  private volatile @Nullable ManualIoEventLoop loop;
  private boolean polling;

  /** How often {@link #poll} was called. */
  private long polls;

  /** Connections of the current poll that were closed as soon as their peers had. */
  private int closedAtOnce;

  private @Nullable Throwable failure;

  private boolean nativeTls = true;
  private long handshakeTimeoutMillis = HANDSHAKE_TIMEOUT_MILLIS;
  private @Nullable TlsContext tls;

  /** What was decrypted last, of whichever connection; see {@link ReadBuffer}. */
  private @Nullable ByteBuffer plainBuffer;

  /** Handshakes under way of connections that are closed right after them. */
  private int refusedHandshakes;

  /** On the machine's best transport. */
  public NettyNetwork() {
    transport = Transports.best();
  }

  /**
   * On a certain transport.
   *
   * @param transportName {@code io_uring}, {@code epoll}, {@code kqueue} or {@code nio}
   * @throws IllegalArgumentException when it is unknown or does not work here
   */
  public NettyNetwork(String transportName) {
    transport = Transports.named(transportName);
  }

  @Override
  public String transportName() {
    return transport.name();
  }

  @Override
  public Listener listen(ListenAddress address, Acceptor acceptor) throws IOException {
    return socketFor(address).add(address, acceptor);
  }

  @Override
  public Attempt connect(ConnectAddress address, Workers workers, Acceptor acceptor) {
    NettyAttempt attempt = new NettyAttempt(this, address, acceptor);
    attempts.add(attempt);
    attempt.start(workers);
    return attempt;
  }

  /** For a test: TLS by the JDK though there may be another, and less time for handshakes. */
  void restrictTls(boolean nativeOne, long timeoutMillis) {
    nativeTls = nativeOne;
    handshakeTimeoutMillis = timeoutMillis;
  }

  @Override
  public void secure(TlsSettings settings) throws IOException {
    TlsContext before = tls;
    tls = TlsContext.of(settings, nativeTls);
    if (before != null) {
      before.release();
    }
  }

  @Override
  public String tlsLibrary() {
    return tls == null ? "" : tls.library();
  }

  private ListeningSocket socketFor(ListenAddress address) throws IOException {
    if (address.isUnix()) {
      return opened(ListeningSocket.bindUnix(this, address));
    }
    if (Addresses.isWildcard(address)) {
      for (ListeningSocket socket : listening) {
        if (socket.isWildcard(address.port())) {
          return socket;
        }
      }
    }
    return opened(ListeningSocket.bindTcp(this, address));
  }

  private ListeningSocket opened(ListeningSocket socket) {
    listening.add(socket);
    return socket;
  }

  @Override
  public void poll(long maxWaitNanos) {
    if (polling) {
      throw new IllegalStateException("poll was called from a handler");
    }
    polling = true;
    polls++;
    closedAtOnce = 0;
    try {
      List<NettyConnection> closing = swapEnded();
      boolean mayWait = maxWaitNanos > 0 && allBusy(closing) && settling.isEmpty();
      requestReads();
      loop().run(mayWait ? maxWaitNanos : -1);
      runPosted();
      settle();
      for (int i = 0; i < closing.size(); i++) {
        if (i < MAX_CLOSED_PER_POLL) {
          closeUnlessBusy(closing.get(i));
        } else {
          ended.add(closing.get(i));
        }
      }
      closing.clear();
    } finally {
      polling = false;
    }
    throwFailure();
  }

  /** Whoever is busy waits for its own replies to leave, which wakes the poll. */
  private static boolean allBusy(List<NettyConnection> closing) {
    for (int i = 0; i < closing.size(); i++) {
      if (!closing.get(i).isBusy()) {
        return false;
      }
    }
    return true;
  }

  private void closeUnlessBusy(NettyConnection connection) {
    if (connection.isBusy()) {
      ended.add(connection);
    } else {
      connection.closeAfterWrite();
    }
  }

  /** The peers' last bytes were handed over in an earlier poll, so they have had their replies. */
  private List<NettyConnection> swapEnded() {
    List<NettyConnection> closing = ended;
    ended = endedNext;
    endedNext = closing;
    return closing;
  }

  private void requestReads() {
    List<Channel> channels = reading;
    reading = readingNext;
    readingNext = channels;
    for (int i = 0; i < channels.size(); i++) {
      channels.get(i).read();
    }
    channels.clear();
  }

  private void runPosted() {
    if (mailbox.isEmpty()) {
      return;
    }
    for (Runnable task : mailbox.take()) {
      try {
        task.run();
      } catch (Throwable t) {
        failed(t);
      }
    }
  }

  private void settle() {
    for (int i = 0; i < settling.size(); i++) {
      try {
        settling.get(i).settle();
      } catch (Throwable t) {
        failed(t);
      }
    }
    settling.clear();
  }

  private void throwFailure() {
    Throwable thrown = failure;
    if (thrown == null) {
      return;
    }
    failure = null;
    if (thrown instanceof Error error) {
      throw error;
    }
    throw thrown instanceof RuntimeException exception
        ? exception
        : new IllegalStateException(thrown);
  }

  @Override
  public void post(Runnable task) {
    mailbox.add(task);
    ManualIoEventLoop loop = this.loop;
    if (loop != null) {
      loop.wakeup();
    }
  }

  @Override
  public void close() {
    for (ListeningSocket socket : List.copyOf(listening)) {
      socket.close();
    }
    for (NettyAttempt attempt : List.copyOf(attempts)) {
      attempt.cancel();
    }
    ManualIoEventLoop loop = loop();
    closeConnections(loop);
    Future<?> unused = loop.shutdownGracefully(0, 0, TimeUnit.NANOSECONDS);
    polling = true;
    try {
      while (!loop.isTerminated()) {
        loop.runNow();
      }
    } finally {
      polling = false;
    }
    transport.close();
    outputBuffers.close();
    if (tls != null) {
      tls.release();
      tls = null;
    }
    throwFailure();
  }

  /**
   * Closes all connections and waits until the transport has. With io_uring closing is an operation
   * like others, whose completion has to be fetched; it is lost when the ring is closed before.
   */
  private void closeConnections(ManualIoEventLoop loop) {
    for (NettyConnection connection : connections) {
      connection.close();
    }
    long start = System.nanoTime();
    polling = true;
    try {
      int events;
      do {
        events = loop.run(CLOSE_STEP_NANOS);
      } while ((events > 0 || !connections.isEmpty())
          && System.nanoTime() - start < MAX_CLOSE_NANOS);
    } finally {
      polling = false;
    }
  }

  // For listeners and connections.

  private ManualIoEventLoop loop() {
    ManualIoEventLoop existing = loop;
    if (existing != null) {
      return existing;
    }
    ManualIoEventLoop created =
        new ManualIoEventLoop(Thread.currentThread(), transport.newIoHandlerFactory()) {
          @Override
          protected boolean canBlock() {
            return mailbox.isEmpty();
          }
        };
    loop = created;
    return created;
  }

  /** Puts a channel on the loop; on the loop's own thread that is done when the call returns. */
  ChannelFuture register(Channel channel) {
    ChannelPromise promise = new DefaultChannelPromise(channel, loop());
    channel.unsafe().register(loop(), promise);
    return promise;
  }

  Transport transport() {
    return transport;
  }

  void opened(NettyConnection connection) {
    connections.add(connection);
  }

  void closed(NettyConnection connection) {
    connections.remove(connection);
  }

  void ended(NettyAttempt attempt) {
    attempts.remove(attempt);
  }

  void closed(ListeningSocket socket) {
    listening.remove(socket);
  }

  /**
   * Waits until a channel that was closed has let go of its address: with io_uring that is an
   * operation like others, and NIO does it with its next look at the sockets.
   */
  void awaitClosed(Channel channel) {
    if (polling) {
      return;
    }
    long start = System.nanoTime();
    do {
      poll(channel.closeFuture().isDone() ? 0 : CLOSE_STEP_NANOS);
    } while (!channel.closeFuture().isDone() && System.nanoTime() - start < MAX_CLOSE_NANOS);
  }

  /** For connections that begin now. */
  TlsContext tls() {
    TlsContext current = tls;
    if (current == null) {
      throw new IllegalStateException("there are no keys");
    }
    return current;
  }

  ByteBuffer plainBuffer() {
    ByteBuffer buffer = plainBuffer;
    if (buffer == null) {
      buffer = ByteBuffer.allocateDirect(ReadBuffer.SIZE_BYTES);
      plainBuffer = buffer;
    }
    return buffer;
  }

  long handshakeTimeoutMillis() {
    return handshakeTimeoutMillis;
  }

  /** Whether one more may have a handshake only to be told that it is turned away. */
  boolean mayRefuseAfterHandshake() {
    if (refusedHandshakes == MAX_REFUSED_HANDSHAKES) {
      return false;
    }
    refusedHandshakes++;
    return true;
  }

  /** The handshake of one of those has ended. */
  void refusedAfterHandshake() {
    refusedHandshakes--;
  }

  OutputBuffers outputBuffers() {
    return outputBuffers;
  }

  void readInNextPoll(Channel channel) {
    reading.add(channel);
  }

  /** Closes at once if it can: the next connection of this poll may be in want of the place. */
  void inputEnded(NettyConnection connection) {
    if (closedAtOnce < MAX_CLOSED_PER_POLL && connection.isAnswered()) {
      closedAtOnce++;
      connection.end();
    } else {
      ended.add(connection);
    }
  }

  /** The number of the current poll. */
  long polls() {
    return polls;
  }

  void settleAfterPoll(NettyConnection connection) {
    settling.add(connection);
  }

  /** Keeps an exception that must not pass through Netty, for the end of the poll. */
  void failed(Throwable thrown) {
    if (failure == null) {
      failure = thrown;
    } else if (!failure.equals(thrown)) {
      failure.addSuppressed(thrown);
    }
  }
}
