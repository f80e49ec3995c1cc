package io.cinnabar.structure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cinnabar.arena.Arena;
import io.cinnabar.arena.ArenaFullException;
import io.cinnabar.arena.Bytes;
import io.cinnabar.arena.Frozen;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Elements are blocks of a stamp (4 bytes), a key with one byte of length, and nothing else. */
final class SegmentedTableTest {
  private static final int KEY_OFFSET = 4;

  private final Arena arena = new Arena();
  private final KeyHash keyHash = new KeyHash(7);
  private final SegmentedTable table = new SegmentedTable(arena, keyHash, KEY_OFFSET);

  private long hash(String key) {
    return keyHash.of(Slice.of(key));
  }

  private int find(String key) {
    return table.find(Slice.of(key), hash(key));
  }

  private int block(String key) {
    int reference = arena.allocate(KEY_OFFSET + 1 + key.length());
    byte[] slab = arena.slab(reference);
    int at = Arena.offset(reference);
    Bytes.putInt(slab, at, arena.epoch());
    slab[at + KEY_OFFSET] = (byte) key.length();
    Slice bytes = Slice.of(key);
    System.arraycopy(bytes.array, 0, slab, at + KEY_OFFSET + 1, bytes.length);
    return reference;
  }

  private void freeBlock(int reference) {
    arena.free(reference, Bytes.getInt(arena.slab(reference), Arena.offset(reference)));
  }

  private static String key(byte[] slab, int reference) {
    int at = Arena.offset(reference) + KEY_OFFSET;
    return new Slice().set(slab, at + 1, slab[at]).toString();
  }

  private int insert(String key) {
    int reference = block(key);
    table.insert(hash(key), reference, 0);
    return reference;
  }

  private void remove(String key) {
    int reference = find(key);
    table.remove(hash(key), reference);
    freeBlock(reference);
  }

  private Set<String> scanAll() {
    Set<String> keys = new HashSet<>();
    long cursor = 0;
    do {
      cursor =
          table.scan(
              cursor,
              (reference, hash) -> {
                String key = key(arena.slab(reference), reference);
                assertThat(hash).isEqualTo(hash(key));
                assertThat(keys.add(key)).as("%s, twice", key).isTrue();
              });
    } while (cursor != 0);
    return keys;
  }

  @Test
  void growsFromOneBucketAndShrinksBack() {
    long emptyBytes = arena.usedBytes();
    Set<String> keys = new HashSet<>();
    for (int i = 0; i < 20_000; i++) {
      insert("key" + i);
      keys.add("key" + i);
      if (i < 200 || i % 997 == 0) {
        table.validate();
      }
    }
    assertThat(scanAll()).isEqualTo(keys);
    assertThat(table.directoryBytes()).isGreaterThan(16 + 8 * 16);

    for (int i = 0; i < 20_000; i++) {
      remove("key" + i);
      if (i > 19_800 || i % 997 == 0) {
        table.validate();
      }
    }
    assertThat(table.size()).isZero();
    assertThat(arena.usedBytes()).isEqualTo(emptyBytes);
    assertThat(table.directoryBytes()).isLessThanOrEqualTo(16 + 8 * 2);
  }

  @Test
  void aLayoutThatIsTooFullOrTooEmptyAlwaysGivesWayToAnother() {
    for (int buckets = 1; buckets <= Segment.MAX_BUCKETS; buckets = 2 * buckets + 1) {
      if (buckets > 1) {
        assertThat(Segment.bucketsFor(Segment.shrinkLimit(buckets) - 1)).isLessThan(buckets);
      }
      if (buckets < Segment.MAX_BUCKETS) {
        assertThat(Segment.bucketsFor(Segment.limit(buckets))).isGreaterThan(buckets);
      }
      assertThat(Arena.capacityFor(Segment.sizeBytes(buckets)))
          .isEqualTo(Segment.sizeBytes(buckets));
    }
  }

  @Test
  void aKeyTakesFewBytesWhateverTheSize() {
    int references = 0;
    for (int i = 0; i < 100_000; i++) {
      insert("key" + i);
      references++;
      if (references > 5000 && references % 1000 == 0) {
        long tableBytes = arena.usedBytes() - references * 16L + table.directoryBytes();
        assertThat((double) tableBytes / references).as("at %d", references).isBetween(5.4, 12.5);
      }
    }
  }

  @Test
  void marksAreFoundCountedAndCarriedAlong() {
    for (int i = 0; i < 3000; i++) {
      String key = "key" + i;
      table.insert(hash(key), block(key), i % 4);
    }
    table.validate();
    assertThat(table.expiring()).isEqualTo(1500);
    Set<String> expiring = new HashSet<>();
    Set<String> owners = new HashSet<>();
    int[] references = new int[SegmentedTable.MAX_SEGMENT_ELEMENTS];
    long position = 0;
    do {
      int found = table.collect(position, SegmentedTable.EXPIRES, references);
      for (int i = 0; i < found; i++) {
        expiring.add(key(arena.slab(references[i]), references[i]));
      }
      found = table.collect(position, SegmentedTable.OWNS_BLOCKS, references);
      for (int i = 0; i < found; i++) {
        owners.add(key(arena.slab(references[i]), references[i]));
      }
      position = table.nextSegment(position);
    } while (position != 0);
    for (int i = 0; i < 3000; i++) {
      assertThat(expiring.contains("key" + i)).isEqualTo((i & 1) != 0);
      assertThat(owners.contains("key" + i)).isEqualTo((i & 2) != 0);
    }
    for (int i = 0; i < 3000; i += 2) {
      int reference = find("key" + i);
      table.replace(hash("key" + i), reference, reference, SegmentedTable.EXPIRES);
    }
    table.validate();
    assertThat(table.expiring()).isEqualTo(3000);
  }

  @Test
  void theEarliestExpiryIsABoundThroughSplitsAndMerges() {
    Map<String, Long> expiry = new HashMap<>();
    Random random = new Random(3);
    for (int i = 0; i < 5000; i++) {
      String key = "key" + i;
      table.insert(hash(key), block(key), SegmentedTable.EXPIRES);
      expiry.put(key, random.nextLong(1_000_000));
      table.noteExpiry(hash(key), expiry.get(key));
    }
    for (int i = 0; i < 4900; i++) {
      remove("key" + i);
      expiry.remove("key" + i);
    }
    expiry.forEach(
        (key, millis) -> assertThat(table.earliestExpiry(hash(key))).isLessThanOrEqualTo(millis));
  }

  @Test
  void touchingReadsWithoutChanging() {
    insert("a");

    assertThat(table.touchBucket(hash("a"))).isNotZero();
    int reference = find("a");
    assertThat(table.candidate(hash("a"))).isEqualTo(reference);
    assertThat(table.candidate(hash("b"))).isZero();
    byte[] slab = arena.slab(reference);
    int at = Arena.offset(reference);
    assertThat(table.touchElement(reference, 5)).isEqualTo(slab[at] + slab[at + 5]);
    assertThat(table.touchElement(reference, 1 << 20)).isEqualTo(slab[at] + slab[slab.length - 1]);
    assertThat(table.touchElement(0, 5)).isZero();
  }

  @Test
  void everyElementIsEquallyLikelyAtRandom() {
    int elements = 3000;
    Map<Integer, Integer> counts = new HashMap<>();
    for (int i = 0; i < elements; i++) {
      counts.put(insert("key" + i), 0);
    }
    Random random = new Random(11);
    int draws = 300_000;
    for (int i = 0; i < draws; i++) {
      counts.merge(table.random(random), 1, Integer::sum);
    }
    assertThat(counts).hasSize(elements);
    double expected = (double) draws / elements;
    double chiSquare = 0;
    for (int count : counts.values()) {
      chiSquare += (count - expected) * (count - expected) / expected;
    }
    // 2999 degrees of freedom: standard deviation 77, and the seed is fixed.
    assertThat(chiSquare).isBetween(2999.0 - 4 * 77, 2999.0 + 4 * 77);
  }

  @Test
  void aReferenceThatIsNotThereIsAnError() {
    insert("a");
    int stranger = block("b");

    assertThatThrownBy(() -> table.remove(hash("b"), stranger))
        .isInstanceOf(IllegalStateException.class);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void agreesWithAMap(long seed) {
    new Churn(seed).run(60_000);
  }

  @Test
  void aFullArenaChangesNothing() {
    for (int slabs = 1; slabs < 18; slabs++) {
      Arena small = new Arena(slabs);
      SegmentedTable full = new SegmentedTable(small, keyHash, KEY_OFFSET);
      Set<String> keys = new HashSet<>();
      try {
        for (int i = 0; ; i++) {
          String key = "key" + i;
          int reference = small.allocate(16);
          byte[] slab = small.slab(reference);
          slab[Arena.offset(reference) + KEY_OFFSET] = (byte) key.length();
          Slice bytes = Slice.of(key);
          System.arraycopy(
              bytes.array, 0, slab, Arena.offset(reference) + KEY_OFFSET + 1, bytes.length);
          full.insert(hash(key), reference, 0);
          keys.add(key);
        }
      } catch (ArenaFullException e) {
        full.validate();
        small.validate();
        assertThat(full.size()).isEqualTo(keys.size());
      }
      for (String key : keys) {
        Slice bytes = Slice.of(key);
        full.remove(hash(key), full.find(bytes, hash(key)));
      }
      full.validate();
      assertThat(full.size()).isZero();
    }
  }

  /** A scan that is under way while the table changes. */
  private final class Scan {
    private final Set<String> mustCome;
    private final Set<String> seen = new HashSet<>();
    private long cursor;

    Scan(Set<String> present) {
      mustCome = new HashSet<>(present);
    }

    /** Whether it has ended. */
    boolean step() {
      cursor =
          table.scan(
              cursor,
              (reference, hash) -> {
                String key = key(arena.slab(reference), reference);
                assertThat(seen.add(key) || !mustCome.contains(key)).isTrue();
              });
      if (cursor == 0) {
        assertThat(seen).containsAll(mustCome);
      }
      return cursor == 0;
    }
  }

  private record View(Frozen frozen, FrozenTable table, Set<String> keys) {
    void check() {
      Set<String> found = new HashSet<>();
      for (int reference = table.next(); reference != 0; reference = table.next()) {
        assertThat(found.add(key(frozen.slab(reference), reference))).isTrue();
      }
      assertThat(found).isEqualTo(keys);
      assertThat(table.size()).isEqualTo(keys.size());
      table.rewind();
    }
  }

  private final class Churn {
    private final Random random;
    private final Map<String, Integer> model = new HashMap<>();
    private final List<String> keys = new ArrayList<>();
    private final List<View> views = new ArrayList<>();
    private final String seedText;
    private Scan scan = new Scan(Set.of());

    Churn(long seed) {
      random = new Random(seed);
      seedText = "seed " + seed;
    }

    void run(int steps) {
      for (int i = 0; i < steps; i++) {
        // Long swings between growing and shrinking, so that every size is passed both ways.
        boolean growing = i / 10_000 % 2 == 0;
        step(growing);
        if (i % 2500 == 0) {
          check();
        }
      }
      views.forEach(View::check);
      views.forEach(view -> view.frozen().close());
      views.clear();
      check();
    }

    private void step(boolean growing) {
      int choice = random.nextInt(1000);
      if (choice < (growing ? 700 : 250)) {
        add("k" + random.nextInt(1 << 16));
      } else if (choice < 900) {
        drop();
      } else if (choice < 950) {
        renew();
      } else if (choice < 990) {
        if (scan.step()) {
          scan = new Scan(model.keySet());
        }
      } else if (choice < 992 && views.size() < 4) {
        Frozen frozen = arena.freeze();
        views.add(new View(frozen, table.freeze(frozen), Set.copyOf(model.keySet())));
      } else if (choice < 994 && !views.isEmpty()) {
        View view = views.remove(random.nextInt(views.size()));
        view.check();
        view.frozen().close();
      } else if (choice == 999) {
        compact();
      }
    }

    private void add(String key) {
      if (!model.containsKey(key)) {
        model.put(key, insert(key));
        keys.add(key);
      }
    }

    private void drop() {
      if (!keys.isEmpty()) {
        int index = random.nextInt(keys.size());
        String key = keys.get(index);
        keys.set(index, keys.get(keys.size() - 1));
        keys.remove(keys.size() - 1);
        remove(key);
        model.remove(key);
        scan.mustCome.remove(key);
      }
    }

    private void renew() {
      if (!keys.isEmpty()) {
        String key = keys.get(random.nextInt(keys.size()));
        int made = block(key);
        int old = model.put(key, made);
        table.replace(hash(key), old, made, random.nextInt(4));
        freeBlock(old);
      }
    }

    private void compact() {
      arena.chooseSparse();
      long position = 0;
      do {
        table.evacuate(
            position,
            (reference, marks) -> {
              if (!arena.isEvacuating(reference)) {
                return reference;
              }
              String key = key(arena.slab(reference), reference);
              int moved = block(key);
              model.put(key, moved);
              freeBlock(reference);
              return moved;
            });
        position = table.nextSegment(position);
      } while (position != 0);
      arena.finishCompaction();
    }

    private void check() {
      table.validate();
      arena.validate();
      assertThat(table.size()).as(seedText).isEqualTo(model.size());
      model.forEach((key, reference) -> assertThat(find(key)).as(seedText).isEqualTo(reference));
      assertThat(find("absent")).isZero();
      assertThat(scanAll()).as(seedText).isEqualTo(model.keySet());
      views.forEach(View::check);
    }
  }
}
