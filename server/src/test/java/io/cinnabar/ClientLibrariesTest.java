package io.cinnabar;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.LettuceFutures;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.Response;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.resps.ScanResult;

/** The clients that most Java programs use, each over its own transport. */
@Timeout(60)
final class ClientLibrariesTest {

  private static final CinnabarServer SERVER = CinnabarServer.builder().start();
  private static final int KEYS = 2_500;

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  @BeforeEach
  void flush() {
    try (Jedis client = jedis(RedisProtocol.RESP2)) {
      client.flushAll();
    }
  }

  private static Jedis jedis(RedisProtocol protocol) {
    return new Jedis(
        new HostAndPort("127.0.0.1", SERVER.port()),
        DefaultJedisClientConfig.builder().protocol(protocol).clientName("a-jedis").build());
  }

  @Test
  void jedisPipelinesInBothProtocols() {
    for (RedisProtocol protocol : List.of(RedisProtocol.RESP2, RedisProtocol.RESP3)) {
      try (Jedis client = jedis(protocol)) {
        client.flushAll();
        Pipeline pipeline = client.pipelined();
        List<Response<Long>> counts = new ArrayList<>();
        List<Response<String>> values = new ArrayList<>();
        for (int i = 0; i < KEYS; i++) {
          pipeline.set("key" + i, "value" + i);
          counts.add(pipeline.incr("counter"));
          values.add(pipeline.get("key" + i));
        }
        pipeline.sync();
        assertThat(counts.get(KEYS - 1).get()).isEqualTo(KEYS);
        for (int i = 0; i < KEYS; i++) {
          assertThat(values.get(i).get()).isEqualTo("value" + i);
        }
        assertThat(client.clientGetname()).isEqualTo("a-jedis");
        assertThat(client.clientInfo())
            .contains(" resp=" + (protocol == RedisProtocol.RESP3 ? 3 : 2), " lib-name=jedis");
      }
    }
  }

  @Test
  void jedisScansEveryKey() {
    try (Jedis client = jedis(RedisProtocol.RESP3)) {
      fill(client);
      Set<String> found = new HashSet<>();
      ScanParams few = new ScanParams().count(7).match("key*");
      String cursor = ScanParams.SCAN_POINTER_START;
      do {
        ScanResult<String> page = client.scan(cursor, few);
        found.addAll(page.getResult());
        cursor = page.getCursor();
      } while (!cursor.equals(ScanParams.SCAN_POINTER_START));
      assertThat(found).hasSize(KEYS).doesNotContain("other");
      assertThat(client.keys("key1?")).hasSize(10);
    }
  }

  private static void fill(Jedis client) {
    Pipeline pipeline = client.pipelined();
    for (int i = 0; i < KEYS; i++) {
      pipeline.set("key" + i, "value" + i);
    }
    pipeline.set("other", "value");
    pipeline.sync();
  }

  @Test
  void jedisCarriesAnyBytes() {
    try (Jedis client = jedis(RedisProtocol.RESP2)) {
      byte[] bytes = new byte[3 << 20];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) ((i * 31) >> 3);
      }
      byte[] key = {0, -1, '\r', '\n'};
      client.set(key, bytes);
      assertThat(client.get(key)).isEqualTo(bytes);
    }
  }

  @Test
  void lettuceConnectsPipelinesAndScans() {
    RedisURI uri =
        RedisURI.builder()
            .withHost("127.0.0.1")
            .withPort(SERVER.port())
            .withClientName("a-lettuce")
            .build();
    RedisClient lettuce = RedisClient.create(uri);
    try (StatefulRedisConnection<String, String> connection = lettuce.connect()) {
      RedisCommands<String, String> sync = connection.sync();
      assertThat(sync.clientGetname()).isEqualTo("a-lettuce");
      assertThat(sync.clientList()).contains(" resp=3 ", " lib-name=Lettuce ");
      assertThat(sync.set("key", "value", SetArgs.Builder.nx().ex(100))).isEqualTo("OK");
      assertThat(sync.set("key", "value", SetArgs.Builder.nx())).isNull();
      assertThat(sync.ttl("key")).isBetween(98L, 100L);
      assertThat(sync.mget("key", "nothing").get(1).hasValue()).isFalse();
      pipeline(connection);
      assertThat(scan(sync)).hasSize(KEYS + 1);
    } finally {
      lettuce.shutdown(0, 5, TimeUnit.SECONDS);
    }
  }

  private static void pipeline(StatefulRedisConnection<String, String> connection) {
    RedisAsyncCommands<String, String> async = connection.async();
    connection.setAutoFlushCommands(false);
    List<RedisFuture<?>> replies = new ArrayList<>();
    for (int i = 0; i < KEYS; i++) {
      replies.add(async.set("key" + i, "value" + i));
    }
    connection.flushCommands();
    connection.setAutoFlushCommands(true);
    assertThat(
            LettuceFutures.awaitAll(30, TimeUnit.SECONDS, replies.toArray(new RedisFuture<?>[0])))
        .isTrue();
  }

  private static Set<String> scan(RedisCommands<String, String> commands) {
    Set<String> found = new HashSet<>();
    KeyScanCursor<String> page = commands.scan(ScanArgs.Builder.limit(50));
    found.addAll(page.getKeys());
    while (!page.isFinished()) {
      page = commands.scan(page, ScanArgs.Builder.limit(50));
      found.addAll(page.getKeys());
    }
    return found;
  }
}
