package io.cinnabar.family;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.TestServer;
import io.cinnabar.TestServer.Client;
import io.cinnabar.command.ReplicaAcks;
import io.cinnabar.virtual.VirtualHost;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** WAIT and WAITAOF, beside replicas that a test makes up, and a disk that it stalls. */
final class WaitCommandsTest {

  private static final String OK = "+OK\r\n";
  private static final String PONG = "+PONG\r\n";
  private static final String NO_AOF =
      "-ERR WAITAOF cannot be used when numlocal is set but appendonly is disabled.\r\n";

  private final Replicas replicas = new Replicas();
  private TestServer server = TestServer.start();
  private Client first = server.connect();
  private Client second = server.connect();

  /** Two replicas, and a stream that grows by one with each change. */
  private static final class Replicas implements ReplicaAcks {
    final long[] acknowledged = new long[2];
    final long[] synced = new long[2];
    long position;
    int asked;
    boolean isReplica;

    @Override
    public boolean isReplica() {
      return isReplica;
    }

    @Override
    public long position() {
      return position;
    }

    @Override
    public int acknowledged(long at) {
      return count(acknowledged, at);
    }

    @Override
    public int synced(long at) {
      return count(synced, at);
    }

    private static int count(long[] positions, long at) {
      return (positions[0] >= at ? 1 : 0) + (positions[1] >= at ? 1 : 0);
    }

    @Override
    public long acknowledgedBy(int count, boolean isOnDisk) {
      return 0;
    }

    @Override
    public void ask() {
      asked++;
    }
  }

  @BeforeEach
  void follow() {
    server.engine().sessions().positionWaits().replicas(replicas);
    server.engine().unit().listen(change -> replicas.position++);
  }

  /** Starts a server with an append-only file, whose disk does nothing until it is told to. */
  private void startWithFile(String policy) {
    server =
        TestServer.startOn(new VirtualHost(1), "appendonly yes", "appendfsync " + policy, "hz 100");
    first = server.connect();
    second = server.connect();
    follow();
  }

  private void acknowledge(int replica, long position) {
    replicas.acknowledged[replica] = position;
    server.engine().sessions().positionWaits().acknowledged();
  }

  private void sync(int replica, long position) {
    replicas.synced[replica] = position;
    server.engine().sessions().positionWaits().acknowledged();
  }

  private void millis(long millis) {
    server.advance(Duration.ofMillis(millis));
  }

  private String id(Client client) {
    return client.send("CLIENT", "ID").substring(1).trim();
  }

  private static String both(int local, int replicated) {
    return "*2\r\n:" + local + "\r\n:" + replicated + "\r\n";
  }

  // ---- WAIT

  @Test
  void whoHasWrittenNothingHasNothingToWaitFor() {
    second.send("SET", "k", "v");
    assertThat(first.send("WAIT", "2", "0")).isEqualTo(":2\r\n");
    assertThat(first.send("WAIT", "-5", "0")).isEqualTo(":2\r\n");
    assertThat(replicas.asked).isZero();
  }

  @Test
  void waitEndsWhenSoManyReplicasAreThere() {
    first.send("SET", "k", "v");
    assertThat(first.sendRaw("WAIT 1 0\r\nPING\r\n")).isEmpty();
    assertThat(replicas.asked).isEqualTo(1);
    millis(100_000);
    assertThat(first.take()).isEmpty();
    acknowledge(1, replicas.position);
    assertThat(first.receive()).isEqualTo(":1\r\n" + PONG);
    assertThat(first.send("WAIT", "1", "0")).isEqualTo(":1\r\n");
    assertThat(first.send("WAIT", "2", "50")).isEmpty();
    acknowledge(0, replicas.position);
    assertThat(first.receive()).isEqualTo(":2\r\n");
  }

  @Test
  void eachWaitsForItsOwnLastWrite() {
    first.send("SET", "k", "1");
    second.send("SET", "k", "2");
    first.send("GET", "k");
    assertThat(first.send("WAIT", "1", "0") + second.send("WAIT", "1", "0")).isEmpty();
    acknowledge(0, 1);
    assertThat(first.receive()).isEqualTo(":1\r\n");
    assertThat(second.receive()).isEmpty();
    acknowledge(0, 2);
    assertThat(second.receive()).isEqualTo(":1\r\n");
  }

  @Test
  void aTransactionIsAWriteAsAWhole() {
    first.sendRaw("MULTI\r\nSET k v\r\nGET k\r\nEXEC\r\n");
    assertThat(first.send("WAIT", "1", "0")).isEmpty();
    acknowledge(0, replicas.position);
    assertThat(first.receive()).isEqualTo(":1\r\n");
  }

  @Test
  void aWriteThatABlockedClientMakesIsItsOwn() {
    first.send("BLPOP", "list", "0");
    second.send("RPUSH", "list", "a");
    first.take();
    assertThat(first.send("WAIT", "1", "0")).isEmpty();
    acknowledge(0, 1);
    assertThat(first.receive()).isEmpty();
    acknowledge(0, 2);
    assertThat(first.receive()).isEqualTo(":1\r\n");
  }

  @Test
  void whenTheTimeIsOverTheReplyIsWhatThereIs() {
    first.send("SET", "k", "v");
    acknowledge(0, replicas.position);
    assertThat(first.send("WAIT", "2", "100")).isEmpty();
    millis(99);
    assertThat(first.take()).isEmpty();
    millis(2);
    assertThat(first.receive()).isEqualTo(":1\r\n");
  }

  @Test
  void insideATransactionNobodyWaits() {
    first.send("SET", "k", "v");
    assertThat(first.sendRaw("MULTI\r\nWAIT 1 0\r\nWAITAOF 0 1 0\r\nEXEC\r\n"))
        .isEqualTo(OK + "+QUEUED\r\n+QUEUED\r\n*2\r\n:0\r\n" + both(0, 0));
  }

  @Test
  void othersEndAWait() {
    String id = id(first);
    first.send("SET", "k", "v");
    first.queue("WAIT 1 0\r\nPING\r\n");
    first.receive();
    assertThat(second.send("CLIENT", "UNBLOCK", id)).isEqualTo(":1\r\n");
    assertThat(first.receive()).isEqualTo(":0\r\n" + PONG);
    first.queue("WAIT 1 0\r\nPING\r\n");
    first.receive();
    assertThat(second.send("CLIENT", "UNBLOCK", id, "ERROR")).isEqualTo(":1\r\n");
    assertThat(first.receive())
        .isEqualTo("-UNBLOCKED client unblocked via CLIENT UNBLOCK\r\n" + PONG);
    first.send("WAIT", "1", "0");
    assertThat(second.send("CLIENT", "KILL", "ID", id)).isEqualTo(":1\r\n");
    assertThat(first.isClosed()).isTrue();
    acknowledge(0, replicas.position);
    millis(10);
    assertThat(server.engine().blockedClients().count()).isZero();
  }

  @Test
  void whatComesBehindAWaitRunsBehindIt() {
    first.send("SET", "k", "v");
    assertThat(first.sendRaw("WAIT 1 0\r\nRESET\r\nQUIT\r\n")).isEmpty();
    acknowledge(0, replicas.position);
    assertThat(first.receive()).isEqualTo(":1\r\n+RESET\r\n" + OK);
    assertThat(first.isClosed()).isTrue();
  }

  @Test
  void whoLeavesIsForgotten() {
    first.send("SET", "k", "v");
    first.send("WAIT", "1", "0");
    first.abandon();
    millis(10);
    assertThat(server.engine().blockedClients().count()).isZero();
    acknowledge(0, replicas.position);
    assertThat(second.send("PING")).isEqualTo(PONG);
  }

  @Test
  void itShows() {
    first.send("SET", "k", "v");
    String id = id(first);
    first.send("WAIT", "1", "1000");
    assertThat(second.send("CLIENT", "LIST", "ID", id)).contains(" flags=b ", " cmd=wait ");
    assertThat(second.send("INFO", "clients"))
        .contains(
            "blocked_clients:1\r\n", "clients_in_timeout_table:1\r\n", "total_blocking_keys:0\r\n");
    acknowledge(0, replicas.position);
    first.receive();
    assertThat(second.send("INFO", "clients"))
        .contains("blocked_clients:0\r\n", "clients_in_timeout_table:0\r\n");
    assertThat(second.send("INFO", "commandstats")).contains("cmdstat_wait:calls=1,");
  }

  @Test
  void aReplicaHasNobodyToWaitFor() {
    replicas.isReplica = true;
    assertThat(first.send("WAIT", "x", "x"))
        .isEqualTo(
            "-ERR WAIT cannot be used with replica instances. Please also note that since Redis 4.0"
                + " if a replica is configured to be writable (which is not the default) writes to"
                + " replicas are just local and are not propagated.\r\n");
    assertThat(first.send("WAITAOF", "1", "0", "0"))
        .isEqualTo(
            "-ERR WAITAOF cannot be used with replica instances. Please also note that writes to"
                + " replicas are just local and are not propagated.\r\n");
  }

  // ---- WAITAOF

  @Test
  void badArguments() {
    String range = "-ERR value is out of range, value must between 0 and 1\r\n";
    String positive = "-ERR value is out of range, must be positive\r\n";
    assertThat(first.send("WAITAOF", "x", "0", "0"))
        .isEqualTo("-ERR value is not an integer or out of range\r\n");
    assertThat(first.send("WAITAOF", "2", "x", "x")).isEqualTo(range);
    assertThat(first.send("WAITAOF", "-1", "0", "0")).isEqualTo(range);
    assertThat(first.send("WAITAOF", "1", "x", "x")).isEqualTo(positive);
    assertThat(first.send("WAITAOF", "1", "-1", "x")).isEqualTo(positive);
    assertThat(first.send("WAITAOF", "1", "0", "x"))
        .isEqualTo("-ERR timeout is not an integer or out of range\r\n");
    assertThat(first.send("WAITAOF", "1", "0", "-1")).isEqualTo("-ERR timeout is negative\r\n");
    assertThat(first.send("WAITAOF", "1", "0", "0")).isEqualTo(NO_AOF);
  }

  @Test
  void withoutAFileOnlyReplicasCount() {
    assertThat(first.send("WAITAOF", "0", "0", "0")).isEqualTo(both(0, 2));
    first.send("SET", "k", "v");
    assertThat(first.send("WAITAOF", "0", "0", "0")).isEqualTo(both(0, 0));
    assertThat(first.send("WAITAOF", "0", "1", "0")).isEmpty();
    acknowledge(0, replicas.position);
    assertThat(first.receive()).isEmpty();
    sync(1, replicas.position);
    assertThat(first.receive()).isEqualTo(both(0, 1));
  }

  @Test
  void waitaofEndsWhenTheDiskHasIt() {
    startWithFile("everysec");
    assertThat(first.send("WAITAOF", "1", "0", "0")).isEqualTo(both(1, 2));
    server.host().disk().stall(true);
    first.send("SET", "k", "v");
    assertThat(first.send("WAITAOF", "1", "0", "0")).isEmpty();
    assertThat(second.send("WAITAOF", "1", "0", "0")).isEqualTo(both(1, 2));
    millis(3000);
    assertThat(first.take()).isEmpty();
    server.host().disk().stall(false);
    millis(1000);
    assertThat(first.take()).isEqualTo(both(1, 0));
  }

  @Test
  void whatIsWrittenButNotForcedIsNotOnDisk() {
    startWithFile("no");
    first.send("SET", "k", "v");
    assertThat(first.send("WAITAOF", "1", "0", "50")).isEmpty();
    millis(51);
    assertThat(first.take()).isEqualTo(both(0, 0));
    first.send("WAITAOF", "1", "0", "0");
    second.send("CONFIG", "SET", "appendfsync", "always");
    millis(10);
    assertThat(first.take()).isEqualTo(both(1, 0));
  }

  @Test
  void bothHaveToBeThere() {
    startWithFile("always");
    first.send("SET", "k", "v");
    assertThat(first.send("WAITAOF", "1", "1", "0")).isEmpty();
    millis(10);
    assertThat(first.take()).isEmpty();
    sync(0, replicas.position);
    assertThat(first.receive()).isEqualTo(both(1, 1));
  }

  @Test
  void aFileThatIsTurnedOffEndsTheWaitForIt() {
    startWithFile("no");
    first.send("SET", "k", "v");
    second.send("SET", "k", "v");
    assertThat(first.send("WAITAOF", "1", "0", "0")).isEmpty();
    assertThat(second.send("WAITAOF", "0", "1", "0")).isEmpty();
    assertThat(server.send("CONFIG", "SET", "appendonly", "no")).isEqualTo(OK);
    assertThat(first.receive()).isEqualTo(NO_AOF);
    assertThat(second.receive()).isEmpty();
    sync(0, replicas.position);
    assertThat(second.receive()).isEqualTo(both(0, 1));
  }

  /** Until then a crash would leave nothing of it, however often the increment is forced. */
  @Test
  void aFileThatIsTurnedOnCountsFromItsFirstBaseOn() {
    first.send("SET", "k", "v");
    server.send("CONFIG", "SET", "appendfsync", "always");
    assertThat(first.sendRaw("CONFIG SET appendonly yes\r\nWAITAOF 1 0 0\r\n")).isEqualTo(OK);
    assertThat(second.send("SET", "k", "w")).isEmpty();
    assertThat(second.send("WAITAOF", "1", "0", "0")).isEmpty();
    server.host().workers().runNext(); // looks for leftovers
    server.host().workers().runNext(); // writes the base, which is not in the manifest yet
    millis(10);
    assertThat(first.take() + second.take()).isEmpty();
    server.host().startWorkers();
    millis(100);
    assertThat(first.take()).isEqualTo(both(1, 0));
    assertThat(second.take()).isEqualTo(OK + both(1, 0));
  }
}
