package io.cinnabar.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.Seed;
import io.cinnabar.TestServer;
import io.cinnabar.TestServers;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** FAILOVER between servers in one thread, and what goes wrong with it. */
final class FailoverTest {

  private static final String FIRST = "10.0.0.1";
  private static final String SECOND = "10.0.0.2";
  private static final String THIRD = "10.0.0.3";
  private static final String OK = "+OK\r\n";

  private final TestServers servers = new TestServers(Seed.of(FailoverTest.class));
  private final TestServer first = servers.start(FIRST, "repl-diskless-sync-delay 0");
  private final TestServer second = follow(SECOND);

  private TestServer follow(String address) {
    TestServer server =
        servers.start(address, "replicaof " + FIRST + " 6379", "repl-diskless-sync-delay 0");
    servers.runUntil(() -> field(server, "master_link_status").equals("up"));
    return server;
  }

  private static String field(TestServer server, String name) {
    String info = server.send("INFO", "everything");
    int at = info.indexOf("\n" + name + ":");
    if (at < 0) {
      return "none";
    }
    int begin = at + name.length() + 2;
    return info.substring(begin, info.indexOf('\r', begin));
  }

  private boolean follows(TestServer server, String primary) {
    return field(server, "master_host").equals(primary)
        && field(server, "master_link_status").equals("up");
  }

  @Test
  void theReplicaLeadsAndNothingIsSentAnew() {
    TestServer third = follow(THIRD);
    first.send("SET", "k", "v");
    assertThat(first.send("FAILOVER", "TO", SECOND, "6379")).isEqualTo(OK);
    assertThat(field(first, "master_failover_state")).isEqualTo("waiting-for-sync");
    TestServer.Client writer = first.connect();
    assertThat(writer.send("SET", "k", "w")).as("while it waits").isEmpty();

    servers.runUntil(() -> follows(first, SECOND));
    assertThat(field(second, "role")).isEqualTo("master");
    assertThat(writer.receive()).startsWith("-READONLY");
    assertThat(field(first, "master_failover_state")).isEqualTo("no-failover");
    assertThat(second.send("SET", "k", "x")).isEqualTo(OK);
    servers.runUntil(() -> first.send("GET", "k").equals("$1\r\nx\r\n"));
    servers.runUntil(() -> third.send("GET", "k").equals("$1\r\nx\r\n"));
    assertThat(field(second, "sync_full")).isEqualTo("0");
    assertThat(field(second, "sync_partial_ok")).isEqualTo("1");
    assertThat(second.logLines())
        .anyMatch(line -> line.startsWith("Failover request received for replid"))
        .anyMatch(line -> line.startsWith("MASTER MODE enabled (failover request from '"));
  }

  /** What was not answered when the part was handed over, the replica has. */
  @Test
  void whoWaitsForReplicasIsAnsweredBefore() {
    first.send("CONFIG", "SET", "commit-acks", "replicas 1 timeout 0");
    TestServer.Client writer = first.connect();
    TestServer.Client reader = first.connect();
    assertThat(writer.send("SET", "k", "v")).isEmpty();
    assertThat(first.send("FAILOVER", "TO", SECOND, "6379")).isEqualTo(OK);
    assertThat(reader.send("GET", "k")).isEmpty();
    servers.runUntil(() -> follows(first, SECOND));
    assertThat(writer.receive()).isEqualTo(OK);
    assertThat(reader.receive()).isEqualTo("$1\r\nv\r\n");
    assertThat(second.send("GET", "k")).isEqualTo("$1\r\nv\r\n");
  }

  @Test
  void whicheverReplicaIsNearLeads() {
    assertThat(first.send("FAILOVER")).isEqualTo(OK);
    assertThat(first.send("FAILOVER")).isEqualTo("-ERR FAILOVER already in progress.\r\n");
    assertThat(first.send("REPLICAOF", SECOND, "6379"))
        .isEqualTo("-ERR REPLICAOF not allowed while failing over.\r\n");
    servers.runUntil(() -> follows(first, SECOND));
    assertThat(first.send("FAILOVER"))
        .isEqualTo("-ERR FAILOVER is not valid when server is a replica.\r\n");
  }

  @Test
  void itCanBeCalledOffAndEndsByItself() {
    assertThat(first.send("FAILOVER", "ABORT")).isEqualTo("-ERR No failover in progress.\r\n");
    first.send("SET", "k", "1");
    first.send("FAILOVER");
    assertThat(first.send("FAILOVER", "ABORT")).isEqualTo(OK);
    assertThat(first.send("SET", "k", "2")).isEqualTo(OK);

    servers.internet().split(SECOND);
    first.send("SET", "k", "3");
    assertThat(first.send("FAILOVER", "TIMEOUT", "2000")).isEqualTo(OK);
    TestServer.Client writer = first.connect();
    assertThat(writer.send("SET", "k", "4")).isEmpty();
    servers.advance(Duration.ofSeconds(3));
    assertThat(writer.receive()).isEqualTo(OK);
    assertThat(first.logLines())
        .contains(
            "FAILOVER to any replica aborted: Failover manually aborted",
            "FAILOVER to any replica aborted: Replica never caught up before timeout");
  }

  @Test
  void whatCantBeIsRefused() {
    assertThat(first.send("FAILOVER", "TO", SECOND, "1"))
        .isEqualTo("-ERR FAILOVER target HOST and PORT is not a replica.\r\n");
    assertThat(first.send("FAILOVER", "TO", SECOND, "6379", "FORCE"))
        .isEqualTo(
            "-ERR FAILOVER with force option requires both a timeout and target HOST and IP.\r\n");
    assertThat(first.send("FAILOVER", "TIMEOUT", "0"))
        .isEqualTo("-ERR FAILOVER timeout must be greater than 0\r\n");
    assertThat(first.connect().send("PSYNC", "?", "-1", "FAILOVER"))
        .isEqualTo("-ERR PSYNC FAILOVER can't be sent to a master.\r\n");
    assertThat(second.connect().send("PSYNC", "a".repeat(40), "1", "FAILOVER"))
        .isEqualTo("-ERR PSYNC FAILOVER replid must match my replid.\r\n");
  }
}
