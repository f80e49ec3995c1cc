package io.cinnabar.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.Seed;
import io.cinnabar.TestServer;
import io.cinnabar.TestServers;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Several servers that follow each other, in one thread and in virtual time. */
final class ChainTest {

  private static final String FIRST = "10.0.0.1";
  private static final String SECOND = "10.0.0.2";
  private static final String THIRD = "10.0.0.3";

  private final long seed = Seed.of(ChainTest.class);
  private final TestServers servers = new TestServers(seed);
  private final TestServer first =
      servers.start(FIRST, "enable-debug-command yes", "repl-diskless-sync-delay 0");

  private TestServer follow(String address, String primary, String... directives) {
    String[] all = new String[directives.length + 3];
    all[0] = "replicaof " + primary + " 6379";
    all[1] = "enable-debug-command yes";
    all[2] = "repl-diskless-sync-delay 0";
    System.arraycopy(directives, 0, all, 3, directives.length);
    return servers.start(address, all);
  }

  private static String digest(TestServer server) {
    return server.send("DEBUG", "DIGEST");
  }

  private static String field(TestServer server, String name) {
    String info = server.send("INFO", "everything");
    int at = info.indexOf("\n" + name + ":") + name.length() + 2;
    return info.substring(at, info.indexOf('\r', at));
  }

  private static boolean isLinked(TestServer replica) {
    return field(replica, "master_link_status").equals("up");
  }

  private void awaitSame(TestServer primary, TestServer replica) {
    servers.runUntil(
        () ->
            isLinked(replica)
                && field(primary, "master_repl_offset")
                    .equals(field(replica, "master_repl_offset")));
    assertThat(digest(replica)).as(Seed.option(seed)).isEqualTo(digest(primary));
  }

  private static void fill(TestServer server, SplittableRandom random, int count) {
    for (int i = 0; i < count; i++) {
      String key = "k" + random.nextInt(30);
      String value = "" + random.nextInt(1000);
      List<String> words =
          switch (random.nextInt(9)) {
            case 0 -> List.of("SET", "s" + key, value);
            case 1 -> List.of("RPUSH", "l" + key, value);
            case 2 -> List.of("LPOP", "l" + key);
            case 3 -> List.of("HSET", "h" + key, value, "v");
            case 4 -> List.of("SPOP", "t" + key);
            case 5 -> List.of("SADD", "t" + key, value, "a" + value);
            case 6 -> List.of("SELECT", "" + random.nextInt(3));
            case 7 -> List.of("EXPIRE", "s" + key, "1000");
            default -> List.of("ZADD", "z" + key, value, "m" + value);
          };
      server.send(words.toArray(String[]::new));
    }
  }

  /** And not only when it tells by itself how far it is, once a second. */
  @Test
  void aReplicaTellsAtOnceWhatIsOnItsDisk() {
    TestServer second = follow(SECOND, FIRST, "appendonly yes", "appendfsync always");
    servers.runUntil(() -> isLinked(second));
    servers.advance(Duration.ofSeconds(3));
    first.send("CONFIG", "SET", "commit-acks", "replicas 1", "commit-acks-fsync", "yes");
    servers.runUntil(() -> field(first, "commit_acks_ready_replicas").equals("1"));
    TestServer.Client client = first.connect();
    for (int i = 0; i < 20; i++) {
      second.host().disk().stall(true);
      assertThat(client.send("SET", "k", "v")).isEmpty();
      servers.advance(Duration.ofMillis(50));
      assertThat(client.receive()).as("it is in memory").isEmpty();
      second.host().disk().stall(false);
      servers.advance(Duration.ofMillis(20));
      assertThat(client.receive()).isEqualTo("+OK\r\n");
    }
  }

  @Test
  void aChainHasTheSameBytesEverywhere() {
    SplittableRandom random = new SplittableRandom(seed);
    fill(first, random, 300);
    TestServer second = follow(SECOND, FIRST);
    awaitSame(first, second);
    TestServer third = follow(THIRD, SECOND, "repl-diskless-load swapdb");
    awaitSame(second, third);
    fill(first, random, 300);
    first.send("MULTI");
    first.send("SET", "a", "1");
    first.send("SET", "b", "2");
    first.send("EXEC");
    awaitSame(first, second);
    awaitSame(first, third);
    assertThat(field(third, "master_replid")).isEqualTo(field(first, "master_replid"));
    assertThat(field(first, "sync_full")).isEqualTo("1");
    assertThat(field(second, "sync_full")).isEqualTo("1");
  }

  @Test
  void replicasGoOnWithThePromotedOne() {
    SplittableRandom random = new SplittableRandom(seed);
    TestServer second = follow(SECOND, FIRST);
    TestServer third = follow(THIRD, FIRST);
    fill(first, random, 300);
    awaitSame(first, second);
    awaitSame(first, third);
    servers.kill(FIRST);
    assertThat(second.send("REPLICAOF", "NO", "ONE")).isEqualTo("+OK\r\n");
    fill(second, random, 100);
    assertThat(third.send("REPLICAOF", SECOND, "6379")).isEqualTo("+OK\r\n");
    awaitSame(second, third);
    assertThat(field(second, "sync_partial_ok")).isEqualTo("1");
    assertThat(field(second, "sync_full")).isEqualTo("0");
  }

  @Test
  void anOldPrimaryComesBackAsAReplica() {
    SplittableRandom random = new SplittableRandom(seed);
    TestServer second = follow(SECOND, FIRST);
    fill(first, random, 300);
    awaitSame(first, second);
    assertThat(second.send("REPLICAOF", "NO", "ONE")).isEqualTo("+OK\r\n");
    fill(second, random, 100);
    assertThat(first.send("REPLICAOF", SECOND, "6379")).isEqualTo("+OK\r\n");
    awaitSame(second, first);
    assertThat(field(second, "sync_partial_ok")).isEqualTo("1");
    assertThat(first.send("SET", "k", "v")).startsWith("-READONLY");
  }

  @Test
  void linksThatAreCutAndSplitUnderLoad() {
    SplittableRandom random = new SplittableRandom(seed);
    servers.internet().latency(Duration.ofMillis(1), Duration.ofMillis(20));
    TestServer second = follow(SECOND, FIRST, "repl-timeout 5");
    TestServer third = follow(THIRD, SECOND, "repl-timeout 5");
    first.send("CONFIG", "SET", "repl-timeout", "5");
    first.send("CONFIG", "SET", "repl-ping-replica-period", "1");
    for (int i = 0; i < 30; i++) {
      fill(first, random, 20);
      servers.advance(Duration.ofMillis(random.nextInt(400)));
      switch (random.nextInt(5)) {
        case 0 -> servers.internet().cut(FIRST, SECOND);
        case 1 -> servers.internet().cut(SECOND, THIRD);
        case 2 -> {
          servers.internet().split(random.nextBoolean() ? FIRST : THIRD);
          servers.advance(Duration.ofMillis(random.nextInt(9000)));
          servers.internet().heal();
        }
        default -> {}
      }
    }
    awaitSame(first, second);
    awaitSame(first, third);
    assertThat(field(first, "sync_full")).isEqualTo("1");
  }

  @Test
  void aReplicaKeepsInItsFileWhatItIsSent() {
    SplittableRandom random = new SplittableRandom(seed);
    fill(first, random, 100);
    TestServer second = follow(SECOND, FIRST, "appendonly yes");
    awaitSame(first, second);
    fill(first, random, 300);
    awaitSame(first, second);
    servers.advance(Duration.ofSeconds(2));
    servers.kill(SECOND);
    second.host().disk().kill();
    TestServer alone =
        servers.start(SECOND, second.host().disk(), "appendonly yes", "enable-debug-command yes");
    assertThat(digest(alone)).as(Seed.option(seed)).isEqualTo(digest(first));
  }

  @Test
  void aReplicaOfAReplicaBeginsInTheDatabaseOfTheStream() {
    TestServer second = follow(SECOND, FIRST);
    awaitSame(first, second);
    first.send("SELECT", "3");
    first.send("SET", "a", "1");
    awaitSame(first, second);
    for (String mode : List.of("disabled", "on-empty-db", "swapdb")) {
      TestServer third = follow(THIRD, SECOND, "repl-diskless-load " + mode);
      awaitSame(second, third);
      first.send("SET", mode, "v");
      awaitSame(first, third);
      servers.kill(THIRD);
    }
  }

  @Test
  void aTrimWithALimitIsRepeated() {
    TestServer second = follow(SECOND, FIRST, "appendonly yes");
    awaitSame(first, second);
    for (int i = 0; i < 300; i++) {
      first.send("XADD", "stream", "*", "f", "v");
    }
    assertThat(first.send("XTRIM", "stream", "MAXLEN", "~", "5", "LIMIT", "150"))
        .isEqualTo(":100\r\n");
    awaitSame(first, second);
    // What everysec gathers is in the file by then.
    servers.advance(Duration.ofMillis(10));
    servers.kill(SECOND);
    second.host().disk().kill();
    TestServer alone =
        servers.start(SECOND, second.host().disk(), "appendonly yes", "enable-debug-command yes");
    assertThat(digest(alone)).isEqualTo(digest(first));
    assertThat(alone.logLines()).noneMatch(line -> line.contains("== CRITICAL =="));
  }

  @Test
  void expiredKeysGoWhenThePrimarySaysSo() {
    TestServer second = follow(SECOND, FIRST);
    first.send("SET", "k", "v", "PX", "500");
    first.send("HSET", "h", "f", "v", "g", "w");
    first.send("HPEXPIRE", "h", "500", "FIELDS", "1", "f");
    awaitSame(first, second);
    first.send("DEBUG", "SET-ACTIVE-EXPIRE", "0");
    servers.advance(Duration.ofSeconds(1));
    assertThat(second.send("GET", "k")).isEqualTo("$-1\r\n");
    assertThat(second.send("HGET", "h", "f")).isEqualTo("$-1\r\n");
    assertThat(second.send("DBSIZE")).isEqualTo(":2\r\n");
    assertThat(second.send("HLEN", "h")).isEqualTo(":2\r\n");
    first.send("DEBUG", "SET-ACTIVE-EXPIRE", "1");
    servers.advance(Duration.ofSeconds(1));
    assertThat(second.send("DBSIZE")).isEqualTo(":1\r\n");
    awaitSame(first, second);
  }

  @Test
  void waitaofCountsTheReplicasThatHaveItOnDisk() {
    TestServer second = follow(SECOND, FIRST, "appendonly yes");
    TestServer third = follow(THIRD, FIRST);
    servers.runUntil(() -> isLinked(second) && isLinked(third));
    TestServer.Client client = first.connect();
    assertThat(client.send("SET", "k", "v")).isEqualTo("+OK\r\n");
    assertThat(client.send("WAITAOF", "0", "1", "0")).isEmpty();
    StringBuilder reply = new StringBuilder();
    servers.runUntil(() -> reply.append(client.take()).length() > 0);
    assertThat(reply).hasToString("*2\r\n:0\r\n:1\r\n");
    assertThat(client.send("WAITAOF", "0", "2", "5000")).isEmpty();
    reply.setLength(0);
    servers.runUntil(() -> reply.append(client.take()).length() > 0);
    assertThat(reply).as("the third keeps no file").hasToString("*2\r\n:0\r\n:1\r\n");
    assertThat(client.send("WAIT", "2", "0")).isEqualTo(":2\r\n");

    second.host().disk().stall(true);
    client.send("SET", "k", "w");
    client.send("WAITAOF", "0", "1", "3000");
    reply.setLength(0);
    servers.runUntil(() -> reply.append(client.take()).length() > 0);
    assertThat(reply).as("its disk does not take it").hasToString("*2\r\n:0\r\n:0\r\n");
    second.host().disk().stall(false);
    client.send("WAITAOF", "0", "1", "0");
    reply.setLength(0);
    servers.runUntil(() -> reply.append(client.take()).length() > 0);
    assertThat(reply).hasToString("*2\r\n:0\r\n:1\r\n");
  }
}
