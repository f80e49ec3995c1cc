package io.cinnabar.value;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.Seed;
import io.cinnabar.keyspace.Entry;
import io.cinnabar.keyspace.FrozenKeyspace;
import io.cinnabar.structure.Slice;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HashValueTest extends ValueFixture {
  private static final int[] LENGTHS = {0, 1, 3, 8, 20, 64, 65, 700, 3000, 20_000};

  private boolean withExpiries;

  HashValueTest() {
    super(ValueType.HASH);
  }

  private HashValue create() {
    createKey();
    return entry.hashValue();
  }

  private boolean put(String field, String value) {
    return entry.hashValue().put(Slice.of(field), Slice.of(value), thresholds);
  }

  private static Map<String, String> fields(HashValue hash) {
    Map<String, String> fields = new HashMap<>();
    long earliest = HashValue.NEVER;
    for (boolean more = hash.first(); more; more = hash.next()) {
      String field = hash.field().toString();
      String suffix = "";
      if (hash.expiryMillis() != HashValue.NO_EXPIRY) {
        suffix = "@" + hash.expiryMillis();
        earliest = Math.min(earliest, hash.expiryMillis());
      }
      assertThat(fields.put(field, hash.value() + suffix)).isNull();
    }
    assertThat(hash.count()).isEqualTo(fields.size());
    assertThat(hash.earliestExpiryMillis()).isLessThanOrEqualTo(earliest);
    if (hash.isPacked()) {
      assertThat(hash.earliestExpiryMillis()).isEqualTo(earliest);
    }
    return fields;
  }

  /** Random operations against a map of Java's, with views of earlier states open. */
  @ParameterizedTest
  @CsvSource({"512, 64, 300", "4, 8, 20", "100000, 100000, 400", "10, 64, 3000", "0, 0, 5"})
  void behavesAsAMapDoes(long maxEntries, long maxBytes, int fields) {
    thresholds.hashMaxListpackEntries = maxEntries;
    thresholds.hashMaxListpackBytes = maxBytes;
    for (int round = 0; round < 6; round++) {
      long seed = Seed.of(HashValueTest.class) + round;
      try {
        run(new Random(seed), fields, round % 2 == 0);
      } catch (RuntimeException | AssertionError failure) {
        throw new AssertionError("seed " + seed, failure);
      }
    }
  }

  private void run(Random random, int fields, boolean withViews) {
    withExpiries = random.nextBoolean();
    create();
    Map<String, String> model = new HashMap<>();
    Deque<FrozenKeyspace> views = new ArrayDeque<>();
    Deque<Map<String, String>> seen = new ArrayDeque<>();
    boolean growing = true;
    for (int i = 0; i < 3000; i++) {
      growing = model.size() < fields / 2 && (growing || model.isEmpty());
      step(random, model, fields, growing);
      if (i % 50 == 0 || entry.hashValue().isPacked()) {
        entry.hashValue().validate();
      }
      if (i % 50 == 0 || (entry.hashValue().isPacked() && model.size() < 20)) {
        assertThat(fields(entry.hashValue())).isEqualTo(model);
      }
      if (withViews && random.nextInt(100) == 0) {
        views.add(keyspace.freeze());
        seen.add(Map.copyOf(model));
      }
      if (views.size() > 2) {
        check(views.remove(), seen.remove());
      }
    }
    while (!views.isEmpty()) {
      check(views.remove(), seen.remove());
    }
    database.remove(entry);
  }

  private static void check(FrozenKeyspace view, Map<String, String> expected) {
    try (view) {
      Entry frozen = new Entry();
      assertThat(view.next(0, frozen)).isTrue();
      assertThat(fields(frozen.hashValue())).isEqualTo(expected);
    }
  }

  private void step(Random random, Map<String, String> model, int fields, boolean growing) {
    HashValue hash = entry.hashValue();
    String field = field(random, fields);
    if (withExpiries && random.nextInt(3) == 0) {
      stepWithExpiry(random, model, field);
      return;
    }
    switch (random.nextInt(growing ? 5 : 8)) {
      case 0, 1, 2 -> {
        String value = value(random);
        assertThat(put(field, value)).isEqualTo(model.put(field, value) == null);
      }
      case 3 -> {
        assertThat(hash.find(Slice.of(field))).isEqualTo(model.containsKey(field));
        if (model.containsKey(field)) {
          assertThat(hash.field().toString()).isEqualTo(field);
          assertThat(hash.value().toString()).isEqualTo(model.get(field).split("@", 2)[0]);
        }
      }
      case 4 -> {
        int number = random.nextInt(1000) - 100;
        assertThat(hash.put(Slice.of(field), number, HashValue.NO_EXPIRY, thresholds))
            .isEqualTo(model.put(field, String.valueOf(number)) == null);
      }
      case 5 -> {
        if (!model.isEmpty()) {
          assertThat(hash.seekIndex(random.nextInt(model.size()))).isTrue();
          assertThat(model.remove(hash.field().toString())).isNotNull();
          hash.removeFound();
        }
        assertThat(hash.seekIndex(model.size())).isFalse();
      }
      default -> assertThat(hash.remove(Slice.of(field))).isEqualTo(model.remove(field) != null);
    }
  }

  private void stepWithExpiry(Random random, Map<String, String> model, String field) {
    HashValue hash = entry.hashValue();
    long expiry = random.nextInt(3) == 0 ? HashValue.NO_EXPIRY : 1 + random.nextInt(1000);
    String suffix = expiry == HashValue.NO_EXPIRY ? "" : "@" + expiry;
    if (random.nextBoolean()) {
      String value = value(random);
      assertThat(hash.put(Slice.of(field), Slice.of(value), expiry, thresholds))
          .isEqualTo(model.put(field, value + suffix) == null);
    } else if (hash.find(Slice.of(field))) {
      hash.setExpiry(expiry, thresholds);
      model.merge(field, suffix, (before, after) -> before.split("@", 2)[0] + after);
    }
  }

  private static String field(Random random, int fields) {
    int number = random.nextInt(fields);
    return number % 3 == 0 ? String.valueOf(number - 10) : "f" + number + "x".repeat(number % 40);
  }

  private static String value(Random random) {
    if (random.nextInt(3) == 0) {
      return String.valueOf(random.nextLong() >> random.nextInt(64));
    }
    int length = LENGTHS[Math.min(random.nextInt(LENGTHS.length), random.nextInt(LENGTHS.length))];
    return String.valueOf((char) ('a' + random.nextInt(26))).repeat(length);
  }

  @Test
  void theEncodingFollowsTheThresholds() {
    create();
    for (int i = 0; i < 512; i++) {
      put("f" + i, "v");
    }
    assertThat(encoding()).isEqualTo("listpack");
    put("f0", "w");
    assertThat(encoding()).isEqualTo("listpack");
    put("f512", "v");
    assertThat(entry.encoding()).isEqualTo(Encoding.TREE);
    for (int i = 0; i < 512; i++) {
      entry.hashValue().remove(Slice.of("f" + i));
    }
    assertThat(encoding()).isEqualTo("hashtable");
  }

  @Test
  void aSmallHashWithTimesIsInTheirOrder() {
    create();
    put("never", "1");
    for (int i : new int[] {5, 1, 9, 3}) {
      entry.hashValue().put(Slice.of("f" + i), Slice.of("v" + i), i * 1000L, thresholds);
    }
    assertThat(encoding()).isEqualTo("listpackex");
    put("later", "2");
    assertThat(order()).containsExactly("f1", "f3", "f5", "f9", "never", "later");
    assertThat(entry.hashValue().earliestExpiryMillis()).isEqualTo(1000);
    entry.hashValue().find(Slice.of("f1"));
    entry.hashValue().setExpiry(7000, thresholds);
    put("f3", "lasting");
    assertThat(order()).containsExactly("f5", "f1", "f9", "never", "later", "f3");
    assertThat(entry.hashValue().earliestExpiryMillis()).isEqualTo(5000);
    put("long", "x".repeat(65));
    assertThat(entry.encoding()).isEqualTo(Encoding.TREE);
    assertThat(entry.hashValue().earliestExpiryMillis()).isEqualTo(5000);
    assertThat(fields(entry.hashValue()))
        .containsEntry("f5", "v5@5000")
        .containsEntry("f1", "v1@7000")
        .containsEntry("f3", "lasting");
  }

  private List<String> order() {
    List<String> order = new ArrayList<>();
    HashValue hash = entry.hashValue();
    for (boolean more = hash.first(); more; more = hash.next()) {
      order.add(hash.field().toString());
    }
    return order;
  }

  @Test
  void aFewLongValuesStayPacked() {
    create();
    put("a", "x".repeat(64));
    assertThat(encoding()).isEqualTo("listpack");
    put("b", "x".repeat(65));
    assertThat(encoding()).isEqualTo("hashtable");
    assertThat(entry.encoding()).isEqualTo(Encoding.LOOSE);
    put("c", "x".repeat(1000));
    assertThat(entry.encoding()).isEqualTo(Encoding.LOOSE_BLOCK);
    put("d", "x".repeat(4000));
    assertThat(entry.encoding()).isEqualTo(Encoding.TREE);
    assertThat(fields(entry.hashValue())).hasSize(4);
  }

  @Test
  void aScanOfATreeGivesEachFieldOnce() {
    create();
    for (int i = 0; i < 2000; i++) {
      put("f" + i, "v" + i);
    }
    Set<String> seen = new HashSet<>();
    int[] calls = {0};
    long cursor = 0;
    do {
      int before = seen.size();
      cursor =
          entry
              .hashValue()
              .scan(cursor, 10, at -> assertThat(seen.add(at.field().toString())).isTrue());
      assertThat(seen.size() - before).isLessThanOrEqualTo(10);
      calls[0]++;
    } while (cursor != 0);
    assertThat(seen).hasSize(2000);
    assertThat(calls[0]).isEqualTo(200);
  }

  @Test
  void aLargeHashIsHardlyLargerThanItsFields() {
    create();
    for (int i = 0; i < 100_000; i++) {
      put("field:" + (100_000 + i), "12345678");
    }
    entry.hashValue().validate();
    // 22 bytes of its own, and 5 to find it.
    assertThat(entry.sizeBytes()).isLessThan(100_000L * 45);
    for (int i = 0; i < 99_000; i++) {
      entry.hashValue().remove(Slice.of("field:" + (100_000 + i)));
    }
    entry.hashValue().validate();
    assertThat(entry.sizeBytes()).isLessThan(1000L * 120);
  }
}
