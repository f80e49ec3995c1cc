package io.cinnabar.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.TestServer;
import io.cinnabar.TestServer.Client;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** CLIENT PAUSE, in virtual time. */
final class PauseTest {

  private static final String OK = "+OK\r\n";
  private static final String PONG = "+PONG\r\n";

  private final TestServer server = TestServer.start("enable-debug-command yes");
  private final Client operator = server.connect();
  private final Client client = server.connect();

  private void pause(String... words) {
    String[] all = new String[words.length + 2];
    all[0] = "CLIENT";
    all[1] = "PAUSE";
    System.arraycopy(words, 0, all, 2, words.length);
    assertThat(operator.send(all)).isEqualTo(OK);
  }

  private void millis(int millis) {
    server.advance(Duration.ofMillis(millis));
  }

  @Test
  void allCommandsWaitForItsEnd() {
    pause("100");
    assertThat(client.sendRaw("PING\r\nSET k v\r\nGET k\r\n")).isEmpty();
    millis(99);
    assertThat(client.receive()).isEmpty();
    millis(2);
    assertThat(client.receive()).isEqualTo(PONG + OK + "$1\r\nv\r\n");
    assertThat(client.send("PING")).isEqualTo(PONG);
  }

  @Test
  void theOperatorWaitsToo() {
    pause("100", "ALL");
    assertThat(operator.send("CLIENT", "UNPAUSE")).isEmpty();
    millis(101);
    assertThat(operator.receive()).isEqualTo(OK);
  }

  @Test
  void writesAloneWaitAndWhatComesBehindThem() {
    pause("100", "WRITE");
    assertThat(client.sendRaw("GET k\r\nSET k v\r\nGET k\r\n")).isEqualTo("$-1\r\n");
    assertThat(operator.send("GET", "k")).isEqualTo("$-1\r\n");
    millis(101);
    assertThat(client.receive()).isEqualTo(OK + "$1\r\nv\r\n");
  }

  @Test
  void whatIsRefusedAnywayDoesNotWait() {
    pause("100");
    assertThat(client.sendRaw("NONE\r\n")).startsWith("-ERR unknown command 'NONE'");
    assertThat(client.sendRaw("GET\r\nPING\r\n"))
        .isEqualTo("-ERR wrong number of arguments for 'get' command\r\n");
    Client other = server.connect();
    assertThat(other.sendRaw("*x\r\n")).startsWith("-ERR Protocol error");
    assertThat(other.isClosed()).isTrue();
  }

  @Test
  void whoHasNotLoggedInIsRefusedAtOnce() {
    TestServer closed = TestServer.start("requirepass secret");
    Client in = closed.connect();
    in.send("AUTH", "secret");
    in.send("CLIENT", "PAUSE", "100");
    Client out = closed.connect();
    assertThat(out.send("GET", "k")).isEqualTo("-NOAUTH Authentication required.\r\n");
    assertThat(out.sendRaw("AUTH secret\r\nGET k\r\n")).isEmpty();
    closed.advance(Duration.ofMillis(101));
    assertThat(out.receive()).isEqualTo(OK + "$-1\r\n");
  }

  @Test
  void unpauseEndsItAtOnce() {
    pause("100000", "WRITE");
    assertThat(client.sendRaw("INCR n\r\nINCR n\r\n")).isEmpty();
    assertThat(operator.send("CLIENT", "UNPAUSE")).isEqualTo(OK);
    assertThat(client.receive()).isEqualTo(":1\r\n:2\r\n");
    assertThat(client.send("INCR", "n")).isEqualTo(":3\r\n");
    millis(200_000);
    assertThat(client.send("INCR", "n")).isEqualTo(":4\r\n");
  }

  /** The widest and the longest hold, whichever came first. */
  @Test
  void severalPausesJoin() {
    assertThat(waitedMillis("INCR n", "0")).isZero();
    assertThat(waitedMillis("PING", "800 ALL", "100 WRITE")).isEqualTo(800);
    assertThat(waitedMillis("PING", "800 WRITE", "100 ALL")).isEqualTo(800);
    assertThat(waitedMillis("PING", "100 ALL", "800 WRITE")).isEqualTo(800);
    assertThat(waitedMillis("PING", "800 ALL", "0 ALL")).isEqualTo(800);
    assertThat(waitedMillis("PING", "800 WRITE", "0 ALL")).isEqualTo(800);
    assertThat(waitedMillis("INCR n", "100 WRITE", "700 WRITE")).isEqualTo(700);
    assertThat(waitedMillis("INCR n", "700 WRITE", "100 WRITE")).isEqualTo(700);
    assertThat(waitedMillis("PING", "800 WRITE")).isZero();
  }

  /** How long a command waits after these pauses by a monitor, whose own commands never wait. */
  private int waitedMillis(String command, String... pauses) {
    Client monitor = server.connect();
    monitor.send("MONITOR");
    for (String pause : pauses) {
      assertThat(monitor.sendRaw("CLIENT PAUSE " + pause + "\r\n")).isEqualTo(OK);
    }
    client.queue(command + "\r\n");
    int waited = 0;
    String reply = client.receive();
    while (reply.isEmpty()) {
      millis(1);
      waited++;
      reply = client.receive();
    }
    monitor.close();
    return waited;
  }

  @Test
  void theLongestOfAllPausesIsAsGoodAsForEver() {
    pause("9000000000000000000", "WRITE");
    assertThat(client.send("INCR", "n")).isEmpty();
    millis(1_000_000);
    assertThat(client.receive()).isEmpty();
    operator.send("CLIENT", "UNPAUSE");
    assertThat(client.receive()).isEqualTo(":1\r\n");
    assertThat(operator.send("CLIENT", "PAUSE", String.valueOf(Long.MAX_VALUE)))
        .isEqualTo("-ERR timeout is out of range\r\n");
  }

  @Test
  void clientsGoOnInTheOrderInWhichTheyWereHeld() {
    pause("100");
    List<Client> clients = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      clients.add(server.connect());
    }
    for (int i = 0; i < 50; i++) {
      clients.get(7 * i % 50).sendRaw("APPEND order " + (char) ('0' + 7 * i % 50) + "\r\n");
    }
    millis(101);
    StringBuilder expected = new StringBuilder();
    for (int i = 0; i < 50; i++) {
      expected.append((char) ('0' + 7 * i % 50));
    }
    assertThat(client.send("GET", "order")).isEqualTo("$50\r\n" + expected + "\r\n");
  }

  @Test
  void aPipelineWhoseMiddleIsAPauseStopsBehindIt() {
    assertThat(client.sendRaw("INCR n\r\nCLIENT PAUSE 50\r\nINCR n\r\nINCR n\r\n"))
        .isEqualTo(":1\r\n" + OK);
    millis(51);
    assertThat(client.receive()).isEqualTo(":2\r\n:3\r\n");
  }

  @Test
  void unpauseInTheSameBatchLetsThemGoOn() {
    operator.queue("CLIENT PAUSE 1000 WRITE\r\nINCR n\r\nINCR n\r\n");
    client.queue("CLIENT UNPAUSE\r\nINCR n\r\n");
    server.advance(Duration.ofMillis(1));
    assertThat(client.receive()).isEqualTo(OK + ":1\r\n");
    assertThat(operator.receive()).isEqualTo(OK + ":2\r\n:3\r\n");
  }

  @Test
  void whatComesInPiecesMeanwhileRunsOnce() {
    pause("100");
    client.sendRaw("INCR n\r\nINC");
    client.sendRaw("R n\r\nPI");
    millis(101);
    assertThat(client.receive()).isEqualTo(":1\r\n:2\r\n");
    assertThat(client.sendRaw("NG\r\n")).isEqualTo(PONG);
  }

  @Test
  void theCommandsOfClientsThatGoMeanwhileNeverRun() {
    pause("100", "WRITE");
    Client gone = server.connect();
    Client halfClosed = server.connect();
    gone.sendRaw("INCR n\r\n");
    halfClosed.sendRaw("INCR n\r\n");
    client.sendRaw("INCR n\r\n");
    assertThat(operator.send("INFO", "clients")).contains("blocked_clients:3\r\n");
    gone.close();
    halfClosed.endOutput();
    operator.send("CLIENT", "KILL", client.address());
    assertThat(operator.send("INFO", "clients")).contains("blocked_clients:0\r\n");
    assertThat(halfClosed.isClosed()).isTrue();
    millis(101);
    assertThat(operator.send("EXISTS", "n")).isEqualTo(":0\r\n");
  }

  @Test
  void aHeldClientShowsAsBlockedButCanNotBeUnblocked() {
    pause("100", "WRITE");
    client.sendRaw("GET k\r\nSET k v\r\n");
    assertThat(operator.send("CLIENT", "LIST", "ID", "3"))
        .contains(" flags=b ", " qbuf=9 ", " cmd=set ");
    assertThat(operator.send("CLIENT", "UNBLOCK", "3")).isEqualTo(":0\r\n");
    assertThat(operator.send("CLIENT", "UNBLOCK", "3", "ERROR")).isEqualTo(":0\r\n");
    millis(101);
    assertThat(operator.send("CLIENT", "LIST", "ID", "3")).contains(" flags=N ", " qbuf=0 ");
  }

  @Test
  void heldClientsAreNotIdle() {
    server.send("CONFIG", "SET", "timeout", "1");
    pause("5000", "WRITE");
    client.sendRaw("SET k v\r\n");
    millis(4_000);
    assertThat(client.isClosed()).isFalse();
    millis(1_100);
    assertThat(client.receive()).isEqualTo(OK);
    millis(3_000);
    assertThat(client.isClosed()).isTrue();
  }

  @Test
  void statisticsCountACommandWhenItRuns() {
    pause("100", "WRITE");
    client.sendRaw("SET k v\r\n");
    assertThat(operator.send("INFO", "commandstats")).doesNotContain("cmdstat_set:");
    millis(101);
    assertThat(operator.send("INFO", "commandstats")).contains("cmdstat_set:calls=1,");
  }

  @Test
  void whatHasExpiredIsHiddenButStays() {
    server.send("SET", "a", "1", "PX", "10");
    server.send("SET", "b", "1", "PX", "10");
    pause("1000", "WRITE");
    millis(500);
    assertThat(operator.sendRaw("GET a\r\nEXISTS a b\r\nTTL b\r\nKEYS *\r\nDBSIZE\r\n"))
        .isEqualTo("$-1\r\n:0\r\n:-2\r\n*0\r\n:2\r\n");
    assertThat(operator.send("RANDOMKEY")).isIn("$1\r\na\r\n", "$1\r\nb\r\n");
    assertThat(server.engine().statistics().expiredKeys).isZero();
    millis(1_000);
    assertThat(operator.send("DBSIZE")).isEqualTo(":0\r\n");
    assertThat(server.engine().statistics().expiredKeys).isEqualTo(2);
  }

  @Test
  void inputBeyondTheLimitCutsAHeldClient() {
    server.send("CONFIG", "SET", "client-query-buffer-limit", "1mb");
    pause("100", "ALL");
    client.queue("INCR n\r\n".repeat(200_000));
    millis(1);
    assertThat(client.isClosed()).isTrue();
    millis(100);
    assertThat(operator.send("EXISTS", "n")).isEqualTo(":0\r\n");
  }

  @Test
  void manyHeldClientsCostNoMoreThanTheirTurns() {
    pause("100");
    List<Client> clients = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      clients.add(server.connect());
      clients.get(i).queue("INCR n\r\nINCR n\r\n");
    }
    millis(50);
    for (int i = 0; i < 2_000; i += 2) {
      clients.get(i).abandon();
    }
    millis(60);
    assertThat(operator.send("GET", "n")).isEqualTo("$4\r\n2000\r\n");
    assertThat(server.engine().pause().heldCount()).isZero();
  }
}
