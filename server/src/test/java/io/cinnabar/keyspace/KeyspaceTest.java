package io.cinnabar.keyspace;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.arena.Arena;
import io.cinnabar.structure.Slice;
import io.cinnabar.value.Encoding;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class KeyspaceTest {
  private final Arena arena = new Arena();
  private final Keyspace keyspace = new Keyspace(arena, new Random(1), Keyspace.DEFAULT_DATABASES);
  private final Database database = keyspace.database(0);
  private final Entry entry = new Entry();

  @AfterEach
  void theKeyspaceIsWhole() {
    keyspace.validate();
  }

  private Entry set(String key, String value) {
    return set(database, key, value);
  }

  private Entry set(Database in, String key, String value) {
    Slice slice = Slice.of(key);
    in.setString(slice, in.hash(slice), Slice.of(value), false, entry);
    return entry;
  }

  private boolean find(String key) {
    return find(database, key);
  }

  private boolean find(Database in, String key) {
    Slice slice = Slice.of(key);
    return in.find(slice, in.hash(slice), entry);
  }

  private String get(String key) {
    assertThat(find(key)).as(key).isTrue();
    return entry.string().bytes().toString();
  }

  @Test
  void aStringIsFoundUnderItsKey() {
    set("a", "one");
    set("b", "2");
    set("c", "x".repeat(5000));

    assertThat(get("a")).isEqualTo("one");
    assertThat(get("b")).isEqualTo("2");
    assertThat(get("c")).isEqualTo("x".repeat(5000));
    assertThat(find("d")).isFalse();
    assertThat(database.size()).isEqualTo(3);
  }

  @Test
  void aCreatedEntryIsAnEmptyString() {
    Slice key = Slice.of("k");
    database.create(key, database.hash(key), entry);

    assertThat(get("k")).isEmpty();
    assertThat(entry.encoding()).isEqualTo(Encoding.EMBSTR);
    assertThat(entry.expires()).isFalse();
  }

  @Test
  void longAndEmptyKeysAreKeysLikeOthers() {
    List<String> keys = List.of("", "k".repeat(254), "k".repeat(255), "k".repeat(100_000));
    for (String key : keys) {
      set(key, "v" + key.length());
      database.setExpiry(entry, 1000 + key.length());
    }
    for (String key : keys) {
      assertThat(get(key)).isEqualTo("v" + key.length());
      assertThat(entry.key().toString()).isEqualTo(key);
      assertThat(entry.expiryMillis()).isEqualTo(1000 + key.length());
    }
  }

  @Test
  void settingAStringDropsTheExpiryUnlessItIsKept() {
    set("k", "v");
    database.setExpiry(entry, 5000);
    assertThat(database.expiringCount()).isEqualTo(1);

    Slice key = Slice.of("k");
    database.setString(key, database.hash(key), Slice.of("w"), true, entry);
    assertThat(entry.expiryMillis()).isEqualTo(5000);
    assertThat(get("k")).isEqualTo("w");

    set("k", "x");
    assertThat(entry.expires()).isFalse();
    assertThat(get("k")).isEqualTo("x");
    assertThat(database.expiringCount()).isZero();
  }

  @Test
  void anExpiryComesAndGoesWithoutTheValue() {
    for (String value : List.of("17", "short", "y".repeat(300), "z".repeat(3000))) {
      set("k", value);
      database.setExpiry(entry, 77);
      assertThat(entry.string().bytes().toString()).isEqualTo(value);
      assertThat(entry.isExpired(77)).isFalse();
      assertThat(entry.isExpired(78)).isTrue();
      database.clearExpiry(entry);
      assertThat(get("k")).isEqualTo(value);
      assertThat(entry.expires()).isFalse();
    }
  }

  @Test
  void expiredEntriesAreHandedOutOnce() {
    for (int i = 0; i < 10_000; i++) {
      set("k" + i, "v");
      if (i % 3 != 0) {
        database.setExpiry(entry, i % 3 == 1 ? 1000 : 2000);
      }
    }
    Set<String> expired = new HashSet<>();
    ExpiredListener listener =
        gone -> {
          assertThat(expired.add(gone.key().toString())).isTrue();
          gone.database().remove(gone);
        };

    while (keyspace.expireSlice(1001, 500, listener) >= 500) {
      keyspace.validate();
    }
    assertThat(expired).hasSize(3333);
    assertThat(database.size()).isEqualTo(6667);
    assertThat(keyspace.expireSlice(1002, 1000, listener)).isLessThan(1000);
    while (keyspace.expireSlice(2001, 500, listener) >= 500) {
      assertThat(expired.size()).isGreaterThan(3333);
    }
    assertThat(expired).hasSize(6666);
    assertThat(database.expiringCount()).isZero();
  }

  @Test
  void anExpiredEntryThatStaysComesAgain() {
    set("k", "v");
    database.setExpiry(entry, 10);
    List<String> seen = new ArrayList<>();

    keyspace.expireSlice(11, 1000, gone -> seen.add(gone.key().toString()));
    keyspace.expireSlice(12, 1000, gone -> seen.add(gone.key().toString()));

    assertThat(seen).containsOnly("k").hasSizeGreaterThanOrEqualTo(2);
  }

  @Test
  void renameKeepsValueExpiryAndClock() {
    String value = "v".repeat(5000);
    set("from", value);
    database.setExpiry(entry, 123);
    entry.clock(4711);
    set("to", "x".repeat(2000));
    long usedBefore = arena.usedBytes();

    find("from");
    database.rename(entry, Slice.of("to"));

    assertThat(entry.key().toString()).isEqualTo("to");
    assertThat(find("from")).isFalse();
    assertThat(get("to")).isEqualTo(value);
    assertThat(entry.expiryMillis()).isEqualTo(123);
    assertThat(entry.clock()).isEqualTo(4711);
    assertThat(database.size()).isEqualTo(1);
    assertThat(arena.usedBytes()).isLessThan(usedBefore - 2000);
  }

  @Test
  void copyAndMoveReachOtherDatabases() {
    Database second = keyspace.database(1);
    String value = "v".repeat(5000);
    set("k", value);
    database.setExpiry(entry, 123);
    Entry copy = new Entry();

    database.copy(entry, second, Slice.of("c"), copy);
    copy.string().append(Slice.of("!"));
    assertThat(get("k")).isEqualTo(value);
    assertThat(find(second, "c")).isTrue();
    assertThat(entry.string().bytes().toString()).isEqualTo(value + "!");
    assertThat(entry.expiryMillis()).isEqualTo(123);

    find("k");
    database.move(entry, second);
    assertThat(database.size()).isZero();
    assertThat(database.expiringCount()).isZero();
    assertThat(second.size()).isEqualTo(2);
    assertThat(find(second, "k")).isTrue();
  }

  @Test
  void swapChangesContentsAndFlushesEmpty() {
    set("a", "1");
    set(keyspace.database(3), "b", "2");
    keyspace.swap(0, 3);
    assertThat(find("b")).isTrue();
    assertThat(find(keyspace.database(3), "a")).isTrue();

    database.clear();
    assertThat(database.size()).isZero();
    assertThat(find("b")).isFalse();
    long usedBefore = keyspace.usedBytes();
    while (keyspace.reclaimSlice(10)) {
      assertThat(keyspace.usedBytes()).isLessThanOrEqualTo(usedBefore);
    }
    assertThat(keyspace.usedBytes()).isLessThan(usedBefore);

    keyspace.flushAll();
    assertThat(find(keyspace.database(3), "a")).isFalse();
    set("a", "3");
    assertThat(get("a")).isEqualTo("3");
  }

  @Test
  void everyEntryIsRandomInTheEnd() {
    Set<String> keys = new HashSet<>();
    for (int i = 0; i < 300; i++) {
      set("k" + i, "v");
      keys.add("k" + i);
    }
    Random random = new Random(5);
    for (int i = 0; i < 300 * 20; i++) {
      assertThat(database.randomEntry(random, entry)).isTrue();
      keys.remove(entry.key().toString());
    }
    assertThat(keys).isEmpty();
    assertThat(keyspace.database(1).randomEntry(random, entry)).isFalse();
  }
}
