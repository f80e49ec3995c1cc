package io.cinnabar.differential;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.CinnabarServer;
import io.cinnabar.Seed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What one server saves is the same data set to the other. */
@Timeout(120)
final class SnapshotExchangeTest {

  private static final int RANDOM_COMMANDS = 4000;

  private final long seed = Seed.of(SnapshotExchangeTest.class);
  private final SplittableRandom random = new SplittableRandom(seed);
  private final AtomicInteger number = new AtomicInteger();

  @TempDir private Path folder;

  private CinnabarServer ours() {
    return CinnabarServer.builder()
        .option("dir", folder.toString())
        .option("enable-debug-command", "yes")
        .option("rdb-version", "10")
        .start();
  }

  private RealRedis theirs() {
    return RealRedis.start("redis " + number.incrementAndGet(), "--dir", folder.toString());
  }

  private static String ask(RespClient server, String... words) {
    return server.call(Command.of(words)).reply().text();
  }

  /** Values of every encoding in several databases, and whatever random commands make. */
  private void fill(RespClient server) {
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

  private static String streams(RespClient server) {
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

  @Test
  void oursIsLoadedThere() throws Exception {
    String digest;
    String streams;
    try (CinnabarServer ours = ours();
        RespClient client = RespClient.connect(Subject.at("ours", ours.port()))) {
      fill(client);
      streams = streams(client);
      digest = ask(client, "DEBUG", "DIGEST");
      assertThat(ask(client, "BGSAVE")).isEqualTo("Background saving started");
      while (ask(client, "INFO", "persistence").contains("rdb_bgsave_in_progress:1")) {
        Thread.onSpinWait();
      }
    }
    assertThat(check()).contains("RDB looks OK!");
    try (RealRedis theirs = theirs();
        RespClient client = RespClient.connect(theirs.subject())) {
      assertThat(ask(client, "DEBUG", "DIGEST")).as(Seed.option(seed)).isEqualTo(digest);
      assertThat(streams(client)).as(Seed.option(seed)).isEqualTo(streams);
    }
  }

  @Test
  void theirsIsLoadedHere() throws IOException {
    String digest;
    String streams;
    try (RealRedis theirs = theirs();
        RespClient client = RespClient.connect(theirs.subject())) {
      fill(client);
      streams = streams(client);
      digest = ask(client, "DEBUG", "DIGEST");
      assertThat(ask(client, "SAVE")).isEqualTo("OK");
    }
    try (CinnabarServer ours = ours();
        RespClient client = RespClient.connect(Subject.at("ours", ours.port()))) {
      assertThat(ask(client, "DEBUG", "DIGEST")).as(Seed.option(seed)).isEqualTo(digest);
      assertThat(streams(client)).as(Seed.option(seed)).isEqualTo(streams);
    }
  }

  /** The same small data set, written by both: the same bytes, but for the times and the memory. */
  @Test
  void theSameBytes() throws IOException {
    List<List<String>> commands =
        List.of(
            List.of("SET", "k", "v", "PXAT", "4000000000000"),
            List.of("CONFIG", "SET", "maxmemory-policy", "allkeys-lfu"),
            List.of("SELECT", "5"),
            List.of("RPUSH", "list", "a", "b", "1"));
    try (RealRedis theirs = theirs();
        RespClient client = RespClient.connect(theirs.subject())) {
      commands.forEach(words -> ask(client, words.toArray(String[]::new)));
      ask(client, "SAVE");
    }
    Path file = folder.resolve("dump.rdb");
    String wanted = comparable(Files.readAllBytes(file));
    Files.delete(file);
    try (CinnabarServer ours = ours();
        RespClient client = RespClient.connect(Subject.at("ours", ours.port()))) {
      commands.forEach(words -> ask(client, words.toArray(String[]::new)));
      ask(client, "SAVE");
    }
    assertThat(comparable(Files.readAllBytes(file))).isEqualTo(wanted);
  }

  private static String comparable(byte[] file) {
    String text = new String(file, 0, file.length - 8, StandardCharsets.ISO_8859_1);
    return text.replaceAll("(?s)redis-ver.*aof-base", "...");
  }

  /** What redis-check-rdb says of the file: the server's executable under another name. */
  private String check() throws Exception {
    Path programs = Files.createDirectory(folder.resolve("programs"));
    Path program = programs.resolve("redis-check-rdb");
    Files.createSymbolicLink(program, Path.of(RealRedis.executable(programs)));
    Process process =
        new ProcessBuilder(program.toString(), folder.resolve("dump.rdb").toString())
            .redirectErrorStream(true)
            .start();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }
}
