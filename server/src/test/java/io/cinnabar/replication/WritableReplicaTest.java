package io.cinnabar.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.TestServer;
import io.cinnabar.replication.ScriptedPrimary.Dialog;
import io.cinnabar.virtual.VirtualHost;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Keys that clients of a writable replica write, of which its primary knows nothing. */
final class WritableReplicaTest {

  private static final String OK = "+OK\r\n";

  private final VirtualHost host = host();
  private final ScriptedPrimary primary = new ScriptedPrimary(host);
  private final TestServer replica =
      TestServer.startOn(host, ScriptedPrimary.REPLICAOF, "replica-read-only no");
  private final Dialog dialog =
      primary.accept(replica).synchronise(ReplicaTest.dataSet("SET theirs v PX 5000"), 0);

  private static VirtualHost host() {
    VirtualHost host = new VirtualHost(1);
    host.startWorkers();
    return host;
  }

  private String tracked() {
    String info = replica.send("INFO", "stats");
    int at = info.indexOf("slave_expires_tracked_keys:");
    return info.substring(info.indexOf(':', at) + 1, info.indexOf('\r', at));
  }

  private String size() {
    return replica.send("DBSIZE");
  }

  @Test
  void theyExpireHereAndOthersDoNot() {
    replica.send("SET", "own", "v", "PX", "1000");
    replica.send("SET", "lasting", "v");
    assertThat(tracked()).isEqualTo("1");
    replica.advance(Duration.ofMillis(900));
    assertThat(size()).isEqualTo(":3\r\n");
    replica.advance(Duration.ofMillis(300));
    assertThat(size()).isEqualTo(":2\r\n");
    assertThat(tracked()).isEqualTo("0");
    dialog.say("\r\n");
    replica.advance(Duration.ofSeconds(6));
    assertThat(replica.send("EXISTS", "theirs")).isEqualTo(":0\r\n");
    assertThat(size()).as("the primary's is there until it says so").isEqualTo(":2\r\n");
  }

  @Test
  void eachWayOfGivingAnExpiryCounts() {
    replica.send("SETEX", "a", "1000", "v");
    replica.send("GETEX", "a", "EX", "2000");
    replica.send("SET", "b", "v");
    replica.send("EXPIRE", "b", "1000");
    replica.send("SET", "c", "v", "EX", "1000");
    assertThat(tracked()).isEqualTo("3");
    replica.send("RENAME", "c", "d");
    replica.send("COPY", "d", "e");
    replica.send("MOVE", "e", "3");
    replica.send("SET", "f", "v");
    replica.send("RENAME", "f", "g");
    assertThat(tracked()).as("the old names are looked at when their time is over").isEqualTo("6");
    replica.advance(Duration.ofSeconds(1001));
    assertThat(tracked()).isEqualTo("1");
    assertThat(size()).as("a, g and the primary's").isEqualTo(":3\r\n");
  }

  @Test
  void theNewestExpiryCounts() {
    replica.send("SET", "sooner", "v", "EX", "1000");
    replica.send("PEXPIRE", "sooner", "500");
    replica.send("SET", "later", "v", "PX", "500");
    replica.send("EXPIRE", "later", "1000");
    replica.send("SET", "never", "v", "PX", "500");
    replica.send("PERSIST", "never");
    replica.send("SET", "gone", "v", "PX", "500");
    replica.send("DEL", "gone");
    assertThat(tracked()).isEqualTo("4");
    replica.advance(Duration.ofSeconds(1));
    assertThat(replica.send("KEYS", "*")).contains("later", "never").doesNotContain("sooner");
    assertThat(tracked()).isEqualTo("1");
    assertThat(size()).isEqualTo(":3\r\n");
  }

  @Test
  void whatThePrimarySaysIsItsOwnAffair() {
    byte[] set = ReplyLine.command("SET", "k", "v", "PX", "500");
    dialog.say(set, set.length);
    replica.advance(Duration.ofSeconds(2));
    assertThat(tracked()).isEqualTo("0");
    assertThat(size()).isEqualTo(":2\r\n");
  }

  @Test
  void theyAreForgottenWithTheDataSet() {
    replica.send("SET", "own", "v", "EX", "1000");
    assertThat(replica.send("FLUSHALL")).isEqualTo(OK);
    assertThat(tracked()).isEqualTo("0");
    replica.send("SET", "own", "v", "PX", "500");
    replica.send("REPLICAOF", "NO", "ONE");
    replica.advance(Duration.ofSeconds(1));
    assertThat(size()).isEqualTo(":0\r\n");
    assertThat(tracked()).isEqualTo("0");
  }
}
