package io.cinnabar.replication;

import static io.cinnabar.replication.ScriptedPrimary.ID;
import static io.cinnabar.replication.ScriptedPrimary.MARK;
import static io.cinnabar.replication.ScriptedPrimary.OTHER_ID;
import static io.cinnabar.replication.ScriptedPrimary.REPLICAOF;
import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.TestServer;
import io.cinnabar.replication.ScriptedPrimary.Dialog;
import io.cinnabar.virtual.VirtualHost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A replica as its primary and its clients see it, in virtual time. */
final class ReplicaTest {

  private final VirtualHost host = host();
  private final ScriptedPrimary primary = new ScriptedPrimary(host);

  private static VirtualHost host() {
    VirtualHost host = new VirtualHost(1);
    host.startWorkers();
    return host;
  }

  private TestServer replica(String... directives) {
    String[] all = new String[directives.length + 1];
    all[0] = REPLICAOF;
    System.arraycopy(directives, 0, all, 1, directives.length);
    return TestServer.startOn(host, all);
  }

  /** What a server saves that has run these commands. */
  static byte[] dataSet(String... commands) {
    TestServer writer = TestServer.start();
    for (String command : commands) {
      writer.send(command.split(" ", -1));
    }
    assertThat(writer.send("SAVE")).isEqualTo("+OK\r\n");
    try {
      return writer.host().disk().read("/home/dump.rdb");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String get(TestServer server, String key) {
    String[] parts = server.send("GET", key).split("\r\n", -1);
    return parts.length > 1 ? parts[1].isEmpty() ? parts[0] : parts[1] : parts[0];
  }

  private static String command(String text) {
    return new String(
        ReplyLine.command(text.split(" ", -1)), java.nio.charset.StandardCharsets.ISO_8859_1);
  }

  @Test
  void followsFromAFile() {
    TestServer replica = replica();
    Dialog dialog = primary.accept(replica);
    assertThat(dialog.greet()).isEqualTo("PSYNC ? -1");
    byte[] dataSet = dataSet("SET k v", "SELECT 3", "RPUSH list a b");
    dialog.say("\n\n+FULLRESYNC " + ID + " 1000\r\n\n$" + dataSet.length + "\r\n");
    dialog.say(dataSet, dataSet.length);
    String stream = command("SELECT 3") + command("RPUSH list c");
    dialog.say(stream);
    dialog.expectAck(1000 + stream.length());
    assertThat(get(replica, "k")).isEqualTo("v");
    replica.send("SELECT", "3");
    assertThat(replica.send("LLEN", "list")).isEqualTo(":3\r\n");
    assertThat(host.disk().exists("/home/dump.rdb")).isTrue();
    assertThat(replica.send("CLIENT", "LIST", "TYPE", "master")).contains("flags=M db=3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"disabled", "on-empty-db", "swapdb"})
  void followsAStreamedDataSet(String mode) {
    TestServer replica = replica("repl-diskless-load " + mode);
    Dialog dialog = primary.accept(replica);
    byte[] dataSet = dataSet("SET k v");
    dialog.greet();
    dialog.say("+FULLRESYNC " + ID + " 0\r\n$EOF:" + MARK + "\r\n");
    dialog.say(dataSet, dataSet.length).say(MARK);
    dialog.expect("REPLCONF ACK 0");
    dialog.say(command("SET k w"));
    dialog.expectAck(command("SET k w").length());
    assertThat(get(replica, "k")).isEqualTo("w");
  }

  @Test
  void goesOnWhereItWas() {
    TestServer replica = replica();
    Dialog dialog = primary.accept(replica).synchronise(dataSet("SET k v"), 500);
    String stream = command("SELECT 2") + command("SET k w");
    dialog.say(stream).expectAck(500 + stream.length());
    dialog.close();
    dialog = primary.accept(replica);
    assertThat(dialog.greet()).isEqualTo("PSYNC " + ID + " " + (501 + stream.length()));
    dialog.say("+CONTINUE " + OTHER_ID + "\r\n" + command("SET l x"));
    dialog.expectAck(500 + stream.length() + command("SET l x").length());
    replica.send("SELECT", "2");
    assertThat(get(replica, "l")).isEqualTo("x");
    dialog.close();
    dialog = primary.accept(replica);
    assertThat(dialog.greet()).startsWith("PSYNC " + OTHER_ID + " ");
    dialog.awaitLog("Master replication ID changed to " + OTHER_ID);
  }

  @Test
  void aTransactionCountsWhenAllOfItHasRun() {
    TestServer replica = replica();
    Dialog dialog = primary.accept(replica).synchronise(dataSet("SET k v"), 0);
    String begin = command("MULTI") + command("SET a 1") + command("SET b 2");
    dialog.say(begin).expectAck(0).expectAck(0);
    assertThat(get(replica, "a")).isEqualTo("$-1");
    dialog.close();
    dialog.awaitLog("bytes from the master are no whole command or transaction");
    dialog = primary.accept(replica);
    assertThat(dialog.greet()).isEqualTo("PSYNC " + ID + " 1");
    String whole = begin + command("EXEC");
    dialog.say("+CONTINUE\r\n" + whole).expectAck(whole.length());
    assertThat(get(replica, "a")).isEqualTo("1");
    assertThat(get(replica, "b")).isEqualTo("2");
  }

  @Test
  void aCommandThatDoesNotComeWholeIsAskedForAgain() {
    TestServer replica = replica();
    Dialog dialog = primary.accept(replica).synchronise(dataSet("SET k v"), 0);
    String stream = command("SET a 1");
    dialog.say(stream + "*3\r\n$3\r\nSET\r\n$1\r\nb\r\n$5\r\nhal").expectAck(stream.length());
    dialog.close();
    dialog = primary.accept(replica);
    assertThat(dialog.greet()).isEqualTo("PSYNC " + ID + " " + (1 + stream.length()));
  }

  @Test
  void logsIn() {
    TestServer replica =
        replica(
            "masteruser rita",
            "masterauth secret",
            "replica-announce-ip 1.2.3.4",
            "replica-announce-port 77");
    Dialog dialog = primary.accept(replica);
    dialog.expect("PING").say("-NOAUTH Authentication required.\r\n");
    dialog.expect("AUTH rita secret").expect("REPLCONF listening-port 77");
    dialog.expect("REPLCONF ip-address 1.2.3.4").expect("REPLCONF capa eof capa psync2");
    dialog.say("+OK\r\n+OK\r\n-ERR what\r\n+OK\r\n").expect("PSYNC ? -1");
    dialog.awaitLog("(Non critical) Master does not understand REPLCONF ip-address: -ERR what");
    dialog.close();
    dialog = primary.accept(replica);
    dialog.expect("PING").say("+PONG\r\n").expect("AUTH rita secret");
    dialog.say("-WRONGPASS no\r\n").awaitEnd();
    dialog.awaitLog("Unable to AUTH to MASTER: -WRONGPASS no");
  }

  @Test
  void aPrimaryWithoutPsync() {
    TestServer replica = replica();
    Dialog dialog = primary.accept(replica);
    dialog.greet();
    dialog.say("-ERR unknown command 'PSYNC'\r\n").expect("SYNC");
    byte[] dataSet = dataSet("SET k v");
    dialog.say("$" + dataSet.length + "\r\n").say(dataSet, dataSet.length);
    dialog.say(command("SET k w")).awaitLog("Finished with success");
    assertThat(get(replica, "k")).isEqualTo("w");
    dialog.close();
    assertThat(primary.accept(replica).greet()).isEqualTo("PSYNC ? -1");
  }

  @Test
  void clientsOfAReplicaOnlyRead() {
    TestServer replica = replica();
    primary.accept(replica).synchronise(dataSet("SET k v"), 0);
    String refusal = "-READONLY You can't write against a read only replica.\r\n";
    assertThat(replica.send("SET", "k", "w")).isEqualTo(refusal);
    assertThat(replica.send("BLPOP", "l", "0")).isEqualTo(refusal);
    replica.send("MULTI");
    assertThat(replica.send("SET", "k", "w")).isEqualTo(refusal);
    assertThat(replica.send("EXEC")).startsWith("-EXECABORT");
    assertThat(replica.send("PUBLISH", "c", "m")).isEqualTo(":0\r\n");
    replica.send("CONFIG", "SET", "replica-read-only", "no");
    assertThat(replica.send("SET", "k", "w")).isEqualTo("+OK\r\n");
  }

  @Test
  void oldDataAreServedUnlessThatIsForbidden() {
    TestServer replica = replica("replica-serve-stale-data no");
    Dialog dialog = primary.accept(replica);
    String refusal =
        "-MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.\r\n";
    assertThat(replica.send("GET", "k")).isEqualTo(refusal);
    assertThat(replica.send("PING")).isEqualTo(refusal);
    assertThat(replica.send("INFO", "server")).startsWith("$");
    dialog.synchronise(dataSet("SET k v"), 0);
    assertThat(get(replica, "k")).isEqualTo("v");
    dialog.close();
    replica.advance(Duration.ofMillis(10));
    assertThat(replica.send("GET", "k")).isEqualTo(refusal);
    replica.send("CONFIG", "SET", "replica-serve-stale-data", "yes");
    assertThat(get(replica, "k")).isEqualTo("v");
  }

  @Test
  void whatHasExpiredStaysUntilThePrimarySaysSo() {
    long soonMillis = host.time().millis() + 5000;
    TestServer replica = replica();
    Dialog dialog =
        primary
            .accept(replica)
            .synchronise(dataSet("SET k v PXAT " + soonMillis, "SET gone v PXAT 1000"), 0);
    assertThat(get(replica, "k")).isEqualTo("v");
    assertThat(replica.send("DBSIZE")).isEqualTo(":2\r\n");
    assertThat(get(replica, "gone")).isEqualTo("$-1");
    dialog.say(command("PING"));
    replica.advance(Duration.ofSeconds(6));
    assertThat(get(replica, "k")).isEqualTo("$-1");
    assertThat(replica.send("TTL", "k")).isEqualTo(":-2\r\n");
    assertThat(replica.send("EXISTS", "k")).isEqualTo(":0\r\n");
    assertThat(replica.send("KEYS", "*")).isEqualTo("*0\r\n");
    assertThat(replica.send("DBSIZE")).isEqualTo(":2\r\n");
    dialog.say(command("PERSIST k") + command("APPEND k x")).awaitLog("Finished");
    replica.advance(Duration.ofMillis(10));
    assertThat(get(replica, "k")).isEqualTo("vx");
    dialog.say(command("DEL k"));
    replica.advance(Duration.ofMillis(10));
    assertThat(replica.send("DBSIZE")).isEqualTo(":1\r\n");
  }

  @Test
  void becomesAPrimaryAndAReplicaAgain() {
    TestServer replica = replica();
    Dialog dialog = primary.accept(replica).synchronise(dataSet("SET k v"), 700);
    replica.send("MULTI");
    replica.send("SLAVEOF", "NO", "ONE");
    replica.send("CONFIG", "GET", "replicaof");
    assertThat(replica.send("EXEC")).isEqualTo("*2\r\n+OK\r\n*2\r\n$9\r\nreplicaof\r\n$0\r\n\r\n");
    dialog.awaitEnd();
    assertThat(replica.send("SET", "k", "w")).isEqualTo("+OK\r\n");
    assertThat(replica.send("REPLICAOF", "no", "one")).isEqualTo("+OK\r\n");
    assertThat(replica.send("REPLICAOF", "h", "70000")).isEqualTo("-ERR Invalid master port\r\n");
    TestServer.Client blocked = replica.connect();
    blocked.queue(command("BLPOP list 0"));
    assertThat(blocked.receive()).isEmpty();
    assertThat(replica.send("REPLICAOF", ScriptedPrimary.ADDRESS, "6379")).isEqualTo("+OK\r\n");
    assertThat(blocked.receive()).startsWith("-UNBLOCKED force unblock");
    assertThat(blocked.isClosed()).isTrue();
    assertThat(replica.send("SLAVEOF", ScriptedPrimary.ADDRESS, "6379"))
        .isEqualTo("+OK Already connected to specified master\r\n");
    assertThat(replica.send("CONFIG", "GET", "replicaof")).contains("10.0.0.9 6379");
    assertThat(primary.accept(replica).greet()).matches("PSYNC [0-9a-f]{40} [0-9]+");
  }

  @Test
  void asksEachSecondAndNotMoreOften() {
    TestServer replica = TestServer.startOn(host, "replicaof 10.0.0.8 6379");
    replica.advance(Duration.ofSeconds(10));
    assertThat(replica.logLines())
        .filteredOn("Error condition on socket for SYNC: Connection refused"::equals)
        .hasSizeBetween(9, 11);
  }

  @Test
  void tellsForHowLongNobodyHasFedItWhomeverItFollowed() {
    TestServer replica = replica();
    primary.accept(replica).synchronise(dataSet("SET k v"), 0);
    assertThat(replica.send("INFO", "replication")).doesNotContain("link_down_since");
    replica.advance(Duration.ofSeconds(2));
    replica.send("REPLICAOF", "10.0.0.8", "6379");
    replica.advance(Duration.ofSeconds(30));
    assertThat(replica.send("INFO", "replication")).contains("link_down_since_seconds:30\r\n");
    replica.send("REPLICAOF", "10.0.0.7", "6379");
    replica.advance(Duration.ofSeconds(30));
    assertThat(replica.send("INFO", "replication")).contains("link_down_since_seconds:60\r\n");
    replica.send("REPLICAOF", "NO", "ONE");
    replica.send("REPLICAOF", "10.0.0.8", "6379");
    replica.advance(Duration.ofSeconds(30));
    assertThat(replica.send("INFO", "replication")).contains("link_down_since_seconds:-1\r\n");
  }

  @Test
  void aSilentPrimaryIsGivenUp() {
    TestServer replica = replica("repl-timeout 5");
    Dialog dialog = primary.accept(replica);
    dialog.awaitEnd().awaitLog("Timeout connecting to the MASTER...");
    dialog = primary.accept(replica);
    dialog.greet();
    dialog.say("+FULLRESYNC " + ID + " 0\r\n$100\r\nREDIS").awaitEnd();
    dialog.awaitLog("Timeout receiving bulk data from MASTER...");
    dialog = primary.accept(replica).synchronise(dataSet("SET k v"), 0);
    dialog.awaitEnd().awaitLog("MASTER timeout: no data nor PING received...");
    assertThat(get(replica, "k")).isEqualTo("v");
    assertThat(primary.accept(replica).greet()).isEqualTo("PSYNC " + ID + " 1");
  }

  @Test
  void goesOnFromItsFileAfterARestart() {
    TestServer replica = replica();
    Dialog dialog = primary.accept(replica).synchronise(dataSet("SET k v"), 300);
    String stream = command("SELECT 4") + command("SET k w");
    dialog.say(stream).expectAck(300 + stream.length());
    assertThat(replica.send("SAVE")).isEqualTo("+OK\r\n");
    replica.close();
    VirtualHost next = new VirtualHost(2, host.disk());
    next.startWorkers();
    ScriptedPrimary same = new ScriptedPrimary(next);
    replica = TestServer.startOn(next, REPLICAOF);
    dialog = same.accept(replica);
    assertThat(dialog.greet()).isEqualTo("PSYNC " + ID + " " + (301 + stream.length()));
    dialog.say("+CONTINUE\r\n" + command("SET l x"));
    dialog.expectAck(300 + stream.length() + command("SET l x").length());
    replica.send("SELECT", "4");
    assertThat(get(replica, "l")).isEqualTo("x");
  }

  @ParameterizedTest
  @CsvSource({
    "yes, ignore, false",
    "yes, panic, true",
    "yes, panic-on-replicas, true",
    "no, panic, false"
  })
  void aCommandThatFailsMayEndTheServer(String readOnly, String behaviour, boolean ends) {
    TestServer replica =
        replica("replica-read-only " + readOnly, "propagation-error-behavior " + behaviour);
    Dialog dialog = primary.accept(replica).synchronise(dataSet("SET k v"), 0);
    TestServer.Client client = replica.connect();
    dialog.say(command("LPUSH k x")).awaitLog("after processing the command 'lpush'");
    replica.advance(Duration.ofMillis(10));
    assertThat(client.isClosed()).isEqualTo(ends);
    if (!ends) {
      assertThat(replica.send("INFO", "stats")).contains("unexpected_error_replies:1\r\n");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatCanNotBeSavedIsDoneOnlyIfThatIsIgnored(boolean ignored) {
    TestServer replica =
        replica("save 3600 1", "replica-ignore-disk-write-errors " + (ignored ? "yes" : "no"));
    Dialog dialog = primary.accept(replica).synchronise(dataSet("SET k v"), 0);
    host.disk().failAll("No space left on device");
    replica.send("BGSAVE");
    replica.advance(Duration.ofSeconds(1));
    String stream = command("PING") + command("SET k w");
    dialog.say(stream);
    if (ignored) {
      dialog.expectAck(stream.length());
      assertThat(get(replica, "k")).isEqualTo("w");
      return;
    }
    dialog.awaitLog("The command 'set' of the master can't be executed here, so the link is cut: ");
    assertThat(get(replica, "k")).isEqualTo("v");
    host.disk().failAll(null);
    replica.send("BGSAVE");
    dialog = primary.accept(replica);
    assertThat(dialog.greet()).isEqualTo("PSYNC " + ID + " " + (1 + command("PING").length()));
    dialog.say("+CONTINUE\r\n" + command("SET k w")).expectAck(stream.length());
    assertThat(get(replica, "k")).isEqualTo("w");
  }

  /** What can't be executed yet waits at the primary, which knows how much that may be. */
  @Test
  void readsNoMoreThanItCanExecute() {
    TestServer replica = replica();
    Dialog dialog = primary.accept(replica).synchronise(dataSet("SET k v"), 0);
    String set = command("SET k " + "x".repeat(1 << 20));
    replica.send("CLIENT", "PAUSE", "100000", "WRITE");
    for (int i = 0; i < 20; i++) {
      dialog.say(set);
    }
    dialog.expectAck(0);
    for (int i = 0; i < 2000; i++) {
      replica.send("PING");
    }
    String info = replica.send("INFO", "replication");
    int at = info.indexOf("slave_read_repl_offset:");
    long read = Long.parseLong(info.substring(info.indexOf(':', at) + 1, info.indexOf('\r', at)));
    assertThat(read).isBetween(4L << 20, 6L << 20);
    replica.send("CLIENT", "UNPAUSE");
    dialog.expectAck(20L * set.length());

    String larger = command("SET k " + "x".repeat(10 << 20));
    dialog.say(larger).expectAck(20L * set.length() + larger.length());
  }

  @Test
  void tellsWhatHasCome() {
    TestServer replica = replica();
    byte[] dataSet = dataSet("SET k v");
    Dialog dialog = primary.accept(replica).synchronise(dataSet, 0);
    String stream = command("SET k w");
    dialog.say(stream).expectAck(stream.length());
    assertThat(replica.send("INFO", "stats"))
        .contains("total_net_repl_input_bytes:" + (dataSet.length + stream.length()) + "\r\n")
        .doesNotContain("instantaneous_input_repl_kbps:0.00");
  }

  /** To Sentinel it is no recent one. */
  @Test
  void whatIsNoPartOfAHistoryHasNoOffset() {
    TestServer replica = replica();
    assertThat(replica.send("INFO", "replication")).contains("slave_repl_offset:1\r\n");
    Dialog dialog = primary.accept(replica).synchronise(dataSet("SET k v"), 500);
    assertThat(replica.send("INFO", "replication"))
        .contains("slave_read_repl_offset:500\r\n", "slave_repl_offset:500\r\n");
    dialog.close();
    replica.advance(Duration.ofMillis(10));
    assertThat(replica.send("INFO", "replication")).contains("slave_repl_offset:500\r\n");
    dialog = primary.accept(replica);
    dialog.greet();
    dialog.say("+FULLRESYNC " + OTHER_ID + " 900\r\n$20\r\nREDIS0011");
    replica.advance(Duration.ofMillis(10));
    assertThat(replica.send("INFO", "replication")).contains("slave_repl_offset:500\r\n");
    dialog.say("xxx" + "\0".repeat(8)).awaitLog("Failed trying to load the MASTER");
    assertThat(replica.send("INFO", "replication"))
        .contains("slave_read_repl_offset:1\r\n", "slave_repl_offset:1\r\n");
  }
}
