package io.cinnabar.differential;

import io.cinnabar.Seed;
import java.util.List;
import java.util.SplittableRandom;

/** What servers exchange: values of every encoding, and whatever random commands make. */
final class ExchangeData {

  private static final int RANDOM_COMMANDS = 4000;

  private final long seed;
  private final SplittableRandom random;

  ExchangeData(Class<?> test) {
    seed = Seed.of(test);
    random = new SplittableRandom(seed);
  }

  /** What to add to the command line to have the same again. */
  String option() {
    return Seed.option(seed);
  }

  /** The text of a reply. */
  static String ask(RespClient server, String... words) {
    return server.call(Command.of(words)).reply().text();
  }

  /** Fills several databases. */
  void fill(RespClient server) {
    for (int db = 0; db < 3; db++) {
      ask(server, "SELECT", "" + db);
      ask(server, "CONFIG", "SET", "hash-max-listpack-entries", "8");
      ask(server, "CONFIG", "SET", "zset-max-listpack-entries", "8");
      ask(server, "CONFIG", "SET", "set-max-intset-entries", "8");
      ask(server, "CONFIG", "SET", "list-max-listpack-size", "8");
      ask(server, "CONFIG", "SET", "list-compress-depth", "" + db);
      for (int i = 0; i < RANDOM_COMMANDS; i++) {
        change(server);
      }
      ask(server, "SETRANGE", "large", "300000", "x");
      ask(server, "SET", "expires", "v", "PX", "100000000");
    }
  }

  private void change(RespClient server) {
    String key = "k" + random.nextInt(20);
    String value =
        random.nextInt(8) == 0
            ? ("" + (char) ('a' + random.nextInt(26))).repeat(random.nextInt(2000))
            : "v" + random.nextInt(100);
    String integer = "" + (random.nextBoolean() ? random.nextInt(300) : random.nextInt());
    List<String> command =
        switch (random.nextInt(20)) {
          case 0 -> List.of("SET", "s:" + key, value);
          case 1 -> List.of("SET", "s:" + key, integer);
          case 2 -> List.of("APPEND", "s:" + key, value);
          case 3 -> List.of("EXPIRE", "s:" + key, "" + (100_000 + random.nextInt(1000)));
          case 4, 5 -> List.of("RPUSH", "l:" + key, value, integer);
          case 6 -> List.of("LPOP", "l:" + key);
          case 7, 8 -> List.of("HSET", "h:" + key, value, integer, integer, value);
          case 9 -> List.of("HDEL", "h:" + key, value);
          case 10 -> List.of("SADD", "t:" + key, value, integer);
          case 11 -> List.of("SADD", "i:" + key, integer);
          case 12 -> List.of("SREM", "i:" + key, integer);
          case 13, 14 -> List.of("ZADD", "z:" + key, integer, value, "0." + integer, integer);
          case 15 -> List.of("ZREM", "z:" + key, value);
          case 16 -> List.of("XADD", "x:" + key, "*", "f", value, "g", integer);
          case 17 -> List.of("XGROUP", "CREATE", "x:" + key, "group", "0");
          case 18 ->
              List.of(
                  "XREADGROUP",
                  "GROUP",
                  "group",
                  "c" + random.nextInt(3),
                  "COUNT",
                  "2",
                  "STREAMS",
                  "x:" + key,
                  ">");
          default -> List.of("XTRIM", "x:" + key, "MAXLEN", "20");
        };
    ask(server, command.toArray(String[]::new));
  }

  /** What DEBUG DIGEST does not tell of streams. */
  static String streams(RespClient server) {
    StringBuilder all = new StringBuilder();
    for (int db = 0; db < 3; db++) {
      ask(server, "SELECT", "" + db);
      for (int i = 0; i < 20; i++) {
        all.append(server.call(Command.of("XINFO", "GROUPS", "x:k" + i)).reply());
        all.append(server.call(Command.of("XPENDING", "x:k" + i, "group")).reply());
      }
    }
    return all.toString();
  }
}
