package io.cinnabar.structure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cinnabar.Seed;
import io.cinnabar.arena.Arena;
import io.cinnabar.arena.ArenaFullException;
import io.cinnabar.arena.Frozen;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sets and hashes in leaves against the JDK's maps, by random operations. */
final class HashedTreeTest {
  private final long seed = Seed.of(HashedTreeTest.class);
  private final SplittableRandom random = new SplittableRandom(seed);
  private final ScratchRoot root = new ScratchRoot(CountedTree.ROOT_BYTES);
  private final KeyHash keyHash = new KeyHash(random.nextLong());
  private Arena arena = new Arena();

  /** What the hash of an element is cut down to, for equal ones. */
  private long hashMask = -1;

  private final Map<String, String> model = new HashMap<>();

  private HashedTree tree(boolean hasValues) {
    BlockSource blocks =
        new BlockSource() {
          @Override
          public byte[] slabOf(int reference) {
            return arena.slab(reference);
          }

          @Override
          public Arena arena() {
            return arena;
          }
        };
    return new HashedTree(blocks, this::hash, hasValues).attach(root.reset(), 0);
  }

  private long hash(Slice element) {
    return keyHash.of(element) & hashMask;
  }

  private boolean put(HashedTree tree, String field, String value, long expiryMillis) {
    Slice element = Slice.of(field);
    return tree.put(element, hash(element), Slice.of(value), expiryMillis);
  }

  private boolean remove(HashedTree tree, String field) {
    Slice element = Slice.of(field);
    return tree.remove(element, hash(element));
  }

  private @Nullable String get(HashedTree tree, String field) {
    Slice element = Slice.of(field);
    if (!tree.find(element, hash(element))) {
      return null;
    }
    Slice found = new Slice();
    tree.element(found);
    assertThat(found.contentEquals(element)).isTrue();
    tree.value(found);
    return tree.expiryMillis() + ":" + found;
  }

  private String text(int lengthBound) {
    return "x".repeat(random.nextInt(10) == 0 ? random.nextInt(lengthBound) : random.nextInt(20));
  }

  @ParameterizedTest
  @CsvSource({
    "-1, 100, 50",
    "-1, 3000, 50",
    "-1, 3000, 5000",
    "-1, 30000, 300",
    "15, 3000, 300",
    "0, 1000, 50",
    "0xF000000000000000, 40, 3000",
  })
  void holdsWhatAMapHolds(String mask, int elements, int lengthBound) {
    hashMask =
        mask.startsWith("0x")
            ? Long.parseUnsignedLong(mask.substring(2), 16)
            : Long.parseLong(mask);
    HashedTree tree = tree(true);
    List<Frozen> views = new ArrayList<>();
    int operations = hashMask == 0 ? 5_000 : 60_000;
    for (int i = 0; i < operations; i++) {
      // It grows and shrinks in turns.
      boolean grows = i % (4 * elements) < 2 * elements;
      String field = "f" + random.nextInt(elements) + text(lengthBound);
      int dice = random.nextInt(10);
      if (dice < (grows ? 6 : 2)) {
        String value = text(lengthBound);
        long expiry = random.nextInt(4) == 0 ? random.nextInt(1000) : HashedTree.NO_EXPIRY;
        boolean isNew = put(tree, field, value, expiry);
        assertThat(isNew)
            .as("seed %d", seed)
            .isEqualTo(model.put(field, expiry + ":" + value) == null);
      } else if (dice == 9 && random.nextInt(50) == 0 && hashMask != 0) {
        if (views.size() == 3) {
          views.remove(random.nextInt(3)).close();
        }
        views.add(arena.freeze());
      } else if (!model.isEmpty() && random.nextBoolean()) {
        assertThat(tree.seekIndex(random.nextLong(tree.count()))).isTrue();
        Slice found = new Slice();
        tree.element(found);
        assertThat(model.remove(found.toString())).as("seed %d", seed).isNotNull();
        tree.removeFound();
      } else {
        assertThat(remove(tree, field)).as("seed %d", seed).isEqualTo(model.remove(field) != null);
        assertThat(get(tree, field)).isNull();
      }
      if (i % 997 == 0) {
        compare(tree);
      }
    }
    compare(tree);
    views.forEach(Frozen::close);
    tree.clear();
    while (arena.reclaim(1000)) {}
    assertThat(arena.usedBytes()).as("seed %d", seed).isZero();
  }

  private void compare(HashedTree tree) {
    tree.validate();
    assertThat(tree.count()).as("seed %d", seed).isEqualTo(model.size());
    Map<String, String> found = new HashMap<>();
    Slice text = new Slice();
    for (boolean more = tree.first(); more; more = tree.next()) {
      tree.element(text);
      String field = text.toString();
      tree.value(text);
      assertThat(found.put(field, tree.expiryMillis() + ":" + text)).isNull();
    }
    assertThat(found).as("seed %d", seed).isEqualTo(model);
    for (String field : model.keySet()) {
      assertThat(get(tree, field)).as("seed %d", seed).isEqualTo(model.get(field));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 0xFF, 0xF000000000000000L, 0x8000000000000001L})
  void scansCompletelyAndWithoutDuplicates(long mask) {
    hashMask = mask;
    HashedTree tree = tree(false);
    Set<String> lasting = new HashSet<>();
    for (int i = 0; i < 2000; i++) {
      lasting.add("lasting" + i);
      Slice element = Slice.of("lasting" + i);
      assertThat(tree.add(element, hash(element))).isTrue();
      assertThat(tree.add(element, hash(element))).isFalse();
    }
    for (int count : new int[] {1, 7, 10, 100, 5000}) {
      Set<String> seen = new HashSet<>();
      long cursor = 0;
      int[] visited = new int[1];
      do {
        visited[0] = 0;
        cursor =
            tree.scan(
                cursor,
                count,
                at -> {
                  Slice element = new Slice();
                  at.element(element);
                  assertThat(seen.add(element.toString())).as("seed %d", seed).isTrue();
                  visited[0]++;
                });
        if (cursor != 0) {
          assertThat(visited[0]).isGreaterThanOrEqualTo(count);
          if (mask == -1) {
            assertThat(visited[0]).isEqualTo(count);
          }
        }
        for (int i = 0; i < 20; i++) {
          Slice other = Slice.of("other" + random.nextInt(1000));
          if (!tree.add(other, hash(other))) {
            tree.remove(other, hash(other));
          }
        }
        tree.validate();
      } while (cursor != 0);
      assertThat(seen).as("seed %d", seed).containsAll(lasting);
    }
    assertThat(tree.scan(-1, 10, at -> {})).isZero();
  }

  @Test
  void whatDoesNotFitInMemoryChangesNothing() {
    arena = new Arena(1);
    HashedTree tree = tree(true);
    int failures = 0;
    List<Frozen> views = new ArrayList<>();
    while (failures < 300) {
      String field = "f" + random.nextInt(1_000_000);
      String value = text(5000);
      try {
        boolean isNew = put(tree, field, value, HashedTree.NO_EXPIRY);
        assertThat(isNew).isEqualTo(model.put(field, "-1:" + value) == null);
      } catch (ArenaFullException full) {
        failures++;
        if (failures % 30 == 0) {
          compare(tree);
          views.forEach(Frozen::close);
          views.clear();
          while (arena.reclaim(1000)) {}
          for (String each : new ArrayList<>(model.keySet())) {
            if (random.nextInt(3) == 0) {
              assertThat(remove(tree, each)).isTrue();
              model.remove(each);
            }
          }
          views.add(arena.freeze());
        }
      }
    }
    compare(tree);
    assertThatThrownBy(() -> put(tree, "large", "x".repeat(3_000_000), HashedTree.NO_EXPIRY))
        .isInstanceOf(ArenaFullException.class);
    compare(tree);
  }

  @Test
  void aPositionLeadsToEveryElement() {
    HashedTree tree = tree(false);
    for (int i = 0; i < 3000; i++) {
      Slice element = Slice.of("m" + i);
      tree.add(element, hash(element));
    }
    Set<String> seen = new HashSet<>();
    Slice element = new Slice();
    for (int i = 0; i < 3000; i++) {
      assertThat(tree.seekIndex(i)).isTrue();
      tree.element(element);
      seen.add(element.toString());
    }
    assertThat(seen).hasSize(3000);
    assertThat(tree.seekIndex(3000)).isFalse();
    assertThat(tree.seekIndex(-1)).isFalse();
  }
}
