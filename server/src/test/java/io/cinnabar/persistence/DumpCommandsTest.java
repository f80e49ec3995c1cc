package io.cinnabar.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.TestServer;
import io.cinnabar.TestServer.Client;
import io.cinnabar.command.CommandError;
import io.cinnabar.command.Followed;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** DUMP and RESTORE beside the values: times, followers, memory, and what failures leave behind. */
final class DumpCommandsTest {

  private static final String OK = "+OK\r\n";
  private static final String BAD_DATA = "-ERR Bad data format\r\n";
  private static final String NOT_INTACT = "-ERR DUMP payload version or checksum are wrong\r\n";
  private static final String HELLO = Payloads.ofString("hello");

  /** The virtual clock's first moment, 2024-02-29 12:00. */
  private static final long START_MILLIS = 1_709_208_000_000L;

  private static final int MAX_PIECES = 100;

  private final TestServer server = TestServer.start();
  private final Client client = server.connect();

  private String restore(String key, String ttl, String payload, String... options) {
    String[] words = new String[4 + options.length];
    words[0] = "RESTORE";
    words[1] = key;
    words[2] = ttl;
    words[3] = payload;
    System.arraycopy(options, 0, words, 4, options.length);
    String reply = client.send(words);
    // A large command comes in pieces.
    for (int i = 0; i < MAX_PIECES && reply.isEmpty(); i++) {
      reply = client.receive();
    }
    return reply;
  }

  private String dump(String key) {
    String reply = server.send("DUMP", key);
    return reply.substring(reply.indexOf('\n') + 1, reply.length() - 2);
  }

  /** To leave the times out would lose them without a word. */
  @Test
  void fieldsThatExpireAreNotDumped() {
    for (String fields : new String[] {"2", "600"}) {
      server.send("DEL", "h");
      for (int i = 0; i < Integer.parseInt(fields); i++) {
        server.send("HSET", "h", "f" + i, "v" + i);
      }
      assertThat(server.send("HEXPIRE", "h", "100", "FIELDS", "1", "f1")).isEqualTo("*1\r\n:1\r\n");
      assertThat(server.send("DUMP", "h"))
          .isEqualTo("-ERR DUMP can't hold the expiry of hash fields below rdb-version 12\r\n");
      assertThat(server.send("HPERSIST", "h", "FIELDS", "1", "f1")).isEqualTo("*1\r\n:1\r\n");
      assertThat(restore("copy", "0", dump("h"), "REPLACE")).isEqualTo(OK);
      assertThat(server.send("HLEN", "copy")).isEqualTo(":" + fields + "\r\n");
      assertThat(server.send("HGET", "copy", "f1")).isEqualTo("$2\r\nv1\r\n");
    }
  }

  @Test
  void theVersionIsThatOfTheConfiguration() {
    server.send("SET", "k", "hello");
    assertThat(server.send("CONFIG", "GET", "rdb-version")).contains("\r\n11\r\n");
    String newer = dump("k");
    assertThat(newer).startsWith("\0\5hello\u000b\0");
    assertThat(server.send("CONFIG", "SET", "rdb-version", "10")).isEqualTo(OK);
    assertThat(dump("k")).isEqualTo(HELLO);
    assertThat(server.send("CONFIG", "SET", "rdb-version", "9")).startsWith("-ERR");
    assertThat(server.send("CONFIG", "SET", "rdb-version", "12")).isEqualTo(OK);
    assertThat(dump("k")).startsWith("\0\5hello\u000c\0");
    assertThat(server.send("CONFIG", "SET", "rdb-version", "13")).startsWith("-ERR");
    // What is read doesn't depend on it.
    assertThat(restore("newer", "0", newer)).isEqualTo(OK);
    assertThat(server.send("GET", "newer")).isEqualTo("$5\r\nhello\r\n");
  }

  @Test
  void versionsUpToTwelveAreRead() {
    RdbWriter out = new RdbWriter();
    for (int version = 0; version < 20; version++) {
      out.reset();
      out.unsignedByte(RdbType.STRING);
      out.length(0);
      DumpPayload.close(out, version);
      StringBuilder payload = new StringBuilder();
      for (int i = 0; i < out.size(); i++) {
        payload.append((char) (out.array()[i] & 0xff));
      }
      assertThat(restore("k" + version, "0", payload.toString()))
          .isEqualTo(version <= 12 ? OK : NOT_INTACT);
    }
  }

  @Test
  void eachDamagedByteIsNoticed() {
    for (int at = 0; at < HELLO.length(); at++) {
      for (int bit = 0; bit < 8; bit++) {
        char other = (char) (HELLO.charAt(at) ^ 1 << bit);
        String damaged = HELLO.substring(0, at) + other + HELLO.substring(at + 1);
        assertThat(restore("k", "0", damaged)).isEqualTo(NOT_INTACT);
      }
      assertThat(restore("k", "0", HELLO.substring(0, at))).isEqualTo(NOT_INTACT);
    }
    assertThat(server.send("EXISTS", "k")).isEqualTo(":0\r\n");
  }

  /** Redis reads on in the footer. */
  @Test
  void aValueEndsBeforeTheFooter() {
    for (String value : new String[] {"", "00", "00c0", "0001", "000261", "00c30201"}) {
      assertThat(restore("k", "0", Payloads.ofHex(value))).as(value).isEqualTo(BAD_DATA);
    }
    assertThat(restore("k", "0", "\0".repeat(10))).isEqualTo(BAD_DATA);
  }

  @Test
  void whatFailsChangesNothing() {
    server.send("SET", "k", "before", "EX", "100");
    Followed followed = Followed.by(server);
    for (String bad : new String[] {"", "0005", "0700", "08", "00c302020061", "ff"}) {
      assertThat(restore("k", "5000", Payloads.ofHex(bad), "REPLACE")).isEqualTo(BAD_DATA);
      assertThat(restore("k", "1", Payloads.ofHex(bad), "REPLACE", "ABSTTL")).isEqualTo(BAD_DATA);
    }
    assertThat(followed.take()).isEmpty();
    assertThat(server.send("GET", "k")).isEqualTo("$6\r\nbefore\r\n");
    assertThat(server.send("TTL", "k")).isEqualTo(":100\r\n");
    server.engine().keyspace().validate();
  }

  @Test
  void followersAreToldTheDate() {
    Followed followed = Followed.by(server);
    restore("k", "0", HELLO);
    assertThat(followed.take()).containsExactly("0 RESTORE k 0 " + HELLO);
    restore("k", "5000", HELLO, "replace", "IDLETIME", "7");
    assertThat(followed.take())
        .containsExactly(
            "0 RESTORE k " + (START_MILLIS + 5000) + " " + HELLO + " replace IDLETIME 7 ABSTTL");
    String date = String.valueOf(START_MILLIS + 9000);
    restore("k", date, HELLO, "ABSTTL", "REPLACE");
    assertThat(followed.take())
        .containsExactly("0 RESTORE k " + date + " " + HELLO + " ABSTTL REPLACE");
    restore("k", "1", HELLO, "ABSTTL", "REPLACE");
    assertThat(followed.take()).containsExactly("0 DEL k");
    restore("k", "1", HELLO, "ABSTTL");
    assertThat(followed.take()).isEmpty();
  }

  @Test
  void keysAreTouchedAsWhatHappenedToThem() {
    Followed followed = Followed.by(server);
    restore("k", "100000", HELLO);
    assertThat(followed.takeTouches()).containsExactly("0 k RESTORE");
    restore("k", "0", HELLO, "REPLACE");
    assertThat(followed.takeTouches()).containsExactly("0 k NEW", "0 k RESTORE");
    restore("k", "1", HELLO, "REPLACE", "ABSTTL");
    assertThat(followed.takeTouches()).containsExactly("0 k DEL");
  }

  @Test
  void restoredKeysExpire() {
    restore("k", "5000", HELLO);
    server.send("SET", "replaced", "v");
    restore("replaced", "5000", Payloads.ofString("x".repeat(5000)), "REPLACE");
    server.advance(Duration.ofMillis(4900));
    assertThat(server.send("PTTL", "k")).isEqualTo(":100\r\n");
    server.advance(Duration.ofMillis(200));
    assertThat(server.send("DBSIZE")).isEqualTo(":0\r\n");
    server.engine().keyspace().validate();
  }

  @Test
  void whatFindsNoRoomLeavesTheOldValue() {
    String full = "-" + CommandError.OUT_OF_MEMORY.line() + "\r\n";
    server.send("SETRANGE", "a", "99999999", "x");
    server.send("SET", "k", "before", "EX", "100");
    String large = Payloads.ofRepeated(378_787);
    assertThat(restore("large", "0", large)).isEqualTo(OK);
    assertThat(server.send("STRLEN", "large")).isEqualTo(":99999769\r\n");
    assertThat(server.send("GETRANGE", "large", "99999767", "-1")).isEqualTo("$2\r\nxx\r\n");
    assertThat(restore("k", "0", large, "REPLACE")).isEqualTo(full);
    assertThat(restore("new", "5000", large)).isEqualTo(full);
    assertThat(server.send("GET", "k")).isEqualTo("$6\r\nbefore\r\n");
    assertThat(server.send("TTL", "k")).isEqualTo(":100\r\n");
    assertThat(server.send("EXISTS", "new")).isEqualTo(":0\r\n");
    server.send("DEL", "a");
    assertThat(restore("k", "0", large, "REPLACE")).isEqualTo(OK);
    server.engine().keyspace().validate();
  }
}
