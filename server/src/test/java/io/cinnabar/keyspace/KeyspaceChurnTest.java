package io.cinnabar.keyspace;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.arena.Arena;
import io.cinnabar.structure.IntegerText;
import io.cinnabar.structure.Slice;
import io.cinnabar.value.ValueType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every operation of the keyspace in random order, against maps; with views that overlap, which
 * must stay what they were, and housekeeping in between.
 */
final class KeyspaceChurnTest {
  private static final int DATABASES = 3;
  private static final int MAX_VIEWS = 4;

  private record Value(String text, String encoding, long expiryMillis, int clock) {
    Value withExpiry(long millis) {
      return new Value(text, encoding, millis, clock);
    }

    Value withClock(int newClock) {
      return new Value(text, encoding, expiryMillis, newClock);
    }
  }

  /** A view, and what was in the keyspace; of one that is taken little by little, what was. */
  private record View(
      FrozenKeyspace frozen, List<Map<String, Value>> model, List<Map<String, Value>> taken) {

    boolean isTaken() {
      return !taken.isEmpty();
    }
  }

  private final Entry entry = new Entry();
  private final List<View> views = new ArrayList<>();
  private List<Map<String, Value>> model = new ArrayList<>();
  private Random random = new Random(0);
  private Keyspace keyspace = new Keyspace(new Arena(), random, DATABASES);
  private String seedText = "";
  private long nowMillis = 1000;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void agreesWithMaps(long seed) {
    seedText = "seed " + seed;
    random = new Random(seed);
    keyspace = new Keyspace(new Arena(), random, DATABASES);
    for (int i = 0; i < DATABASES; i++) {
      model.add(new HashMap<>());
    }
    for (int i = 0; i < 30_000; i++) {
      int keys = 1 << (2 + i / 3000);
      step(random.nextInt(DATABASES), "key" + random.nextInt(keys));
      if (i % 1000 == 0) {
        check();
      }
    }
    while (!views.isEmpty()) {
      closeView(0);
    }
    check();
  }

  private void step(int index, String name) {
    switch (random.nextInt(40)) {
      case 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 -> set(index, name);
      case 12, 13, 14 -> append(index, name);
      case 15 -> overwrite(index, name);
      case 16 -> rawBytes(index, name);
      case 17, 18, 19 -> increment(index, name);
      case 20, 21, 22, 23 -> expiry(index, name);
      case 24, 25, 26, 27 -> remove(index, name);
      case 28, 29 -> rename(index, name);
      case 30, 31 -> copy(index, name);
      case 32 -> move(index, name);
      case 33 -> touch(index, name);
      case 34 -> expireSlice();
      case 35 -> keyspace.compactSlice(200, keyspace.arena().wantsCompaction());
      case 36 -> keyspace.reclaimSlice(50);
      case 37 -> rarely(index);
      default -> views();
    }
  }

  private Slice key(String name) {
    return Slice.of(name);
  }

  private boolean find(int index, String name) {
    Database database = keyspace.database(index);
    boolean found = database.find(key(name), database.hash(key(name)), entry);
    assertThat(found).as(seedText).isEqualTo(model.get(index).containsKey(name));
    return found;
  }

  private Value value(int index, String name) {
    return Objects.requireNonNull(model.get(index).get(name), seedText);
  }

  private String randomText() {
    int length =
        switch (random.nextInt(8)) {
          case 0 -> random.nextInt(5);
          case 1, 2 -> 40 + random.nextInt(10);
          case 3 -> 120 + random.nextInt(20);
          case 4 -> 1015 + random.nextInt(20);
          case 5 -> random.nextInt(6000);
          default -> -1;
        };
    if (length < 0) {
      return Long.toString(random.nextLong() >> random.nextInt(64));
    }
    return String.valueOf((char) ('a' + random.nextInt(26))).repeat(length);
  }

  private static String encodingOf(String text) {
    if (IntegerText.isLong(Slice.of(text))) {
      return "int";
    }
    return text.length() <= 44 ? "embstr" : "raw";
  }

  private void set(int index, String name) {
    String text = randomText();
    boolean keep = random.nextBoolean();
    Value old = model.get(index).get(name);
    Database database = keyspace.database(index);
    database.setString(key(name), database.hash(key(name)), Slice.of(text), keep, entry);
    long expiry = keep && old != null ? old.expiryMillis() : -1;
    model.get(index).put(name, new Value(text, encodingOf(text), expiry, entry.clock()));
    assertThat(entry.hash()).isEqualTo(database.hash(key(name)));
  }

  private void append(int index, String name) {
    if (find(index, name)) {
      Value old = value(index, name);
      String more = randomText();
      entry.string().append(Slice.of(more));
      Value value = new Value(old.text() + more, "raw", old.expiryMillis(), old.clock());
      model.get(index).put(name, value);
    }
  }

  private void overwrite(int index, String name) {
    if (find(index, name)) {
      Value old = value(index, name);
      int offset = random.nextInt(old.text().length() + 20);
      String with = "overwritten";
      entry.string().overwrite(offset, Slice.of(with));
      StringBuilder text = new StringBuilder(old.text());
      text.setLength(Math.max(text.length(), offset + with.length()));
      text.replace(offset, offset + with.length(), with);
      Value value = new Value(text.toString(), "raw", old.expiryMillis(), old.clock());
      model.get(index).put(name, value);
    }
  }

  /** What is written into the bytes that a value hands out: longer, all new, or put there. */
  private void rawBytes(int index, String name) {
    Value old = model.get(index).get(name);
    String text = "raw".repeat(1 + random.nextInt(random.nextInt(900) + 1));
    Slice written;
    if (random.nextInt(3) == 0) {
      Database database = keyspace.database(index);
      database.prepareString(key(name), database.hash(key(name)), text.length(), entry);
      written = entry.string().bytes();
      assertThat(model.get(index).get(name)).isSameAs(old);
      write(written, text);
      database.putPrepared(entry);
      model.get(index).put(name, new Value(text, "raw", -1, entry.clock()));
    } else if (find(index, name) && old != null) {
      if (random.nextBoolean()) {
        write(entry.string().renew(text.length()), text);
      } else {
        Slice bytes = entry.string().edit(text.length());
        text = old.text() + "\0".repeat(Math.max(0, text.length() - old.text().length()));
        assertThat(bytes.toString()).as(seedText).isEqualTo(text);
        bytes.array[bytes.offset] = 'X';
        text = "X" + text.substring(1);
      }
      model.get(index).put(name, new Value(text, "raw", old.expiryMillis(), old.clock()));
    }
  }

  private static void write(Slice bytes, String text) {
    assertThat(bytes.length).isEqualTo(text.length());
    System.arraycopy(Slice.of(text).array, 0, bytes.array, bytes.offset, text.length());
  }

  private void increment(int index, String name) {
    if (find(index, name) && entry.string().isInteger()) {
      Value old = value(index, name);
      long value = entry.string().integer() + 1;
      entry.string().setInteger(value);
      model
          .get(index)
          .put(name, new Value(Long.toString(value), "int", old.expiryMillis(), old.clock()));
    }
  }

  private void expiry(int index, String name) {
    if (find(index, name)) {
      Value old = value(index, name);
      if (random.nextInt(4) == 0) {
        keyspace.database(index).clearExpiry(entry);
        model.get(index).put(name, old.withExpiry(-1));
      } else {
        long atMillis = nowMillis + random.nextInt(2000);
        keyspace.database(index).setExpiry(entry, atMillis);
        model.get(index).put(name, old.withExpiry(atMillis));
      }
    }
  }

  private void remove(int index, String name) {
    if (find(index, name)) {
      keyspace.database(index).remove(entry);
      model.get(index).remove(name);
    }
  }

  private void rename(int index, String name) {
    String newName = "key" + random.nextInt(3000);
    if (find(index, name)) {
      keyspace.database(index).rename(entry, key(newName));
      model.get(index).put(newName, model.get(index).remove(name));
      assertThat(entry.key().toString()).isEqualTo(newName);
    }
  }

  private void copy(int index, String name) {
    int to = random.nextInt(DATABASES);
    String newName = "key" + random.nextInt(3000);
    if (!find(to, newName) && find(index, name)) {
      Entry copy = new Entry();
      keyspace.database(index).copy(entry, keyspace.database(to), key(newName), copy);
      Value value = value(index, name);
      model.get(to).put(newName, value.withClock(copy.clock()));
    }
  }

  private void move(int index, String name) {
    int to = random.nextInt(DATABASES);
    if (!find(to, name) && find(index, name)) {
      keyspace.database(index).move(entry, keyspace.database(to));
      model.get(to).put(name, model.get(index).remove(name));
    }
  }

  private void touch(int index, String name) {
    if (find(index, name)) {
      int clock = random.nextInt(1 << 24);
      entry.clock(clock);
      model.get(index).put(name, value(index, name).withClock(clock));
    }
  }

  private void expireSlice() {
    nowMillis += random.nextInt(300);
    keyspace.accessClock().now(nowMillis);
    int budget = 1 + random.nextInt(2000);
    int steps =
        keyspace.expireSlice(
            nowMillis,
            budget,
            expired -> {
              int index = expired.database().index();
              Value gone = value(index, expired.key().toString());
              model.get(index).remove(expired.key().toString());
              assertThat(gone.expiryMillis()).isLessThan(nowMillis);
              expired.database().remove(expired);
            });
    if (steps < budget) {
      for (Map<String, Value> database : model) {
        assertThat(database.values())
            .as(seedText)
            .noneMatch(v -> v.expiryMillis() >= 0 && v.expiryMillis() < nowMillis);
      }
    }
  }

  private void rarely(int index) {
    switch (random.nextInt(60)) {
      case 0, 1, 2 -> {
        keyspace.database(index).clear();
        model.get(index).clear();
      }
      case 3, 4, 5 -> {
        int other = random.nextInt(DATABASES);
        keyspace.swap(index, other);
        Map<String, Value> swapped = model.get(index);
        model.set(index, model.get(other));
        model.set(other, swapped);
      }
      case 6 -> {
        keyspace.flushAll();
        model.forEach(Map::clear);
      }
      default -> {
        boolean found = keyspace.database(index).randomEntry(random, entry);
        assertThat(found).isEqualTo(!model.get(index).isEmpty());
        if (found) {
          assertThat(model.get(index)).containsKey(entry.key().toString());
        }
      }
    }
  }

  private void views() {
    int choice = random.nextInt(40);
    if (choice == 0 && views.size() < MAX_VIEWS) {
      List<Map<String, Value>> copy = new ArrayList<>();
      model.forEach(database -> copy.add(new HashMap<>(database)));
      View view = new View(keyspace.freeze(), copy, new ArrayList<>());
      if (random.nextBoolean()) {
        view.taken().add(new HashMap<>());
      }
      views.add(view);
    } else if (choice == 1 && !views.isEmpty()) {
      closeView(random.nextInt(views.size()));
    } else if (choice < 10) {
      views.stream().filter(View::isTaken).forEach(view -> take(view, random.nextInt(100)));
    }
  }

  private void closeView(int index) {
    View view = views.remove(index);
    if (view.isTaken()) {
      take(view, Integer.MAX_VALUE);
      checkFound(view, view.taken());
    } else {
      checkView(view);
    }
    view.frozen().close();
  }

  /** Reads so many entries for the last time. */
  private static void take(View view, int count) {
    Entry cursor = new Entry();
    int left = count;
    while (left > 0 && view.taken().size() <= DATABASES) {
      int database = view.taken().size() - 1;
      if (view.frozen().take(database, cursor)) {
        put(view.taken().get(database), cursor, 0);
        left--;
      } else {
        view.taken().add(new HashMap<>());
      }
    }
  }

  private void check() {
    keyspace.validate();
    for (int i = 0; i < DATABASES; i++) {
      Map<String, Value> found = new HashMap<>();
      Database database = keyspace.database(i);
      long cursor = 0;
      do {
        cursor = database.scan(cursor, e -> put(found, e, e.clock()));
      } while (cursor != 0);
      assertThat(found).as(seedText).isEqualTo(model.get(i));
      assertThat(database.size()).isEqualTo(found.size());
      long expiring = found.values().stream().filter(v -> v.expiryMillis() >= 0).count();
      assertThat(database.expiringCount()).isEqualTo(expiring);
    }
    views.stream().filter(view -> !view.isTaken()).forEach(this::checkView);
  }

  /** Reads a view on another thread, as a snapshot would. */
  private void checkView(View view) {
    List<Map<String, Value>> found =
        CompletableFuture.supplyAsync(
                () -> {
                  List<Map<String, Value>> databases = new ArrayList<>();
                  Entry cursor = new Entry();
                  for (int i = 0; i < view.frozen().databases(); i++) {
                    Map<String, Value> database = new HashMap<>();
                    view.frozen().rewind(i);
                    while (view.frozen().next(i, cursor)) {
                      put(database, cursor, 0);
                    }
                    databases.add(database);
                  }
                  return databases;
                })
            .join();
    checkFound(view, found);
  }

  private void checkFound(View view, List<Map<String, Value>> found) {
    for (int i = 0; i < DATABASES; i++) {
      Map<String, Value> expected = new HashMap<>(view.model().get(i));
      expected.replaceAll((key, value) -> value.withClock(0));
      assertThat(found.get(i)).as(seedText).isEqualTo(expected);
      assertThat(view.frozen().size(i)).isEqualTo(expected.size());
    }
  }

  private static void put(Map<String, Value> into, Entry entry, int clock) {
    assertThat(entry.type()).isEqualTo(ValueType.STRING);
    Value value =
        new Value(
            entry.string().bytes().toString(),
            entry.encoding().redisName(ValueType.STRING),
            entry.expires() ? entry.expiryMillis() : -1,
            clock);
    assertThat(into.put(entry.key().toString(), value)).as("%s, twice", entry.key()).isNull();
  }
}
