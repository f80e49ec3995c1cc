package io.cinnabar.family;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.Seed;
import io.cinnabar.TestServer;
import io.cinnabar.command.Followed;
import io.cinnabar.keyspace.Database;
import io.cinnabar.keyspace.Entry;
import io.cinnabar.structure.Slice;
import io.cinnabar.value.HashValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Random commands on one hash whose fields come and go: against a map of Java's, and against a
 * second server that runs what followers are told.
 */
final class HashExRandomTest {

  /** The virtual clock's first moment, 2024-02-29 12:00. */
  private static final long START_MILLIS = 1_709_208_000_000L;

  private static final int STEPS = 1500;
  private static final long NEVER = Long.MAX_VALUE;

  private record Timed(String value, long expiryMillis) {}

  private final Map<String, Timed> model = new TreeMap<>();
  private long nowMillis = START_MILLIS;
  private Random random = new Random();

  @ParameterizedTest
  @CsvSource({"512, 8, 0", "512, 8, 1", "0, 8, 0", "4, 8, 1", "20, 300, 0", "0, 300, 1"})
  void behavesAsAMapDoes(int maxListpackEntries, int fields, int activeExpire) {
    long seed = Seed.of(HashExRandomTest.class);
    random = new Random(seed);
    TestServer leader = start(maxListpackEntries, activeExpire);
    TestServer follower = start(maxListpackEntries, 0);
    Followed followed = Followed.by(leader);
    for (int i = 0; i < STEPS; i++) {
      List<String> command = command(fields);
      String description = "seed " + seed + ", step " + i + ": " + String.join(" ", command);
      assertThat(leader.send(command.toArray(new String[0])))
          .as(description)
          .isEqualTo(expected(command));
      tell(followed, follower, description);
      advance(random.nextInt(20), leader, follower);
      tell(followed, follower, description);
      Map<String, Timed> unexpired = unexpired(model);
      assertThat(unexpired(fields(leader))).as(description).isEqualTo(unexpired);
      assertThat(unexpired(fields(follower))).as(description).isEqualTo(unexpired);
    }
    leader.engine().keyspace().validate();
    follower.engine().keyspace().validate();
  }

  private static void tell(Followed followed, TestServer follower, String description) {
    for (String change : followed.take()) {
      for (String told : change.split("; ", -1)) {
        String[] words = told.substring(told.indexOf(' ') + 1).split(" ", -1);
        assertThat(follower.send(words)).as(description + " -> " + told).doesNotStartWith("-");
      }
    }
  }

  private static TestServer start(int maxListpackEntries, int activeExpire) {
    TestServer server =
        TestServer.start(
            "hash-max-listpack-entries " + maxListpackEntries, "enable-debug-command yes");
    server.send("DEBUG", "SET-ACTIVE-EXPIRE", String.valueOf(activeExpire));
    return server;
  }

  private void advance(int millis, TestServer leader, TestServer follower) {
    leader.advance(Duration.ofMillis(millis));
    follower.advance(Duration.ofMillis(millis));
    nowMillis += millis;
  }

  // Commands.

  private List<String> command(int fields) {
    int kind = random.nextInt(9);
    List<String> words = new ArrayList<>();
    words.add(
        switch (kind) {
          case 0, 1 -> "HGETDEL";
          case 2, 3, 4 -> "HGETEX";
          case 5 -> "HMSET";
          default -> "HSETEX";
        });
    words.add("h");
    boolean isSetting = kind >= 5;
    if (kind >= 2 && kind != 5) {
      addOptions(words, isSetting);
    }
    int count = 1 + random.nextInt(4);
    if (kind != 5) {
      words.add("FIELDS");
      words.add(String.valueOf(count));
    }
    for (int i = 0; i < count; i++) {
      words.add("f" + random.nextInt(fields));
      if (isSetting) {
        words.add("v".repeat(random.nextInt(random.nextInt(20) == 0 ? 300 : 5)) + i);
      }
    }
    return words;
  }

  private void addOptions(List<String> words, boolean isSetting) {
    int condition = random.nextInt(6);
    if (isSetting && condition < 2) {
      words.add(condition == 0 ? "FNX" : "FXX");
    }
    switch (random.nextInt(4)) {
      case 0 -> {
        words.add("PX");
        words.add(String.valueOf(random.nextInt(100)));
      }
      case 1 -> {
        words.add("PXAT");
        words.add(String.valueOf(nowMillis - 10 + random.nextInt(200)));
      }
      case 2 -> words.add(isSetting ? "KEEPTTL" : "PERSIST");
      default -> {
        // No word on times.
      }
    }
  }

  // The model.

  private boolean exists(String field) {
    Timed timed = model.get(field);
    return timed != null && timed.expiryMillis >= nowMillis;
  }

  private String expected(List<String> command) {
    List<String> words = command.subList(2, command.size());
    int fieldsAt = words.indexOf("FIELDS");
    List<String> options = words.subList(0, Math.max(0, fieldsAt));
    List<String> rest = fieldsAt < 0 ? words : words.subList(fieldsAt + 2, words.size());
    return switch (command.get(0)) {
      case "HGETDEL" -> reading(rest, List.of("PX", "0"));
      case "HGETEX" -> reading(rest, options);
      case "HMSET" -> {
        set(rest, options);
        yield "+OK\r\n";
      }
      default -> setIf(isMet(rest, options), rest, options);
    };
  }

  private boolean isMet(List<String> pairs, List<String> options) {
    boolean isMet = true;
    for (int i = 0; i < pairs.size(); i += 2) {
      boolean exists = exists(pairs.get(i));
      isMet &= !(exists ? options.contains("FNX") : options.contains("FXX"));
    }
    return isMet;
  }

  private String reading(List<String> names, List<String> options) {
    StringBuilder reply = new StringBuilder("*" + names.size() + "\r\n");
    for (String name : names) {
      Timed timed = model.get(name);
      if (timed == null || !exists(name)) {
        reply.append("$-1\r\n");
      } else {
        reply.append("$" + timed.value.length() + "\r\n" + timed.value + "\r\n");
        put(name, timed.value, options, timed.expiryMillis);
      }
    }
    return reply.toString();
  }

  private String setIf(boolean isMet, List<String> pairs, List<String> options) {
    if (isMet) {
      set(pairs, options);
    }
    return isMet ? ":1\r\n" : ":0\r\n";
  }

  private void set(List<String> pairs, List<String> options) {
    for (int i = 0; i < pairs.size(); i += 2) {
      String name = pairs.get(i);
      Timed before = model.get(name);
      boolean keeps = options.contains("KEEPTTL") && exists(name);
      long expiryMillis = before != null && keeps ? before.expiryMillis : NEVER;
      put(name, pairs.get(i + 1), options, expiryMillis);
    }
  }

  /** Gives a field a value and the time that the options say, or else another. */
  private void put(String name, String value, List<String> options, long otherwise) {
    int last = options.size() - 1;
    long expiryMillis = options.contains("PERSIST") ? NEVER : otherwise;
    if (options.contains("PX")) {
      expiryMillis = nowMillis + Long.parseLong(options.get(last));
    } else if (options.contains("PXAT")) {
      expiryMillis = Long.parseLong(options.get(last));
    }
    boolean isGiven = options.contains("PX") || options.contains("PXAT");
    if (isGiven && expiryMillis <= nowMillis) {
      model.remove(name);
    } else {
      model.put(name, new Timed(value, expiryMillis));
    }
  }

  // What is there.

  private Map<String, Timed> unexpired(Map<String, Timed> fields) {
    Map<String, Timed> unexpired = new TreeMap<>(fields);
    unexpired.values().removeIf(timed -> timed.expiryMillis < nowMillis);
    return unexpired;
  }

  private static Map<String, Timed> fields(TestServer server) {
    Map<String, Timed> fields = new TreeMap<>();
    Database database = server.engine().keyspace().database(0);
    Entry entry = new Entry();
    Slice key = Slice.of("h");
    if (database.find(key, database.hash(key), entry)) {
      HashValue hash = entry.hashValue();
      for (boolean more = hash.first(); more; more = hash.next()) {
        long expiryMillis = hash.expiryMillis();
        fields.put(
            hash.field().toString(),
            new Timed(
                hash.value().toString(),
                expiryMillis == HashValue.NO_EXPIRY ? NEVER : expiryMillis));
      }
      assertThat(fields).isNotEmpty();
    }
    return fields;
  }
}
