package io.cinnabar.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.TestServer;
import io.cinnabar.TestServer.Client;
import io.cinnabar.keyspace.EvictionPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A server at its limit, whole, in virtual time: one command evicts as much as it has to. */
final class EvictionTest {

  private static final String OK = "+OK\r\n";
  private static final String FULL = "-" + CommandError.OUT_OF_MEMORY.line() + "\r\n";
  private static final String VALUE = "v".repeat(200);

  private final TestServer server = TestServer.start();

  private String config(String name, Object value) {
    return server.send("CONFIG", "SET", name, value.toString());
  }

  private long info(String field) {
    for (String line : server.send("INFO").split("\r\n", -1)) {
      if (line.startsWith(field + ":")) {
        return Long.parseLong(line.substring(field.length() + 1));
      }
    }
    throw new AssertionError(field);
  }

  private void limitTo(long moreBytes, EvictionPolicy policy) {
    String word = policy.name().toLowerCase(Locale.ROOT).replace('_', '-');
    assertThat(config("maxmemory-policy", word)).isEqualTo(OK);
    assertThat(config("maxmemory", info("used_memory") + moreBytes)).isEqualTo(OK);
  }

  @Test
  void withoutEvictionWritesAreRefusedBeforeTheyBegin() {
    limitTo(4_000, EvictionPolicy.NOEVICTION);
    assertThat(server.send("SET", "a", VALUE)).isEqualTo(OK);
    String[] mset = new String[41];
    mset[0] = "MSET";
    for (int i = 1; i < mset.length; i += 2) {
      mset[i] = "key" + i;
      mset[i + 1] = VALUE;
    }
    assertThat(server.send(mset)).isEqualTo(FULL);
    assertThat(server.send("DBSIZE")).isEqualTo(":1\r\n");
    assertThat(server.send("INFO", "commandstats"))
        .contains("cmdstat_mset:calls=0,", "rejected_calls=1");
    assertThat(server.send("INFO", "errorstats")).contains("errorstat_OOM:count=1");
    assertThat(server.send("GET", "a")).isEqualTo("$200\r\n" + VALUE + "\r\n");
    assertThat(config("maxmemory", 1)).isEqualTo(OK);
    assertThat(server.send("SET", "b", "x")).isEqualTo(FULL);
    assertThat(server.send("EXPIRE", "a", "100")).isEqualTo(":1\r\n");
    assertThat(server.send("DEL", "a")).isEqualTo(":1\r\n");
    assertThat(config("maxmemory", 0)).isEqualTo(OK);
    assertThat(server.send(mset)).isEqualTo(OK);
  }

  @Test
  void eachPolicyKeepsTheLimitUnderLoad() {
    for (EvictionPolicy policy : EvictionPolicy.values()) {
      if (policy == EvictionPolicy.NOEVICTION) {
        continue;
      }
      server.send("FLUSHALL");
      config("maxmemory", 0);
      long evicted = info("evicted_keys");
      limitTo(300_000, policy);
      long limit = info("maxmemory");
      Random random = new Random(1);
      for (int i = 0; i < 5_000; i++) {
        String key = "key:" + random.nextInt(1_000_000);
        String value = "v".repeat(random.nextInt(400));
        assertThat(server.send("SET", key, value, "EX", "1000"))
            .as("%s %s", policy, i)
            .isEqualTo(OK);
      }
      assertThat(info("used_memory")).as("%s", policy).isBetween(limit - 20_000, limit + 4_096);
      assertThat(info("evicted_keys") - evicted).isGreaterThan(2_000);
      assertThat(info("expired_keys")).isZero();
      server.engine().keyspace().validate();
    }
  }

  @Test
  void volatilePoliciesRefuseWhereNothingExpires() {
    limitTo(3_000, EvictionPolicy.VOLATILE_LRU);
    for (int i = 0; i < 8; i++) {
      server.send("SET", "lasting" + i, VALUE);
    }
    server.send("SET", "going", VALUE, "EX", "100");
    String[] mset = {"MSET", "a", VALUE, "b", VALUE, "c", VALUE, "d", VALUE, "e", VALUE};
    assertThat(server.send(mset)).isEqualTo(FULL);
    assertThat(server.send("EXISTS", "going")).isEqualTo(":0\r\n");
    assertThat(server.send("DBSIZE")).isEqualTo(":8\r\n");
    assertThat(info("evicted_keys")).isEqualTo(1);
  }

  /** A value that will never fit must not cost all the others. */
  @Test
  void whatNeverFitsEvictsNothing() {
    limitTo(30_000, EvictionPolicy.ALLKEYS_LRU);
    for (int i = 0; i < 50; i++) {
      server.send("SET", "key" + i, VALUE);
    }
    assertThat(server.send("SET", "large", "x".repeat(60_000))).isEqualTo(FULL);
    assertThat(server.send("DBSIZE")).isEqualTo(":50\r\n");
    assertThat(server.send("SET", "small", "x")).isEqualTo(OK);
  }

  @Test
  void aLowerLimitEvictsAndIsTold() {
    config("maxmemory-policy", "allkeys-random");
    for (int i = 0; i < 2_000; i++) {
      server.send("SET", "key" + i, VALUE);
    }
    long limit = info("used_memory") - 300_000;
    config("maxmemory", limit);
    assertThat(server.logLines())
        .anyMatch(line -> line.startsWith("WARNING: the new maxmemory value set via CONFIG SET ("));
    server.advance(Duration.ofSeconds(1));
    assertThat(server.engine().memory().usedBytes()).isLessThanOrEqualTo(limit);
    assertThat(server.engine().statistics().evictedKeys).isBetween(800L, 1_700L);
  }

  @Test
  void eachKeyThatGoesIsAUnitOfItsOwn() {
    List<Told> changes = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      server.send("SET", "key" + i, VALUE);
    }
    server.engine().unit().listen(Told.to(changes::add));
    limitTo(300, EvictionPolicy.ALLKEYS_LRU);
    server.send("SET", "new", VALUE + VALUE);
    assertThat(changes).hasSizeBetween(2, 5);
    for (Told change : changes.subList(0, changes.size() - 1)) {
      assertThat(change.commands()).hasSize(1);
      assertThat(change.commands().get(0).words().get(0)).isEqualTo("DEL");
      assertThat(change.touches()).hasSize(1);
      assertThat(change.touches().get(0).event()).isEqualTo(KeyEvent.EVICTED);
    }
    changes.clear();
    config("lazyfree-lazy-eviction", "yes");
    server.send("SET", "newer", VALUE + VALUE);
    assertThat(changes.get(0).commands().get(0).words().get(0)).isEqualTo("UNLINK");
  }

  @Test
  void theTimeAboveTheLimitIsCounted() {
    server.send("SET", "key", VALUE);
    assertThat(info("current_eviction_exceeded_time")).isZero();
    config("maxmemory", 1);
    assertThat(server.send("SET", "key", VALUE)).isEqualTo(FULL);
    server.advance(Duration.ofSeconds(3));
    assertThat(info("current_eviction_exceeded_time")).isBetween(2_900L, 3_100L);
    config("maxmemory", 0);
    server.advance(Duration.ofSeconds(1));
    assertThat(info("current_eviction_exceeded_time")).isZero();
    assertThat(info("total_eviction_exceeded_time")).isBetween(2_900L, 3_300L);
    server.send("CONFIG", "RESETSTAT");
    assertThat(info("total_eviction_exceeded_time")).isZero();
  }

  @Test
  void withoutALimitTheHeapIsTheLimit() {
    long limit = info("maxmemory");
    assertThat(limit).isEqualTo(server.engine().memory().heapLimitBytes()).isLessThan(224L << 20);
    assertThat(server.send("CONFIG", "GET", "maxmemory")).endsWith("$1\r\n0\r\n");
    config("maxmemory", "1gb");
    assertThat(info("maxmemory")).isEqualTo(limit);
    assertThat(server.logLines())
        .anyMatch(line -> line.startsWith("WARNING: maxmemory is 1073741824"));
    config("maxmemory-policy", "allkeys-lru");
    for (int i = 0; i < 60; i++) {
      assertThat(server.send("SETRANGE", "key" + i, "9999999", "x")).isEqualTo(":10000000\r\n");
      server.advance(Duration.ofMillis(1100));
    }
    assertThat(server.send("EXISTS", "key59", "key58", "key0")).isEqualTo(":2\r\n");
    assertThat(info("evicted_keys")).isBetween(38L, 45L);
  }

  /** What clients have sent counts, as soon as it is there. */
  @Test
  void clientsBuffersCount() {
    limitTo(1_000_000, EvictionPolicy.ALLKEYS_LRU);
    for (int i = 0; i < 2_000; i++) {
      server.send("SET", "key" + i, VALUE);
    }
    assertThat(info("evicted_keys")).isZero();
    Client client = server.connect();
    client.queue("*3\r\n$3\r\nSET\r\n$1\r\na\r\n$900000\r\n" + "x".repeat(800_000));
    for (int i = 0; i < 5; i++) {
      client.receive(); // some of it in each turn
    }
    assertThat(info("mem_clients_normal")).isGreaterThan(800_000);
    assertThat(info("evicted_keys")).isGreaterThan(500);
    assertThat(info("used_memory")).isLessThanOrEqualTo(info("maxmemory"));
  }

  /** What FLUSHDB has set aside goes before any key does. */
  @Test
  void leftoversGoFirst() {
    for (int i = 0; i < 5_000; i++) {
      server.send("SET", "old" + i, VALUE);
    }
    limitTo(2_000, EvictionPolicy.ALLKEYS_LRU);
    StringBuilder commands = new StringBuilder("FLUSHDB ASYNC\r\n");
    for (int i = 0; i < 100; i++) {
      commands.append("SET new").append(i).append(' ').append(VALUE).append("\r\n");
    }
    server.connect().sendRaw(commands.toString());
    assertThat(server.send("DBSIZE")).isEqualTo(":100\r\n");
    assertThat(info("evicted_keys")).isZero();
  }
}
