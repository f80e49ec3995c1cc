package io.cinnabar.family;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.TestServer;
import io.cinnabar.TestServer.Client;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** How keys expire, in virtual time. */
final class ExpiryTest {

  private static final String NONE = ":-2\r\n";
  private static final String FOREVER = ":-1\r\n";
  private static final String NULL = "$-1\r\n";
  private static final String OK = "+OK\r\n";

  private final TestServer server = TestServer.start("enable-debug-command yes");

  private String send(String command) {
    return server.send(command.split(" ", -1));
  }

  private void stopSearching() {
    assertThat(send("DEBUG SET-ACTIVE-EXPIRE 0")).isEqualTo(OK);
  }

  private void advanceMillis(long millis) {
    server.advance(Duration.ofMillis(millis));
  }

  private long databaseSize() {
    String reply = send("DBSIZE");
    return Long.parseLong(reply.substring(1, reply.length() - 2));
  }

  /** Sends {@code count} commands in one go, {@code %d} in them being their number. */
  private void sendMany(int count, String command) {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < count; i++) {
      lines.append(command.replace("%d", String.valueOf(i))).append("\r\n");
    }
    Client client = server.connect();
    client.queue(lines.toString());
    server.advance(Duration.ofNanos(1));
    assertThat(client.receive().equals(OK.repeat(count))).isTrue();
    client.close();
  }

  @Test
  void aKeyIsThereInItsLastMillisecondAndGoneAfterIt() {
    stopSearching();
    send("SET key value PX 1000");
    advanceMillis(1000);
    assertThat(send("PTTL key")).isEqualTo(":0\r\n");
    assertThat(send("GET key")).isEqualTo("$5\r\nvalue\r\n");
    advanceMillis(1);
    assertThat(send("DBSIZE")).isEqualTo(":1\r\n");
    assertThat(send("GET key")).isEqualTo(NULL);
    assertThat(send("DBSIZE")).isEqualTo(":0\r\n");
    assertThat(server.engine().statistics().expiredKeys).isEqualTo(1);
  }

  @Test
  void everyCommandTakesAnExpiredKeyForOneThatIsNotThere() {
    stopSearching();
    String[][] commandsAndReplies = {
      {"GET key", NULL},
      {"STRLEN key", ":0\r\n"},
      {"EXISTS key", ":0\r\n"},
      {"TYPE key", "+none\r\n"},
      {"TTL key", NONE},
      {"PERSIST key", ":0\r\n"},
      {"EXPIRE key 10", ":0\r\n"},
      {"DEL key", ":0\r\n"},
      {"UNLINK key", ":0\r\n"},
      {"TOUCH key", ":0\r\n"},
      {"GETDEL key", NULL},
      {"GETEX key PERSIST", NULL},
      {"GETSET key x", NULL},
      {"SET key x XX", NULL},
      {"SETNX key x", ":1\r\n"},
      {"MSETNX key x", ":1\r\n"},
      {"APPEND key x", ":1\r\n"},
      {"INCR key", ":1\r\n"},
      {"SETRANGE key 2 x", ":3\r\n"},
      {"SETBIT key 2 1", ":0\r\n"},
      {"GETBIT key 2", ":0\r\n"},
      {"BITCOUNT key", ":0\r\n"},
      {"BITPOS key 1", ":-1\r\n"},
      {"BITOP OR other key", ":0\r\n"},
      {"BITFIELD key GET u8 0", "*1\r\n:0\r\n"},
      {"BITFIELD key INCRBY u8 0 1", "*1\r\n:1\r\n"},
      {"BITFIELD_RO key GET u8 0", "*1\r\n:0\r\n"},
      {"MGET key", "*1\r\n" + NULL},
      {"RENAME key other", "-ERR no such key\r\n"},
      {"COPY key other", ":0\r\n"},
      {"MOVE key 1", ":0\r\n"},
      {"OBJECT ENCODING key", NULL},
      {"RANDOMKEY", NULL},
      {"KEYS *", "*0\r\n"},
      {"SCAN 0", "*2\r\n$1\r\n0\r\n*0\r\n"},
    };
    for (String[] each : commandsAndReplies) {
      send("FLUSHALL");
      send("SET key 41 PX 10");
      advanceMillis(11);
      assertThat(databaseSize()).isEqualTo(1);
      assertThat(send(each[0])).as(each[0]).isEqualTo(each[1]);
    }
  }

  @Test
  void anExpiredTargetIsNoObstacle() {
    stopSearching();
    for (String command : new String[] {"RENAMENX source key", "COPY source key"}) {
      send("SET source new");
      send("SET key old PX 10");
      advanceMillis(11);
      assertThat(send(command)).as(command).isEqualTo(":1\r\n");
      assertThat(send("GET key")).as(command).isEqualTo("$3\r\nnew\r\n");
      assertThat(send("TTL key")).as(command).isEqualTo(FOREVER);
    }
  }

  @Test
  void whatIsWrittenOverAnExpiredKeyStays() {
    stopSearching();
    for (String command : new String[] {"INCR key", "APPEND key 1", "SET key 1 KEEPTTL"}) {
      send("SET key 41 PX 10");
      advanceMillis(11);
      send(command);
      assertThat(send("GET key")).as(command).isEqualTo("$1\r\n1\r\n");
      assertThat(send("TTL key")).as(command).isEqualTo(FOREVER);
      advanceMillis(1000);
      assertThat(send("EXISTS key")).as(command).isEqualTo(":1\r\n");
    }
  }

  @Test
  void ttlIsRoundedToTheNearestSecond() {
    send("SET key value PX 2500");
    assertThat(send("TTL key")).isEqualTo(":3\r\n");
    advanceMillis(1);
    assertThat(send("TTL key")).isEqualTo(":2\r\n");
    assertThat(send("PTTL key")).isEqualTo(":2499\r\n");
    advanceMillis(2000);
    assertThat(send("TTL key")).isEqualTo(":0\r\n");
    send("PEXPIREAT key 4000000000499");
    assertThat(send("EXPIRETIME key")).isEqualTo(":4000000000\r\n");
    send("PEXPIREAT key 4000000000500");
    assertThat(send("EXPIRETIME key")).isEqualTo(":4000000001\r\n");
    assertThat(send("PEXPIRETIME key")).isEqualTo(":4000000000500\r\n");
  }

  @Test
  void persistKeepsAKey() {
    send("SET key value PX 10");
    assertThat(send("PERSIST key")).isEqualTo(":1\r\n");
    assertThat(send("PERSIST key")).isEqualTo(":0\r\n");
    server.advance(Duration.ofHours(1));
    assertThat(send("TTL key")).isEqualTo(FOREVER);
  }

  @Test
  void anExpirySurvivesChangesOfTheValueAndNewNames() {
    for (String command :
        new String[] {
          "APPEND key 2",
          "APPEND key " + "x".repeat(300),
          "SETRANGE key 5 x",
          "SETRANGE key 3000 x",
          "SETBIT key 0 1",
          "SETBIT key 30000 1",
          "BITFIELD key SET u8 100 1",
          "INCR key",
          "INCRBYFLOAT key 0.5",
          "SET key other KEEPTTL",
          "GETEX key"
        }) {
      send("SET key 1 PX 5000");
      advanceMillis(7);
      send(command);
      assertThat(send("PTTL key")).as(command).isEqualTo(":4993\r\n");
    }
    send("RENAME key renamed");
    assertThat(send("PTTL renamed")).isEqualTo(":4993\r\n");
    send("COPY renamed copied");
    assertThat(send("PTTL copied")).isEqualTo(":4993\r\n");
    send("MOVE copied 1");
    send("SELECT 1");
    assertThat(send("PTTL copied")).isEqualTo(":4993\r\n");
    advanceMillis(6000);
    assertThat(databaseSize()).isZero();
    send("SELECT 0");
    assertThat(databaseSize()).isZero();
  }

  @Test
  void anExpiryIsLostWithTheValueOrUnderAnother() {
    send("SET plain 1");
    for (String command :
        new String[] {
          "SET key 2", "GETSET key 2", "MSET key 2", "BITOP NOT key key", "RENAME plain key"
        }) {
      send("SET key 1 PX 5000");
      send(command);
      assertThat(send("TTL key")).as(command).isEqualTo(FOREVER);
    }
    send("SET key 1 PX 5000");
    send("COPY plain2 key REPLACE");
    assertThat(send("PTTL key")).isEqualTo(":5000\r\n");
    send("SET plain2 1");
    send("COPY plain2 key REPLACE");
    assertThat(send("TTL key")).isEqualTo(FOREVER);
    server.advance(Duration.ofMinutes(1));
    assertThat(send("EXISTS key")).isEqualTo(":1\r\n");
  }

  @Test
  void keysThatExpireAtOnceAreGoneSoonWithoutAnybodyAsking() {
    sendMany(100_000, "SET key%d value EX 10");
    sendMany(1_000, "SET forever%d value");
    sendMany(1_000, "SET later%d value EX 1000");
    server.advance(Duration.ofSeconds(9));
    assertThat(databaseSize()).isEqualTo(102_000);
    server.advance(Duration.ofSeconds(2));
    assertThat(databaseSize()).isEqualTo(2_000);
    assertThat(server.engine().statistics().expiredKeys).isEqualTo(100_000);
    server.engine().keyspace().validate();
  }

  @Test
  void keysOfAllDatabasesExpire() {
    for (int database = 0; database < 16; database++) {
      send("SELECT " + database);
      send("SET key" + database + " value PX 10");
      send("SET forever value");
    }
    server.advance(Duration.ofSeconds(2));
    assertThat(server.engine().statistics().expiredKeys).isEqualTo(16);
    for (int database = 0; database < 16; database++) {
      send("SELECT " + database);
      assertThat(databaseSize()).isEqualTo(1);
    }
  }

  @Test
  void aKeyWhoseExpiryMovedIsNotTakenForTheOldOne() {
    send("SET later value PX 1000");
    send("SET never value PX 1000");
    send("SET again value PX 1000");
    send("PEXPIRE later 5000");
    send("PERSIST never");
    send("DEL again");
    send("SET again value");
    server.advance(Duration.ofSeconds(3));
    assertThat(databaseSize()).isEqualTo(3);
    server.advance(Duration.ofSeconds(3));
    assertThat(databaseSize()).isEqualTo(2);
  }

  @Test
  void anEarlierExpiryThanTheOthersIsFound() {
    sendMany(1_000, "SET key%d value EX 1000");
    server.advance(Duration.ofSeconds(5));
    send("PEXPIRE key500 100");
    server.advance(Duration.ofSeconds(1));
    assertThat(databaseSize()).isEqualTo(999);
  }

  @Test
  void aClockThatGoesBackKeepsKeysLonger() {
    send("SET key value EX 10");
    Instant start = server.host().time().instant();
    server.host().time().setInstant(start.minusSeconds(3_600));
    assertThat(send("TTL key")).isEqualTo(":3610\r\n");
    server.advance(Duration.ofSeconds(60));
    assertThat(send("EXISTS key")).isEqualTo(":1\r\n");
    server.host().time().setInstant(start.plusSeconds(11));
    assertThat(send("EXISTS key")).isEqualTo(":0\r\n");
  }

  @Test
  void aClockThatLeapsForwardExpiresWithoutAnybodyAsking() {
    sendMany(10, "SET key%d value EX 3600");
    server.host().time().setInstant(server.host().time().instant().plusSeconds(3_601));
    server.advance(Duration.ofSeconds(1));
    assertThat(databaseSize()).isZero();
  }

  @Test
  void aClientIsNotTakenForIdleWhenTheClockGoesBack() {
    send("CONFIG SET timeout 10");
    server.host().time().setInstant(server.host().time().instant().minusSeconds(3_600));
    server.advance(Duration.ofSeconds(5));
    assertThat(send("PING")).isEqualTo("+PONG\r\n");
  }
}
