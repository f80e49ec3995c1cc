package io.cinnabar.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.Seed;
import io.cinnabar.TestServer;
import io.cinnabar.keyspace.Database;
import io.cinnabar.keyspace.Keyspace;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * A day of changes to values of all types, with keys and fields that expire and keys that are
 * evicted: what is counted is what is there.
 */
final class MemoryAccountingTest {

  private static final int HOURS = 24;
  private static final int COMMANDS_AN_HOUR = 3_000;

  /** Parts of an hour between which time passes. */
  private static final int PARTS = 12;

  private static final String[] TYPES = {
    "string", "string", "string", "hash", "list", "set", "zset", "stream", "sketch", "bitmap"
  };
  private static final String[] POLICIES = {
    "allkeys-lru",
    "volatile-lru",
    "allkeys-lfu",
    "volatile-lfu",
    "allkeys-random",
    "volatile-random",
    "volatile-ttl",
    "noeviction"
  };

  private final TestServer server = TestServer.start("hz 1", "maxmemory 11mb");
  private final long seed = Seed.of(MemoryAccountingTest.class);
  private final Random random = new Random(seed);

  @Test
  void countersAreTheSumOverAllKeys() {
    for (int hour = 0; hour < HOURS; hour++) {
      server.send("CONFIG", "SET", "maxmemory-policy", POLICIES[hour % POLICIES.length]);
      for (int part = 0; part < PARTS; part++) {
        for (int i = 0; i < COMMANDS_AN_HOUR / PARTS; i++) {
          change(hour);
        }
        server.advance(Duration.ofHours(1).dividedBy(PARTS));
      }
      check("seed " + seed + ", hour " + hour);
    }
    Statistics statistics = server.engine().statistics();
    assertThat(statistics.evictedKeys).as("seed %s", seed).isPositive();
    assertThat(statistics.expiredKeys).as("seed %s", seed).isPositive();
    assertThat(statistics.expiredFields).as("seed %s", seed).isPositive();
    server.send("FLUSHALL");
    check("seed " + seed + ", in the end");
  }

  private void change(int hour) {
    String type = TYPES[random.nextInt(TYPES.length)];
    String key = type + random.nextInt(type.equals("string") ? 6_000 : 100);
    // Sizes change over the day, so that slabs become sparse and compaction has to do.
    String value = "v".repeat(random.nextInt(200) + (hour % 6) * random.nextInt(300));
    if (random.nextInt(4) == 0) {
      changeAny(key, type);
      return;
    }
    String member = "member" + random.nextInt(300);
    switch (type) {
      case "string" -> changeString(key, value);
      case "hash" -> changeHash(key, member, value);
      case "list" -> changeList(key, value);
      case "set" -> send(random.nextInt(3) == 0 ? "SREM" : "SADD", key, member);
      case "zset" -> changeSortedSet(key, member);
      case "stream" -> changeStream(key, value);
      case "sketch" -> send("PFADD", key, member, value);
      default -> send("SETBIT", key, number(60_000), "1");
    }
  }

  private void changeAny(String key, String type) {
    switch (random.nextInt(7)) {
      case 0 -> send("DEL", key);
      case 1 -> send("RENAME", key, type + random.nextInt(100));
      case 2 -> send("EXPIRE", key, number(7_200));
      case 3 -> send("PERSIST", key);
      case 4 -> send("MOVE", key, "1");
      case 5 -> send("COPY", key, type + random.nextInt(100), "REPLACE");
      default -> {
        if (random.nextInt(500) == 0) {
          send("FLUSHDB");
        }
      }
    }
  }

  private void changeString(String key, String value) {
    switch (random.nextInt(8)) {
      case 0 -> send("APPEND", key, value);
      case 1 -> send("SETRANGE", key, "3000", value);
      case 2 -> send("SET", key, Integer.toString(random.nextInt()));
      case 3, 4 -> send("SET", key, value, "EX", number(5_000));
      default -> send("SET", key, value);
    }
  }

  private void changeHash(String key, String field, String value) {
    switch (random.nextInt(4)) {
      case 0 -> send("HDEL", key, field);
      case 1 -> send("HEXPIRE", key, number(5_000), "FIELDS", "1", field);
      default -> send("HSET", key, field, value);
    }
  }

  private void changeList(String key, String value) {
    switch (random.nextInt(6)) {
      case 0 -> send("LPOP", key);
      case 1 -> send("LSET", key, number(50), value);
      case 2 -> send("LTRIM", key, "0", number(100));
      case 3 -> send("LPUSH", key, value);
      default -> send("RPUSH", key, value);
    }
  }

  private void changeSortedSet(String key, String member) {
    switch (random.nextInt(4)) {
      case 0 -> send("ZREM", key, member);
      case 1 -> send("ZUNIONSTORE", key, "2", key, "zset" + random.nextInt(100));
      default -> send("ZADD", key, number(1_000), member);
    }
  }

  private void changeStream(String key, String value) {
    switch (random.nextInt(6)) {
      case 0 -> send("XTRIM", key, "MAXLEN", number(100));
      case 1 -> send("XGROUP", "CREATE", key, "group" + random.nextInt(3), "0");
      case 2 -> send("XREADGROUP", "GROUP", "group0", "consumer" + number(3), "STREAMS", key, ">");
      default -> send("XADD", key, "*", "field", value);
    }
  }

  private String number(int below) {
    return Integer.toString(1 + random.nextInt(below));
  }

  private void send(String... words) {
    server.send(words);
  }

  private void check(String when) {
    Keyspace keyspace = server.engine().keyspace();
    long[] bytes = {0, 0};
    for (int i = 0; i < keyspace.databases(); i++) {
      Database database = keyspace.database(i);
      bytes[0] += database.tableBytes();
      long cursor = 0;
      do {
        cursor =
            database.scan(
                cursor,
                entry -> {
                  bytes[0] += entry.sizeBytes();
                  bytes[1]++;
                });
      } while (cursor != 0);
    }
    assertThat(keyspace.setAsideKeys()).as(when).isZero();
    assertThat(keyspace.usedBytes()).as(when).isEqualTo(bytes[0]);
    Memory memory = server.engine().memory();
    assertThat(memory.usedBytes()).as(when).isLessThanOrEqualTo(memory.limitBytes() + 8_192);
    keyspace.validate();
  }
}
