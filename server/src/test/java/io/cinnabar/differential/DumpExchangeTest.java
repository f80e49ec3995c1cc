package io.cinnabar.differential;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.Seed;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one server's DUMP replies is the same value to the other's RESTORE, and back. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DumpExchangeTest {

  private static final int RANDOM_VALUES = 400;

  private final long seed = Seed.of(DumpExchangeTest.class);
  private final SplittableRandom random = new SplittableRandom(seed);
  private RespClient theirs;
  private RespClient ours;

  @BeforeAll
  void connect() throws IOException {
    theirs = RespClient.connect(RealRedis.shared());
    ours = RespClient.connect(SubjectUnderTest.shared());
  }

  @AfterAll
  void disconnect() {
    theirs.close();
    ours.close();
  }

  private static String ask(RespClient server, String... words) {
    return server.call(Command.of(words)).reply().text();
  }

  /** Has both servers run these commands, which make a value of the key k. */
  private void exchange(List<Command> commands, String description) {
    for (RespClient server : List.of(theirs, ours)) {
      ask(server, "FLUSHALL");
      for (Command command : commands) {
        Reply reply = server.call(command).reply();
        assertThat(reply.kind()).as("%s: %s", command, reply).isNotEqualTo(Reply.Kind.ERROR);
      }
    }
    String digest = digest(theirs, "k");
    assertThat(digest(ours, "k")).as(description).isEqualTo(digest);
    restore(ours, theirs, digest, description + ", from ours to theirs");
    restore(theirs, ours, digest, description + ", from theirs to ours");
    restore(ours, ours, digest, description + ", from ours to ours");
  }

  /** As {@link #exchange}; only the redis-server makes the value. */
  private void exchangeTheirs(List<Command> commands, String description) {
    for (RespClient server : List.of(theirs, ours)) {
      ask(server, "FLUSHALL");
    }
    for (Command command : commands) {
      Reply reply = theirs.call(command).reply();
      assertThat(reply.kind()).as("%s: %s", command, reply).isNotEqualTo(Reply.Kind.ERROR);
    }
    String digest = digest(theirs, "k");
    restore(theirs, ours, digest, description + ", from theirs to ours");
    ask(ours, "RENAME", "copy", "k");
    restore(ours, theirs, digest, description + ", back to theirs");
    // Digests don't see the groups of streams.
    if (ask(theirs, "TYPE", "k").equals("stream")) {
      assertThat(full("copy")).as(description).isEqualTo(full("k"));
    }
    restore(ours, ours, digest, description + ", from ours to ours");
  }

  private String full(String key) {
    return theirs.call(Command.of("XINFO", "STREAM", key, "FULL", "COUNT", "0")).bytes();
  }

  private static void restore(RespClient from, RespClient to, String digest, String description) {
    String payload = ask(from, "DUMP", "k");
    assertThat(ask(to, "RESTORE", "copy", "0", payload, "REPLACE"))
        .as("%s: %s", description, Escapes.quote(payload))
        .isEqualTo("OK");
    assertThat(digest(to, "copy")).as(description).isEqualTo(digest);
  }

  private static String digest(RespClient server, String key) {
    return server.call(Command.of("DEBUG", "DIGEST-VALUE", key)).reply().elements().get(0).text();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SET k hello",
        "SET k 12345",
        "SET k -9223372036854775808",
        "SETRANGE k 1000000 x",
        "SET k 1; APPEND k 2",
        "RPUSH k a",
        "RPUSH k 1 -1 127 128 4095 4096 -32768 8388607 -2147483648 9223372036854775807 007",
        "RPUSH k 1 2 3; LSET k 1 %8000; RPUSH k x",
        "RPUSH k %70000; RPUSH k %70000 y; LPUSH k %9000; LPUSH k 17",
        "HSET k f v",
        "HSET k f %64 1 2 3 -70000",
        "HSET k f %65 1 2",
        "HSET k f %5000 g h",
        "CONFIG SET hash-max-listpack-entries 2; HSET k a b c d e f g 1;"
            + " CONFIG SET hash-max-listpack-entries 512",
        "SADD k 1 2 3",
        "SADD k 100000 -5",
        "SADD k 5000000000 1",
        "SADD k a",
        "SADD k a 1 b",
        "SADD k 1 2 %65",
        "SADD k %5000 b",
        "CONFIG SET set-max-intset-entries 2; SADD k 1 2 3 4;"
            + " CONFIG SET set-max-intset-entries 512",
        "XADD k 1-1 f v",
        "XADD k 1-1 f v; XADD k 1-2 f w; XADD k 5-0 f w g x; XADD k 5-7 g 1",
        "XADD k 1-1 f v; XADD k 1-2 f w; XADD k 1-3 f w; XDEL k 1-1; XDEL k 1-3",
        "XADD k 1-1 f v; XDEL k 1-1",
        "XADD k 18446744073709551615-18446744073709551615 f v",
        "CONFIG SET stream-node-max-entries 2; XADD k 1-1 f v; XADD k 1-2 f v; XADD k 1-3 f v;"
            + " XADD k 2-0 g v; XDEL k 1-2; CONFIG SET stream-node-max-entries 100",
        "ZADD k 1 a",
        "ZADD k 0.1 a 0.30000000000000004 b 1e300 c -1e-300 d inf e -inf f 5 7 -0 zero 17179869184 g",
        "ZADD k 1 %64 2 %10",
        "ZADD k 1 %65 2 %10",
        "ZADD k 0.1 %65 1e17 %10 inf x -inf y -0 zero 5 17",
        "CONFIG SET zset-max-listpack-entries 2; ZADD k 1 a 2 b 3 c 3 d 3 17;"
            + " CONFIG SET zset-max-listpack-entries 128",
        "CONFIG SET list-max-listpack-size 3; RPUSH k a b c d e f g h i j;"
            + " CONFIG SET list-max-listpack-size -2",
        "CONFIG SET list-compress-depth 1; RPUSH k %5000 %5000 %5000 %5000 %5000;"
            + " CONFIG SET list-compress-depth 0",
      })
  void values(String commands) {
    exchange(parse(commands), commands);
  }

  private static List<Command> parse(String commands) {
    List<Command> parsed = new ArrayList<>();
    for (String command : commands.split("; ", -1)) {
      parsed.add(Command.of(words(command)));
    }
    return parsed;
  }

  /** What only a redis-server has to make. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "XGROUP CREATE k g $ MKSTREAM; XGROUP CREATE k h 5-5 ENTRIESREAD 3;"
            + " XGROUP CREATECONSUMER k g c",
        "XADD k 1-1 f v; XADD k 1-2 f w; XGROUP CREATE k g 0; XREADGROUP GROUP g c STREAMS k >;"
            + " XACK k g 1-1; XADD k 2-0 f w; XREADGROUP GROUP g d STREAMS k >; XDEL k 1-2;"
            + " XSETID k 100-5 ENTRIESADDED 10 MAXDELETEDID 3-3",
      })
  void valuesOfTheirs(String commands) {
    exchangeTheirs(parse(commands), commands);
  }

  /** The words of a command; %9 in it is a string of nine bytes. */
  private static String[] words(String command) {
    String[] words = command.split(" ", -1);
    for (int i = 0; i < words.length; i++) {
      if (words[i].startsWith("%")) {
        words[i] = "x".repeat(Integer.parseInt(words[i].substring(1)));
      }
    }
    return words;
  }

  @Test
  void randomLists() {
    for (int i = 0; i < RANDOM_VALUES; i++) {
      List<Command> commands = new ArrayList<>();
      for (int pushes = random.nextInt(1, 1 << random.nextInt(1, 6)); pushes > 0; pushes--) {
        List<String> words =
            new ArrayList<>(List.of(random.nextInt(4) == 0 ? "LPUSH" : "RPUSH", "k"));
        for (int n = random.nextInt(1, 20); n > 0; n--) {
          words.add(element());
        }
        commands.add(new Command(words));
      }
      exchange(commands, Seed.option(seed));
    }
  }

  @Test
  void randomSortedSets() {
    for (int i = 0; i < RANDOM_VALUES; i++) {
      List<String> words = new ArrayList<>(List.of("ZADD", "k"));
      for (int n = random.nextInt(1, 1 << random.nextInt(1, 9)); n > 0; n--) {
        words.add(
            random.nextBoolean()
                ? Integer.toString(random.nextInt(20))
                : Double.toString(Double.longBitsToDouble(random.nextLong() >>> 2)));
        words.add(element());
      }
      exchange(List.of(new Command(words)), Seed.option(seed));
    }
  }

  @Test
  void randomHashes() {
    for (int i = 0; i < RANDOM_VALUES; i++) {
      List<String> words = new ArrayList<>(List.of("HSET", "k"));
      for (int n = random.nextInt(1, 1 << random.nextInt(1, 11)); n > 0; n--) {
        words.add(element());
        words.add(element());
      }
      exchange(List.of(new Command(words)), Seed.option(seed));
    }
  }

  /** In memory they are no listpacks here, in files they must be: byte for byte. */
  @Test
  void smallHashesAreTheSameBytes() {
    for (RespClient server : List.of(theirs, ours)) {
      ask(server, "CONFIG", "SET", "rdbcompression", "no");
      // Random commands before this test may have left others.
      ask(server, "CONFIG", "SET", "hash-max-listpack-entries", "512");
      ask(server, "CONFIG", "SET", "hash-max-listpack-value", "64");
    }
    for (int i = 0; i < RANDOM_VALUES; i++) {
      List<Command> commands = new ArrayList<>();
      int fields = random.nextInt(1, 1 << random.nextInt(1, 8));
      for (int n = random.nextInt(3 * fields); n > 0; n--) {
        commands.add(hashCommand("f" + random.nextInt(fields)));
      }
      commands.add(Command.of("HSET", "k", "last", "v"));
      for (RespClient server : List.of(theirs, ours)) {
        ask(server, "FLUSHALL");
        commands.forEach(server::call);
      }
      String payload = ask(theirs, "DUMP", "k");
      assertThat(ask(ours, "DUMP", "k"))
          .as("%s %s", Seed.option(seed), commands)
          .isEqualTo(payload);
      assertThat(ask(ours, "RESTORE", "copy", "0", payload)).isEqualTo("OK");
      assertThat(ask(ours, "DUMP", "copy")).isEqualTo(payload);
    }
    for (RespClient server : List.of(theirs, ours)) {
      ask(server, "CONFIG", "SET", "rdbcompression", "yes");
    }
  }

  private Command hashCommand(String field) {
    return switch (random.nextInt(8)) {
      case 0 -> Command.of("HDEL", "k", field);
      case 1 -> Command.of("HINCRBY", "k", "number:" + field, "" + random.nextInt(-100, 10_000));
      case 2 -> Command.of("HSET", "k", field, "1", "" + random.nextInt(100), "2");
      default -> {
        String value = element();
        yield Command.of("HSET", "k", field, value.substring(0, Math.min(64, value.length())));
      }
    };
  }

  @Test
  void randomSets() {
    for (int i = 0; i < RANDOM_VALUES; i++) {
      List<String> words = new ArrayList<>(List.of("SADD", "k"));
      boolean integers = random.nextBoolean();
      for (int n = random.nextInt(1, 1 << random.nextInt(1, 11)); n > 0; n--) {
        words.add(integers ? Long.toString(random.nextLong() >> random.nextInt(64)) : element());
      }
      exchange(List.of(new Command(words)), Seed.option(seed));
    }
  }

  @Test
  void randomStreams() {
    for (int i = 0; i < RANDOM_VALUES / 4; i++) {
      List<Command> commands = new ArrayList<>();
      commands.add(Command.of("XGROUP", "CREATE", "k", "g", "$", "MKSTREAM"));
      commands.add(Command.of("XGROUP", "CREATE", "k", "h", "0"));
      for (int n = random.nextInt(1, 1 << random.nextInt(1, 9)); n > 0; n--) {
        commands.add(streamCommand((1000 - n / 7) + "-*"));
      }
      exchangeTheirs(commands, Seed.option(seed));
    }
  }

  private Command streamCommand(String id) {
    String group = random.nextBoolean() ? "g" : "h";
    String consumer = "c" + random.nextInt(3);
    return switch (random.nextInt(8)) {
      case 0 ->
          Command.of("XREADGROUP", "GROUP", group, consumer, "COUNT", "5", "STREAMS", "k", ">");
      case 1 -> Command.of("XTRIM", "k", "MAXLEN", Integer.toString(random.nextInt(1, 300)));
      case 2 -> Command.of("XGROUP", "CREATECONSUMER", "k", group, consumer);
      default ->
          Command.of("XADD", "k", id, "a", element(), random.nextBoolean() ? "b" : "c", element());
    };
  }

  /** An integer of any size, or a string, seldom a long one. */
  private String element() {
    if (random.nextInt(3) == 0) {
      return Long.toString(random.nextLong() >> random.nextInt(64));
    }
    int length = random.nextInt(1 << random.nextInt(1, random.nextInt(10) == 0 ? 14 : 8));
    return Character.toString('a' + random.nextInt(26)).repeat(length);
  }

  @Test
  void randomStrings() {
    for (int i = 0; i < RANDOM_VALUES; i++) {
      exchange(List.of(Command.of("SET", "k", string())), Seed.option(seed));
    }
  }

  /** Of any length up to 65,536, with more and less that repeats itself. */
  private String string() {
    int length = random.nextInt(1 << random.nextInt(17));
    int letters = random.nextInt(1, 256);
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append((char) random.nextInt(letters));
    }
    return text.toString();
  }
}
