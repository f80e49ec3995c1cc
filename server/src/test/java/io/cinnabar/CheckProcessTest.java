package io.cinnabar;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** The program as it examines files, and repairs them when it is told to. */
@Timeout(120)
final class CheckProcessTest {

  private static final int KEYS = 20;

  @TempDir private Path folder;

  private ServerProcess start() throws IOException {
    return ServerProcess.start(
        "--port",
        "0",
        "--bind",
        "127.0.0.1",
        "--dir",
        folder.toString(),
        "--appendonly",
        "yes",
        "--appendfsync",
        "always",
        "--aof-load-truncated",
        "no");
  }

  /** A folder that a server has written, each key in a batch of its own. */
  private void fill() throws IOException {
    try (ServerProcess server = start()) {
      try (Jedis client = new Jedis("127.0.0.1", server.awaitReady())) {
        client.set("base", "value");
        client.bgrewriteaof();
        while (!client.info("persistence").contains("aof_rewrites:1")) {
          client.ping();
        }
        for (int i = 0; i < KEYS; i++) {
          client.set("key:" + i, "value");
        }
        client.save();
      }
    }
  }

  private Path file(String name) {
    return folder.resolve("appendonlydir").resolve("appendonly.aof." + name);
  }

  private List<String> run(int status, String... arguments) throws IOException {
    try (ServerProcess check = ServerProcess.start(arguments)) {
      assertThat(check.awaitExit()).as("%s %s", check.lines(), check.errors()).isEqualTo(status);
      return check.lines();
    }
  }

  /** What the next server finds. */
  private List<String> keys() throws IOException {
    try (ServerProcess server = start();
        Jedis client = new Jedis("127.0.0.1", server.awaitReady())) {
      return new ArrayList<>(client.keys("*"));
    }
  }

  private String assertNoStart() throws IOException {
    try (ServerProcess server = start()) {
      assertThat(server.awaitExit()).isEqualTo(1);
      return String.join("\n", server.lines());
    }
  }

  @Test
  void whatAServerHasWrittenIsValid() throws IOException {
    fill();
    String manifest = file("manifest").toString();
    assertThat(run(0, "--check-aof", manifest))
        .startsWith("Start checking Multi Part AOF")
        .contains("Start to check BASE AOF appendonly.aof.2.base.rdb")
        .contains("INCR AOF appendonly.aof.2.incr.aof is valid")
        .endsWith("All AOF files and manifest are valid");
    assertThat(run(0, "--check-aof", "--fix", manifest))
        .endsWith("All AOF files and manifest are valid");
    String increment = file("2.incr.aof").toString();
    assertThat(run(0, "--check-aof", increment))
        .startsWith("Start checking Old-Style AOF")
        .endsWith("AOF " + increment + " is valid");
    assertThat(run(0, "--check-rdb", folder.resolve("dump.rdb").toString()))
        .contains("[info] " + (KEYS + 1) + " keys read");
    assertThat(run(0, "--check-rdb", file("2.base.rdb").toString())).contains("[info] 1 keys read");
    assertThat(keys()).hasSize(KEYS + 1);
  }

  @Test
  void anUnfinishedEndIsCutOffWhenToldTo() throws IOException {
    fill();
    Path increment = file("2.incr.aof");
    byte[] whole = Files.readAllBytes(increment);
    byte[] damaged = Arrays.copyOf(whole, whole.length - 5);
    Files.write(increment, damaged);
    String manifest = file("manifest").toString();
    assertThat(run(1, "--check-aof", manifest))
        .contains(
            "AOF appendonly.aof.2.incr.aof is not valid. Use the --fix option to try fixing it.",
            "INCR AOF appendonly.aof.2.incr.aof is not valid")
        .noneMatch(line -> line.contains("not what a crash leaves"));
    assertThat(Files.readAllBytes(increment)).isEqualTo(damaged);
    assertThat(assertNoStart()).contains("Unexpected end of file reading the append only file");
    assertThat(Files.readAllBytes(increment)).isEqualTo(damaged);
    assertThat(run(0, "--check-aof", "--fix", manifest))
        .contains("Successfully truncated AOF appendonly.aof.2.incr.aof")
        .endsWith("All AOF files and manifest are valid");
    byte[] fixed = Files.readAllBytes(increment);
    assertThat(fixed).isEqualTo(Arrays.copyOf(whole, fixed.length)).hasSizeLessThan(damaged.length);
    assertThat(keys()).hasSize(KEYS).doesNotContain("key:" + (KEYS - 1));
  }

  @Test
  void damageInTheMiddleIsToldAndCutOffWhenToldTo() throws IOException {
    fill();
    Path increment = file("2.incr.aof");
    byte[] damaged = Files.readAllBytes(increment);
    int at = new String(damaged, ISO_8859_1).indexOf("key:7");
    damaged[at] ^= 1;
    Files.write(increment, damaged);
    String manifest = file("manifest").toString();
    List<String> found = run(1, "--check-aof", manifest);
    assertThat(found)
        .anyMatch(
            line ->
                line.matches("0x[0-9a-f]+: the checksum of the batch that begins there is wrong"))
        .contains(
            "This is not what a crash leaves: what was on disk has changed. Commands behind it are"
                + " lost if the file is cut there.");
    assertThat(assertNoStart())
        .containsPattern("file appendonly.aof.2.incr.aof is damaged at offset \\d+: the checksum");
    assertThat(Files.readAllBytes(increment)).isEqualTo(damaged);
    assertThat(run(0, "--check-aof", "--fix", manifest))
        .contains("Successfully truncated AOF appendonly.aof.2.incr.aof");
    assertThat(keys()).hasSize(1 + 7).contains("base", "key:6");
  }

  @Test
  void aDamagedBaseIsNotCut() throws IOException {
    fill();
    Path base = file("2.base.rdb");
    byte[] damaged = Files.readAllBytes(base);
    damaged[damaged.length - 12] ^= 1;
    Files.write(base, damaged);
    String manifest = file("manifest").toString();
    for (String[] arguments :
        new String[][] {{"--check-aof", manifest}, {"--check-aof", "--fix", manifest}}) {
      assertThat(run(1, arguments))
          .contains(
              "--- RDB ERROR DETECTED ---", "BASE AOF appendonly.aof.2.base.rdb is not valid");
      assertThat(Files.readAllBytes(base)).isEqualTo(damaged);
    }
    assertThat(assertNoStart())
        .contains("Error reading the RDB base file appendonly.aof.2.base.rdb, AOF loading aborted");
    assertThat(Files.readAllBytes(base)).isEqualTo(damaged);
  }

  @Test
  void whatIsNotThereOrNotUnderstoodIsAnError() throws IOException {
    String missing = folder.resolve("missing").toString();
    assertThat(run(1, "--check-aof", missing))
        .containsExactly(
            "Cannot open file " + missing + ": No such file or directory, aborting...");
    assertThat(run(1, "--check-rdb", missing))
        .containsExactly("Cannot open or read file " + missing + ": No such file or directory");
    Path manifest = folder.resolve("manifest");
    Files.writeString(
        manifest, "file appendonly.aof.1.base.rdb seq 1 type b\nfile x seq 1 type q\n");
    assertThat(run(1, "--check-aof", manifest.toString()))
        .anyMatch(line -> line.contains("Unknown AOF file type"));
    Files.writeString(manifest, "file appendonly.aof.1.base.rdb seq 1 type b\n");
    assertThat(run(1, "--check-aof", manifest.toString()))
        .contains(
            "Cannot open file "
                + folder.resolve("appendonly.aof.1.base.rdb")
                + ": No such file or directory, aborting...");
  }

  @Test
  void aWrongCommandLineIsAnsweredWithHelp() throws IOException {
    for (String[] arguments :
        new String[][] {
          {"--check-aof"}, {"--check-aof", "--fix"}, {"--check-aof", "a", "b"}, {"--check-rdb"}
        }) {
      try (ServerProcess check = ServerProcess.start(arguments)) {
        assertThat(check.awaitExit()).isEqualTo(1);
        assertThat(check.errors()).contains("cinnabar-server --check-aof [--fix] file");
      }
    }
  }
}
