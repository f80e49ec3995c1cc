package io.cinnabar.virtual;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.host.ConnectAddress;
import io.cinnabar.host.Connection;
import io.cinnabar.host.ConnectionHandler;
import io.cinnabar.host.ListenAddress;
import io.cinnabar.host.Network;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Virtual hosts find each other, as far as a test lets them. */
final class VirtualInternetTest {

  private final VirtualTime time = new VirtualTime();
  private final VirtualInternet internet = new VirtualInternet(1, time);
  private final VirtualNetwork one = new VirtualNetwork(1, internet, "10.0.0.1");
  private final VirtualNetwork two = new VirtualNetwork(2, internet, "10.0.0.2");
  private final VirtualWorkers workers = new VirtualWorkers();
  private final End client = new End();
  private final End server = new End();

  private static final class End implements Network.Acceptor, ConnectionHandler {
    @Nullable Connection connection;
    final StringBuilder received = new StringBuilder();
    final List<String> failures = new ArrayList<>();
    boolean closed;

    @Override
    public ConnectionHandler accepted(Connection accepted) {
      connection = accepted;
      return this;
    }

    @Override
    public void failed(String reason) {
      failures.add(reason);
    }

    @Override
    public void received(ByteBuffer bytes) {
      received.append(US_ASCII.decode(bytes));
    }

    @Override
    public void drained() {}

    @Override
    public boolean isBusy() {
      return false;
    }

    @Override
    public void closed() {
      closed = true;
    }

    Connection connection() {
      return Objects.requireNonNull(connection);
    }

    void say(String text) {
      connection().write(text.getBytes(US_ASCII), 0, text.length());
      connection().flush();
    }
  }

  @BeforeEach
  void listen() throws IOException {
    two.listen(new ListenAddress("*", 6379, 0, 0), server);
  }

  private void poll() {
    for (int i = 0; i < 5; i++) {
      one.poll(0);
      two.poll(0);
    }
  }

  private void connect() {
    one.connect(new ConnectAddress("10.0.0.2", 6379), workers, client);
    poll();
  }

  @Test
  void hostsTalk() {
    connect();
    assertThat(server.connection().remoteAddress()).startsWith("10.0.0.1:");
    assertThat(client.connection().remoteAddress()).isEqualTo("10.0.0.2:6379");
    client.say("ping");
    poll();
    server.say("pong");
    poll();
    assertThat(server.received.toString()).isEqualTo("ping");
    assertThat(client.received.toString()).isEqualTo("pong");
  }

  @Test
  void nobodyListens() {
    one.connect(new ConnectAddress("10.0.0.3", 6379), workers, client);
    one.connect(new ConnectAddress("10.0.0.2", 6380), workers, client);
    poll();
    assertThat(client.failures).containsExactly("Connection refused", "Connection refused");
  }

  @Test
  void names() {
    internet.name("two.example", "10.0.0.2");
    one.connect(new ConnectAddress("two.example", 6379), workers, client);
    poll();
    assertThat(client.connection).isNull();
    workers.runAll();
    poll();
    assertThat(client.connection).isNotNull();
  }

  @Test
  void bytesTakeTheirTime() {
    internet.latency(Duration.ofMillis(10), Duration.ofMillis(20));
    connect();
    assertThat(client.connection).isNull();
    time.advanceMillis(20);
    poll();
    client.say("a");
    poll();
    client.say("b");
    time.advanceMillis(9);
    poll();
    assertThat(server.received.toString()).isEmpty();
    assertThat(internet.nextNanos()).isGreaterThan(time.nanos());
    time.advanceMillis(40);
    poll();
    assertThat(server.received.toString()).isEqualTo("ab");
  }

  @Test
  void aSplitHoldsEverythingUp() {
    connect();
    internet.split("10.0.0.1");
    client.say("late");
    one.connect(new ConnectAddress("10.0.0.2", 6379), workers, new End());
    poll();
    assertThat(server.received.toString()).isEmpty();
    assertThat(internet.nextNanos()).isEqualTo(Long.MAX_VALUE);
    internet.heal();
    poll();
    assertThat(server.received.toString()).isEqualTo("late");
  }

  @Test
  void aCutEndsBoth() {
    connect();
    client.say("lost");
    internet.cut("10.0.0.2", "10.0.0.1");
    poll();
    assertThat(client.closed).isTrue();
    assertThat(server.closed).isTrue();
  }

  @Test
  void aHostThatIsGone() {
    connect();
    internet.remove("10.0.0.1");
    two.poll(0);
    assertThat(server.closed).isTrue();
    new VirtualNetwork(3, internet, "10.0.0.1").poll(0);
  }
}
