package io.cinnabar.structure;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.Seed;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class IndexSortTest {
  private final long seed = Seed.of(IndexSortTest.class);
  private final SplittableRandom random = new SplittableRandom(seed);

  /** What the indexes stand for. */
  private int[] keys(int count) {
    int different = 1 + random.nextInt(2 * count + 1);
    int kind = random.nextInt(4);
    return IntStream.range(0, count)
        .map(
            i ->
                switch (kind) {
                  case 0 -> i / 3;
                  case 1 -> -i;
                  case 2 -> 7;
                  default -> random.nextInt(different);
                })
        .toArray();
  }

  private static int[] indexes(int count) {
    return IntStream.range(0, count).toArray();
  }

  private static int[] expected(int[] keys) {
    return IntStream.range(0, keys.length)
        .boxed()
        .sorted((a, b) -> Integer.compare(keys[a], keys[b]))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private static int[] values(int[] indexes, int from, int to, int[] keys) {
    return Arrays.stream(indexes, from, to).map(i -> keys[i]).toArray();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 6, 7, 8, 39, 40, 41, 42, 100, 1000})
  void sorts(int count) {
    for (int round = 0; round < 50; round++) {
      int[] keys = keys(count);
      IndexSort.Order order = (a, b) -> Integer.compare(keys[a], keys[b]);
      int[] expected = expected(keys);

      int[] sorted = indexes(count);
      IndexSort.stable(sorted, count, order);
      assertThat(sorted).as("seed %d", seed).isEqualTo(expected);

      int wanted = count == 0 ? 0 : 1 + random.nextInt(count);
      IndexSort.Order total = (a, b) -> keys[a] == keys[b] ? a - b : order.compare(a, b);
      int[] least = indexes(count);
      IndexSort.least(least, count, wanted, total);
      assertThat(Arrays.copyOf(least, wanted))
          .as("seed %d", seed)
          .isEqualTo(Arrays.copyOf(expected, wanted));
      assertThat(Arrays.stream(least).sorted().toArray()).isEqualTo(indexes(count));

      int first = count == 0 ? 0 : random.nextInt(count);
      int last = first + random.nextInt(count - first + 1) - 1;
      int[] range = indexes(count);
      IndexSort.range(range, count, first, last, order);
      assertThat(values(range, first, last + 1, keys))
          .as("seed %d", seed)
          .isEqualTo(values(expected, first, last + 1, keys));
      assertThat(Arrays.stream(range).sorted().toArray()).isEqualTo(indexes(count));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 50, 500})
  void aRangeOfAllIsAllSorted(int count) {
    int[] keys = keys(count);
    int[] sorted = indexes(count);
    IndexSort.range(sorted, count, 0, count - 1, (a, b) -> Integer.compare(keys[a], keys[b]));
    assertThat(values(sorted, 0, count, keys)).isSorted();
  }
}
