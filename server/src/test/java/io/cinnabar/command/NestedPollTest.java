package io.cinnabar.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.TestServer;
import io.cinnabar.TestServer.Client;
import io.cinnabar.host.Network;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What arrives while a command waits, here DEBUG SLEEP, which polls the network itself. */
final class NestedPollTest {

  private static final String OK = "+OK\r\n";
  private static final String PONG = "+PONG\r\n";
  private static final Duration A_WHILE = Duration.ofMillis(1);

  private final TestServer server = TestServer.start("enable-debug-command yes");
  private final Client client = server.connect();

  /** Has something happen in the poll after the next: the first one inside the command. */
  private void meanwhile(Runnable event) {
    Network network = server.engine().host().network();
    network.post(() -> network.post(event));
  }

  private static String set(String key, String value) {
    return "*3\r\n$3\r\nSET\r\n$%d\r\n%s\r\n$%d\r\n%s\r\n"
        .formatted(key.length(), key, value.length(), value);
  }

  @Test
  void commandsThatAreDecodedStayIntactWhileMoreComes() {
    Client other = server.connect();
    String big = "b".repeat(300_000);
    client.queue("DEBUG SLEEP 1\r\n" + set("a", "first") + set("b", "second") + "GET a\r\n");
    meanwhile(
        () -> {
          other.queue(set("big", big) + "GET b\r\n");
          client.queue(set("c", big) + "STRLEN c\r\n");
        });
    server.advance(Duration.ofMillis(1_100));
    assertThat(client.receive()).isEqualTo(OK + OK + OK + "$5\r\nfirst\r\n" + OK + ":300000\r\n");
    assertThat(other.receive()).isEqualTo(OK + "$6\r\nsecond\r\n");
    assertThat(server.send("GET", "big").equals("$300000\r\n" + big + "\r\n")).isTrue();
  }

  @Test
  void aCommandThatIsCutInTwoByTheWaitIsExecutedOnce() {
    client.queue("DEBUG SLEEP 1\r\nINCR n\r\nINC");
    meanwhile(() -> client.queue("R n\r\n"));
    server.advance(Duration.ofMillis(1_100));
    assertThat(client.receive()).isEqualTo(OK + ":1\r\n:2\r\n");
  }

  @Test
  void whoHangsUpMeanwhileHasItsPipelineExecuted() {
    Client other = server.connect();
    client.queue("DEBUG SLEEP 1\r\n" + "INCR n\r\n".repeat(1_000));
    other.queue("INCR m\r\n");
    meanwhile(client::abandon);
    server.advance(Duration.ofMillis(1_100));
    assertThat(server.send("GET", "n")).isEqualTo("$4\r\n1000\r\n");
    assertThat(other.receive()).isEqualTo(":1\r\n");
    assertThat(server.engine().sessions().count()).isEqualTo(2);
  }

  @Test
  void anotherClientsBatchSurvivesItsHangingUpMeanwhile() {
    Client other = server.connect();
    client.queue("DEBUG SLEEP 1\r\nINCR n\r\n");
    other.queue("INCR n\r\n".repeat(10));
    meanwhile(other::abandon);
    server.advance(Duration.ofMillis(1_100));
    assertThat(client.receive()).isEqualTo(OK + ":1\r\n");
    assertThat(server.send("GET", "n")).isEqualTo("$2\r\n11\r\n");
    assertThat(server.engine().sessions().count()).isEqualTo(2);
  }

  @Test
  void aStalledClientThatReadsMeanwhileGetsEveryReplyOnce() {
    server.send("SETRANGE", "key", "9999", "x");
    Client reader = server.connect();
    reader.queue("GET key\r\n".repeat(150) + "DEBUG SLEEP 0.001\r\nINCR n\r\n".repeat(50));
    reader.queue("GET key\r\n".repeat(150));
    client.queue("DEBUG SLEEP 0.002\r\n".repeat(50));
    long total = 0;
    for (int i = 0; i < 100; i++) {
      total += reader.take().length();
      server.advance(A_WHILE);
    }
    String replies = OK + ":1\r\n";
    long counters = 9L * replies.length() + 41L * (replies.length() + 1);
    assertThat(total).isEqualTo(300L * (10_000 + 10) + counters);
    assertThat(client.receive()).isEqualTo(OK.repeat(50));
  }

  @Test
  void timeStandsStillInACommandAndGoesOnBehindIt() {
    server.send("SET", "key", "value", "PX", "500");
    client.queue("GET key\r\nDEBUG SLEEP 1\r\nGET key\r\n");
    server.advance(Duration.ofMillis(1_100));
    assertThat(client.receive()).isEqualTo("$5\r\nvalue\r\n" + OK + "$-1\r\n");
  }

  @Test
  void inputBeyondTheLimitDuringTheWaitClosesOnlyItsSender() {
    TestServer small =
        TestServer.start("enable-debug-command yes", "client-query-buffer-limit 1mb");
    Client sleeper = small.connect();
    Client flood = small.connect();
    sleeper.queue("DEBUG SLEEP 1\r\nPING\r\n");
    flood.queue("INCR n\r\n".repeat(200_000));
    small.advance(Duration.ofMillis(1_100));
    assertThat(sleeper.receive()).isEqualTo(OK + PONG);
    assertThat(flood.isClosed()).isTrue();
    assertThat(small.engine().sessions().count()).isEqualTo(2);
  }
}
