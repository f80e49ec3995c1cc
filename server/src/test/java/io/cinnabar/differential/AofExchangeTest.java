package io.cinnabar.differential;

import static io.cinnabar.differential.ExchangeData.ask;
import static io.cinnabar.differential.ExchangeData.streams;
import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.CinnabarServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The append-only file of one server is the same data set to the other. */
@Timeout(120)
final class AofExchangeTest {

  private final ExchangeData data = new ExchangeData(AofExchangeTest.class);
  private final AtomicInteger number = new AtomicInteger();

  @TempDir private Path folder;

  private CinnabarServer ours(String preamble) {
    return CinnabarServer.builder()
        .option("dir", folder.toString())
        .option("enable-debug-command", "yes")
        .option("rdb-version", "10")
        .option("appendonly", "yes")
        .option("aof-timestamp-enabled", "yes")
        .option("aof-use-rdb-preamble", preamble)
        .start();
  }

  private RealRedis theirs(String preamble) {
    return RealRedis.start(
        "redis " + number.incrementAndGet(),
        "--dir",
        folder.toString(),
        "--appendonly",
        "yes",
        "--aof-timestamp-enabled",
        "yes",
        "--aof-use-rdb-preamble",
        preamble);
  }

  private static void rewrite(RespClient client) {
    ask(client, "BGREWRITEAOF");
    while (!ask(client, "INFO", "persistence").contains("aof_rewrite_in_progress:0")) {
      Thread.onSpinWait();
    }
    assertThat(ask(client, "INFO", "persistence")).contains("aof_last_bgrewrite_status:ok");
  }

  /** Fills a server, lets it rewrite its file, and goes on; the digest. */
  private String load(RespClient client) {
    data.fill(client);
    rewrite(client);
    data.fill(client);
    return ask(client, "DEBUG", "DIGEST");
  }

  @ParameterizedTest
  @ValueSource(strings = {"yes", "no"})
  void oursIsLoadedThereAndBackAgain(String preamble) throws Exception {
    String digest;
    String streams;
    try (CinnabarServer ours = ours(preamble);
        RespClient client = RespClient.connect(Subject.at("ours", ours.port()))) {
      digest = load(client);
      streams = streams(client);
    }
    Path manifest = folder.resolve("appendonlydir").resolve("appendonly.aof.manifest");
    assertThat(RealRedis.check("redis-check-aof", manifest))
        .contains("All AOF files and manifest are valid");
    try (RealRedis theirs = theirs(preamble);
        RespClient client = RespClient.connect(theirs.subject())) {
      assertThat(ask(client, "DEBUG", "DIGEST")).as(data.option()).isEqualTo(digest);
      assertThat(streams(client)).as(data.option()).isEqualTo(streams);
      ask(client, "SET", "written", "by the other");
      digest = ask(client, "DEBUG", "DIGEST");
      ask(client, "CONFIG", "SET", "appendonly", "no"); // which forces it
    }
    try (CinnabarServer ours = ours(preamble);
        RespClient client = RespClient.connect(Subject.at("ours", ours.port()))) {
      assertThat(ask(client, "DEBUG", "DIGEST")).as(data.option()).isEqualTo(digest);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"yes", "no"})
  void theirsIsLoadedHereAndBackAgain(String preamble) throws IOException {
    String digest;
    String streams;
    try (RealRedis theirs = theirs(preamble);
        RespClient client = RespClient.connect(theirs.subject())) {
      digest = load(client);
      // It does not keep all numbers of what groups have read itself.
      assertThat(ask(client, "DEBUG", "LOADAOF")).isEqualTo("OK");
      streams = streams(client);
      ask(client, "CONFIG", "SET", "appendonly", "no");
    }
    try (Stream<Path> files = Files.list(folder.resolve("appendonlydir"))) {
      assertThat(files).hasSize(3);
    }
    try (CinnabarServer ours = ours(preamble);
        RespClient client = RespClient.connect(Subject.at("ours", ours.port()))) {
      assertThat(ask(client, "DEBUG", "DIGEST")).as(data.option()).isEqualTo(digest);
      assertThat(streams(client)).as(data.option()).isEqualTo(streams);
      ask(client, "SET", "written", "by the other");
      digest = ask(client, "DEBUG", "DIGEST");
    }
    try (RealRedis theirs = theirs(preamble);
        RespClient client = RespClient.connect(theirs.subject())) {
      assertThat(ask(client, "DEBUG", "DIGEST")).as(data.option()).isEqualTo(digest);
    }
  }
}
