package io.cinnabar.differential;

import static io.cinnabar.differential.ExchangeData.ask;
import static io.cinnabar.differential.ExchangeData.streams;
import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.CinnabarServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real redis-server follows ours, and has the same data in the end. */
@Timeout(120)
final class RedisReplicaTest {

  private static final int CUTS = 5;

  private final ExchangeData data = new ExchangeData(RedisReplicaTest.class);

  @TempDir private Path folder;

  private CinnabarServer ours(String diskless) {
    return CinnabarServer.builder()
        .option("dir", folder.toString())
        .option("enable-debug-command", "yes")
        .option("rdb-version", "10")
        .option("repl-diskless-sync", diskless)
        .option("repl-diskless-sync-delay", "0")
        .option("repl-backlog-size", "64mb")
        .start();
  }

  private static String info(RespClient client, String section, String field) {
    for (String line : ask(client, "INFO", section).split("\r\n", -1)) {
      if (line.startsWith(field + ":")) {
        return line.substring(field.length() + 1);
      }
    }
    return "none";
  }

  private static void await(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      Thread.onSpinWait();
    }
  }

  private static boolean isLinked(RespClient replica) {
    return info(replica, "replication", "master_link_status").equals("up");
  }

  private void assertSameData(RespClient primary, RespClient replica) {
    await(
        () ->
            info(replica, "replication", "master_repl_offset")
                .equals(info(primary, "replication", "master_repl_offset")));
    assertThat(ask(replica, "DEBUG", "DIGEST"))
        .as(data.option())
        .isEqualTo(ask(primary, "DEBUG", "DIGEST"));
    assertThat(streams(replica)).as(data.option()).isEqualTo(streams(primary));
  }

  @ParameterizedTest
  @ValueSource(strings = {"yes", "no"})
  void aRedisServerHasTheSameDataWhateverIsCut(String diskless) throws IOException {
    try (CinnabarServer ours = ours(diskless);
        RespClient primary = RespClient.connect(Subject.at("ours", ours.port()));
        RealRedis theirs = RealRedis.start("redis", "--enable-debug-command", "yes");
        RespClient replica = RespClient.connect(theirs.subject())) {
      data.fill(primary);
      ask(replica, "REPLICAOF", "127.0.0.1", "" + ours.port());
      data.fill(primary);
      await(() -> isLinked(replica));
      data.fill(primary);
      assertSameData(primary, replica);
      for (int i = 1; i <= CUTS; i++) {
        String partials = "" + i;
        assertThat(ask(primary, "CLIENT", "KILL", "TYPE", "replica")).isEqualTo("1");
        data.fill(primary);
        await(
            () -> isLinked(replica) && info(primary, "stats", "sync_partial_ok").equals(partials));
      }
      assertSameData(primary, replica);
      assertThat(info(primary, "stats", "sync_full")).isEqualTo("1");
      // It has asked at first whether it could go on with what it was before.
      assertThat(info(primary, "stats", "sync_partial_err")).isEqualTo("1");
    }
  }

  /** It tells nothing of its disk before 7.2, so that it can't be counted on for that. */
  @Test
  void aRedisServerAcknowledgesWhatIsAnswered() throws IOException {
    try (CinnabarServer ours = ours("yes");
        RespClient primary = RespClient.connect(Subject.at("ours", ours.port()));
        RealRedis theirs = RealRedis.start("redis", "--appendonly", "yes");
        RespClient replica = RespClient.connect(theirs.subject())) {
      ask(replica, "REPLICAOF", "127.0.0.1", "" + ours.port());
      ask(primary, "CONFIG", "SET", "commit-acks", "replicas 1 timeout 0");
      await(() -> info(primary, "replication", "commit_acks_ready_replicas").equals("1"));
      for (int i = 0; i < CUTS; i++) {
        assertThat(ask(primary, "INCR", "n")).isEqualTo("" + (i + 1));
        assertThat(ask(replica, "GET", "n")).isEqualTo("" + (i + 1));
      }
      ask(primary, "CONFIG", "SET", "commit-acks-fsync", "yes");
      assertThat(primary.call(Command.of("INCR", "n")).bytes()).startsWith("-NOREPLICAS ");
    }
  }

  @Test
  void whatDependsOnChanceOrTimeArrivesAsWhatItCameTo() throws IOException {
    try (CinnabarServer ours = ours("yes");
        RespClient primary = RespClient.connect(Subject.at("ours", ours.port()));
        RespClient waiting = RespClient.connect(Subject.at("ours", ours.port()));
        RealRedis theirs = RealRedis.start("redis", "--enable-debug-command", "yes");
        RespClient replica = RespClient.connect(theirs.subject())) {
      ask(replica, "REPLICAOF", "127.0.0.1", "" + ours.port());
      await(() -> isLinked(replica));
      waiting.send("BLMOVE waited moved LEFT RIGHT 0\r\n");
      await(() -> info(primary, "clients", "blocked_clients").equals("1"));
      ask(primary, "RPUSH", "waited", "a", "b", "c");
      ask(primary, "SADD", "set", "a", "b", "c", "d", "e", "f");
      ask(primary, "SPOP", "set");
      ask(primary, "SPOP", "set", "2");
      ask(primary, "INCRBYFLOAT", "float", "0.1");
      ask(primary, "HINCRBYFLOAT", "hash", "f", "0.1");
      ask(primary, "SET", "gone", "v", "PX", "1");
      ask(primary, "SET", "stays", "v", "EX", "1000");
      ask(primary, "GETEX", "stays", "PERSIST");
      ask(primary, "ZADD", "sorted", "1", "a", "2", "b");
      ask(primary, "ZMPOP", "1", "sorted", "MIN");
      ask(primary, "MULTI");
      ask(primary, "SET", "a", "1");
      ask(primary, "SELECT", "5");
      ask(primary, "SET", "b", "2");
      ask(primary, "EXEC");
      ask(primary, "SELECT", "0");
      await(() -> ask(primary, "DBSIZE").equals(ask(replica, "DBSIZE")));
      await(() -> ask(primary, "EXISTS", "gone").equals("0"));

      assertSameData(primary, replica);
    }
  }

  /** It knows nothing of fields that expire, but of fields that are deleted. */
  @Test
  void fieldsExpireWhereNobodyKnowsThatTheyDo() throws IOException {
    try (CinnabarServer ours = ours("yes");
        RespClient primary = RespClient.connect(Subject.at("ours", ours.port()));
        RealRedis theirs = RealRedis.start("redis", "--enable-debug-command", "yes");
        RespClient replica = RespClient.connect(theirs.subject())) {
      ask(replica, "REPLICAOF", "127.0.0.1", "" + ours.port());
      await(() -> isLinked(replica));
      ask(primary, "HSET", "h", "soon", "1", "later", "2", "never", "3");
      ask(primary, "HPEXPIRE", "h", "1", "FIELDS", "1", "soon");
      ask(primary, "HEXPIRE", "h", "1000", "FIELDS", "1", "later");
      ask(primary, "HSET", "all", "f", "1");
      ask(primary, "HPEXPIRE", "all", "1", "FIELDS", "1", "f");
      await(() -> ask(replica, "HLEN", "h").equals("2"));
      await(() -> ask(replica, "EXISTS", "all").equals("0"));
      assertThat(ask(replica, "HGET", "h", "later")).isEqualTo("2");
      assertThat(info(replica, "stats", "unexpected_error_replies")).isEqualTo("3");
      assertThat(isLinked(replica)).isTrue();
      assertThat(info(primary, "stats", "sync_full")).isEqualTo("1");
    }
  }
}
