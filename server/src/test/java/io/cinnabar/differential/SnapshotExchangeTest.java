package io.cinnabar.differential;

import static io.cinnabar.differential.ExchangeData.ask;
import static io.cinnabar.differential.ExchangeData.streams;
import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.CinnabarServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What one server saves is the same data set to the other. */
@Timeout(120)
final class SnapshotExchangeTest {

  private final ExchangeData data = new ExchangeData(SnapshotExchangeTest.class);
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

  @Test
  void oursIsLoadedThere() throws Exception {
    String digest;
    String streams;
    try (CinnabarServer ours = ours();
        RespClient client = RespClient.connect(Subject.at("ours", ours.port()))) {
      data.fill(client);
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
      assertThat(ask(client, "DEBUG", "DIGEST")).as(data.option()).isEqualTo(digest);
      assertThat(streams(client)).as(data.option()).isEqualTo(streams);
    }
  }

  @Test
  void theirsIsLoadedHere() throws IOException {
    String digest;
    String streams;
    try (RealRedis theirs = theirs();
        RespClient client = RespClient.connect(theirs.subject())) {
      data.fill(client);
      streams = streams(client);
      digest = ask(client, "DEBUG", "DIGEST");
      assertThat(ask(client, "SAVE")).isEqualTo("OK");
    }
    try (CinnabarServer ours = ours();
        RespClient client = RespClient.connect(Subject.at("ours", ours.port()))) {
      assertThat(ask(client, "DEBUG", "DIGEST")).as(data.option()).isEqualTo(digest);
      assertThat(streams(client)).as(data.option()).isEqualTo(streams);
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

  /** What redis-check-rdb says of the file. */
  private String check() throws Exception {
    return RealRedis.check("redis-check-rdb", folder.resolve("dump.rdb"));
  }
}
