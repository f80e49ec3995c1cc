package io.cinnabar.net;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.cinnabar.host.ConnectAddress;
import io.cinnabar.host.ListenAddress;
import io.cinnabar.host.ListenException;
import io.cinnabar.host.ListenException.Reason;
import io.cinnabar.host.Network;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract over real sockets, and what only sockets and threads have. */
abstract class NettyNetworkContract extends NetworkContract {

  private static final long DEADLINE_NANOS = TimeUnit.SECONDS.toNanos(20);
  private static final long MILLI_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  @TempDir Path directory;
  private final List<SocketPeer> peers = new ArrayList<>();

  abstract String transportName();

  @Override
  Network open() {
    return new NettyNetwork(transportName());
  }

  @Override
  Peer connect(ListenAddress address) throws IOException {
    SocketAddress target =
        address.isUnix()
            ? UnixDomainSocketAddress.of(address.host())
            : new InetSocketAddress(address.host(), address.port());
    SocketPeer peer = new SocketPeer(SocketChannel.open(target));
    peers.add(peer);
    return peer;
  }

  @AfterEach
  void closePeers() throws IOException {
    for (SocketPeer peer : peers) {
      peer.close();
    }
  }

  @Override
  void pollUntil(BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > DEADLINE_NANOS) {
        fail("did not happen");
      }
      network.poll(MILLI_NANOS);
    }
  }

  private static final class SocketPeer implements Peer {
    private final SocketChannel channel;
    private final String address;

    SocketPeer(SocketChannel channel) throws IOException {
      this.channel = channel;
      address =
          channel.getLocalAddress() instanceof InetSocketAddress internet
              ? internet.getAddress().getHostAddress() + ":" + internet.getPort()
              : "";
      channel.configureBlocking(false);
    }

    @Override
    public String address() {
      return address;
    }

    @Override
    public int send(byte[] bytes, int offset, int length) throws IOException {
      return channel.write(ByteBuffer.wrap(bytes, offset, length));
    }

    @Override
    public int receive(byte[] bytes) throws IOException {
      return channel.read(ByteBuffer.wrap(bytes));
    }

    @Override
    public void endOutput() throws IOException {
      channel.shutdownOutput();
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  private SocketChannel lastSocket() {
    return peers.get(peers.size() - 1).channel;
  }

  @Test
  void tellsItsName() {
    assertThat(network.transportName()).isEqualTo(transportName());
  }

  @Test
  void pollReturnsInTime() {
    for (long waitNanos : new long[] {0, MILLI_NANOS / 2, 3 * MILLI_NANOS, 30 * MILLI_NANOS}) {
      network.poll(0);
      long start = System.nanoTime();
      // Waiting shorter than asked for is allowed; a loop with a deadline just polls again.
      while (System.nanoTime() - start < waitNanos) {
        network.poll(waitNanos - (System.nanoTime() - start));
      }
      assertThat(System.nanoTime() - start).isLessThan(waitNanos + 500 * MILLI_NANOS);
    }
  }

  @Test
  void aWaitingPollDoesNotSpin() {
    network.poll(0);
    long start = System.nanoTime();
    int polls = 0;
    while (System.nanoTime() - start < 50 * MILLI_NANOS) {
      network.poll(50 * MILLI_NANOS - (System.nanoTime() - start));
      polls++;
    }
    // NIO counts in milliseconds and spins below one half.
    assertThat(polls).isLessThan(50_000);
  }

  @Test
  void whoHasSentItsLastByteAndDoesNotReadLetsPollsWait() throws IOException {
    Accepted server = acceptOne();
    server.busy = true;
    send(peer, "last");
    peer.endOutput();
    pollUntil(() -> server.text().equals("last"));
    network.poll(MILLI_NANOS);
    long start = System.nanoTime();
    int polls = 0;
    while (System.nanoTime() - start < 100 * MILLI_NANOS) {
      network.poll(10 * MILLI_NANOS);
      polls++;
    }
    assertThat(polls).isLessThan(100);
    server.busy = false;
    pollUntil(() -> server.closed == 1);
  }

  @Test
  void aPostWakesWaitingPoll() throws InterruptedException {
    int rounds = 2000;
    Semaphore permits = new Semaphore(0);
    int[] ran = {0};
    Thread poster =
        new Thread(
            () -> {
              for (int i = 0; i < rounds; i++) {
                permits.acquireUninterruptibly();
                spin(i % 50 * 20);
                network.post(() -> ran[0]++);
              }
            });
    poster.start();
    for (int i = 0; i < rounds; i++) {
      permits.release();
      // Sometimes the post comes while the loop is busy, sometimes while it waits.
      spin(i % 7 * 300);
      long start = System.nanoTime();
      while (ran[0] == i) {
        network.poll(TimeUnit.SECONDS.toNanos(30));
        assertThat(System.nanoTime() - start)
            .as("a wakeup was lost in round %d", i)
            .isLessThan(DEADLINE_NANOS);
      }
      assertThat(ran[0]).isEqualTo(i + 1);
    }
    poster.join();
  }

  private static void spin(int rounds) {
    for (int i = 0; i < rounds; i++) {
      Thread.onSpinWait();
    }
  }

  @Test
  void aPostBeforeThePollIsNotLost() throws InterruptedException {
    for (int i = 0; i < 50; i++) {
      boolean[] ran = {false};
      Thread poster = new Thread(() -> network.post(() -> ran[0] = true));
      poster.start();
      poster.join();
      long start = System.nanoTime();
      network.poll(TimeUnit.SECONDS.toNanos(30));
      assertThat(ran[0]).isTrue();
      assertThat(System.nanoTime() - start).isLessThan(DEADLINE_NANOS);
    }
  }

  @Test
  void aPeerThatHasSentItsLastByteGetsItsReply() throws IOException {
    Accepted server = acceptOne();
    send(peer, "PING");
    peer.endOutput();
    pollUntil(() -> server.text().equals("PING"));
    write(server.connection, "+PONG");
    server.connection.flush();
    assertThat(receive(peer, 5)).asString(US_ASCII).isEqualTo("+PONG");
    pollUntil(() -> server.closed == 1);
    awaitEnd(peer);
  }

  @Test
  void aResetEndsInClosedOnce() throws IOException {
    Accepted server = acceptOne();
    write(server.connection, "x".repeat(1000));
    server.connection.flush();
    lastSocket().setOption(StandardSocketOptions.SO_LINGER, 0);
    peer.close();
    for (int i = 0; i < 10; i++) {
      write(server.connection, "x".repeat(1000));
      server.connection.flush();
    }
    pollUntil(() -> server.closed == 1);
    network.poll(0);
    network.poll(0);
    assertThat(server.closed).isEqualTo(1);
  }

  /** Connects to a socket that sends its last words and then breaks the connection. */
  private Accepted brokenAfter(String words, boolean isWrittenTo) throws IOException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (ServerSocket listening = new ServerSocket(0, 1, loopback)) {
      connectTo(new ConnectAddress(loopback.getHostAddress(), listening.getLocalPort(), "", false));
      pollUntil(() -> made.size() == 1);
      Accepted client = made.get(0);
      client.busy = true;
      try (Socket socket = listening.accept()) {
        socket.setSoLinger(true, 0);
        write(client.connection, "heard");
        client.connection.flush();
        pollUntil(() -> unchecked(() -> socket.getInputStream().available()) == 5);
        socket.getOutputStream().write(words.getBytes(US_ASCII));
      }
      if (isWrittenTo) {
        write(client.connection, "not heard");
        client.connection.flush();
      }
      return client;
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatAServerHasSentBeforeTheConnectionBrokeIsHandedOver(boolean isWrittenTo)
      throws IOException {
    Accepted client = brokenAfter("last words", isWrittenTo);
    pollUntil(() -> client.text().equals("last words"));
    for (int i = 0; i < 5; i++) {
      network.poll(MILLI_NANOS);
      write(client.connection, "not heard");
      client.connection.flush();
    }
    assertThat(client.closed).isZero();
    client.busy = false;
    pollUntil(() -> client.closed == 1);
    network.poll(0);
    assertThat(client.closed).isEqualTo(1);
  }

  @Test
  void aPortTakenBySomebodyElse() throws IOException {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> network.listen(address(other.getLocalPort()), this::accept))
          .isInstanceOf(IOException.class)
          .hasMessage("bind: Address already in use");
    }
  }

  @Test
  void anAddressThatIsNotOurs() {
    assertThatThrownBy(
            () -> network.listen(new ListenAddress("192.0.2.1", 0, 511, 0), this::accept))
        .isInstanceOfSatisfying(
            ListenException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.ADDRESS_NOT_AVAILABLE))
        .hasMessageMatching("bind: (Cannot|Can't) assign requested address");
  }

  @Test
  void aNameThatNobodyKnows() {
    assertThatThrownBy(
            () -> network.listen(new ListenAddress("no.such.invalid", 0, 511, 0), this::accept))
        .isInstanceOf(IOException.class)
        .hasMessage("Name or service not known");
  }

  @Test
  void anEmptyNameIsNoAddress() {
    assertThatThrownBy(() -> network.listen(new ListenAddress("", 0, 511, 0), this::accept))
        .isInstanceOf(IOException.class)
        .hasMessage("Name or service not known");
  }

  @Test
  void ipv6() throws IOException {
    Network.Listener ipv6 = network.listen(new ListenAddress("::1", 0, 511, 0), this::accept);
    connect(ipv6.address());
    pollUntil(() -> accepted.size() == 1);
    int port = ((InetSocketAddress) lastSocket().getLocalAddress()).getPort();
    assertThat(accepted.get(0).connection.remoteAddress()).isEqualTo("[::1]:" + port);
    assertThat(accepted.get(0).connection.localAddress())
        .isEqualTo("[::1]:" + ipv6.address().port());
    assertThat(accepted.get(0).connection.isLocal()).isTrue();
  }

  @Test
  void everyAddressOfBothFamilies() throws IOException {
    Network.Listener ipv4 = network.listen(new ListenAddress("*", 0, 511, 0), this::accept);
    int port = ipv4.address().port();
    ListenAddress everyIpv6 = new ListenAddress("::*", port, 511, 0);
    network.listen(everyIpv6, this::accept);
    assertThatThrownBy(() -> network.listen(everyIpv6, this::accept))
        .hasMessage("bind: Address already in use");
    connect(new ListenAddress("::1", port, 0, 0));
    pollUntil(() -> accepted.size() == 1);
    assertThat(accepted.get(0).connection.remoteAddress()).startsWith("[::1]:");
    accepted.clear();
    connect(new ListenAddress("127.0.0.1", port, 0, 0));
    pollUntil(() -> accepted.size() == 1);
    assertThat(accepted.get(0).connection.remoteAddress()).startsWith("127.0.0.1:");
    assertThat(accepted.get(0).connection.localAddress()).isEqualTo("127.0.0.1:" + port);
  }

  @Test
  void everyAddressByItsNumber() throws IOException {
    Network.Listener ipv4 = network.listen(new ListenAddress("0.0.0.0", 0, 511, 0), this::accept);
    int port = ipv4.address().port();
    Network.Listener ipv6 = network.listen(new ListenAddress("::", port, 511, 0), this::accept);
    assertThatThrownBy(() -> network.listen(new ListenAddress("*", port, 511, 0), this::accept))
        .hasMessage("bind: Address already in use");
    ipv4.close();
    connect(new ListenAddress("::1", port, 0, 0));
    pollUntil(() -> accepted.size() == 1);
    assertThat(accepted.get(0).connection.remoteAddress()).startsWith("[::1]:");
    ipv6.close();
    assertThatThrownBy(() -> connect(address(port))).isInstanceOf(IOException.class);
  }

  @Test
  void theWildcardOfOneFamilyDoesNotServeTheOther() throws IOException {
    Network.Listener ipv4 = network.listen(new ListenAddress("*", 0, 511, 0), this::accept);
    Peer stranger = connect(new ListenAddress("::1", ipv4.address().port(), 0, 0));
    awaitEnd(stranger);
    assertThat(accepted).isEmpty();
    ipv4.close();
    Network.Listener ipv6 = network.listen(new ListenAddress("::*", 0, 511, 0), this::accept);
    Peer other = connect(new ListenAddress("127.0.0.1", ipv6.address().port(), 0, 0));
    awaitEnd(other);
    assertThat(accepted).isEmpty();
  }

  @Test
  void unixSocket() throws IOException {
    Path path = directory.resolve("s");
    ListenAddress address = new ListenAddress(path.toString(), -1, 511, 0700);
    Network.Listener unix = network.listen(address, this::accept);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
        .isEqualTo("rwx------");
    Peer peer = connect(address);
    pollUntil(() -> accepted.size() == 1);
    Accepted server = accepted.get(0);
    assertThat(server.connection.isUnix()).isTrue();
    assertThat(server.connection.isLocal()).isTrue();
    assertThat(server.connection.remoteAddress()).isEqualTo(path + ":0");
    assertThat(server.connection.localAddress()).isEqualTo(path + ":0");
    server.connection.keepAlive(300);
    send(peer, "ping");
    pollUntil(() -> server.text().equals("ping"));
    write(server.connection, "pong");
    server.connection.flush();
    receive(peer, 4);
    unix.close();
    pollUntil(() -> !Files.exists(path));
    peer.close();
    pollUntil(() -> server.closed == 1);
  }

  @Test
  void aStaleUnixSocketIsReplacedButNoFileOfAnotherKind() throws IOException {
    Path path = directory.resolve("s");
    ListenAddress address = new ListenAddress(path.toString(), -1, 511, 0);
    try (var stale =
        java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
      stale.bind(UnixDomainSocketAddress.of(path));
    }
    assertThat(path).exists();
    network.listen(address, this::accept);
    connect(address);
    pollUntil(() -> accepted.size() == 1);
    network.close();
    assertThat(path).doesNotExist();

    network = open();
    Files.writeString(path, "precious");
    assertThatThrownBy(() -> network.listen(address, this::accept))
        .isInstanceOf(IOException.class)
        .hasMessage("bind: Address already in use");
    assertThat(path).hasContent("precious");
  }

  @Test
  void fileDescriptorWhereThereIsOne() throws IOException {
    Accepted server = acceptOne();
    if (transportName().equals("nio")) {
      assertThat(server.connection.fileDescriptor()).isEqualTo(-1);
    } else {
      assertThat(server.connection.fileDescriptor()).isPositive();
    }
  }

  @Test
  void aFastSenderDoesNotStarveTheOthers() throws IOException {
    Accepted fast = acceptOne();
    Peer fastPeer = peer;
    Accepted slow = acceptOne();
    byte[] bytes = new byte[64 << 20];
    Thread sender =
        new Thread(
            () -> {
              int sent = 0;
              while (sent < bytes.length) {
                int at = sent;
                int count = unchecked(() -> fastPeer.send(bytes, at, bytes.length - at));
                if (count < 0) {
                  return;
                }
                sent += count;
              }
            });
    sender.start();
    int before = 0;
    int most = 0;
    send(peer, "me too");
    while (fast.received.size() < bytes.length) {
      network.poll(MILLI_NANOS);
      most = Math.max(most, fast.received.size() - before);
      before = fast.received.size();
    }
    assertThat(slow.text()).isEqualTo("me too");
    assertThat(most).as("bytes from one connection in one poll").isLessThan(8 << 20);
  }
}
