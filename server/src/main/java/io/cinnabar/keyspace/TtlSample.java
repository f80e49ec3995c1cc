package io.cinnabar.keyspace;

import io.cinnabar.arena.Arena;
import io.cinnabar.structure.SegmentedTable;
import io.cinnabar.structure.TableSampler;
import java.util.random.RandomGenerator;

/** The average time that keys have left, estimated from some of them. */
final class TtlSample {

  private static final int MOST = 128;

  private final TableSampler sampler;
  private final int[] references = new int[MOST];
  private final Entry entry = new Entry();

  TtlSample(Arena arena, RandomGenerator random) {
    sampler = new TableSampler(arena, random);
  }

  /** In milliseconds; expired entries count as 0, and a database without any that expire has 0. */
  long averageMillis(Database database, long nowMillis) {
    if (database.expiringCount() == 0) {
      return 0;
    }
    int found = sampler.sample(database.table(), SegmentedTable.EXPIRES, references, MOST);
    double sum = 0;
    for (int i = 0; i < found; i++) {
      entry.at(database, references[i], 0);
      sum += Math.max(0.0, (double) entry.expiryMillis() - nowMillis);
    }
    return found == 0 ? 0 : (long) (sum / found);
  }
}
