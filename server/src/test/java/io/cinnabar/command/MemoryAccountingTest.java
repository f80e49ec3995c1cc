package io.cinnabar.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.Seed;
import io.cinnabar.TestServer;
import io.cinnabar.keyspace.Database;
import io.cinnabar.keyspace.Keyspace;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A day of changes, with keys that expire and are evicted: what is counted is what is there. */
final class MemoryAccountingTest {

  private static final int HOURS = 24;
  private static final int COMMANDS_AN_HOUR = 3_000;
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
      for (int i = 0; i < COMMANDS_AN_HOUR; i++) {
        change(hour);
      }
      server.advance(Duration.ofHours(1));
      check("seed " + seed + ", hour " + hour);
    }
    assertThat(server.engine().statistics().evictedKeys).as("seed %s", seed).isPositive();
    assertThat(server.engine().statistics().expiredKeys).as("seed %s", seed).isPositive();
    server.send("FLUSHALL");
    check("seed " + seed + ", in the end");
  }

  private void change(int hour) {
    String key = "key" + random.nextInt(8_000);
    // Sizes change over the day, so that slabs become sparse and compaction has to do.
    String value = "v".repeat(random.nextInt(200) + (hour % 6) * random.nextInt(300));
    switch (random.nextInt(20)) {
      case 0 -> server.send("DEL", key);
      case 1 -> server.send("APPEND", key, value);
      case 2 -> server.send("RENAME", key, "key" + random.nextInt(8_000));
      case 3 -> server.send("EXPIRE", key, Integer.toString(random.nextInt(7_200)));
      case 4 -> server.send("PERSIST", key);
      case 5 -> server.send("MOVE", key, "1");
      case 6 -> server.send("SETRANGE", key, "3000", value);
      case 7 -> server.send("COPY", key, "key" + random.nextInt(8_000), "REPLACE");
      case 8 -> server.send("SET", key, Integer.toString(random.nextInt()));
      case 9 -> {
        if (random.nextInt(500) == 0) {
          server.send("FLUSHDB");
        }
      }
      case 10, 11, 12 ->
          server.send("SET", key, value, "EX", Integer.toString(1 + random.nextInt(5_000)));
      default -> server.send("SET", key, value);
    }
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
