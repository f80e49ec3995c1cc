package io.cinnabar.command;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.TestServer;
import io.cinnabar.TestServer.Client;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Clients that send and don't read. */
final class UnreadOutputTest {

  private static final int VALUE_BYTES = 10_000;
  private static final String VALUE = "v".repeat(VALUE_BYTES);
  private static final String REPLY = "$" + VALUE_BYTES + "\r\n" + VALUE + "\r\n";
  private static final String GET = "*2\r\n$3\r\nGET\r\n$3\r\nkey\r\n";
  private static final String LIMITS = " for overcoming of output buffer limits.";
  private static final String CLOSED = "resp=2 lib-name= lib-ver= closed" + LIMITS;
  private static final String CLOSED_BY_COMMAND =
      "resp=2 lib-name= lib-ver= scheduled to be closed ASAP" + LIMITS;
  private static final Duration A_WHILE = Duration.ofMillis(1);

  /** Beyond this a client's further commands wait. */
  private static final long STALL_BYTES = 256 << 10;

  /** One more segment may have been made by then. */
  private static final long MOST_PENDING_BYTES = STALL_BYTES + (64 << 10);

  private static TestServer serverWith(String... directives) {
    TestServer server = TestServer.start(directives);
    server.send("SET", "key", VALUE);
    return server;
  }

  private static Session session(TestServer server) {
    return requireNonNull(server.engine().sessions().byId(2));
  }

  @Test
  void aReaderThatNeverReadsHoldsUpItsOwnCommandsOnly() {
    TestServer server = serverWith();
    Client client = server.connect();
    int count = 60_000;
    client.queue(GET.repeat(count) + "INCR n\r\n");
    server.advance(Duration.ofSeconds(10));
    Session session = session(server);
    assertThat(session.connection().pendingBytes()).isBetween(STALL_BYTES, MOST_PENDING_BYTES);
    assertThat(session.isStalled()).isTrue();
    assertThat(session.queryBufferBytes()).isGreaterThan(count / 2 * GET.length());
    assertThat(server.send("EXISTS", "n")).isEqualTo(":0\r\n");

    long received = 0;
    String tail = "";
    while (!tail.endsWith(":1\r\n")) {
      server.advance(A_WHILE);
      String more = client.take();
      assertThat(more).as("after %d bytes", received).isNotEmpty();
      assertThat(session.connection().pendingBytes()).isLessThan(MOST_PENDING_BYTES);
      received += more.length();
      tail = (tail + more).substring(Math.max(0, tail.length() + more.length() - REPLY.length()));
    }
    assertThat(received).isEqualTo((long) count * REPLY.length() + 4);
    assertThat(session.queryBufferBytes()).isZero();
    assertThat(client.send("PING")).isEqualTo("+PONG\r\n");
  }

  /** What is decoded again must not be taken for the rest of the one that has not come whole. */
  @Test
  void aStalledClientMayHaveSentACommandInPart() {
    for (String last : new String[] {GET, "ECHO x\r\n"}) {
      for (int part = 1; part < last.length(); part++) {
        TestServer server = serverWith();
        Client client = server.connect();
        client.queue(GET.repeat(150) + last.substring(0, part));
        server.advance(A_WHILE);
        assertThat(session(server).isStalled()).isTrue();
        assertThat(drained(client)).isEqualTo(150L * REPLY.length());
        assertThat(client.sendRaw(last.substring(part)))
            .isEqualTo(last.equals(GET) ? REPLY : "$1\r\nx\r\n");
      }
    }
  }

  @Test
  void aStalledClientThatHangsUpIsForgotten() {
    TestServer server = serverWith();
    Client client = server.connect();
    client.queue(GET.repeat(5_000) + "INCR n\r\n");
    server.advance(A_WHILE);
    assertThat(session(server).isStalled()).isTrue();
    client.close();
    server.advance(A_WHILE);
    assertThat(server.engine().sessions().count()).isEqualTo(1);
  }

  @Test
  void aStalledClientThatSendsNoMoreHasAllOfItExecuted() {
    TestServer server = serverWith();
    Client client = server.connect();
    client.queue(GET.repeat(5_000) + "INCR n\r\n");
    client.endOutput();
    server.advance(A_WHILE);
    assertThat(session(server).isStalled()).isTrue();
    assertThat(drained(client)).isGreaterThan(4_500L * REPLY.length());
    assertThat(client.isClosed()).isTrue();
    assertThat(server.send("GET", "n")).isEqualTo("$1\r\n1\r\n");
  }

  @Test
  void aStalledClientCanBeKilled() {
    TestServer server = serverWith();
    Client client = server.connect();
    client.queue(GET.repeat(5_000));
    server.advance(A_WHILE);
    assertThat(server.send("CLIENT", "KILL", "ID", "2")).isEqualTo(":1\r\n");
    server.advance(A_WHILE);
    assertThat(server.engine().sessions().count()).isEqualTo(1);
  }

  @Test
  void aPipelineThatWaitsForItsReaderMayExceedTheInputLimit() {
    TestServer server = serverWith("client-query-buffer-limit 1mb");
    Client client = server.connect();
    server.send("SET", "small", "v".repeat(300));
    for (int i = 0; i < 10; i++) {
      client.queue("GET small\r\n".repeat(30_000));
      server.advance(A_WHILE);
    }
    assertThat(session(server).queryBufferBytes()).isGreaterThan(2 << 20);
    assertThat(drained(client)).isEqualTo(300_000L * "$300\r\n\r\n".length() + 300 * 300_000L);
  }

  @Test
  void aStalledClientDoesNotHoldUpTheOthers() {
    TestServer server = serverWith();
    Client stalled = server.connect();
    Client other = server.connect();
    stalled.queue(GET.repeat(3_000));
    other.queue("PING\r\n".repeat(3_000));
    server.advance(A_WHILE);
    assertThat(other.receive()).isEqualTo("+PONG\r\n".repeat(3_000));
    assertThat(drained(stalled)).isEqualTo(3_000L * REPLY.length());
  }

  @Test
  void theHardLimitCutsAtOnce() {
    TestServer server = serverWith("client-output-buffer-limit normal 3mb 0 0");
    Client client = server.connect();
    client.queue(GET.repeat(1_000) + "INCR n\r\n");
    server.advance(A_WHILE);
    assertThat(server.engine().sessions().count()).isEqualTo(1);
    assertThat(server.logLines()).filteredOn(line -> line.endsWith(CLOSED_BY_COMMAND)).hasSize(1);
    assertThat(server.logLines()).anyMatch(line -> line.startsWith("Client id=2 addr="));
    assertThat(server.engine().statistics().outputBufferLimitDisconnections).isEqualTo(1);
    assertThat(server.send("EXISTS", "n")).isEqualTo(":0\r\n");
    // The socket's buffers hold what left before that, and no more comes.
    assertThat(client.receive().length()).isLessThan(3 << 20);
    assertThat(client.isClosed()).isTrue();
  }

  @Test
  void oneReplyAboveTheHardLimitCuts() {
    TestServer server = TestServer.start("client-output-buffer-limit normal 1mb 0 0");
    server.send("SETRANGE", "big", "2097151", "x");
    Client client = server.connect();
    assertThat(client.sendRaw("GET big\r\nINCR n\r\n")).isEmpty();
    assertThat(client.isClosed()).isTrue();
    assertThat(server.send("EXISTS", "n")).isEqualTo(":0\r\n");
  }

  @Test
  void whatIsReadInTimeDoesNotCountForTheHardLimit() {
    TestServer server = serverWith("client-output-buffer-limit normal 3mb 0 0");
    Client client = server.connect();
    for (int i = 0; i < 20; i++) {
      assertThat(client.sendRaw(GET.repeat(100))).hasSize(100 * REPLY.length());
    }
    assertThat(client.isClosed()).isFalse();
  }

  @Test
  void theSoftLimitCutsAfterItsSeconds() {
    TestServer server = serverWith("client-output-buffer-limit normal 0 1mb 5");
    Client client = server.connect();
    client.queue(GET.repeat(300));
    server.advance(Duration.ofMillis(4_900));
    assertThat(server.engine().sessions().count()).isEqualTo(2);
    server.advance(Duration.ofSeconds(2));
    assertThat(server.engine().sessions().count()).isEqualTo(1);
    assertThat(server.logLines()).filteredOn(line -> line.endsWith(CLOSED)).hasSize(1);
  }

  @Test
  void readingInBetweenStartsTheSoftSecondsAnew() {
    TestServer server = serverWith("client-output-buffer-limit normal 0 1mb 5");
    Client client = server.connect();
    for (int i = 0; i < 4; i++) {
      client.queue(GET.repeat(300));
      server.advance(Duration.ofSeconds(4));
      assertThat(drained(client)).isEqualTo(300L * REPLY.length());
    }
    assertThat(client.isClosed()).isFalse();
    assertThat(server.engine().statistics().outputBufferLimitDisconnections).isZero();
  }

  private static long drained(Client client) {
    long total = 0;
    String more;
    do {
      more = client.receive();
      total += more.length();
    } while (!more.isEmpty());
    return total;
  }

  @Test
  void limitsHoldForConnectedClientsWhenTheyAreSet() {
    TestServer server = serverWith();
    Client client = server.connect();
    client.queue(GET.repeat(300));
    server.advance(A_WHILE);
    assertThat(server.send("CONFIG", "SET", "client-output-buffer-limit", "normal 128kb 0 0"))
        .isEqualTo("+OK\r\n");
    server.advance(Duration.ofSeconds(1));
    assertThat(server.engine().sessions().count()).isEqualTo(1);
    drained(client);
    assertThat(client.isClosed()).isTrue();
  }

  @Test
  void repliesThatAreTurnedOffNeverWait() {
    TestServer server = serverWith("client-output-buffer-limit normal 1mb 0 0");
    Client client = server.connect();
    client.queue("CLIENT REPLY OFF\r\n" + GET.repeat(10_000) + "INCR n\r\n");
    server.advance(A_WHILE);
    assertThat(server.send("GET", "n")).isEqualTo("$1\r\n1\r\n");
    assertThat(client.isClosed()).isFalse();
  }
}
