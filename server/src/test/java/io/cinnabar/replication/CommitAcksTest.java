package io.cinnabar.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.TestServer;
import io.cinnabar.TestServer.Client;
import io.cinnabar.virtual.VirtualHost;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Replies that wait until replicas have what they tell. */
final class CommitAcksTest {

  private static final int PORT = 7001;
  private static final String OK = "+OK\r\n";
  private static final String GETACK = "REPLCONF\r\n$6\r\nGETACK\r\n$1\r\n*\r\n";
  private static final String REFUSED = "-NOREPLICAS Not enough good replicas to write.\r\n";
  private static final String ONE = "commit-acks replicas 1 timeout 500";

  private final VirtualHost host = new VirtualHost(1);

  private TestServer start(String... directives) {
    host.startWorkers();
    String[] all = new String[directives.length + 1];
    all[0] = "repl-diskless-sync-delay 0";
    System.arraycopy(directives, 0, all, 1, directives.length);
    return TestServer.startOn(host, all);
  }

  private static String failed(int replicas, long millis) {
    return "-UNACKNOWLEDGED the command has run and is kept here, but what it wrote or shows was not"
        + " acknowledged by "
        + replicas
        + (replicas == 1 ? " replica" : " replicas")
        + " within "
        + millis
        + " ms\r\n";
  }

  /** Takes what the replica is sent, and acknowledges it. */
  private static void acknowledge(TestReplica replica) {
    replica.stream();
    replica.acknowledge();
  }

  private static String info(TestServer server, String field) {
    for (String line : server.send("INFO", "replication").split("\r\n", -1)) {
      if (line.startsWith(field + ":")) {
        return line.substring(field.length() + 1);
      }
    }
    return "none";
  }

  @Test
  void aReplyWaitsUntilTheReplicaHasIt() {
    TestServer server = start(ONE);
    TestReplica replica = TestReplica.synchronised(server, PORT);
    Client client = server.connect();
    assertThat(client.send("SET", "k", "v")).isEmpty();
    assertThat(info(server, "commit_acks_held_replies")).isEqualTo("1");
    assertThat(replica.stream()).endsWith(GETACK);
    assertThat(client.receive()).isEmpty();
    replica.acknowledge();
    assertThat(client.receive()).isEqualTo(OK);
    assertThat(info(server, "commit_acks_held_replies")).isEqualTo("0");
    assertThat(info(server, "commit_acks_ready_replicas")).isEqualTo("1");
    assertThat(info(server, "commit_acks_failed_replies")).isEqualTo("0");
  }

  @Test
  void theReplicasAreAskedOncePerTurn() {
    TestServer server = start(ONE);
    TestReplica replica = TestReplica.synchronised(server, PORT);
    Client client = server.connect();
    client.sendRaw("SET a 1\r\nSET b 2\r\nGET a\r\nSET c 3\r\n");
    server.connect().send("GET", "a");
    String stream = replica.stream();
    assertThat(stream.indexOf(GETACK)).isEqualTo(stream.lastIndexOf(GETACK)).isPositive();
    replica.acknowledge();
    assertThat(client.receive()).isEqualTo(OK + OK + "$1\r\n1\r\n" + OK);
  }

  @Test
  void whatReadsShowIsWaitedForAndNothingElse() {
    TestServer server = start(ONE);
    TestReplica replica = TestReplica.synchronised(server, PORT);
    Client writer = server.connect();
    writer.send("SET", "old", "1");
    acknowledge(replica);
    assertThat(writer.receive()).isEqualTo(OK);
    writer.send("SET", "new", "2");

    Client other = server.connect();
    assertThat(other.send("GET", "old")).isEqualTo("$1\r\n1\r\n");
    assertThat(other.send("MGET", "old", "missing")).startsWith("*2");
    assertThat(other.send("SET", "old", "3", "NX")).isEqualTo("$-1\r\n");
    assertThat(other.send("PING")).isEqualTo("+PONG\r\n");
    assertThat(other.send("PUBLISH", "c", "m")).isEqualTo(":0\r\n");
    for (String read :
        new String[] {
          "GET new",
          "MGET old new",
          "EXISTS new",
          "DBSIZE",
          "KEYS *",
          "SCAN 0",
          "INCR new",
          "XLEN new"
        }) {
      Client reader = server.connect();
      assertThat(reader.send(read.split(" ", -1))).as(read).isEmpty();
      assertThat(reader.send("PING")).as("behind " + read).isEmpty();
    }
    assertThat(other.send("MULTI")).isEqualTo(OK);
    assertThat(other.send("GET", "old")).isEqualTo("+QUEUED\r\n");
    assertThat(other.send("EXEC")).isEmpty();
    acknowledge(replica);
    assertThat(other.receive()).isEqualTo("*1\r\n$1\r\n1\r\n");
    assertThat(server.connect().send("DBSIZE")).isEqualTo(":2\r\n");
  }

  @Test
  void errorsTakeThePlaceOfRepliesWhoseTimeIsOver() {
    TestServer server = start(ONE);
    TestReplica replica = TestReplica.synchronised(server, PORT);
    Client client = server.connect();
    Client reader = server.connect();
    client.sendRaw("SET k v\r\nPING\r\nGET other\r\nMULTI\r\nINCR n\r\nINCR n\r\nEXEC\r\n");
    server.advance(Duration.ofMillis(300));
    assertThat(reader.send("GET", "k")).isEmpty();
    server.advance(Duration.ofMillis(250));
    assertThat(client.receive())
        .isEqualTo(
            failed(1, 500) + "+PONG\r\n$-1\r\n" + OK + "+QUEUED\r\n+QUEUED\r\n" + failed(1, 500));
    assertThat(reader.receive()).isEmpty();
    server.advance(Duration.ofMillis(250));
    assertThat(reader.receive()).isEqualTo(failed(1, 500));
    assertThat(info(server, "commit_acks_failed_replies")).isEqualTo("3");
    assertThat(server.send("INFO", "errorstats")).contains("errorstat_UNACKNOWLEDGED:count=3");

    acknowledge(replica);
    assertThat(reader.send("GET", "k")).as("it was kept").isEqualTo("$1\r\nv\r\n");
    assertThat(reader.send("GET", "n")).isEqualTo("$1\r\n2\r\n");
  }

  @Test
  void whatNoReplicaCouldHaveIsNotWritten() {
    TestServer server = start(ONE, "min-replicas-max-lag 5");
    assertThat(server.send("SET", "k", "v")).isEqualTo(REFUSED);
    assertThat(server.send("GET", "k")).isEqualTo("$-1\r\n");
    TestReplica replica = TestReplica.synchronised(server, PORT);
    Client client = server.connect();
    assertThat(client.send("SET", "k", "v")).isEmpty();
    acknowledge(replica);
    assertThat(client.receive()).isEqualTo(OK);
    server.send("CONFIG", "SET", "commit-acks", "replicas 2");
    assertThat(client.send("SET", "k", "v")).isEqualTo(REFUSED);
    server.send("CONFIG", "SET", "commit-acks", "replicas 1");
    server.advance(Duration.ofSeconds(8));
    assertThat(client.send("SET", "k", "v")).as("silent for too long").isEqualTo(REFUSED);
    acknowledge(replica);
    server.advance(Duration.ofSeconds(2));
    replica.client().close();
    assertThat(client.send("SET", "k", "v")).isEqualTo(REFUSED);
    assertThat(client.send("GET", "k")).as("it was acknowledged").isEqualTo("$1\r\nv\r\n");
  }

  @Test
  void soManyReplicasAreWaitedForAsIsSaid() {
    TestServer server = start("commit-acks replicas 2 timeout 0");
    TestReplica one = TestReplica.synchronised(server, PORT);
    TestReplica two = TestReplica.synchronised(server, PORT + 1);
    Client client = server.connect();
    client.send("SET", "k", "v");
    acknowledge(one);
    server.advance(Duration.ofSeconds(5));
    assertThat(client.receive()).as("for ever").isEmpty();
    acknowledge(two);
    assertThat(client.receive()).isEqualTo(OK);
  }

  @Test
  void aConnectionSetsItForItself() {
    TestServer server = start();
    TestReplica replica = TestReplica.synchronised(server, PORT);
    Client careful = server.connect();
    assertThat(careful.send("CLIENT", "COMMIT-ACKS", "REPLICAS", "1", "TIMEOUT", "100"))
        .isEqualTo(OK);
    assertThat(server.send("SET", "k", "v")).isEqualTo(OK);
    assertThat(server.send("GET", "k")).isEqualTo("$1\r\nv\r\n");
    assertThat(careful.send("GET", "k")).as("written by another").isEmpty();
    acknowledge(replica);
    assertThat(careful.receive()).isEqualTo("$1\r\nv\r\n");
    careful.send("SET", "k", "w");
    server.advance(Duration.ofMillis(150));
    assertThat(careful.receive()).isEqualTo(failed(1, 100));

    assertThat(careful.send("CLIENT", "COMMIT-ACKS", "REPLICAS", "2")).isEqualTo(OK);
    assertThat(careful.send("SET", "k", "x")).isEqualTo(REFUSED);
    assertThat(careful.send("CLIENT", "COMMIT-ACKS", "OFF")).isEqualTo(OK);
    assertThat(careful.send("SET", "k", "x")).isEqualTo(OK);
    server.send("CONFIG", "SET", "commit-acks", "replicas 1");
    assertThat(careful.send("SET", "k", "x")).isEqualTo(OK);
    assertThat(careful.send("CLIENT", "COMMIT-ACKS", "DEFAULT")).isEqualTo(OK);
    assertThat(careful.send("SET", "k", "y")).isEmpty();
    acknowledge(replica);
    assertThat(careful.receive()).isEqualTo(OK);
    careful.send("CLIENT", "COMMIT-ACKS", "OFF");
    assertThat(careful.send("RESET")).isEqualTo("+RESET\r\n");
    assertThat(careful.send("SET", "k", "z")).isEmpty();
    for (String wrong : new String[] {"ON", "REPLICAS", "REPLICAS -1", "OFF 1", "REPLICAS 1 2 3"}) {
      String[] words = ("CLIENT COMMIT-ACKS " + wrong).split(" ", -1);
      assertThat(server.connect().send(words)).as(wrong).isEqualTo("-ERR syntax error\r\n");
    }
  }

  @Test
  void whatWasSentBeforeASettingKeepsWhatItHad() {
    TestServer server = start(ONE);
    TestReplica replica = TestReplica.synchronised(server, PORT);
    Client client = server.connect();
    client.sendRaw("SET k v\r\nCLIENT COMMIT-ACKS OFF\r\nSET k w\r\n");
    assertThat(client.receive()).isEmpty();
    acknowledge(replica);
    assertThat(client.receive()).isEqualTo(OK + OK + OK);
  }

  @Test
  void whoIsServedByAnothersWriteWaits() {
    TestServer server = start(ONE);
    TestReplica replica = TestReplica.synchronised(server, PORT);
    Client blocked = server.connect();
    assertThat(blocked.send("BLPOP", "list", "0")).isEmpty();
    Client writer = server.connect();
    assertThat(writer.send("RPUSH", "list", "a")).isEmpty();
    assertThat(blocked.receive()).isEmpty();
    acknowledge(replica);
    assertThat(writer.receive()).isEqualTo(":1\r\n");
    assertThat(blocked.receive()).isEqualTo("*2\r\n$4\r\nlist\r\n$1\r\na\r\n");
  }

  @Test
  void messagesAreNotLostWithTheReplyBeforeThem() {
    TestServer server = start(ONE);
    TestReplica replica = TestReplica.synchronised(server, PORT);
    Client client = server.connect();
    client.send("HELLO", "3");
    client.send("CLIENT", "TRACKING", "ON");
    client.send("GET", "k");
    assertThat(client.sendRaw("SET k v\r\nPING\r\n")).isEmpty();
    server.advance(Duration.ofMillis(600));
    assertThat(client.receive())
        .isEqualTo(failed(1, 500) + ">2\r\n$10\r\ninvalidate\r\n*1\r\n$1\r\nk\r\n+PONG\r\n");
    assertThat(replica.stream()).contains("SET");
  }

  @Test
  void waitGoesOnAsItWas() {
    TestServer server = start(ONE);
    TestReplica replica = TestReplica.synchronised(server, PORT);
    Client client = server.connect();
    client.sendRaw("SET k v\r\nWAIT 1 0\r\nWAIT 2 100\r\n");
    acknowledge(replica);
    server.advance(Duration.ofMillis(150));
    assertThat(client.receive()).isEqualTo(OK + ":1\r\n:1\r\n");
  }

  @Test
  void whoIsNoPrimaryAnyMoreSaysSo() {
    TestServer server = start("commit-acks replicas 1 timeout 0");
    TestReplica replica = TestReplica.synchronised(server, PORT);
    Client client = server.connect();
    client.sendRaw("SET k v\r\nPING\r\n");
    assertThat(replica.stream()).contains("SET");
    Client operator = server.connect();
    assertThat(operator.sendRaw("GET k\r\nREPLICAOF 10.0.0.9 6379\r\n"))
        .startsWith("-UNACKNOWLEDGED this server has become a replica")
        .endsWith("is not known\r\n" + OK);
    assertThat(client.receive())
        .startsWith("-UNACKNOWLEDGED this server has become a replica")
        .endsWith("is not known\r\n+PONG\r\n");
    assertThat(client.send("GET", "k")).as("it waits for nobody").isEqualTo("$1\r\nv\r\n");
    assertThat(info(server, "commit_acks_held_replies")).isEqualTo("none");

    server.send("REPLICAOF", "NO", "ONE");
    assertThat(client.send("GET", "k")).as("what it became primary with").isEqualTo("$1\r\nv\r\n");
    assertThat(client.send("SET", "k", "w")).isEqualTo(REFUSED);
  }

  @Test
  void turningItOffLetsAllGo() {
    TestServer server = start("commit-acks replicas 1 timeout 0");
    TestReplica.synchronised(server, PORT);
    Client client = server.connect();
    assertThat(client.send("SET", "k", "v")).isEmpty();
    assertThat(server.send("CONFIG", "SET", "commit-acks", "no")).isEqualTo(OK);
    assertThat(client.receive()).isEqualTo(OK);
  }

  @Test
  void onDiskIsWhatReplicasSayIsOnTheirDisks() {
    TestServer server = start("commit-acks replicas 1", "commit-acks-fsync yes");
    TestReplica replica = TestReplica.synchronised(server, PORT);
    Client client = server.connect();
    assertThat(client.send("SET", "k", "v")).as("it never told").isEqualTo(REFUSED);
    replica.acknowledge(1);
    assertThat(client.send("SET", "k", "v")).isEmpty();
    replica.stream();
    replica.acknowledge(1);
    assertThat(client.receive()).isEmpty();
    replica.acknowledge(replica.offset());
    assertThat(client.receive()).isEqualTo(OK);
  }

  @Test
  void theDiskIsWaitedForToo() {
    TestServer server = start(ONE, "appendonly yes", "appendfsync always");
    TestReplica replica = TestReplica.synchronised(server, PORT);
    server.advance(Duration.ofMillis(10));
    Client client = server.connect();
    host.disk().stall(true);
    client.send("SET", "k", "v");
    acknowledge(replica);
    assertThat(client.receive()).isEmpty();
    host.disk().stall(false);
    server.advance(Duration.ofMillis(10));
    assertThat(client.receive()).isEqualTo(OK);

    client.send("SET", "k", "w");
    server.advance(Duration.ofMillis(10));
    assertThat(client.receive()).as("it is on disk").isEmpty();
    acknowledge(replica);
    assertThat(client.receive()).isEqualTo(OK);
  }

  @Test
  void whatHasExpiredIsGoneEverywhere() {
    TestServer server = start(ONE, "enable-debug-command yes");
    TestReplica replica = TestReplica.synchronised(server, PORT);
    server.send("DEBUG", "SET-ACTIVE-EXPIRE", "0");
    Client client = server.connect();
    client.send("SET", "k", "v", "PX", "100");
    acknowledge(replica);
    assertThat(client.receive()).isEqualTo(OK);
    server.advance(Duration.ofMillis(200));
    assertThat(client.send("GET", "k")).isEqualTo("$-1\r\n");
  }

  @Test
  void whatIsNoKeysOwnEventCountsToo() {
    TestServer server = start(ONE);
    TestReplica replica = TestReplica.synchronised(server, PORT);
    Client client = server.connect();
    client.sendRaw("XADD s 1-1 f v\r\nXGROUP CREATE s g 0\r\nXGROUP CREATECONSUMER s g c\r\n");
    acknowledge(replica);
    client.receive();
    assertThat(client.send("XREADGROUP", "GROUP", "g", "c", "STREAMS", "s", ">")).isEmpty();
    Client other = server.connect();
    assertThat(other.send("XPENDING", "s", "g")).isEmpty();
    assertThat(server.connect().send("GET", "k")).isEqualTo("$-1\r\n");
    acknowledge(replica);
    assertThat(other.receive()).startsWith("*4\r\n:1\r\n");
    client.receive();
    client.send("FLUSHALL");
    assertThat(server.connect().send("GET", "k")).as("any key may be gone").isEmpty();
  }

  @Test
  void repliesThatAreNotWantedAreNotHeld() {
    TestServer server = start(ONE);
    TestReplica replica = TestReplica.synchronised(server, PORT);
    Client client = server.connect();
    client.send("CLIENT", "REPLY", "OFF");
    client.send("SET", "k", "v");
    assertThat(client.send("CLIENT", "REPLY", "ON")).isEqualTo(OK);
    assertThat(replica.stream()).contains("SET");
  }

  @Test
  void theConfigurationShowsIt() {
    TestServer server = start("commit-acks replicas 1");
    assertThat(server.send("CONFIG", "GET", "commit-acks"))
        .isEqualTo("*2\r\n$11\r\ncommit-acks\r\n$23\r\nreplicas 1 timeout 5000\r\n");
    for (String off : new String[] {"no", "", "replicas 0"}) {
      assertThat(server.send("CONFIG", "SET", "commit-acks", off)).isEqualTo(OK);
      assertThat(server.send("CONFIG", "GET", "commit-acks")).endsWith("\r\nno\r\n");
    }
    for (String wrong : new String[] {"yes", "replicas", "replicas x", "replicas 1 for 5", "1"}) {
      assertThat(server.send("CONFIG", "SET", "commit-acks", wrong))
          .startsWith("-ERR CONFIG SET failed");
    }
  }
}
