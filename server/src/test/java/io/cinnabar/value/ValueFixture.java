package io.cinnabar.value;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.arena.Arena;
import io.cinnabar.keyspace.Database;
import io.cinnabar.keyspace.Entry;
import io.cinnabar.keyspace.Keyspace;
import io.cinnabar.structure.Slice;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;

/**
 * What a test of a data type starts from: a keyspace with nothing in it and a cursor over one key.
 * After each test the keyspace must be whole, and must leave no block behind when it is emptied.
 */
abstract class ValueFixture {
  static final Slice KEY = Slice.of("key");

  final Entry entry = new Entry();
  final Thresholds thresholds = new Thresholds();
  Arena arena = new Arena();
  Keyspace keyspace = new Keyspace(arena, new Random(1), 1);
  Database database = keyspace.database(0);

  private final ValueType type;

  ValueFixture(ValueType type) {
    this.type = type;
  }

  /** Starts anew, with no more memory than this. */
  final void use(Arena small) {
    arena = small;
    keyspace = new Keyspace(arena, new Random(1), 1);
    database = keyspace.database(0);
  }

  @AfterEach
  void everyBlockIsAccountedFor() {
    keyspace.validate();
    database.clear();
    while (keyspace.reclaimSlice(1000)) {
      assertThat(database.size()).isZero();
    }
    assertThat(arena.usedBytes()).as("what an empty table takes").isEqualTo(128);
  }

  /** Puts an empty value in the place of {@link #KEY}, and the cursor over it. */
  final void createKey() {
    createDetachedKey();
    database.attach(entry);
  }

  /** The same, not yet in the table. */
  final void createDetachedKey() {
    database.createDetached(KEY, database.hash(KEY), type, entry);
  }

  /** What OBJECT ENCODING says of the key under the cursor. */
  final String encoding() {
    return entry.encoding().redisName(type);
  }
}
