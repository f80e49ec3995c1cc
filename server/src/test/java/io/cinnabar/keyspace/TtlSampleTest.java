package io.cinnabar.keyspace;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.arena.Arena;
import io.cinnabar.structure.Slice;
import java.util.Random;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

final class TtlSampleTest {

  private static final long NOW = 1_700_000_000_000L;

  private final Arena arena = new Arena();
  private final Keyspace keyspace = new Keyspace(arena, new Random(3), 1);
  private final Database database = keyspace.database(0);
  private final TtlSample sample = new TtlSample(arena, new Random(4));
  private final Entry entry = new Entry();

  private void key(String name) {
    Slice key = Slice.of(name);
    database.create(key, database.hash(key), entry);
  }

  private void key(String name, long ttlMillis) {
    key(name);
    database.setExpiry(entry, NOW + ttlMillis);
  }

  @Test
  void withoutAnyThatExpireItIsZero() {
    key("lasts");
    assertThat(sample.averageMillis(database, NOW)).isZero();
  }

  @Test
  void keysThatLastDontCountAndExpiredOnesCountAsZero() {
    for (int i = 0; i < 50; i++) {
      key("lasts:" + i);
    }
    key("soon", 1_000);
    key("later", 5_000);
    key("over", -9_000);
    assertThat(sample.averageMillis(database, NOW)).isEqualTo(2_000);
  }

  @Test
  void ofManyItIsAnEstimate() {
    for (int i = 0; i < 20_000; i++) {
      key("key:" + i, 1 + i % 1_000);
    }
    double sum = 0;
    for (int i = 0; i < 50; i++) {
      sum += sample.averageMillis(database, NOW);
    }
    assertThat(sum / 50).isCloseTo(500, Percentage.withPercentage(15));
  }
}
