package io.cinnabar.net;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cinnabar.host.ConnectAddress;
import io.cinnabar.host.Connection;
import io.cinnabar.host.ConnectionHandler;
import io.cinnabar.host.ListenAddress;
import io.cinnabar.host.Network;
import io.cinnabar.virtual.VirtualWorkers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every network promises, with or without sockets. */
abstract class NetworkContract {

  Network network;
  Network.Listener listener;

  /** What the network under test has accepted, in order. */
  final List<Accepted> accepted = new ArrayList<>();

  abstract Network open();

  abstract Peer connect(ListenAddress address) throws IOException;

  /** How much the network itself may add to some ten thousand bytes. */
  int overheadBytes() {
    return 0;
  }

  /** Polls until {@code condition} holds; fails when it doesn't come true. */
  abstract void pollUntil(BooleanSupplier condition);

  /** The far end of a connection; none of its calls waits. */
  interface Peer {
    String address();

    /** Sends what the network takes; returns how much. */
    int send(byte[] bytes, int offset, int length) throws IOException;

    /** Receives what has come into {@code bytes}; -1 when the network has closed the connection. */
    int receive(byte[] bytes) throws IOException;

    /** Says that no more bytes follow; still receives. */
    void endOutput() throws IOException;

    void close() throws IOException;
  }

  /** Keeps what it hears. */
  static class Accepted implements ConnectionHandler {
    final Connection connection;
    final ByteArrayOutputStream received = new ByteArrayOutputStream();
    int drained;
    int closed;
    boolean busy;
    Runnable onReceived = () -> {};

    Accepted(Connection connection) {
      this.connection = connection;
    }

    @Override
    public void received(ByteBuffer bytes) {
      assertThat(closed).isZero();
      assertThat(bytes.hasRemaining()).isTrue();
      byte[] copy = new byte[bytes.remaining()];
      bytes.get(copy);
      received.writeBytes(copy);
      onReceived.run();
    }

    @Override
    public boolean isBusy() {
      return busy;
    }

    @Override
    public void drained() {
      assertThat(closed).isZero();
      assertThat(connection.pendingBytes()).isZero();
      drained++;
    }

    @Override
    public void closed() {
      closed++;
    }

    String text() {
      return received.toString(US_ASCII);
    }
  }

  @BeforeEach
  void listen() throws IOException {
    network = open();
    listener = network.listen(address(0), this::accept);
  }

  @AfterEach
  void close() {
    network.close();
  }

  ListenAddress address(int port) {
    return new ListenAddress("127.0.0.1", port, 511, 0);
  }

  Accepted accept(Connection connection) {
    Accepted handler = new Accepted(connection);
    accepted.add(handler);
    return handler;
  }

  Peer connect() throws IOException {
    return connect(listener.address());
  }

  /** Connects and polls until the network has accepted; the newest in {@link #accepted}. */
  Accepted acceptOne() throws IOException {
    int expected = accepted.size() + 1;
    peer = connect();
    pollUntil(() -> accepted.size() == expected);
    return accepted.get(accepted.size() - 1);
  }

  /** The far end of the newest in {@link #accepted}. */
  @SuppressWarnings("NullAway.Init")
  Peer peer;

  void send(Peer peer, String text) throws IOException {
    byte[] bytes = text.getBytes(US_ASCII);
    assertThat(peer.send(bytes, 0, bytes.length)).isEqualTo(bytes.length);
  }

  static void write(Connection connection, String text) {
    byte[] bytes = text.getBytes(US_ASCII);
    connection.write(bytes, 0, bytes.length);
  }

  /** Polls until the peer has received {@code length} bytes. */
  byte[] receive(Peer peer, int length) {
    byte[] buffer = new byte[1 << 16];
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    pollUntil(
        () -> {
          int count = unchecked(() -> peer.receive(buffer));
          if (count > 0) {
            all.write(buffer, 0, count);
          }
          return all.size() >= length;
        });
    assertThat(all.size()).isEqualTo(length);
    return all.toByteArray();
  }

  void awaitEnd(Peer peer) {
    pollUntil(() -> unchecked(() -> peer.receive(new byte[1])) == -1);
  }

  interface IoCall {
    int run() throws IOException;
  }

  static int unchecked(IoCall call) {
    try {
      return call.run();
    } catch (IOException e) {
      // The network reset the connection: its end as well.
      return -1;
    }
  }

  @Test
  void portZeroReportsTheRealPort() {
    assertThat(listener.address().port()).isPositive();
    assertThat(listener.address().host()).isEqualTo("127.0.0.1");
  }

  // Connections that this side makes; both ends are the network's.

  private final VirtualWorkers workers = new VirtualWorkers();

  /** What the network has made; the reasons why it could not. */
  final List<Accepted> made = new ArrayList<>();

  private final List<String> failures = new ArrayList<>();

  private Network.Attempt connectTo(String host, int port) {
    return connectTo(new ConnectAddress(host, port, "", address(0).tls()));
  }

  Network.Attempt connectTo(ConnectAddress address) {
    return network.connect(
        address,
        workers,
        new Network.Acceptor() {
          @Override
          public ConnectionHandler accepted(Connection connection) {
            Accepted handler = new Accepted(connection);
            made.add(handler);
            return handler;
          }

          @Override
          public void failed(String reason) {
            failures.add(reason);
          }
        });
  }

  @Test
  void connects() {
    connectTo("127.0.0.1", listener.address().port());
    assertThat(made).isEmpty();
    pollUntil(() -> made.size() == 1 && accepted.size() == 1);
    Accepted client = made.get(0);
    Accepted server = accepted.get(0);
    assertThat(client.connection.remoteAddress())
        .isEqualTo("127.0.0.1:" + listener.address().port());
    assertThat(server.connection.remoteAddress()).isEqualTo(client.connection.localAddress());
    write(client.connection, "ping");
    client.connection.flush();
    pollUntil(() -> server.text().equals("ping"));
    write(server.connection, "pong");
    server.connection.flush();
    pollUntil(() -> client.text().equals("pong"));
    server.connection.close();
    pollUntil(() -> client.closed == 1 && server.closed == 1);
    assertThat(failures).isEmpty();
  }

  @Test
  void aConnectionThatItHasMadeEndsForTheOtherSide() {
    connectTo("127.0.0.1", listener.address().port());
    pollUntil(() -> made.size() == 1 && accepted.size() == 1);
    write(made.get(0).connection, "last words");
    made.get(0).connection.flush();
    made.get(0).connection.closeAfterWrite();
    pollUntil(() -> made.get(0).closed == 1 && accepted.get(0).closed == 1);
    assertThat(accepted.get(0).text()).isEqualTo("last words");
  }

  @Test
  void aConnectionThatItHasMadeCarriesMuch() {
    connectTo("127.0.0.1", listener.address().port());
    pollUntil(() -> made.size() == 1 && accepted.size() == 1);
    byte[] much = new byte[3 << 20];
    new Random(1).nextBytes(much);
    accepted.get(0).connection.write(much, 0, much.length);
    accepted.get(0).connection.flush();
    pollUntil(() -> made.get(0).received.size() == much.length);
    assertThat(made.get(0).received.toByteArray()).isEqualTo(much);
  }

  @Test
  void tellsWhyItCannotConnect() {
    int port = listener.address().port();
    listener.close();
    connectTo("127.0.0.1", port);
    assertThat(failures).isEmpty();
    pollUntil(() -> !failures.isEmpty());
    assertThat(failures).containsExactly("Connection refused");
    assertThat(made).isEmpty();
  }

  @Test
  void nobodyHearsOfAnAttemptThatIsGivenUp() {
    Network.Attempt attempt = connectTo("127.0.0.1", listener.address().port());
    attempt.cancel();
    connectTo("127.0.0.1", listener.address().port());
    pollUntil(() -> made.size() == 1);
    network.poll(0);
    assertThat(made).hasSize(1);
    assertThat(failures).isEmpty();
    attempt.cancel();
  }

  @Test
  void nothingComesWhileItDoesNotRead() {
    connectTo("127.0.0.1", listener.address().port());
    pollUntil(() -> made.size() == 1 && accepted.size() == 1);
    Accepted reader = made.get(0);
    reader.connection.reading(false);
    network.poll(0);
    byte[] much = new byte[16 << 20];
    new Random(1).nextBytes(much);
    accepted.get(0).connection.write(much, 0, much.length);
    accepted.get(0).connection.flush();
    for (int i = 0; i < 100; i++) {
      network.poll(0);
    }
    assertThat(reader.received.size()).isLessThan(much.length / 2);
    int before = reader.received.size();
    for (int i = 0; i < 100; i++) {
      network.poll(0);
    }
    assertThat(reader.received.size()).isEqualTo(before);
    reader.connection.reading(true);
    pollUntil(() -> reader.received.size() == much.length);
    assertThat(reader.received.toByteArray()).isEqualTo(much);
  }

  @Test
  void aNameIsLookedUpByAWorker() {
    connectTo("no-such-host.invalid", listener.address().port());
    network.poll(0);
    assertThat(failures).isEmpty();
    workers.runAll();
    pollUntil(() -> !failures.isEmpty());
    assertThat(failures).containsExactly("Name or service not known");
  }

  @Test
  void bytesComeAndGo() throws IOException {
    Accepted server = acceptOne();
    send(peer, "ping");
    pollUntil(() -> server.text().equals("ping"));
    write(server.connection, "po");
    write(server.connection, "ng");
    assertThat(server.connection.pendingBytes()).isEqualTo(4);
    server.connection.flush();
    assertThat(receive(peer, 4)).asString(US_ASCII).isEqualTo("pong");
    pollUntil(() -> server.connection.pendingBytes() == 0);
    assertThat(server.closed).isZero();
  }

  @Test
  void nothingLeavesBeforeTheFlush() throws IOException {
    Accepted server = acceptOne();
    write(server.connection, "x".repeat(40_000));
    for (int i = 0; i < 3; i++) {
      network.poll(0);
    }
    assertThat(peer.receive(new byte[1])).isZero();
    assertThat(server.connection.pendingBytes()).isBetween(40_000L, 40_000L + overheadBytes());
    server.connection.flush();
    receive(peer, 40_000);
  }

  @Test
  void bytesArriveOneByOne() throws IOException {
    Accepted server = acceptOne();
    String text = "*1\r\n$4\r\nPING\r\n";
    for (int i = 0; i < text.length(); i++) {
      send(peer, text.substring(i, i + 1));
      String expected = text.substring(0, i + 1);
      pollUntil(() -> server.text().equals(expected));
    }
  }

  @Test
  void manyConnectionsKeepTheirBytesApart() throws IOException {
    List<Peer> peers = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      peers.add(connect());
    }
    pollUntil(() -> accepted.size() == 200);
    for (int i = 0; i < 200; i++) {
      send(peers.get(i), "i am " + i);
    }
    pollUntil(() -> accepted.stream().allMatch(a -> a.text().matches("i am \\d+")));
    assertThat(accepted.stream().map(Accepted::text).distinct().count()).isEqualTo(200);
    for (Accepted server : accepted) {
      write(server.connection, server.text());
      server.connection.flush();
    }
    for (int i = 0; i < 200; i++) {
      String text = "i am " + i;
      assertThat(receive(peers.get(i), text.length())).asString(US_ASCII).isEqualTo(text);
    }
  }

  @Test
  void muchComesInOrder() throws IOException {
    Accepted server = acceptOne();
    byte[] bytes = new byte[5 << 20];
    new Random(1).nextBytes(bytes);
    int[] sent = {0};
    pollUntil(
        () -> {
          if (sent[0] < bytes.length) {
            sent[0] += unchecked(() -> peer.send(bytes, sent[0], bytes.length - sent[0]));
          }
          return server.received.size() == bytes.length;
        });
    assertThat(Arrays.equals(server.received.toByteArray(), bytes)).isTrue();
  }

  @Test
  void muchLeavesToSlowReader() throws IOException {
    Accepted server = acceptOne();
    byte[] bytes = new byte[50 << 20];
    new Random(2).nextBytes(bytes);
    int small = 1000;
    server.connection.write(bytes, 0, small);
    server.connection.write(bytes, small, bytes.length - small);
    server.connection.flush();
    for (int i = 0; i < 20; i++) {
      network.poll(0);
    }
    assertThat(server.drained).isZero();
    assertThat(server.connection.pendingBytes()).isBetween(1L, (long) bytes.length);

    long[] received = {0};
    byte[] buffer = new byte[100_000];
    int[] compared = {0};
    pollUntil(
        () -> {
          int count = unchecked(() -> peer.receive(buffer));
          if (count > 0) {
            int at = compared[0];
            assertThat(Arrays.equals(buffer, 0, count, bytes, at, at + count)).isTrue();
            compared[0] += count;
            received[0] += count;
          }
          return received[0] == bytes.length;
        });
    pollUntil(() -> server.drained == 1);
    assertThat(server.connection.pendingBytes()).isZero();
  }

  @Test
  void pendingBytesShrinkAsTheyLeave() throws IOException {
    Accepted server = acceptOne();
    byte[] bytes = new byte[20 << 20];
    server.connection.write(bytes, 0, bytes.length);
    server.connection.flush();
    pollUntil(() -> server.connection.pendingBytes() < bytes.length);
    long left = server.connection.pendingBytes();
    assertThat(left).isPositive();
    byte[] buffer = new byte[1 << 16];
    long[] received = {0};
    pollUntil(
        () -> {
          received[0] += Math.max(0, unchecked(() -> peer.receive(buffer)));
          return server.connection.pendingBytes() < left;
        });
    assertThat(bytes.length - server.connection.pendingBytes()).isGreaterThanOrEqualTo(received[0]);
  }

  @Test
  void thePeerCloses() throws IOException {
    Accepted server = acceptOne();
    peer.close();
    pollUntil(() -> server.closed == 1);
    write(server.connection, "too late");
    server.connection.flush();
    server.connection.close();
    network.poll(0);
    network.poll(0);
    assertThat(server.closed).isEqualTo(1);
    assertThat(server.connection.pendingBytes()).isZero();
  }

  @Test
  void aBusyHandlerKeepsTheConnectionOfAPeerThatHasSentItsLastByte() throws IOException {
    Accepted server = acceptOne();
    server.busy = true;
    send(peer, "last");
    peer.close();
    pollUntil(() -> server.received.size() == 4);
    for (int i = 0; i < 20; i++) {
      network.poll(1_000_000);
      assertThat(server.closed).isZero();
    }
    server.busy = false;
    pollUntil(() -> server.closed == 1);
  }

  @Test
  void aPeerThatHasSentItsLastByteGetsAllOfALongReply() throws IOException {
    Accepted server = acceptOne();
    send(peer, "GET");
    peer.endOutput();
    pollUntil(() -> server.text().equals("GET"));
    byte[] bytes = new byte[20 << 20];
    new Random(3).nextBytes(bytes);
    server.connection.write(bytes, 0, bytes.length);
    server.connection.flush();
    for (int i = 0; i < 20; i++) {
      network.poll(0);
    }
    assertThat(server.closed).as("a reply is on its way").isZero();
    assertThat(Arrays.equals(receive(peer, bytes.length), bytes)).isTrue();
    pollUntil(() -> server.closed == 1);
    awaitEnd(peer);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aLongReplyIsGivenUpWhenThePeerGoesAfterItsLastByte(boolean busy) throws IOException {
    Accepted server = acceptOne();
    server.busy = true;
    send(peer, "GET");
    peer.endOutput();
    pollUntil(() -> server.text().equals("GET"));
    for (int i = 0; i < 20; i++) {
      network.poll(0);
    }
    byte[] bytes = new byte[20 << 20];
    server.connection.write(bytes, 0, bytes.length);
    server.connection.flush();
    server.busy = busy;
    for (int i = 0; i < 20; i++) {
      network.poll(0);
    }
    assertThat(server.closed).isZero();
    peer.close();
    pollUntil(() -> server.closed == 1);
  }

  @Test
  void thisSideCloses() throws IOException {
    Accepted server = acceptOne();
    write(server.connection, "dropped");
    server.connection.close();
    assertThat(server.closed).as("handlers are only called inside a poll").isZero();
    pollUntil(() -> server.closed == 1);
    awaitEnd(peer);
    server.connection.close();
    network.poll(0);
    assertThat(server.closed).isEqualTo(1);
  }

  @Test
  void nothingIsPendingOnceThisSideHasClosed() throws IOException {
    Accepted server = acceptOne();
    byte[] bytes = new byte[8 << 20];
    server.connection.write(bytes, 0, bytes.length);
    server.connection.flush();
    assertThat(server.connection.pendingBytes()).isPositive();
    server.connection.close();
    assertThat(server.connection.pendingBytes()).isZero();
    pollUntil(() -> server.closed == 1);
  }

  @Test
  void closesAfterWrite() throws IOException {
    Accepted server = acceptOne();
    byte[] bytes = new byte[8 << 20];
    Arrays.fill(bytes, (byte) 7);
    server.connection.write(bytes, 0, bytes.length);
    server.connection.closeAfterWrite();
    write(server.connection, "ignored");
    send(peer, "not read");
    network.poll(0);
    assertThat(server.closed).isZero();
    long[] received = {0};
    byte[] buffer = new byte[1 << 16];
    pollUntil(
        () -> {
          int count = unchecked(() -> peer.receive(buffer));
          received[0] += Math.max(0, count);
          return count == -1;
        });
    // Unread bytes make some kernels reset the connection instead of ending it.
    assertThat(received[0]).isGreaterThan(0).isLessThanOrEqualTo(bytes.length);
    pollUntil(() -> server.closed == 1);
    assertThat(server.text()).isEmpty();
  }

  @Test
  void closesAfterWriteWithNothingToWrite() throws IOException {
    Accepted server = acceptOne();
    server.connection.closeAfterWrite();
    pollUntil(() -> server.closed == 1);
    awaitEnd(peer);
  }

  @Test
  void refusesInTheAcceptor() throws IOException {
    List<Accepted> refused = new ArrayList<>();
    Network.Listener other =
        network.listen(
            address(0),
            connection -> {
              write(connection, "-ERR full\r\n");
              connection.closeAfterWrite();
              Accepted handler = new Accepted(connection);
              refused.add(handler);
              return handler;
            });
    Peer peer = connect(other.address());
    assertThat(receive(peer, 11)).asString(US_ASCII).isEqualTo("-ERR full\r\n");
    awaitEnd(peer);
    pollUntil(() -> refused.get(0).closed == 1);
  }

  @Test
  void drainedOnlyFollowsWhatAFlushLeftBehind() throws IOException {
    Accepted server = acceptOne();
    write(server.connection, "short");
    server.connection.flush();
    int expected = server.connection.pendingBytes() > 0 ? 1 : 0;
    receive(peer, 5);
    pollUntil(() -> server.drained == expected);
    network.poll(0);
    assertThat(server.drained).isEqualTo(expected);
  }

  @Test
  void pollIsNeverCalledFromAHandler() throws IOException {
    Accepted server = acceptOne();
    server.onReceived = () -> network.poll(0);
    send(peer, "x");
    assertThatThrownBy(() -> pollUntil(() -> server.received.size() > 0 && server.closed > 0))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void pollCanBeCalledAgainBetweenPolls() throws IOException {
    Accepted first = acceptOne();
    Peer firstPeer = peer;
    Accepted second = acceptOne();
    send(firstPeer, "long command");
    pollUntil(() -> first.text().equals("long command"));
    // Execution of the first one's command has begun: it polls by itself, and others are read.
    send(peer, "script kill");
    pollUntil(() -> second.text().equals("script kill"));
    write(second.connection, "busy");
    second.connection.flush();
    receive(peer, 4);
    write(first.connection, "done");
    first.connection.flush();
    receive(firstPeer, 4);
  }

  @Test
  void anExceptionOfAHandlerComesOutOfThePollAndSparesTheOthers() throws IOException {
    Accepted bad = acceptOne();
    Peer badPeer = peer;
    Accepted good = acceptOne();
    bad.onReceived =
        () -> {
          throw new ArithmeticException("a bug");
        };
    send(badPeer, "x");
    assertThatThrownBy(() -> pollUntil(() -> false)).isInstanceOf(ArithmeticException.class);
    pollUntil(() -> bad.closed == 1);
    send(peer, "still here");
    pollUntil(() -> good.text().equals("still here"));
  }

  @Test
  void anExceptionOfATaskDoesNotKeepTheOthersWaiting() throws IOException {
    Accepted server = acceptOne();
    write(server.connection, "last words");
    server.connection.closeAfterWrite();
    network.post(
        () -> {
          throw new ArithmeticException("a bug");
        });
    assertThatThrownBy(() -> network.poll(0)).isInstanceOf(ArithmeticException.class);
    receive(peer, 10);
    pollUntil(() -> server.closed == 1);
  }

  @Test
  void tasksRunInsidePolls() {
    List<String> ran = new ArrayList<>();
    network.post(
        () -> {
          ran.add("first");
          network.post(() -> ran.add("third"));
        });
    network.post(() -> ran.add("second"));
    assertThat(ran).isEmpty();
    network.poll(TimeUnit.SECONDS.toNanos(10));
    assertThat(ran).containsExactly("first", "second");
    network.poll(TimeUnit.SECONDS.toNanos(10));
    assertThat(ran).containsExactly("first", "second", "third");
  }

  @Test
  void aTaskThatThrowsTakesNoOtherAlong() {
    List<String> ran = new ArrayList<>();
    network.post(
        () -> {
          throw new ArithmeticException("a bug");
        });
    network.post(() -> ran.add("second"));
    assertThatThrownBy(() -> network.poll(0)).isInstanceOf(ArithmeticException.class);
    network.poll(0);
    assertThat(ran).containsExactly("second");
  }

  @Test
  void addressesAreText() throws IOException {
    Accepted server = acceptOne();
    assertThat(server.connection.remoteAddress()).isEqualTo(peer.address());
    assertThat(server.connection.localAddress())
        .isEqualTo("127.0.0.1:" + listener.address().port());
    assertThat(server.connection.isLocal()).isTrue();
    assertThat(server.connection.isUnix()).isFalse();
    server.connection.keepAlive(300);
    server.connection.keepAlive(0);
    peer.close();
    pollUntil(() -> server.closed == 1);
    assertThat(server.connection.remoteAddress()).isEqualTo(peer.address());
    server.connection.keepAlive(300);
  }

  @Test
  void aPortIsBoundOnce() {
    assertThatThrownBy(() -> network.listen(address(listener.address().port()), this::accept))
        .isInstanceOf(IOException.class)
        .hasMessage("bind: Address already in use");
  }

  @Test
  void aClosedListenerAcceptsNoMore() throws IOException {
    Accepted server = acceptOne();
    int port = listener.address().port();
    listener.close();
    network.poll(0);
    network.poll(0);
    assertThatThrownBy(() -> connect(address(port))).isInstanceOf(IOException.class);
    send(peer, "still served");
    pollUntil(() -> server.text().equals("still served"));
    listener.close();
  }

  @Test
  void theAddressOfAClosedListenerIsFree() throws IOException {
    ListenAddress address = address(listener.address().port());
    for (int i = 0; i < 20; i++) {
      listener.close();
      listener = network.listen(address, this::accept);
      acceptOne();
    }
  }

  @Test
  void closingTheNetworkClosesEverything() throws IOException {
    Accepted first = acceptOne();
    Peer firstPeer = peer;
    Accepted second = acceptOne();
    write(second.connection, "x".repeat(100_000));
    second.connection.flush();
    network.close();
    assertThat(first.closed).isEqualTo(1);
    assertThat(second.closed).isEqualTo(1);
    // The kernel may finish what was in flight after the network has let go of it.
    network = open();
    awaitEnd(firstPeer);
  }
}
