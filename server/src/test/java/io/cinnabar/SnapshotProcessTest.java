package io.cinnabar;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisConnectionException;

/** Snapshots of the program: it ends and starts, or does not. */
@Timeout(120)
final class SnapshotProcessTest {

  @TempDir private Path folder;

  private ServerProcess start(String... more) throws IOException {
    String[] all = new String[more.length + 6];
    String[] first = {"--port", "0", "--bind", "127.0.0.1", "--dir", folder.toString()};
    System.arraycopy(first, 0, all, 0, first.length);
    System.arraycopy(more, 0, all, first.length, more.length);
    return ServerProcess.start(all);
  }

  /** With the save points that it has by default. */
  @Test
  void aSignalSavesAndTheNextStartLoads() throws IOException {
    try (ServerProcess server = start()) {
      try (Jedis client = new Jedis("127.0.0.1", server.awaitReady())) {
        client.set("key", "value");
      }
      server.terminate();
      assertThat(server.awaitExit()).isZero();
    }
    try (ServerProcess server = start()) {
      try (Jedis client = new Jedis("127.0.0.1", server.awaitReady())) {
        assertThat(client.get("key")).isEqualTo("value");
      }
      assertThat(server.lines())
          .anyMatch(line -> line.contains(" * DB loaded from disk: 0."))
          .anyMatch(line -> line.contains(" * Done loading RDB, keys loaded: 1, keys expired: 0."));
    }
    try (ServerProcess check =
        ServerProcess.start("--check-rdb", folder.resolve("dump.rdb").toString())) {
      assertThat(check.awaitExit()).isZero();
      assertThat(check.lines())
          .anyMatch(line -> line.endsWith("AUX FIELD redis-ver = '7.2.4'"))
          .anyMatch(line -> line.endsWith("Checksum OK"))
          .contains("[info] 1 keys read", "[info] 0 expires");
    }
  }

  @Test
  void aDamagedFileStopsTheStartAndStays() throws IOException {
    Path file = folder.resolve("dump.rdb");
    byte[] damaged = "REDIS0011\u0000\u0001k\u0003v".getBytes(US_ASCII);
    Files.write(file, damaged);
    try (ServerProcess server = start()) {
      assertThat(server.awaitExit()).isEqualTo(1);
      assertThat(server.lines())
          .anyMatch(
              line ->
                  line.endsWith(
                      "Bad file format reading the RDB file "
                          + file.toAbsolutePath()
                          + ": the value of the key 'k' ends too early, at offset 13"))
          .anyMatch(line -> line.contains("--check-rdb"))
          .noneMatch(line -> line.contains("Ready to accept connections"));
    }
    assertThat(Files.readAllBytes(file)).isEqualTo(damaged);
    assertThat(folder.toFile().list()).containsExactly("dump.rdb");
    try (ServerProcess check = ServerProcess.start("--check-rdb", file.toString())) {
      assertThat(check.awaitExit()).isEqualTo(1);
      assertThat(check.lines())
          .contains(
              "--- RDB ERROR DETECTED ---",
              "[offset 13] the value of the key 'k' ends too early",
              "[info] 0 keys read");
    }
  }

  /** Nothing of what it was told to load is lost because it ends early. */
  @Test
  void aSignalWhileItLoadsEndsIt() throws IOException {
    try (ServerProcess server = start()) {
      try (Jedis client = new Jedis("127.0.0.1", server.awaitReady())) {
        for (int i = 0; i < 1000; i++) {
          client.set("key:" + i, "value");
        }
        client.save();
      }
    }
    byte[] file = Files.readAllBytes(folder.resolve("dump.rdb"));
    try (ServerProcess server = start("--key-load-delay", "100000")) {
      server.awaitLine("Mb"); // the memory that was in use
      server.terminate();
      assertThat(server.awaitExit()).isZero();
      assertThat(server.lines())
          .anyMatch(line -> line.endsWith("User requested shutdown..."))
          .noneMatch(line -> line.contains("Saving the final RDB snapshot"));
    }
    assertThat(Files.readAllBytes(folder.resolve("dump.rdb"))).isEqualTo(file);
  }

  /** What there is then is not the data set. */
  @Test
  void aReloadThatFailsEndsItWithAnError() throws IOException {
    try (ServerProcess server = start("--appendonly", "yes", "--enable-debug-command", "local")) {
      try (Jedis client = new Jedis("127.0.0.1", server.awaitReady())) {
        Files.writeString(folder.resolve("appendonlydir/appendonly.aof.1.base.rdb"), "damaged");
        assertThatThrownBy(() -> client.sendCommand(() -> "DEBUG".getBytes(US_ASCII), "LOADAOF"))
            .isInstanceOf(JedisConnectionException.class);
      }
      assertThat(server.awaitExit()).isEqualTo(1);
    }
  }
}
