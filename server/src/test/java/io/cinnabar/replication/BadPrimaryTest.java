package io.cinnabar.replication;

import static io.cinnabar.replication.ReplicaTest.dataSet;
import static io.cinnabar.replication.ScriptedPrimary.ID;
import static io.cinnabar.replication.ScriptedPrimary.MARK;
import static io.cinnabar.replication.ScriptedPrimary.OTHER_ID;
import static io.cinnabar.replication.ScriptedPrimary.REPLICAOF;
import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.TestServer;
import io.cinnabar.replication.ScriptedPrimary.Dialog;
import io.cinnabar.virtual.VirtualHost;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A primary that says what none should: the replica says so in its log, keeps the data that it has
 * as long as nothing whole has come, and connects again.
 */
final class BadPrimaryTest {

  private final VirtualHost host = new VirtualHost(1);
  private ScriptedPrimary primary;

  @BeforeEach
  void start() {
    host.startWorkers();
    primary = new ScriptedPrimary(host);
  }

  /** A replica with old data, whose link is lost. */
  private TestServer replica(String... directives) {
    String[] all = Arrays.copyOf(directives, directives.length + 1);
    all[directives.length] = REPLICAOF;
    TestServer replica = TestServer.startOn(host, all);
    primary.accept(replica).synchronise(dataSet("SET old v"), 0).close();
    replica.logLines().clear();
    return replica;
  }

  private void assertStillThere(TestServer replica) {
    assertThat(replica.send("GET", "old")).isEqualTo("$1\r\nv\r\n");
    assertThat(primary.accept(replica).greet()).isEqualTo("PSYNC " + ID + " 1");
  }

  @ParameterizedTest
  @CsvSource({
    "-ERR no,Error reply to PING from master: '-ERR no'",
    "garbage,Error reply to PING from master: 'garbage'",
  })
  void answersToPing(String answer, String line) {
    TestServer replica = replica();
    Dialog dialog = primary.accept(replica);
    dialog.expect("PING").say(answer + "\r\n").awaitEnd().awaitLog(line);
    assertStillThere(replica);
  }

  @ParameterizedTest
  @CsvSource({
    "+FULLRESYNC,Master replied with wrong +FULLRESYNC syntax.",
    "+FULLRESYNC abc 1,Master replied with wrong +FULLRESYNC syntax.",
    "+FULLRESYNC " + ID + " x,Master replied with wrong +FULLRESYNC syntax.",
    "+CONTINUE abc,Unexpected reply to PSYNC from master: +CONTINUE abc",
    "-NOMASTERLINK no,Master is currently unable to PSYNC but should be in the future: -NOMASTER",
    "-LOADING wait,Master is currently unable to PSYNC but should be in the future: -LOADING wait",
  })
  void answersToPsync(String answer, String line) {
    TestServer replica = replica();
    Dialog dialog = primary.accept(replica);
    dialog.greet();
    dialog.say(answer + "\r\n").awaitEnd().awaitLog(line);
    assertStillThere(replica);
  }

  @ParameterizedTest
  @CsvSource({
    "-ERR later,MASTER aborted replication with an error: ERR later",
    "*3,'Bad protocol from MASTER, the first byte is not '",
    "$x,'Bad protocol from MASTER, the first byte is not '",
    "$-5,'Bad protocol from MASTER, the first byte is not '",
    "$EOF:short,'Bad protocol from MASTER, the first byte is not '",
  })
  void announcesOfTheDataSet(String answer, String line) {
    TestServer replica = replica();
    Dialog dialog = primary.accept(replica);
    dialog.greet();
    dialog.say("+FULLRESYNC " + OTHER_ID + " 9\r\n\n" + answer + "\r\n").awaitEnd().awaitLog(line);
    assertStillThere(replica);
  }

  @Test
  void aLineWithoutEnd() {
    TestServer replica = replica();
    Dialog dialog = primary.accept(replica);
    dialog
        .expect("PING")
        .say("+" + "x".repeat(100_000))
        .awaitEnd()
        .awaitLog("the line is too long");
    assertStillThere(replica);
  }

  @ParameterizedTest
  @ValueSource(strings = {"disabled", "swapdb"})
  void aDataSetThatDoesNotComeWhole(String mode) {
    TestServer replica = replica("repl-diskless-load " + mode);
    byte[] dataSet = dataSet("SET new v");
    for (int length = 0; length < dataSet.length; length += 7) {
      Dialog dialog = primary.accept(replica);
      dialog.greet();
      dialog.say("+FULLRESYNC " + OTHER_ID + " 9\r\n$" + dataSet.length + "\r\n");
      dialog.say(dataSet, length).awaitLog("receiving " + dataSet.length + " bytes").close();
      replica.logLines().clear();
    }
    assertStillThere(replica);
  }

  @ParameterizedTest
  @ValueSource(strings = {"disabled", "swapdb"})
  void aDataSetWithFalseBytes(String mode) {
    TestServer replica = replica("repl-diskless-load " + mode);
    byte[] dataSet = dataSet("SET new v");
    for (int i = 0; i < dataSet.length; i += 3) {
      byte[] damaged = dataSet.clone();
      damaged[i] ^= 0x41;
      Dialog dialog = primary.accept(replica);
      dialog.greet();
      dialog.say("+FULLRESYNC " + OTHER_ID + " 9\r\n$" + damaged.length + "\r\n");
      dialog.say(damaged, damaged.length).awaitEnd();
      assertThat(replica.logLines())
          .as("byte " + i)
          .anyMatch(
              line ->
                  line.contains("its checksum is wrong")
                      || line.startsWith("Failed trying to load the MASTER synchronization DB"));
      replica.logLines().clear();
    }
    assertStillThere(replica);
  }

  @Test
  void aWrongMarkInMemory() {
    TestServer replica = replica("repl-diskless-load swapdb");
    byte[] dataSet = dataSet("SET new v");
    for (String end : List.of("x".repeat(40), MARK.substring(1) + "x", "x" + MARK)) {
      Dialog dialog = primary.accept(replica);
      dialog.greet();
      dialog.say("+FULLRESYNC " + OTHER_ID + " 9\r\n$EOF:" + MARK + "\r\n");
      dialog.say(dataSet, dataSet.length).say(end).awaitEnd();
      dialog.awaitLog(
          end.length() == MARK.length()
              ? "Replication stream EOF marker is broken"
              : "there are bytes behind its end");
      dialog.awaitLog("MASTER <-> REPLICA sync: Discarding temporary DB in background");
      replica.logLines().clear();
    }
    assertStillThere(replica);
  }

  @Test
  void aWrongMarkOnDisk() {
    TestServer replica = replica("repl-timeout 5");
    byte[] dataSet = dataSet("SET new v");
    Dialog dialog = primary.accept(replica);
    dialog.greet();
    dialog.say("+FULLRESYNC " + OTHER_ID + " 9\r\n$EOF:" + MARK + "\r\n");
    dialog.say(dataSet, dataSet.length).say("x".repeat(40)).awaitEnd();
    dialog.awaitLog("Timeout receiving bulk data from MASTER...");
    assertThat(host.disk().exists("/home/temp-sync-4711-2.rdb")).isFalse();
    assertStillThere(replica);
  }

  @Test
  void aDiskThatTakesNothing() {
    TestServer replica = replica();
    byte[] dataSet = dataSet("SET new v");
    Dialog dialog = primary.accept(replica);
    dialog.greet();
    host.disk().failAll("No space left on device");
    dialog.say("+FULLRESYNC " + OTHER_ID + " 9\r\n$" + dataSet.length + "\r\n");
    dialog.say(dataSet, dataSet.length).awaitEnd();
    dialog.awaitLog(
        "Opening the temp file needed for MASTER <-> REPLICA synchronization: No space left");
    host.disk().failAll(null);
    assertStillThere(replica);
  }

  @ParameterizedTest
  @CsvSource({
    "hello,inline protocol",
    "*x,Protocol error (invalid multibulk length)",
    "*1|+PING,Protocol error (expected '$'",
  })
  void aStreamThatIsNone(String stream, String line) {
    TestServer replica = replica();
    Dialog dialog = primary.accept(replica);
    dialog.greet();
    dialog.say("+CONTINUE\r\n" + stream.replace("|", "\r\n") + "\r\n").awaitEnd().awaitLog(line);
    assertThat(replica.send("GET", "old")).isEqualTo("$1\r\nv\r\n");
    // Nobody knows what the primary has meant, so nothing but all of its data will do.
    assertThat(primary.accept(replica).greet()).isEqualTo("PSYNC ? -1");
  }

  @Test
  void aCommandThatFailsIsToldAndCounts() {
    TestServer replica = replica();
    Dialog dialog = primary.accept(replica);
    dialog.greet();
    String stream =
        new String(
            ReplyLine.command("LPUSH", "old", "x"), java.nio.charset.StandardCharsets.ISO_8859_1);
    dialog.say("+CONTINUE\r\n" + stream).expectAck(stream.length());
    dialog.awaitLog(
        "== CRITICAL == This replica is sending an error to its master: '-WRONGTYPE Operation"
            + " against a key holding the wrong kind of value' after processing the command 'lpush'");
  }
}
