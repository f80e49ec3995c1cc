package io.cinnabar.persistence;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cinnabar.TestServer;
import io.cinnabar.virtual.VirtualHost;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole files of RDB: what is saved is loaded, and what is damaged is found. */
final class RdbFileTest {

  private static final String FILE = "dump.rdb";
  private static final String OK = "+OK\r\n";
  private static final String NOT_LOADED =
      "-ERR Error trying to load the RDB dump, check server logs.\r\n";

  private final TestServer server = TestServer.start("enable-debug-command yes");

  private static String digest(TestServer of) {
    return of.send("DEBUG", "DIGEST");
  }

  private static byte[] file(TestServer of) throws IOException {
    return of.host().disk().read(FILE);
  }

  private static TestServer startWith(byte[] file, String... directives) {
    VirtualHost host = new VirtualHost(7);
    host.disk().put(FILE, file);
    List<String> all = new ArrayList<>(List.of(directives));
    all.add("enable-debug-command yes");
    return TestServer.startOn(host, all.toArray(String[]::new));
  }

  private byte[] saved() throws IOException {
    SampleData.fill(server);
    assertThat(server.send("SAVE")).isEqualTo(OK);
    return file(server);
  }

  @ParameterizedTest
  @ValueSource(strings = {"10", "11", "12"})
  void whatIsSavedIsLoaded(String version) throws IOException {
    server.send("CONFIG", "SET", "rdb-version", version);
    byte[] file = saved();
    assertThat(new String(file, 0, 9, ISO_8859_1)).isEqualTo("REDIS00" + version);
    TestServer other = startWith(file);
    assertThat(digest(other)).isEqualTo(digest(server));
    assertThat(other.send("PTTL", "expiring")).isEqualTo(server.send("PTTL", "expiring"));
    assertThat(other.send("XINFO", "STREAM", "stream", "FULL"))
        .isEqualTo(server.send("XINFO", "STREAM", "stream", "FULL"));
    for (String key : List.of("int", "embstr", "raw", "hash", "set:small", "zset", "intset")) {
      assertThat(other.send("GET", key)).isEqualTo(server.send("GET", key));
    }
    assertThat(other.send("INFO", "persistence"))
        .contains("rdb_last_load_keys_loaded:18", "rdb_changes_since_last_save:0", "loading:0");
    assertThat(other.logLines())
        .contains("Done loading RDB, keys loaded: 18, keys expired: 0.")
        .contains("Loading RDB produced by version 7.2.4")
        .contains("DB loaded from disk: 0.000 seconds");
    other.engine().keyspace().validate();
  }

  /** Fields expire since a version that is written only where some do. */
  @Test
  void theVersionHasAPlaceForAllThatThereIs() throws IOException {
    server.send("HSET", "h", "f", "v", "g", "w");
    server.send("HPEXPIRE", "h", "100000", "FIELDS", "1", "f");
    server.send("SAVE");
    assertThat(new String(file(server), 0, 9, ISO_8859_1)).isEqualTo("REDIS0012");
    TestServer other = startWith(file(server));
    assertThat(other.send("HPTTL", "h", "FIELDS", "2", "f", "g"))
        .isEqualTo(server.send("HPTTL", "h", "FIELDS", "2", "f", "g"))
        .contains(":100000\r\n:-1");
    server.send("DEL", "h");
    server.send("SET", "key", "value");
    server.send("SAVE");
    assertThat(new String(file(server), 0, 9, ISO_8859_1)).isEqualTo("REDIS0011");
  }

  @Test
  void expiredKeysAreLeftOut() throws IOException {
    server.send("SET", "gone", "v", "PX", "1000");
    server.send("SET", "stays", "v", "PX", "1001");
    server.send("SAVE");
    byte[] file = file(server);
    VirtualHost host = new VirtualHost(7);
    host.disk().put(FILE, file);
    host.time().advanceMillis(1001);
    TestServer other = TestServer.startOn(host);
    assertThat(other.send("DBSIZE")).isEqualTo(":1\r\n");
    assertThat(other.send("INFO", "persistence"))
        .contains("rdb_last_load_keys_loaded:1\r\n", "rdb_last_load_keys_expired:1\r\n");
  }

  @Test
  void accessClocksFollowThePolicy() throws IOException {
    TestServer lru = TestServer.start("maxmemory-policy allkeys-lru");
    lru.send("SET", "key", "value");
    lru.advance(Duration.ofSeconds(50));
    lru.send("SAVE");
    assertThat(
            startWith(file(lru), "maxmemory-policy allkeys-lru").send("OBJECT", "IDLETIME", "key"))
        .isEqualTo(":50\r\n");
    TestServer lfu = TestServer.start("maxmemory-policy allkeys-lfu");
    lfu.send("SET", "key", "value");
    String frequency = lfu.send("OBJECT", "FREQ", "key");
    lfu.send("SAVE");
    TestServer loaded = startWith(file(lfu), "maxmemory-policy allkeys-lfu");
    assertThat(loaded.send("OBJECT", "FREQ", "key")).isEqualTo(frequency);
  }

  /** Whatever is changed is found, or is no change of the data. */
  @Test
  void everyByteFlipped() throws IOException {
    byte[] file = saved();
    String digest = digest(server);
    SplittableRandom random = new SplittableRandom(1);
    int refused = 0;
    for (int at = 0; at < file.length; at++) {
      if (at > 2500 && at < file.length - 200) {
        continue; // in the middle of the large strings
      }
      for (int change : new int[] {1, 0x80, 1 + random.nextInt(255)}) {
        byte[] flipped = file.clone();
        flipped[at] ^= (byte) change;
        if (!reload(flipped, "byte " + at + " changed by " + change, digest)) {
          refused++;
        }
      }
    }
    assertThat(refused).isGreaterThan(1000);
  }

  @Test
  void cutAtEveryByte() throws IOException {
    byte[] file = saved();
    for (int length = 0; length < file.length; length += length > 2500 ? 997 : 1) {
      assertThat(reload(Arrays.copyOf(file, length), "cut to " + length, "")).isFalse();
    }
  }

  /** Without the checksum, what is wrong shows in what is read, or makes another valid value. */
  @Test
  void flippedBytesThatNoChecksumFinds() throws IOException {
    server.send("DEBUG", "SET-SKIP-CHECKSUM-VALIDATION", "1");
    byte[] file = saved();
    SplittableRandom random = new SplittableRandom(2);
    for (int at = 0; at < Math.min(file.length, 2500); at++) {
      byte[] flipped = file.clone();
      flipped[at] ^= (byte) (1 + random.nextInt(255));
      server.host().disk().put(FILE, flipped);
      String reply = server.send("DEBUG", "RELOAD", "NOSAVE");
      assertThat(reply).isIn(OK, NOT_LOADED);
      assertThat(digest(server)).startsWith("+");
    }
    server.send("FLUSHALL");
    server.engine().keyspace().validate();
  }

  /** Whether a file is loaded, and then has this digest. */
  private boolean reload(byte[] file, String description, String digest) throws IOException {
    server.host().disk().put(FILE, file);
    server.logLines().clear();
    String reply = server.send("DEBUG", "RELOAD", "NOSAVE");
    if (reply.equals(OK)) {
      assertThat(digest(server)).as(description).isEqualTo(digest);
      return true;
    }
    assertThat(reply).as(description).isEqualTo(NOT_LOADED);
    assertThat(server.logLines())
        .as(description)
        .anyMatch(
            line ->
                line.matches("Bad file format reading the RDB file /home/dump.rdb: .*offset \\d+"));
    assertThat(file(server)).as(description).isEqualTo(file);
    return false;
  }

  @Test
  void aDamagedFileStopsTheStart() throws IOException {
    byte[] file = saved();
    file[file.length - 1] ^= 1;
    assertThatThrownBy(() -> startWith(file))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("the file has a wrong checksum, at offset " + file.length);
    TestServer careless = startWith(file, "rdbchecksum no");
    assertThat(digest(careless)).isEqualTo(digest(server));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "; the file ends too early, at offset 0",
        "REDIS0011; the file ends too early, at offset 9",
        "REDIS0000; the file has version 0000 of RDB, and only those from 1 to 12 can be read,"
            + " at offset 9",
        "REDIS0013; the file has version 0013 of RDB, and only those from 1 to 12 can be read,"
            + " at offset 9",
        "RODIS0011; the file has the wrong signature: it is no RDB, at offset 9",
        "REDIS0011%fe%10; the file has a database 16, and there are only 16 of them, at offset 11",
        "REDIS0011%f6; the file has functions as only release candidates of Redis 7.0 had them,"
            + " at offset 10",
        "REDIS0011%f7%81%00%00%00%00%00%00%04%00; the file has data of the module 'AAAAAAAAB'"
            + " beside its keys, at offset 19",
        "REDIS0011%07%01k%81%00%00%00%00%00%00%04%00; the value of the key 'k' is of a type of the"
            + " module 'AAAAAAAAB', at offset 21",
        "REDIS0011%c8%01k; the value of the key 'k' has an unknown type of value, 200,"
            + " at offset 12",
        "REDIS0011%00%01k%01v%00%01k%01w%ff; the file has the key 'k' twice, at offset 19"
      })
  void whatIsWrongIsSaid(String fileAndReason) {
    String[] parts = fileAndReason.split("; ", -1);
    assertThatThrownBy(() -> startWith(bytes(parts[0])))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining(parts[1]);
  }

  /** The bytes of a text; of those that are none, the digits stand behind a percent sign. */
  private static byte[] bytes(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '%') {
        bytes.write(Integer.parseInt(text, i + 1, i + 3, 16));
        i += 2;
      } else {
        bytes.write(text.charAt(i));
      }
    }
    return bytes.toByteArray();
  }

  /** As older versions wrote them: without a checksum, with seconds. */
  @Test
  void oldFiles() {
    TestServer loaded = startWith(bytes("REDIS0003%fe%00%fd%00%00%00%7f%00%01k%01v%ff"));
    assertThat(loaded.send("GET", "k")).isEqualTo("$1\r\nv\r\n");
    assertThat(loaded.send("EXPIRETIME", "k")).isEqualTo(":2130706432\r\n");
  }

  /** What nobody here can run is not lost. */
  @Test
  void functionsAreKept() throws IOException {
    TestServer loaded =
        startWith(bytes("REDIS0011%f5%07library%f5%05other%fe%00%00%01k%01v%ff" + "%00".repeat(8)));
    assertThat(loaded.logLines())
        .contains("RDB file was saved with checksum disabled: no check performed.");
    loaded.send("SAVE");
    assertThat(new String(file(loaded), ISO_8859_1))
        .contains(new String(bytes("%f5%07library%f5%05other"), ISO_8859_1));
  }

  /** Other versions have left such; they count as keys that were never there. */
  @Test
  void valuesWithoutElementsAreSkipped() {
    TestServer loaded =
        startWith(bytes("REDIS0011%01%01l%00%02%01s%00%00%01k%01v%ff" + "%00".repeat(8)));
    assertThat(loaded.send("KEYS", "*")).isEqualTo("*1\r\n$1\r\nk\r\n");
    assertThat(loaded.logLines())
        .contains(
            "rdbLoadObject skipping empty key: l",
            "rdbLoadObject skipping empty key: s",
            "Done loading RDB, keys loaded: 1, keys expired: 0, empty keys skipped: 2.");
  }

  @Test
  void largeValues() throws IOException {
    server.send("SETRANGE", "raw", "3000000", "x");
    byte[] random = new byte[1_500_000];
    new Random(3).nextBytes(random);
    String text = new String(random, ISO_8859_1);
    sendLarge("SET", "random", text);
    sendLarge("RPUSH", "list", text, "a", text);
    sendLarge("HSET", "hash", text, "v", "f", text);
    for (int i = 0; i < 100; i++) {
      StringBuilder members = new StringBuilder("SADD set");
      for (int k = 0; k < 500; k++) {
        members.append(" member:").append(i).append(':').append(k);
      }
      server.send(members.toString().split(" ", -1));
    }
    assertThat(server.send("SAVE")).isEqualTo(OK);
    TestServer loaded = startWith(file(server));
    assertThat(digest(loaded)).isEqualTo(digest(server));
    loaded.engine().keyspace().validate();
  }

  /** Sends what comes in many pieces. */
  private void sendLarge(String... words) {
    TestServer.Client client = server.connect();
    String reply = client.send(words);
    while (reply.isEmpty()) {
      reply = client.receive();
    }
    assertThat(reply).doesNotStartWith("-");
  }
}
