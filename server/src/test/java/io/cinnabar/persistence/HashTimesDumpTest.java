package io.cinnabar.persistence;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.Seed;
import io.cinnabar.TestServer;
import io.cinnabar.keyspace.Database;
import io.cinnabar.keyspace.Entry;
import io.cinnabar.structure.Slice;
import io.cinnabar.value.Encoding;
import io.cinnabar.value.HashValue;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Hashes with fields that expire, as RDB of Redis 7.4 has them. */
final class HashTimesDumpTest {

  private static final String OK = "+OK\r\n";
  private static final String BAD_DATA = "-ERR Bad data format\r\n";

  /** In 2033. */
  private static final long LATER_MILLIS = 2_000_000_000_000L;

  private static final HexFormat HEX = HexFormat.of();

  private final TestServer server =
      TestServer.start("rdb-version 12", "rdbcompression no", "enable-debug-command yes");

  private void send(String command) {
    assertThat(server.send(command.split(" ", -1))).as(command).doesNotStartWith("-");
  }

  private byte[] dump(String key) {
    String reply = server.send("DUMP", key);
    return reply.substring(reply.indexOf('\n') + 1, reply.length() - 2).getBytes(ISO_8859_1);
  }

  /** The hexadecimal digits of a dump without its last ten bytes. */
  private String body(String key) {
    byte[] payload = dump(key);
    assertThat(payload[payload.length - 10]).isEqualTo((byte) 12);
    return HEX.formatHex(payload, 0, payload.length - 10);
  }

  private String restore(String typeAndValue) {
    return server.send("RESTORE", "k", "0", Payloads.ofHex(typeAndValue), "REPLACE");
  }

  private Entry entry(String key) {
    Database database = server.engine().keyspace().database(0);
    Entry entry = new Entry();
    Slice name = Slice.of(key);
    assertThat(database.find(name, database.hash(name), entry)).isTrue();
    return entry;
  }

  /** The fields of a hash, each with its value and its time. */
  private Map<String, String> fields(String key) {
    HashValue hash = entry(key).hashValue();
    hash.validate();
    Map<String, String> fields = new TreeMap<>();
    long earliest = HashValue.NEVER;
    for (boolean found = hash.first(); found; found = hash.next()) {
      long expiryMillis = hash.expiryMillis();
      String name = hash.field().toString();
      assertThat(fields.put(name, hash.value() + "@" + expiryMillis)).isNull();
      earliest = expiryMillis == HashValue.NO_EXPIRY ? earliest : Math.min(earliest, expiryMillis);
    }
    assertThat(hash.count()).isEqualTo(fields.size());
    assertThat(hash.earliestExpiryMillis()).isLessThanOrEqualTo(earliest);
    return fields;
  }

  private static String longHex(long value) {
    return HEX.toHexDigits(Long.reverseBytes(value));
  }

  // Writing.

  @Test
  void aSmallHashIsWrittenWithItsListpack() {
    send("HSETEX k PXAT 2000000000000 FIELDS 1 b 2");
    send("HSETEX k PXAT 2000000000300 FIELDS 1 c x");
    send("HSET k a 1");
    assertThat(body("k"))
        .isEqualTo(
            "19"
                + longHex(LATER_MILLIS)
                + "2d"
                + "2d0000000900"
                + ("8162" + "02" + "0201" + "f4" + longHex(LATER_MILLIS) + "09")
                + ("8163" + "02" + "8178" + "02" + "f4" + longHex(LATER_MILLIS + 300) + "09")
                + ("8161" + "02" + "0101" + "0001")
                + "ff");
  }

  @Test
  void aLargeHashIsWrittenWithTimesFromTheEarliestOn() {
    send("CONFIG SET hash-max-listpack-entries 0");
    send("HSETEX k PXAT 2000000000000 FIELDS 1 b x");
    assertThat(body("k")).isEqualTo("18" + longHex(LATER_MILLIS) + "01" + "01" + "0162" + "0178");
    send("HSETEX k PXAT 2000000000300 FIELDS 1 c y");
    send("HSET k a 1");
    String body = body("k");
    assertThat(body).startsWith("18" + longHex(LATER_MILLIS) + "03").hasSize(20 + 10 + 12 + 10);
    assertThat(body).contains("0101620178", "412d01630179", "000161c001");
  }

  @Test
  void withoutTimesAHashIsWrittenAsBefore() {
    send("HSETEX k PXAT 2000000000000 FIELDS 1 b x");
    send("HPERSIST k FIELDS 1 b");
    assertThat(body("k")).isEqualTo("04" + "01" + "0162" + "0178");
    send("HSET small b x");
    assertThat(body("small")).startsWith("10");
    send("CONFIG SET hash-max-listpack-entries 0");
    send("HSETEX large PXAT 2000000000000 FIELDS 1 b x");
    send("HPERSIST large FIELDS 1 b");
    assertThat(body("large")).isEqualTo("04" + "01" + "0162" + "0178");
  }

  // Reading.

  @ParameterizedTest
  @CsvSource({
    "18 00204aa9d1010000 03 00 0161 0131 01 0162 0132 412d 0163 0133, 2000000000000",
    "18 00204aa9d1010000 03 412d 0163 0133 00 0161 0131 01 0162 0132, 2000000000000",
    "16 03 00 0161 0131 01 0162 0132 412d 0163 0133, 1"
  })
  void fieldsWithTimes(String typeAndValue, long earliest) {
    for (int maxListpackEntries : new int[] {512, 0}) {
      send("CONFIG SET hash-max-listpack-entries " + maxListpackEntries);
      send("DEBUG SET-ACTIVE-EXPIRE 0");
      assertThat(restore(typeAndValue.replace(" ", ""))).isEqualTo(OK);
      assertThat(fields("k"))
          .containsExactly(
              Map.entry("a", "1@-1"),
              Map.entry("b", "2@" + earliest),
              Map.entry("c", "3@" + (earliest + 300)));
      assertThat(entry("k").encoding())
          .isEqualTo(maxListpackEntries == 0 ? Encoding.TREE : Encoding.LISTPACK_EX);
    }
  }

  private static String listpack(String entries, int count) {
    int size = 7 + entries.length() / 2;
    return HEX.toHexDigits((byte) size)
        + HEX.toHexDigits((byte) size)
        + "000000"
        + HEX.toHexDigits((byte) count)
        + "00"
        + entries
        + "ff";
  }

  @ParameterizedTest
  @ValueSource(strings = {"17", "1900204aa9d1010000", "190000000000000000"})
  void listpacksWithTimes(String front) {
    String entries =
        "8162020201f400204aa9d101000009" + "8163020301f42c214aa9d101000009" + "81610201010001";
    for (int maxListpackEntries : new int[] {512, 0}) {
      send("CONFIG SET hash-max-listpack-entries " + maxListpackEntries);
      assertThat(restore(front + listpack(entries, 9))).isEqualTo(OK);
      assertThat(fields("k"))
          .containsExactly(
              Map.entry("a", "1@-1"),
              Map.entry("b", "2@" + LATER_MILLIS),
              Map.entry("c", "3@" + (LATER_MILLIS + 300)));
      assertThat(entry("k").encoding())
          .isEqualTo(maxListpackEntries == 0 ? Encoding.TREE : Encoding.LISTPACK_EX);
    }
  }

  /** Whoever wrote them, their order is not believed. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "81610201010001" + "8162020201f400204aa9d101000009",
        "8161020101" + "0501" + "8162020201" + "0301",
        "8161020101" + "81350" + "2" + "8162020201" + "0301"
      })
  void listpacksInAnotherOrder(String entries) {
    assertThat(restore("17" + listpack(entries, 6))).isEqualTo(OK);
    HashValue hash = entry("k").hashValue();
    assertThat(hash.first()).isTrue();
    assertThat(hash.field()).hasToString("b");
    assertThat(hash.next()).isTrue();
    assertThat(hash.field()).hasToString("a");
    assertThat(hash.earliestExpiryMillis()).isGreaterThan(0).isLessThan(HashValue.NEVER);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "18 00204aa9d1010000 00",
        "18 00204aa9d1010000 02 01 0161 0131 01 0161 0131",
        "18 00204aa9d1010000 01 01 0161",
        "18 00204aa9d1",
        // The earliest before 1970, and beyond what a time can be.
        "18 ffffffffffffffff 01 01 0161 0131",
        "18 0000000000000100 01 01 0161 0131",
        "18 0100000000000100 01 00 0161 0131",
        // A time of 0 is none, so that a field that has it would never expire.
        "18 0000000000000000 01 01 0161 0131",
        "18 ffffffffffff0000 01 02 0161 0131",
        "16 01 810001000000000000 0161 0131",
        "16 01 81ffffffffffffffff 0161 0131"
      })
  void whatIsWrongIsRefused(String typeAndValue) {
    for (int maxListpackEntries : new int[] {512, 0}) {
      send("CONFIG SET hash-max-listpack-entries " + maxListpackEntries);
      assertThat(restore(typeAndValue.replace(" ", ""))).isEqualTo(BAD_DATA);
      assertThat(server.send("EXISTS", "k")).isEqualTo(":0\r\n");
    }
    server.engine().keyspace().validate();
  }

  @ParameterizedTest
  @CsvSource({
    "17, 8161020101, 2",
    "17, 8161020101816102, 3",
    "17, 8161020101dfff02, 3",
    "17, 8161020101f4000000000000010009, 3",
    "17, 8161020101000181610201010001, 6",
    "17, 8161020101050181610201010001,6",
    "17, '', 0",
    "19ffffffffffffffff, 81610201010001, 3",
    "190000, 81610201010001, 3"
  })
  void listpacksThatAreWrongAreRefused(String front, String entries, int count) {
    String right = listpack("81610201010001", 3);
    for (int maxListpackEntries : new int[] {512, 0}) {
      send("CONFIG SET hash-max-listpack-entries " + maxListpackEntries);
      assertThat(restore("17" + right)).isEqualTo(OK);
      server.send("DEL", "k");
      assertThat(restore(front + listpack(entries, count))).isEqualTo(BAD_DATA);
      assertThat(server.send("EXISTS", "k")).isEqualTo(":0\r\n");
    }
    server.engine().keyspace().validate();
  }

  /** What expired while it was on its way is there, and goes as if it had always been. */
  @Test
  void restoredFieldsExpire() {
    send("HSETEX h PX 100 FIELDS 1 a 1");
    send("HSETEX h PX 500 FIELDS 1 b 2");
    send("HSET h c 3");
    for (int maxListpackEntries : new int[] {512, 0}) {
      byte[] payload = dump("h");
      server.send("RESTORE", "k" + maxListpackEntries, "0", new String(payload, ISO_8859_1));
      send("CONFIG SET hash-max-listpack-entries 0");
      send("HSET h d 4");
    }
    byte[] payload = dump("h");
    server.advance(Duration.ofMillis(300));
    assertThat(server.send("RESTORE", "late", "0", new String(payload, ISO_8859_1))).isEqualTo(OK);
    assertThat(server.send("HGET", "late", "a")).isEqualTo("$-1\r\n");
    server.advance(Duration.ofMillis(10));
    assertThat(server.send("HLEN", "k512")).isEqualTo(":2\r\n");
    server.advance(Duration.ofSeconds(1));
    assertThat(server.send("HLEN", "k512")).isEqualTo(":1\r\n");
    assertThat(server.send("HLEN", "k0")).isEqualTo(":2\r\n");
    assertThat(server.send("HLEN", "late")).isEqualTo(":2\r\n");
  }

  /** Random hashes come back as they were; those with a byte less do not come back. */
  @ParameterizedTest
  @CsvSource({"512, no", "512, yes", "0, no", "0, yes", "5, yes"})
  void randomHashes(int maxListpackEntries, String compression) {
    long seed = Seed.of(HashTimesDumpTest.class);
    Random random = new Random(seed);
    send("DEBUG SET-ACTIVE-EXPIRE 0");
    send("CONFIG SET rdbcompression " + compression);
    for (int round = 0; round < 100; round++) {
      send("CONFIG SET hash-max-listpack-entries " + maxListpackEntries);
      server.send("DEL", "k");
      int count = 1 + random.nextInt(random.nextInt(10) == 0 ? 600 : 10);
      for (int i = 0; i < count; i++) {
        String field = random.nextBoolean() ? "f" + i : String.valueOf(random.nextInt());
        String value = "v".repeat(random.nextInt(random.nextInt(10) == 0 ? 200 : 5)) + i;
        long millis = LATER_MILLIS + random.nextInt(random.nextBoolean() ? 100 : 1 << 30);
        send(
            random.nextBoolean()
                ? "HSET k " + field + " " + value
                : "HSETEX k PXAT " + millis + " FIELDS 1 " + field + " " + value);
      }
      Map<String, String> before = fields("k");
      byte[] payload = dump("k");
      if (random.nextInt(4) == 0) {
        send("CONFIG SET hash-max-listpack-entries " + random.nextInt(20));
      }
      String description = "seed " + seed + " " + HEX.formatHex(payload);
      assertThat(server.send("RESTORE", "k", "0", new String(payload, ISO_8859_1), "REPLACE"))
          .as(description)
          .isEqualTo(OK);
      assertThat(fields("k")).as(description).isEqualTo(before);
      byte[] body = Arrays.copyOf(payload, payload.length - 10);
      byte[] cut = Arrays.copyOf(body, random.nextInt(body.length));
      assertThat(server.send("RESTORE", "cut", "0", Payloads.of(cut)))
          .as(description)
          .isEqualTo(BAD_DATA);
    }
    server.engine().keyspace().validate();
  }
}
