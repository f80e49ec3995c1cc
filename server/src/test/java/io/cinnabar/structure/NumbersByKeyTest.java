package io.cinnabar.structure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cinnabar.Seed;
import io.cinnabar.arena.ArenaFullException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class NumbersByKeyTest {

  private static final long LIMIT_BYTES = 64 << 20;

  private final KeyHash hash = new KeyHash(42);
  private final NumbersByKey numbers = new NumbersByKey(LIMIT_BYTES, hash);
  private final Map<String, TreeSet<Integer>> model = new HashMap<>();

  private boolean add(NumbersByKey to, String text, int number) {
    Slice key = Slice.of(text);
    return to.add(key, hash.of(key), number);
  }

  @Test
  void aBatchIsReadAheadWhereItsKeysAre() {
    add(numbers, "here", 1);
    Slice here = Slice.of("here");
    int candidate = numbers.candidate(hash.of(here));

    assertThat(candidate).isNotZero();
    assertThat(numbers.candidate(hash.of(Slice.of("nowhere")))).isZero();
    // What is read is the lowest of the bits, and the last byte of the key.
    assertThat(numbers.touchCandidate(candidate, here.length)).isEqualTo(0b10 + 'e');
    assertThat(numbers.touchCandidate(0, here.length)).isZero();
  }

  @Test
  void keepsWhatANaiveModelKeeps() {
    long seed = Seed.of(NumbersByKeyTest.class);
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 60_000; i++) {
      step(random, Seed.option(seed) + ", step " + i);
      if (i % 6_000 == 0) {
        numbers.validate();
      }
    }
    numbers.validate();
  }

  private void step(SplittableRandom random, String where) {
    String key = "k".repeat(random.nextInt(40) == 0 ? 300 : 1) + random.nextInt(3_000);
    int dice = random.nextInt(10_000);
    if (dice == 0) {
      numbers.clear();
      model.clear();
    } else if (dice < 50) {
      while (numbers.compactStep()) {
        // until nothing is left to do
      }
    } else if (dice < 2_500) {
      remove(key, where);
    } else {
      int number = random.nextInt(random.nextBoolean() ? 4 : 200);
      boolean added = model.computeIfAbsent(key, absent -> new TreeSet<>()).add(number);
      assertThat(add(numbers, key, number)).as(where).isEqualTo(added);
    }
    assertThat(numbers.size()).as(where).isEqualTo(model.size());
    long total = dice % 100 == 0 ? model.values().stream().mapToInt(TreeSet::size).sum() : -1;
    assertThat(total).as(where).isIn(-1L, numbers.total());
  }

  private void remove(String key, String where) {
    TreeSet<Integer> held = model.remove(key);
    int count = numbers.remove(Slice.of(key));
    int[] expected = held == null ? new int[0] : held.stream().mapToInt(each -> each).toArray();
    assertThat(Arrays.copyOf(numbers.removed(), count)).as(where).isEqualTo(expected);
  }

  @Test
  void aRandomKeyIsOneOfThem() {
    add(numbers, "a", 1);
    add(numbers, "b", 1);
    SplittableRandom random = new SplittableRandom(1);
    TreeSet<String> seen = new TreeSet<>();
    Slice key = new Slice();
    for (int i = 0; i < 100; i++) {
      numbers.random(random, key);
      seen.add(key.toString());
    }

    assertThat(seen).containsExactly("a", "b");
  }

  @Test
  void memoryIsGivenBackWhenMostKeysHaveGone() {
    for (int i = 0; i < 100_000; i++) {
      add(numbers, "key" + i, i % 7);
    }
    long fullBytes = numbers.memoryBytes();
    for (int i = 0; i < 100_000; i++) {
      if (i % 50 != 0) {
        numbers.remove(Slice.of("key" + i));
      }
    }
    while (numbers.compactStep()) {
      // until nothing is left to do
    }

    assertThat(fullBytes).isBetween(4L << 20, 8L << 20);
    assertThat(numbers.memoryBytes()).isLessThan(fullBytes / 2);
    numbers.validate();
  }

  @Test
  void whatDoesNotFitChangesNothing() {
    NumbersByKey small = new NumbersByKey(1 << 20, hash);
    int[] added = {0};

    assertThatThrownBy(
            () -> {
              for (; added[0] < 1_000_000; added[0]++) {
                add(small, "key" + added[0], 1);
              }
            })
        .isInstanceOf(ArenaFullException.class);
    assertThat(small.size()).isEqualTo(added[0]).isGreaterThan(1_000);
    assertThat(small.total()).isEqualTo(added[0]);
    small.validate();
  }
}
