package io.cinnabar.family;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.TestServer;
import io.cinnabar.TestServer.Client;
import io.cinnabar.command.Followed;
import io.cinnabar.command.Session;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What of transactions shows only inside the server: units, memory, time, clients that leave. */
final class TransactionCommandsTest {

  private static final String OK = "+OK\r\n";
  private static final String QUEUED = "+QUEUED\r\n";

  private final TestServer server = TestServer.start("enable-debug-command yes");
  private final Client client = server.connect();
  private final Client other = server.connect();

  private void queue(String... commands) {
    assertThat(client.send("MULTI")).isEqualTo(OK);
    for (String command : commands) {
      assertThat(client.send(command.split(" ", -1))).as(command).isEqualTo(QUEUED);
    }
  }

  private Session session() {
    return server.engine().sessions().all().stream()
        .filter(each -> each.connection().remoteAddress().equals(client.address()))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void followersGetOneUnit() {
    Followed followed = Followed.by(server);
    queue("SET a 1", "GET a", "INCR a", "SELECT 1", "SPOP nosuch", "LPUSH a x", "SELECT 0");
    client.send("EXEC");
    assertThat(followed.take()).containsExactly("0 SET a 1; 0 INCR a; 1 LPUSH a x");
    queue("GET a", "PING");
    client.send("EXEC");
    assertThat(followed.take()).isEmpty();
    queue("INCR a", "SET a x", "INCR a");
    client.send("EXEC");
    assertThat(followed.take()).containsExactly("0 INCR a; 0 SET a x");
  }

  @Test
  void timeStandsStillInside() {
    queue("PSETEX a 10 v", "DEBUG SLEEP 0.1", "GET a", "PTTL a");
    assertThat(client.send("EXEC")).isEqualTo("*4\r\n+OK\r\n+OK\r\n$1\r\nv\r\n:10\r\n");
    assertThat(client.send("GET", "a")).isEqualTo("$-1\r\n");
  }

  @Test
  void queuesCountAsMemoryOfTheirClient() {
    long before = session().memoryBytes();
    String value = "v".repeat(10_000);
    queue("SET a " + value, "SET b " + value);
    assertThat(session().memoryBytes() - before).isBetween(20_000L, 22_000L);
    client.send("DISCARD");
    assertThat(session().memoryBytes()).isEqualTo(before);
    client.send("WATCH", "a", "b", "c");
    assertThat(session().memoryBytes()).isGreaterThan(before);
    client.send("UNWATCH");
    assertThat(session().memoryBytes()).isEqualTo(before);
  }

  @Test
  void aClientWithTooLargeAQueueIsEvicted() {
    TestServer limited = TestServer.start("maxmemory-clients 1mb");
    Client greedy = limited.connect();
    greedy.send("MULTI");
    for (int i = 0; i < 200 && !greedy.isClosed(); i++) {
      greedy.send("SET", "k", "v".repeat(10_000));
    }
    assertThat(greedy.isClosed()).isTrue();
    assertThat(limited.send("DBSIZE")).isEqualTo(":0\r\n");
  }

  @Test
  void anAbortedQueueKeepsNothingMore() {
    client.send("MULTI");
    client.send("NOSUCH");
    long before = session().memoryBytes();
    for (int i = 0; i < 100; i++) {
      assertThat(client.send("SET", "a", "v".repeat(1000))).isEqualTo(QUEUED);
    }
    assertThat(session().memoryBytes()).isEqualTo(before);
  }

  @Test
  void aHundredThousandCommandsRunAsOne() {
    StringBuilder queue = new StringBuilder("MULTI\r\n");
    for (int i = 0; i < 100_000; i++) {
      queue.append("INCR a\r\n");
    }
    assertThat(client.sendRaw(queue.toString())).startsWith(OK).endsWith(QUEUED);
    String replies = client.send("EXEC");
    assertThat(replies).startsWith("*100000\r\n:1\r\n:2\r\n").endsWith(":99999\r\n:100000\r\n");
    assertThat(replies.lines().count()).isEqualTo(100_001);
  }

  @Test
  void whoLeavesWatchesNothingAnyMore() {
    client.send("WATCH", "a", "b");
    queue("SET a 1");
    client.close();
    assertThat(server.send("SET", "a", "2")).isEqualTo(OK);
    assertThat(server.engine().watches().isEmpty()).isTrue();
    assertThat(server.send("GET", "a")).isEqualTo("$1\r\n2\r\n");
  }

  @Test
  void manyWatchOneKeyAndEachHearsOfIt() {
    Client[] clients = new Client[100];
    for (int i = 0; i < clients.length; i++) {
      clients[i] = server.connect();
      clients[i].send("WATCH", "a", "key" + i);
      clients[i].send("MULTI");
    }
    clients[50].send("RESET");
    server.send("SET", "key7", "x");
    server.send("SET", "a", "1");
    assertThat(server.engine().watches().isEmpty()).isTrue();
    for (int i = 0; i < clients.length; i++) {
      String reply = i == 50 ? "-ERR EXEC without MULTI\r\n" : "*-1\r\n";
      assertThat(clients[i].send("EXEC")).isEqualTo(reply);
    }
  }

  @Test
  void aWatchedKeyThatIsEvictedOrExpiresIsAChange() {
    client.send("SET", "a", "1", "PX", "1000");
    client.send("WATCH", "a");
    server.advance(Duration.ofSeconds(2));
    assertThat(server.send("DBSIZE")).isEqualTo(":0\r\n");
    queue("PING");
    assertThat(client.send("EXEC")).isEqualTo("*-1\r\n");
    client.send("SET", "a", "1");
    client.send("WATCH", "a");
    other.send("CONFIG", "SET", "maxmemory-policy", "allkeys-random", "maxmemory", "1");
    other.send("SET", "b", "2");
    assertThat(server.send("DBSIZE")).isEqualTo(":0\r\n");
    other.send("CONFIG", "SET", "maxmemory", "0");
    queue("PING");
    assertThat(client.send("EXEC")).isEqualTo("*-1\r\n");
  }

  @Test
  void aClientKilledByItsOwnTransactionStillRunsIt() {
    queue("CLIENT KILL ID " + session().id() + " SKIPME no", "SET a 1");
    client.send("EXEC");
    assertThat(client.isClosed()).isTrue();
    assertThat(server.send("GET", "a")).isEqualTo("$1\r\n1\r\n");
  }

  @Test
  void theSlowLogShowsWhatWasSlowInside() {
    server.send("CONFIG", "SET", "slowlog-log-slower-than", "50000");
    queue("PING", "DEBUG SLEEP 0.1");
    client.send("EXEC");
    assertThat(server.send("SLOWLOG", "LEN")).isEqualTo(":1\r\n");
    assertThat(server.send("SLOWLOG", "GET")).contains("SLEEP").doesNotContain("EXEC");
  }
}
