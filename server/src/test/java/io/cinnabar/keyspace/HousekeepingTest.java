package io.cinnabar.keyspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cinnabar.arena.Arena;
import io.cinnabar.arena.ArenaFullException;
import io.cinnabar.arena.ShortArena;
import io.cinnabar.structure.Slice;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens beside the commands: compaction, the end of the epochs, and of the memory. */
final class HousekeepingTest {
  /** Blocks of a class that the keys don't use and that has slabs of full size at once. */
  private static final int OTHER_BYTES = 300_000;

  private static final int KEYS = 20_000;

  /** Few, so that each size class has slabs enough; the last gets blocks of its own. */
  private static final int[] LENGTHS = {300, 900, 3000};

  private final Entry entry = new Entry();
  private final Map<String, String> model = new HashMap<>();

  private void set(Database database, String key, String value) {
    Slice slice = Slice.of(key);
    database.setString(slice, database.hash(slice), Slice.of(value), false, entry);
    model.put(key, value);
  }

  private void remove(Database database, String key) {
    Slice slice = Slice.of(key);
    assertThat(database.find(slice, database.hash(slice), entry)).isTrue();
    database.remove(entry);
    model.remove(key);
  }

  private static Map<String, String> contents(FrozenKeyspace frozen) {
    Map<String, String> found = new HashMap<>();
    Entry cursor = new Entry();
    for (int i = 0; i < frozen.databases(); i++) {
      while (frozen.next(i, cursor)) {
        found.put(cursor.key().toString(), cursor.string().bytes().toString());
      }
    }
    return found;
  }

  private void check(Keyspace keyspace) {
    keyspace.validate();
    try (FrozenKeyspace frozen = keyspace.freeze()) {
      assertThat(contents(frozen)).isEqualTo(model);
    }
    for (Map.Entry<String, String> each : model.entrySet()) {
      Slice key = Slice.of(each.getKey());
      boolean found = false;
      for (int i = 0; i < keyspace.databases() && !found; i++) {
        found = keyspace.database(i).find(key, keyspace.hash(key), entry);
      }
      assertThat(found).isTrue();
      assertThat(entry.string().bytes().toString()).isEqualTo(each.getValue());
    }
  }

  /** Keys in two databases, of which one in five is left. */
  private Keyspace sparse(Arena arena) {
    Keyspace keyspace = new Keyspace(arena, new Random(2), 2);
    Random random = new Random(4);
    for (int i = 0; i < KEYS; i++) {
      String value = "v".repeat(LENGTHS[random.nextInt(LENGTHS.length)]) + i;
      set(keyspace.database(i & 1), "key" + i, value);
    }
    for (int i = 0; i < KEYS; i++) {
      if (random.nextInt(5) != 0) {
        remove(keyspace.database(i & 1), "key" + i);
      }
    }
    return keyspace;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 500, 1_000_000})
  void compactionEmptiesSparseSlabsAndKeepsEverything(int budget) {
    Arena arena = new Arena();
    Keyspace keyspace = sparse(arena);
    long usedBytes = arena.usedBytes();
    long reservedBytes = arena.reservedBytes();
    assertThat(reservedBytes).isGreaterThan(usedBytes * 2);

    int slices = 0;
    while (keyspace.compactSlice(budget, keyspace.arena().wantsCompaction()) > 0) {
      slices++;
    }
    assertThat(slices).isGreaterThan(budget == 1 ? 5 : 0);
    assertThat(arena.usedBytes()).isEqualTo(usedBytes);
    check(keyspace);
    for (long taken = 0; taken < reservedBytes / 2; taken += OTHER_BYTES) {
      arena.allocate(OTHER_BYTES);
    }
    assertThat(arena.reservedBytes()).isLessThanOrEqualTo(reservedBytes);
  }

  @Test
  void compactionGoesOnAroundAViewAndChanges() {
    Arena arena = new Arena();
    Keyspace keyspace = sparse(arena);
    assertThat(keyspace.compactSlice(1, keyspace.arena().wantsCompaction())).isPositive();

    Map<String, String> before = Map.copyOf(model);
    try (FrozenKeyspace frozen = keyspace.freeze()) {
      int i = 0;
      while (keyspace.compactSlice(1, keyspace.arena().wantsCompaction()) > 0) {
        set(keyspace.database(0), "new" + i++, "v".repeat(i * 40));
      }
      assertThat(i).isGreaterThan(3);
      assertThat(contents(frozen)).isEqualTo(before);
    }
    check(keyspace);
  }

  @Test
  void whatWasTakenFromAViewIsNotCopied() {
    Keyspace keyspace = new Keyspace(new Arena(), new Random(1), 1);
    Database database = keyspace.database(0);
    for (int i = 0; i < 20_000; i++) {
      set(database, "key" + i, "before");
    }
    try (FrozenKeyspace frozen = keyspace.freeze()) {
      Map<String, String> before = Map.copyOf(model);
      Map<String, String> taken = new HashMap<>();
      Entry cursor = new Entry();
      for (int i = 0; i < 10_137 && frozen.take(0, cursor); i++) {
        taken.put(cursor.key().toString(), cursor.string().bytes().toString());
      }
      taken.keySet().forEach(key -> set(database, key, "change"));
      // But for the segment in which the reader is.
      assertThat(keyspace.arena().limboBytes()).isLessThan(100_000);
      before.keySet().forEach(key -> set(database, key, "beyond"));
      assertThat(keyspace.arena().limboBytes()).isGreaterThan(300_000);
      while (frozen.take(0, cursor)) {
        taken.put(cursor.key().toString(), cursor.string().bytes().toString());
      }
      assertThat(taken).isEqualTo(before);
    }
    while (keyspace.reclaimSlice(100)) {
      // The call does the work.
    }
    assertThat(keyspace.arena().limboBytes()).isZero();
    check(keyspace);
  }

  @Test
  void whatWasCopiedIsGivenBackWhenTheReaderHasPassed() {
    Keyspace keyspace = new Keyspace(new Arena(), new Random(1), 1);
    Database database = keyspace.database(0);
    for (int i = 0; i < 200_000; i++) {
      set(database, "key" + i, "before");
    }
    Map<String, String> before = Map.copyOf(model);
    try (FrozenKeyspace frozen = keyspace.freeze()) {
      before.keySet().forEach(key -> set(database, key, "change"));
      long copied = keyspace.arena().limboBytes();
      Map<String, String> taken = new HashMap<>();
      Entry cursor = new Entry();
      while (taken.size() < 150_000 && frozen.take(0, cursor)) {
        taken.put(cursor.key().toString(), cursor.string().bytes().toString());
      }
      while (keyspace.reclaimSlice(100)) {
        // The call does the work.
      }
      assertThat(keyspace.arena().limboBytes()).isBetween(copied / 4, copied / 2);
      while (frozen.take(0, cursor)) {
        taken.put(cursor.key().toString(), cursor.string().bytes().toString());
      }
      assertThat(taken).isEqualTo(before);
      check(keyspace);
    }
    while (keyspace.reclaimSlice(100)) {
      // The call does the work.
    }
    assertThat(keyspace.arena().limboBytes()).isZero();
    check(keyspace);
  }

  @Test
  void whatAnotherViewSeesIsCopied() {
    Keyspace keyspace = new Keyspace(new Arena(), new Random(1), 1);
    Database database = keyspace.database(0);
    for (int i = 0; i < 2000; i++) {
      set(database, "key" + i, "before");
    }
    Map<String, String> before = Map.copyOf(model);
    try (FrozenKeyspace older = keyspace.freeze();
        FrozenKeyspace newer = keyspace.freeze()) {
      Entry cursor = new Entry();
      while (newer.take(0, cursor)) {
        // Nobody needs it for that one any more.
      }
      before.keySet().forEach(key -> set(database, key, "change"));
      assertThat(contents(older)).isEqualTo(before);
    }
    check(keyspace);
  }

  @Test
  void theEpochsBeginAgainWhenTheyAreUsedUp() {
    Keyspace keyspace = sparse(ShortArena.withEpochs(5));
    keyspace.database(1).clear();
    model.keySet().removeIf(key -> (Integer.parseInt(key.substring(3)) & 1) == 1);
    for (int i = 0; i < 20; i++) {
      Map<String, String> before = Map.copyOf(model);
      try (FrozenKeyspace frozen = keyspace.freeze()) {
        for (int j = 0; j < 50; j++) {
          set(keyspace.database(0), "key" + j * 7, "w".repeat(i * j * 3));
        }
        assertThat(contents(frozen)).isEqualTo(before);
      }
    }
    check(keyspace);
  }

  @Test
  void aFullArenaRefusesWithoutChangingAnything() {
    for (int slabs = 20; slabs < 60; slabs += 3) {
      Arena arena = new Arena(slabs);
      Keyspace keyspace = new Keyspace(arena, new Random(2), 2);
      Database database = keyspace.database(0);
      Random random = new Random(slabs);
      model.clear();
      int refusals = 0;
      try (FrozenKeyspace frozen = keyspace.freeze()) {
        while (refusals < 200) {
          String key = "key" + random.nextInt(500);
          String value = "v".repeat(random.nextInt(70) * random.nextInt(70));
          try {
            set(database, key, value);
            if (random.nextBoolean()) {
              database.setExpiry(entry, 1000);
            }
            entry.string().append(Slice.of("and more"));
            model.put(key, value + "and more");
          } catch (ArenaFullException e) {
            refusals++;
          }
        }
        assertThat(frozen.size(0)).isZero();
      }
      keyspace.validate();
      check(keyspace);
      while (!model.isEmpty()) {
        remove(database, model.keySet().iterator().next());
      }
      keyspace.validate();
    }
  }

  @Test
  void mutatorsRefuseAFrozenEntry() {
    Keyspace keyspace = new Keyspace(new Arena(), new Random(2), 1);
    set(keyspace.database(0), "k", "v");
    try (FrozenKeyspace frozen = keyspace.freeze()) {
      Entry cursor = new Entry();
      assertThat(frozen.next(0, cursor)).isTrue();
      assertThatThrownBy(() -> cursor.string().set(Slice.of("w")))
          .isInstanceOf(IllegalStateException.class);
    }
  }
}
