package io.cinnabar.keyspace;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.arena.Arena;
import io.cinnabar.structure.Slice;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class EvictionPoolTest {

  private static final int KEYS = 3_000;

  private final Keyspace keyspace = new Keyspace(new Arena(), new Random(3), 4);
  private final Database database = keyspace.database(0);
  private final Entry entry = new Entry();
  private long nowMillis = 1_700_000_000_000L;

  private void set(Database in, String key, long expiryMillis) {
    Slice slice = Slice.of(key);
    in.setString(slice, in.hash(slice), Slice.of("value"), false, entry);
    if (expiryMillis > 0) {
      in.setExpiry(entry, expiryMillis);
    }
  }

  private void pass(long millis) {
    nowMillis += millis;
    keyspace.accessClock().now(nowMillis);
  }

  private String evict(EvictionPolicy policy, int samples) {
    Entry victim = new Entry();
    while (!keyspace.chooseEvictable(policy, samples, victim)) {
      assertThat(keyspace.hasEvictable(policy)).isTrue();
    }
    String key = new String(victim.key().toByteArray(), java.nio.charset.StandardCharsets.US_ASCII);
    victim.database().remove(victim);
    return key;
  }

  @Test
  void withoutKeysThereIsNothingToChoose() {
    for (EvictionPolicy policy : EvictionPolicy.values()) {
      assertThat(keyspace.hasEvictable(policy)).isFalse();
      assertThat(keyspace.chooseEvictable(policy, 5, entry)).isFalse();
    }
    set(database, "key", 0);
    Entry victim = new Entry();
    for (EvictionPolicy policy : EvictionPolicy.values()) {
      boolean goes = policy.name().startsWith("ALLKEYS");
      assertThat(keyspace.hasEvictable(policy)).isEqualTo(goes);
      assertThat(keyspace.chooseEvictable(policy, 5, victim)).isEqualTo(goes);
    }
  }

  /** With as many samples as there are keys the choice is exact. */
  @Test
  void theLongestIdleGoesFirst() {
    for (int i = 0; i < 20; i++) {
      pass(1000);
      set(keyspace.database(i % 3), "key" + i, 0);
    }
    for (int i = 0; i < 20; i++) {
      assertThat(evict(EvictionPolicy.ALLKEYS_LRU, 20)).isEqualTo("key" + i);
    }
  }

  @Test
  void theFirstToExpireGoesFirstAndOthersStay() {
    for (int i = 0; i < 20; i++) {
      set(database, "key" + i, i % 2 == 0 ? 0 : nowMillis + 1_000_000 - i);
    }
    for (int i = 19; i > 0; i -= 2) {
      assertThat(evict(EvictionPolicy.VOLATILE_TTL, 20)).isEqualTo("key" + i);
    }
    assertThat(keyspace.hasEvictable(EvictionPolicy.VOLATILE_TTL)).isFalse();
    assertThat(database.size()).isEqualTo(10);
  }

  @Test
  void theLeastFrequentlyUsedGoesFirst() {
    keyspace.accessClock().lfu(true);
    pass(1);
    for (int i = 0; i < 20; i++) {
      set(database, "key" + i, 0);
      entry.clock(keyspace.accessClock().withFrequency(100 + i));
    }
    for (int i = 0; i < 20; i++) {
      assertThat(evict(EvictionPolicy.ALLKEYS_LFU, 20)).isEqualTo("key" + i);
    }
  }

  /** Five samples are enough to keep nearly all that was used lately. */
  @Test
  void fiveSamplesComeNearTheTruth() {
    for (int i = 0; i < KEYS; i++) {
      pass(1000);
      set(database, "key" + i, nowMillis + 1_000_000_000);
    }
    int young = 0;
    for (int i = 0; i < KEYS / 2; i++) {
      String key = evict(i % 2 == 0 ? EvictionPolicy.ALLKEYS_LRU : EvictionPolicy.VOLATILE_LRU, 5);
      young += Integer.parseInt(key.substring(3)) > KEYS * 3 / 4 ? 1 : 0;
    }
    assertThat(young).isLessThan(KEYS / 40);
  }

  @Test
  void randomPoliciesTakeEveryKeyOfEachDatabaseInTurn() {
    Set<String> all = new HashSet<>();
    for (int i = 0; i < 90; i++) {
      set(keyspace.database(i % 3), i % 3 + "key" + i, i < 45 ? nowMillis + 1000 : 0);
      all.add(i % 3 + "key" + i);
    }
    for (int i = 0; i < 45; i++) {
      String key = evict(EvictionPolicy.VOLATILE_RANDOM, 5);
      assertThat(all.remove(key)).isTrue();
      assertThat(Integer.parseInt(key.substring(4))).isLessThan(45);
    }
    assertThat(keyspace.hasEvictable(EvictionPolicy.VOLATILE_RANDOM)).isFalse();
    char last = '0';
    for (int i = 0; i < 45; i++) {
      String key = evict(EvictionPolicy.ALLKEYS_RANDOM, 5);
      assertThat(all.remove(key)).isTrue();
      assertThat(key.charAt(0)).isNotEqualTo(i == 0 ? 'x' : last);
      last = key.charAt(0);
    }
    assertThat(all).isEmpty();
  }

  /** What was used since it came into the pool is passed over, and so is what is gone. */
  @Test
  void candidatesOfThePastArePassedOver() {
    for (int i = 0; i < 16; i++) {
      pass(1000);
      set(database, "key" + i, 0);
    }
    assertThat(evict(EvictionPolicy.ALLKEYS_LRU, 16)).isEqualTo("key0");
    pass(1000);
    set(database, "key1", 0);
    Slice gone = Slice.of("key2");
    assertThat(database.find(gone, database.hash(gone), entry)).isTrue();
    database.remove(entry);
    assertThat(evict(EvictionPolicy.ALLKEYS_LRU, 1)).isNotIn("key1", "key2");
    keyspace.flushAll();
    set(database, "new", 0);
    assertThat(evict(EvictionPolicy.ALLKEYS_LRU, 1)).isEqualTo("new");
    keyspace.validate();
  }
}
