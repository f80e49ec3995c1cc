package io.cinnabar.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.TestServer;
import io.cinnabar.command.TooLarge;
import io.cinnabar.virtual.VirtualHost;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a primary sends its replicas, and what it makes of what they say. */
final class PrimaryTest {

  private static final String SELECT_0 = "*2\r\n$6\r\nSELECT\r\n$1\r\n0\r\n";
  private static final String PING = "*1\r\n$4\r\nPING\r\n";
  private static final int PORT = 7001;

  private final VirtualHost host = new VirtualHost(1);

  private TestServer start(String... directives) {
    host.startWorkers();
    String[] all = new String[directives.length + 1];
    all[0] = "repl-diskless-sync-delay 0";
    System.arraycopy(directives, 0, all, 1, directives.length);
    return TestServer.startOn(host, all);
  }

  private static String info(TestServer server, String section, String field) {
    for (String line : server.send("INFO", section).split("\r\n", -1)) {
      if (line.startsWith(field + ":")) {
        return line.substring(field.length() + 1);
      }
    }
    return "none";
  }

  @Test
  void aReplicaGetsTheDataAndThenWhatChanges() {
    TestServer server = start();
    server.send("SET", "before", "1");
    TestReplica replica = new TestReplica(server, PORT);
    replica.ask();
    String snapshot = replica.takeSnapshot();

    assertThat(snapshot).contains("before").contains("repl-id").contains(replica.id());
    assertThat(info(server, "replication", "slave0"))
        .isEqualTo("ip=127.0.0.1,port=7001,state=online,offset=0,lag=0");
    server.send("SET", "k", "v");
    assertThat(replica.stream()).as("before it says that it is done").isEmpty();

    replica.acknowledge();
    String set = SELECT_0 + "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1\r\nv\r\n";
    assertThat(replica.stream()).isEqualTo(set);
    replica.acknowledge();
    assertThat(info(server, "replication", "slave0"))
        .isEqualTo("ip=127.0.0.1,port=7001,state=online,offset=" + set.length() + ",lag=0");
    assertThat(server.send("ROLE"))
        .isEqualTo(
            "*3\r\n$6\r\nmaster\r\n:50\r\n*1\r\n*3\r\n$9\r\n127.0.0.1\r\n$4\r\n7001\r\n$2\r\n50\r\n");
    assertThat(server.logLines())
        .contains(
            "Replica 127.0.0.1:7001 asks for synchronization",
            "Full resync requested by replica 127.0.0.1:7001",
            "Starting BGSAVE for SYNC with target: replicas sockets",
            "Synchronization with replica 127.0.0.1:7001 succeeded");
  }

  @Test
  void aTransactionIsOneAndMessagesComeAlong() {
    TestServer server = start();
    TestReplica replica = TestReplica.synchronised(server, PORT);
    server.send("MULTI");
    server.send("SET", "a", "1");
    server.send("SET", "b", "2");
    server.send("EXEC");
    server.send("SELECT", "3");
    server.send("INCRBYFLOAT", "f", "0.5");
    server.send("PUBLISH", "c", "m");

    assertThat(replica.stream())
        .isEqualTo(
            SELECT_0
                + "*1\r\n$5\r\nMULTI\r\n"
                + "*3\r\n$3\r\nSET\r\n$1\r\na\r\n$1\r\n1\r\n"
                + "*3\r\n$3\r\nSET\r\n$1\r\nb\r\n$1\r\n2\r\n"
                + "*1\r\n$4\r\nEXEC\r\n"
                + "*2\r\n$6\r\nSELECT\r\n$1\r\n3\r\n"
                + "*4\r\n$3\r\nSET\r\n$1\r\nf\r\n$3\r\n0.5\r\n$7\r\nKEEPTTL\r\n"
                + "*3\r\n$7\r\nPUBLISH\r\n$1\r\nc\r\n$1\r\nm\r\n");
  }

  @Test
  void aReplicaGoesOnWhereItWas() {
    TestServer server = start();
    TestReplica replica = TestReplica.synchronised(server, PORT);
    server.send("SET", "k", "1");
    replica.stream();
    replica.client().close();
    server.send("SET", "k", "2");

    TestReplica again = new TestReplica(server, PORT);
    assertThat(again.askToGoOn(replica.id(), replica.offset() + 1))
        .isEqualTo("+CONTINUE " + replica.id() + "\r\n*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1\r\n2\r\n");
    assertThat(info(server, "stats", "sync_partial_ok")).isEqualTo("1");
    assertThat(info(server, "stats", "sync_full")).isEqualTo("1");
  }

  @Test
  void whoIsTooFarBehindBeginsAnew() {
    TestServer server = start("repl-backlog-size 16384");
    TestReplica replica = TestReplica.synchronised(server, PORT);
    replica.client().close();
    for (int i = 0; i < 8; i++) {
      server.send("SET", "k", "x".repeat(10_000));
    }

    TestReplica again = new TestReplica(server, PORT);
    assertThat(again.askToGoOn(replica.id(), replica.offset() + 1)).startsWith("+FULLRESYNC ");
    TestReplica stranger = new TestReplica(server, PORT);
    assertThat(stranger.askToGoOn("a".repeat(40), 1)).startsWith("+FULLRESYNC ");
    TestReplica ahead = new TestReplica(server, PORT);
    assertThat(ahead.askToGoOn(replica.id(), 1_000_000)).startsWith("+FULLRESYNC ");
    assertThat(info(server, "stats", "sync_partial_err")).isEqualTo("3");
    assertThat(server.logLines())
        .anyMatch(line -> line.startsWith("Unable to partial resync with replica"))
        .anyMatch(line -> line.contains("Replication ID mismatch"));
  }

  @Test
  void severalShareASnapshotThatIsSaved() {
    TestServer server = start("repl-diskless-sync no", "rdb-del-sync-files yes");
    server.send("SET", "k", "v");
    host.disk().stall(true);
    TestReplica first = new TestReplica(server, PORT);
    first.ask();
    server.send("SET", "k", "w");
    TestReplica second = new TestReplica(server, PORT + 1);
    second.ask();
    host.disk().stall(false);
    server.advance(Duration.ofMillis(10));

    String snapshot = first.takeSavedSnapshot();
    assertThat(second.takeSavedSnapshot()).isEqualTo(snapshot).doesNotContain("w\u00ff");
    String set = SELECT_0 + "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1\r\nw\r\n";
    assertThat(first.stream()).isEqualTo(set);
    assertThat(second.stream()).isEqualTo(set);
    assertThat(info(server, "persistence", "rdb_saves")).isEqualTo("1");
    server.advance(Duration.ofSeconds(2));
    assertThat(host.disk().exists("/home/dump.rdb")).isFalse();
  }

  @Test
  void othersAreWaitedFor() {
    TestServer server = start("repl-diskless-sync-delay 5");
    TestReplica first = new TestReplica(server, PORT);
    first.ask();
    server.advance(Duration.ofSeconds(3));
    TestReplica second = new TestReplica(server, PORT + 1);
    second.ask();
    server.advance(Duration.ofSeconds(3));

    assertThat(first.takeSnapshot()).isEqualTo(second.takeSnapshot());
    assertThat(server.logLines().stream().filter(line -> line.startsWith("Starting BGSAVE")))
        .hasSize(1);
  }

  @Test
  void aReplicaThatGoesEndsItsSnapshot() {
    TestServer server = start("rdbcompression no", "enable-debug-command yes");
    host.network().setWindowBytes(4096);
    server.send("DEBUG", "POPULATE", "30000", "key", "100");
    TestReplica replica = new TestReplica(server, PORT);
    replica.client().queue("*3\r\n$5\r\nPSYNC\r\n$1\r\n?\r\n$2\r\n-1\r\n");
    server.advance(Duration.ofMillis(50));
    assertThat(server.engine().keyspace().arena().hasViews()).isTrue();
    long held = server.engine().memory().streamBytes();
    assertThat(held).isLessThan(2 << 20);

    replica.client().close();
    server.advance(Duration.ofMillis(50));
    assertThat(server.engine().keyspace().arena().hasViews()).isFalse();
  }

  @Test
  void whoNeverReadsIsCutAndItsMemoryGivenBack() {
    TestServer server = start("client-output-buffer-limit replica 2mb 0 0");
    TestReplica replica = TestReplica.synchronised(server, PORT);
    for (int i = 0; i < 60; i++) {
      server.send("SET", "k", "x".repeat(100_000));
    }

    assertThat(info(server, "replication", "connected_slaves")).isEqualTo("0");
    server.advance(Duration.ofSeconds(10));
    assertThat(server.engine().memory().streamBytes()).isLessThan((1 << 20) + (64 << 10));
    assertThat(server.logLines())
        .anyMatch(line -> line.contains("closed for overcoming of output buffer limits"));
    assertThat(replica.client().address()).isNotEmpty();
  }

  @Test
  void nobodyGoesOnBehindAChangeThatThereWasNoMemoryFor() {
    TestServer server = start();
    TestReplica replica = TestReplica.synchronised(server, PORT);
    server.engine().unit().propagate(0, TooLarge.COMMAND);
    server.engine().unit().close();
    server.send("PING");
    assertThat(info(server, "replication", "connected_slaves")).isEqualTo("0");

    TestReplica again = new TestReplica(server, PORT);
    assertThat(again.askToGoOn(replica.id(), replica.offset() + 1)).startsWith("+FULLRESYNC ");
  }

  @Test
  void aSlowReplicaGetsAllOfItFromTheBacklog() {
    TestServer server = start();
    host.network().setWindowBytes(10_000);
    TestReplica replica = TestReplica.synchronised(server, PORT);
    StringBuilder expected = new StringBuilder(SELECT_0);
    for (int i = 0; i < 50; i++) {
      String value = Integer.toString(i).repeat(50_000);
      server.send("SET", "k", value);
      expected
          .append("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$")
          .append(value.length())
          .append("\r\n")
          .append(value)
          .append("\r\n");
    }

    String stream = replica.stream();
    assertThat(stream.length()).isEqualTo(expected.length());
    assertThat(stream.contentEquals(expected)).isTrue();
  }

  @Test
  void replicasArePingedAndTheSilentOnesCut() {
    TestServer server = start("repl-timeout 20", "repl-ping-replica-period 5");
    TestReplica replica = TestReplica.synchronised(server, PORT);
    server.advance(Duration.ofSeconds(11));
    assertThat(replica.stream()).startsWith(PING + PING);

    server.advance(Duration.ofSeconds(12));
    assertThat(replica.client().isClosed() || replica.stream().startsWith(PING)).isTrue();
    assertThat(info(server, "replication", "connected_slaves")).isEqualTo("0");
    assertThat(server.logLines())
        .contains(
            "Disconnecting timedout replica (streaming sync): 127.0.0.1:7001",
            "Connection with replica 127.0.0.1:7001 lost.");
  }

  @Test
  void whoWaitsForASnapshotIsKeptAlive() {
    TestServer server = start("repl-diskless-sync-delay 100");
    TestReplica replica = new TestReplica(server, PORT);
    replica.ask();
    server.advance(Duration.ofSeconds(4));
    assertThat(replica.client().receive()).matches("\n{3,5}");
    assertThat(info(server, "replication", "slave0")).contains("state=wait_bgsave");
  }

  @Test
  void theBacklogGoesWhenNobodyComesBack() {
    TestServer server = start("repl-backlog-ttl 30");
    TestReplica replica = TestReplica.synchronised(server, PORT);
    replica.client().close();
    assertThat(info(server, "replication", "repl_backlog_active")).isEqualTo("1");
    server.advance(Duration.ofSeconds(33));
    assertThat(info(server, "replication", "repl_backlog_active")).isEqualTo("0");
    assertThat(info(server, "replication", "master_replid")).isNotEqualTo(replica.id());
    assertThat(server.logLines())
        .contains("Replication backlog freed after 30 seconds without connected replicas.");
    long before = server.engine().memory().streamBytes();
    server.send("SET", "k", "v");
    assertThat(server.engine().memory().streamBytes()).isEqualTo(before).isZero();
  }

  @Test
  void writesNeedReplicasThatAreNear() {
    TestServer server = start("min-replicas-to-write 1", "min-replicas-max-lag 5");
    String refused = "-NOREPLICAS Not enough good replicas to write.\r\n";
    assertThat(server.send("SET", "k", "v")).isEqualTo(refused);
    assertThat(server.send("GET", "k")).isEqualTo("$-1\r\n");
    TestReplica replica = TestReplica.synchronised(server, PORT);
    assertThat(server.send("SET", "k", "v")).isEqualTo("+OK\r\n");
    assertThat(info(server, "replication", "min_slaves_good_slaves")).isEqualTo("1");
    server.advance(Duration.ofSeconds(8));
    assertThat(server.send("SET", "k", "v")).isEqualTo(refused);
    replica.acknowledge();
    server.advance(Duration.ofSeconds(2));
    assertThat(server.send("SET", "k", "v")).isEqualTo("+OK\r\n");
    server.send("CONFIG", "SET", "min-replicas-to-write", "2");
    assertThat(server.send("SET", "k", "v")).isEqualTo(refused);
  }

  @Test
  void aReplicaThatAsksForMoreIsCut() {
    TestServer server = start();
    TestReplica replica = TestReplica.synchronised(server, PORT);
    assertThat(replica.client().send("PING")).isEmpty();
    assertThat(replica.client().isClosed()).isTrue();
    assertThat(server.logLines())
        .anyMatch(line -> line.startsWith("Replica generated a reply to command 'ping'"));
  }

  @Test
  void replicasAreClientsOfTheirOwnType() {
    TestServer server = start();
    TestReplica replica = TestReplica.synchronised(server, PORT);
    assertThat(server.send("CLIENT", "LIST", "TYPE", "replica")).contains(" flags=S ");
    assertThat(info(server, "clients", "connected_clients")).isEqualTo("1");
    assertThat(server.send("CLIENT", "KILL", "TYPE", "slave")).isEqualTo(":1\r\n");
    replica.client().receive();
    assertThat(replica.client().isClosed()).isTrue();
  }

  @Test
  void aBackupGetsTheSnapshotAlone() {
    TestServer server = start();
    server.send("SET", "k", "v");
    TestReplica backup = new TestReplica(server, PORT);
    assertThat(backup.client().send("REPLCONF", "rdb-only", "1")).isEqualTo("+OK\r\n");
    backup.ask();
    backup.takeSnapshot();
    backup.acknowledge();
    server.send("SET", "k", "w");
    assertThat(backup.stream()).isEmpty();
  }

  @Test
  void oldReplicasAskWithSync() {
    TestServer server = start();
    server.send("SET", "k", "v");
    TestServer.Client old = server.connect();
    String sent = old.send("SYNC");
    assertThat(sent).matches("(?s)\\$\\d+\r\nREDIS00.*");
    server.send("SET", "k", "w");
    assertThat(old.receive()).endsWith("$1\r\nk\r\n$1\r\nw\r\n");
  }

  @Test
  void aPrimaryThatComesBackLetsItsReplicasGoOn() {
    TestServer server = start("save 1000 1000");
    TestReplica replica = TestReplica.synchronised(server, PORT);
    server.send("SET", "k", "v");
    replica.stream();
    assertThat(server.send("SAVE")).isEqualTo("+OK\r\n");
    VirtualHost again = new VirtualHost(2, host.disk());
    again.startWorkers();
    TestServer restarted = TestServer.startOn(again, "save 1000 1000");
    TestReplica returning = new TestReplica(restarted, PORT);

    assertThat(returning.askToGoOn(replica.id(), replica.offset() + 1))
        .isEqualTo("+CONTINUE " + info(restarted, "replication", "master_replid") + "\r\n");
    restarted.send("SET", "k", "w");
    assertThat(returning.stream())
        .isEqualTo(SELECT_0 + "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1\r\nw\r\n");
  }
}
