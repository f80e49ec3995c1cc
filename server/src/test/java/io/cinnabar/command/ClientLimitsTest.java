package io.cinnabar.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.TestServer;
import io.cinnabar.TestServer.Client;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who is let in, who is turned away, and who is closed. */
final class ClientLimitsTest {

  private static final String OK = "+OK\r\n";
  private static final String PONG = "+PONG\r\n";
  private static final String NOT_LOGGED_IN = "-NOAUTH Authentication required.\r\n";
  private static final String ELSEWHERE = "192.0.2.7:1234";

  @Test
  void tooManyClientsAreTurnedAway() {
    TestServer server = TestServer.start("maxclients 3");
    Client second = server.connect();
    server.connect();
    Client fourth = server.connect();
    assertThat(fourth.receive()).isEqualTo("-ERR max number of clients reached\r\n");
    assertThat(fourth.isClosed()).isTrue();
    assertThat(server.engine().statistics().connectionsRejected).isEqualTo(1);
    assertThat(server.engine().statistics().connectionsReceived).isEqualTo(3);
    second.close();
    assertThat(server.connect().send("PING")).isEqualTo(PONG);
    assertThat(server.connect().receive()).startsWith("-ERR max number of clients");
  }

  /** The virtual machine lets the process open 20,064 files. */
  @Test
  void noMoreClientsAreAllowedThanFilesCanBeOpened() {
    TestServer server = TestServer.start("maxclients 30000");
    assertThat(server.send("CONFIG", "GET", "maxclients")).contains("20000");
    assertThat(server.engine().settings().maxClients).isEqualTo(20_000);
    assertThat(server.logLines())
        .anyMatch(line -> line.contains("maxclients has been reduced to 20000"));
    assertThat(server.send("CONFIG", "SET", "maxclients", "20001"))
        .isEqualTo(
            "-ERR CONFIG SET failed (possibly related to argument 'maxclients') - The operating"
                + " system is not able to handle the specified number of clients, try with"
                + " 20000\r\n");
    assertThat(server.engine().settings().maxClients).isEqualTo(20_000);
    assertThat(server.send("CONFIG", "SET", "maxclients", "19999")).isEqualTo("+OK\r\n");
  }

  @Test
  void aFailingAcceptIsLoggedOnceAMinute() {
    TestServer server = TestServer.start();
    Sessions sessions = server.engine().sessions();
    for (int second = 0; second < 70; second++) {
      sessions.failed("accept: Too many open files");
      server.advance(Duration.ofSeconds(1));
    }
    assertThat(server.logLines())
        .filteredOn(line -> line.startsWith("Accepting client connection: accept: Too many"))
        .hasSize(2);
  }

  @Test
  void protectedModeTurnsOthersThanTheMachineItselfAway() {
    TestServer server = TestServer.start();
    Client denied = server.connect(ELSEWHERE);
    assertThat(denied.receive())
        .startsWith("-DENIED Redis is running in protected mode because protected mode is enabled")
        .endsWith("accepting connections from the outside.\r\n");
    assertThat(denied.isClosed()).isTrue();
    assertThat(server.engine().statistics().connectionsRejected).isEqualTo(1);

    server.send("CONFIG", "SET", "protected-mode", "no");
    assertThat(server.connect(ELSEWHERE).send("PING")).isEqualTo(PONG);
    server.send("CONFIG", "SET", "protected-mode", "yes");
    assertThat(server.connect(ELSEWHERE).receive()).startsWith("-DENIED ");
    assertThat(server.connect("[::1]:1234").send("PING")).isEqualTo(PONG);
    server.send("CONFIG", "SET", "requirepass", "secret");
    assertThat(server.connect(ELSEWHERE).send("PING")).isEqualTo(NOT_LOGGED_IN);
  }

  @Test
  void whatATurnedAwayClientSendsIsNotExecuted() {
    TestServer server = TestServer.start();
    Client denied = server.connect(ELSEWHERE);
    denied.sendRaw("SET key value\r\n");
    assertThat(server.send("EXISTS", "key")).isEqualTo(":0\r\n");
  }

  @Test
  void postAndHostCloseWithoutAnAnswerAndAreLoggedOnceAMinute() {
    TestServer server = TestServer.start();
    Client browser = server.connect();
    assertThat(browser.sendRaw("INCR n\r\nPOST / HTTP/1.1\r\nHost: x\r\nINCR n\r\n")).isEmpty();
    assertThat(browser.isClosed()).isTrue();
    assertThat(attacksLogged(server)).isEqualTo(1);
    assertThat(server.logLines())
        .anyMatch(line -> line.endsWith("Connection from " + browser.address() + " aborted."));
    assertThat(server.send("GET", "n")).isEqualTo("$1\r\n1\r\n");

    server.advance(Duration.ofSeconds(59));
    Client another = server.connect();
    assertThat(another.sendRaw("hOST: localhost\r\n")).isEmpty();
    assertThat(another.isClosed()).isTrue();
    assertThat(attacksLogged(server)).isEqualTo(1);

    server.advance(Duration.ofSeconds(2));
    server.connect().sendRaw("post\r\n");
    assertThat(attacksLogged(server)).isEqualTo(2);
  }

  @Test
  void aHandshakeOfTlsIsRefusedAndLoggedOnceAMinute() {
    TestServer server = TestServer.start();
    Client client = server.connect();
    assertThat(client.sendRaw("INCR n\r\n\u0016\u0003\u0001\u0002\u0000INCR n\r\n"))
        .isEqualTo(":1\r\n-ERR Protocol error: TLS handshake on a port without TLS\r\n");
    assertThat(client.isClosed()).isTrue();
    String line = "Error accepting a client connection: TLS handshake on a port without TLS (addr=";
    assertThat(server.logLines().stream().filter(each -> each.startsWith(line))).hasSize(1);
    server.connect().sendRaw("\u0016\u0003");
    assertThat(server.logLines().stream().filter(each -> each.startsWith(line))).hasSize(1);
  }

  private static long attacksLogged(TestServer server) {
    return server.logLines().stream()
        .filter(line -> line.startsWith("Possible SECURITY ATTACK detected."))
        .count();
  }

  @Test
  void eachOfManyIdleClientsIsClosed() {
    TestServer server = TestServer.start("timeout 10");
    List<Client> clients = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      clients.add(server.connect());
    }
    for (int i = 0; i < 200; i += 3) {
      clients.get(i).close();
    }
    server.advance(Duration.ofSeconds(9));
    for (int i = 1; i < 200; i += 3) {
      clients.get(i).send("PING");
    }
    assertThat(server.engine().sessions().count()).isEqualTo(1 + 200 - 67);
    server.advance(Duration.ofSeconds(4));
    for (int i = 1; i < 200; i += 3) {
      assertThat(clients.get(i).isClosed()).isFalse();
      assertThat(clients.get(i + 1 < 200 ? i + 1 : 2).isClosed()).isTrue();
    }
    server.advance(Duration.ofSeconds(10));
    assertThat(server.engine().sessions().count()).isZero();
    assertThat(server.engine().sessions().approximateMemoryBytes()).isZero();
  }

  @Test
  void idleClientsAreClosedAfterTheTimeout() {
    TestServer server = TestServer.start("timeout 10");
    Client idle = server.connect();
    Client busy = server.connect();
    for (int i = 0; i < 15; i++) {
      assertThat(idle.isClosed()).as("after %d s", i).isEqualTo(i > 10);
      server.advance(Duration.ofSeconds(1));
      assertThat(busy.send("PING")).isEqualTo(PONG);
    }
    assertThat(busy.isClosed()).isFalse();
    assertThat(server.logLines()).contains("Closing idle client");
  }

  @Test
  void theTimeoutIsOffUnlessItIsSet() {
    TestServer server = TestServer.start();
    Client idle = server.connect();
    server.advance(Duration.ofHours(3));
    assertThat(idle.send("PING")).isEqualTo(PONG);
    server.send("CONFIG", "SET", "timeout", "3600");
    server.advance(Duration.ofMinutes(59));
    assertThat(idle.isClosed()).isFalse();
    server.advance(Duration.ofMinutes(2));
    assertThat(idle.isClosed()).isTrue();
  }

  @Test
  void inputBeyondTheLimitClosesTheClient() {
    TestServer server = TestServer.start("client-query-buffer-limit 1mb");
    Client client = server.connect();
    client.queue("*3\r\n$3\r\nSET\r\n$3\r\nkey\r\n$2000000\r\n" + "x".repeat(2_000_000));
    server.advance(Duration.ofMillis(1));
    assertThat(client.receive()).isEmpty();
    assertThat(client.isClosed()).isTrue();
    assertThat(server.engine().statistics().queryBufferLimitDisconnections).isEqualTo(1);
    assertThat(server.logLines())
        .anyMatch(
            line ->
                line.startsWith("Closing client that reached max query buffer length: id=2 addr="));
    assertThat(server.send("EXISTS", "key")).isEqualTo(":0\r\n");
  }

  @Test
  void inputThatIsExecutedDoesNotCountForTheLimit() {
    TestServer server = TestServer.start("client-query-buffer-limit 1mb");
    Client client = server.connect();
    String set = "*3\r\n$3\r\nSET\r\n$3\r\nkey\r\n$900000\r\n" + "x".repeat(900_000) + "\r\n";
    client.queue(set.repeat(5));
    server.advance(Duration.ofMillis(1));
    assertThat(client.receive()).isEqualTo(OK.repeat(5));
  }

  /** A client needs the password if one was set when it connected, and is still, or again. */
  @Test
  void aPasswordThatIsSetHoldsForThoseWhoConnectLater() {
    TestServer server = TestServer.start();
    Client before = server.connect();
    assertThat(server.send("CONFIG", "SET", "requirepass", "secret")).isEqualTo(OK);
    assertThat(before.send("PING")).isEqualTo(PONG);
    Client during = server.connect();
    Client loggedIn = server.connect();
    assertThat(during.send("PING")).isEqualTo(NOT_LOGGED_IN);
    assertThat(loggedIn.send("AUTH", "secret")).isEqualTo(OK);

    server.send("CONFIG", "SET", "requirepass", "other");
    assertThat(loggedIn.send("PING")).isEqualTo(PONG);
    assertThat(during.send("AUTH", "secret")).startsWith("-WRONGPASS ");

    server.send("CONFIG", "SET", "requirepass", "");
    Client after = server.connect();
    assertThat(during.send("PING")).isEqualTo(PONG);
    server.send("CONFIG", "SET", "requirepass", "again");
    assertThat(during.send("PING")).isEqualTo(NOT_LOGGED_IN);
    assertThat(after.send("PING")).isEqualTo(PONG);
    assertThat(loggedIn.send("PING")).isEqualTo(PONG);
  }

  @Test
  void aPasswordSetInAPipelineHoldsForItsOtherClientsAtOnce() {
    TestServer server = TestServer.start("requirepass old");
    Client operator = server.connect();
    operator.send("AUTH", "old");
    Client other = server.connect();
    operator.queue("CONFIG SET requirepass \"\"\r\nCONFIG SET requirepass new\r\n");
    other.queue("AUTH old\r\nPING\r\nAUTH new\r\nPING\r\n");
    server.advance(Duration.ofMillis(1));
    assertThat(other.receive())
        .isEqualTo(
            "-WRONGPASS invalid username-password pair or user is disabled.\r\n"
                + NOT_LOGGED_IN
                + OK
                + PONG);
  }
}
