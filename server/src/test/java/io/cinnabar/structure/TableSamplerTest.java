package io.cinnabar.structure;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.arena.Arena;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class TableSamplerTest {

  private static final int KEY_OFFSET = 0;

  private final Random random = new Random(5);
  private final Arena arena = new Arena();
  private final KeyHash keyHash = new KeyHash(7);
  private final SegmentedTable table = new SegmentedTable(arena, keyHash, KEY_OFFSET);
  private final TableSampler sampler = new TableSampler(arena, random);
  private final int[] into = new int[2000];

  private int add(int number, int marks) {
    byte[] key = Integer.toString(number).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    int reference = arena.allocate(1 + key.length);
    byte[] slab = arena.slab(reference);
    int at = Arena.offset(reference);
    slab[at] = (byte) key.length;
    System.arraycopy(key, 0, slab, at + 1, key.length);
    table.insert(keyHash.of(new Slice(key)), reference, marks);
    return reference;
  }

  @Test
  void anEmptyTableHasNothingToTake() {
    assertThat(sampler.sample(table, 0, into, 5)).isZero();
    assertThat(sampler.sample(table, SegmentedTable.EXPIRES, into, 5)).isZero();
  }

  @Test
  void aSmallTableIsTakenWhole() {
    Set<Integer> all = new HashSet<>();
    for (int i = 0; i < 40; i++) {
      all.add(add(i, i % 4 == 0 ? SegmentedTable.EXPIRES : 0));
    }
    for (int round = 0; round < 50; round++) {
      assertThat(sampler.sample(table, 0, into, 100)).isEqualTo(40);
      assertThat(taken(40)).isEqualTo(all);
      assertThat(sampler.sample(table, SegmentedTable.EXPIRES, into, 100)).isEqualTo(10);
      assertThat(taken(10)).hasSize(10).isSubsetOf(all);
      assertThat(sampler.sample(table, 0, into, 7)).isEqualTo(7);
      assertThat(taken(7)).hasSize(7).isSubsetOf(all);
    }
  }

  private Set<Integer> taken(int count) {
    Set<Integer> set = new HashSet<>();
    Arrays.stream(into, 0, count).forEach(set::add);
    return set;
  }

  /** No element is out of reach, and none is taken much more often than the others. */
  @Test
  void eachElementHasItsChance() {
    int keys = 5_000;
    Map<Integer, Integer> counts = new HashMap<>();
    for (int i = 0; i < keys; i++) {
      counts.put(add(i, 0), 0);
    }
    int rounds = 100_000;
    for (int round = 0; round < rounds; round++) {
      int found = sampler.sample(table, 0, into, 5);
      assertThat(found).isEqualTo(5);
      for (int i = 0; i < found; i++) {
        counts.merge(into[i], 1, Integer::sum);
      }
    }
    int mean = rounds * 5 / keys;
    assertThat(counts.values()).allMatch(count -> count > mean / 5 && count < mean * 4);
  }

  @Test
  void fewMarkedElementsAreMetInTheEnd() {
    int marked = 0;
    for (int i = 0; i < 200_000; i++) {
      int reference = add(i, i == 777 ? SegmentedTable.EXPIRES : 0);
      marked = i == 777 ? reference : marked;
    }
    int attempts = 0;
    while (sampler.sample(table, SegmentedTable.EXPIRES, into, 5) == 0) {
      attempts++;
      assertThat(attempts).isLessThan(200);
    }
    assertThat(into[0]).isEqualTo(marked);
  }

  @Test
  void aReferenceOfThePastIsTold() {
    int first = add(1, 0);
    long hash = table.hashOf(first);
    assertThat(table.contains(hash, first)).isTrue();
    assertThat(table.contains(hash + 1, first)).isFalse();
    assertThat(table.contains(hash, first + 1)).isFalse();
    table.remove(hash, first);
    arena.free(first);
    assertThat(table.contains(hash, first)).isFalse();
    int second = add(2, 0);
    assertThat(second).isEqualTo(first); // the block is used again, by another key
    assertThat(table.contains(hash, first)).isFalse();
  }

  @Test
  void segmentBytesAreTheBlocksOfTheSegments() {
    int[] references = new int[20_000];
    for (int i = 0; i < references.length; i++) {
      references[i] = add(i, 0);
    }
    long elementBytes = 16L * references.length;
    assertThat(table.segmentBytes()).isEqualTo(arena.usedBytes() - elementBytes);
    for (int reference : references) {
      table.remove(table.hashOf(reference), reference);
      arena.free(reference);
    }
    assertThat(table.segmentBytes()).isEqualTo(arena.usedBytes());
  }
}
