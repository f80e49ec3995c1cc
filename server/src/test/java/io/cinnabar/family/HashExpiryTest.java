package io.cinnabar.family;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fields of hashes that expire, in small hashes and in large ones. */
final class HashExpiryTest extends HashExpiryFixture {

  @ParameterizedTest
  @ValueSource(ints = {512, 0})
  void timesAreSetAndTold(int maxListpackEntries) {
    start(maxListpackEntries);
    send("HSET h a 1 b 2 c 3");
    assertIntegers("HEXPIRE h 10 FIELDS 2 a nothing", 1, -2);
    assertReply(
        "OBJECT ENCODING h",
        maxListpackEntries == 0 ? "$9\r\nhashtable\r\n" : "$10\r\nlistpackex\r\n");
    assertIntegers("HPEXPIRE h 1500 FIELDS 1 b", 1);
    assertIntegers("HTTL h FIELDS 4 a b c nothing", 10, 2, -1, -2);
    assertIntegers("HPTTL h FIELDS 2 a b", 10_000, 1500);
    assertIntegers("HPEXPIRETIME h FIELDS 2 a c", START_MILLIS + 10_000, -1);
    assertIntegers("HEXPIRETIME h FIELDS 1 b", START_MILLIS / 1000 + 2);
    assertIntegers("HPERSIST h FIELDS 3 a c nothing", 1, -1, -2);
    assertIntegers("HTTL h FIELDS 1 a", -1);
    assertIntegers("HEXPIREAT h 4000000000 FIELDS 1 a", 1);
    assertIntegers("HPEXPIRETIME h FIELDS 1 a", 4_000_000_000_000L);
    assertIntegers("HPEXPIREAT h 4000000000001 FIELDS 1 a", 1);
    assertIntegers("HPEXPIRETIME h FIELDS 1 a", 4_000_000_000_001L);
    assertIntegers("HTTL nothing FIELDS 2 a b", -2, -2);
    assertIntegers("HEXPIRE nothing 1 FIELDS 2 a b", -2, -2);
    assertIntegers("HPERSIST nothing FIELDS 1 a", -2);
    assertReply("HGET h a", "$1\r\n1\r\n");
    send("HSET h a 5");
    assertIntegers("HTTL h FIELDS 1 a", -1);
  }

  @ParameterizedTest
  @ValueSource(ints = {512, 0})
  void conditionsHold(int maxListpackEntries) {
    start(maxListpackEntries);
    send("HSET h a 1 b 2");
    assertIntegers("HPEXPIRE h 1000 XX FIELDS 1 a", 0);
    assertIntegers("HPEXPIRE h 1000 GT FIELDS 1 a", 0);
    assertIntegers("HPEXPIRE h 1000 NX FIELDS 1 a", 1);
    assertIntegers("HPEXPIRE h 2000 nx FIELDS 2 a b", 0, 1);
    assertIntegers("HPEXPIRE h 1500 GT FIELDS 2 a b", 1, 0);
    assertIntegers("HPEXPIRE h 1600 LT FIELDS 2 a b", 0, 1);
    assertIntegers("HPEXPIRE h 1700 XX fields 2 a b", 1, 1);
    assertIntegers("HPTTL h FIELDS 2 a b", 1700, 1700);
    send("HSET h c 3");
    assertIntegers("HPEXPIRE h 1500 LT FIELDS 1 c", 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {512, 0})
  void whatIsWrongIsToldAsRedisDoes(int maxListpackEntries) {
    start(maxListpackEntries);
    send("HSET h a 1");
    send("SET s x");
    assertReply("HEXPIRE h -1 FIELDS 1 a", "-ERR invalid expire time, must be >= 0\r\n");
    assertReply("HEXPIRE h abc FIELDS 1 a", "-ERR value is not an integer or out of range\r\n");
    assertReply(
        "HEXPIRE h 70368744177 FIELDS 1 a", "-ERR invalid expire time in 'hexpire' command\r\n");
    assertReply(
        "HPEXPIREAT h 70368744177664 FIELDS 1 a",
        "-ERR invalid expire time in 'hpexpireat' command\r\n");
    assertIntegers("HPEXPIREAT h 70368744177663 FIELDS 1 a", 1);
    String missing = "-ERR Mandatory argument FIELDS is missing or not at the right position\r\n";
    assertReply("HEXPIRE h 1 NX XX FIELDS 1 a", missing);
    assertReply("HEXPIRE h 1 1 FIELDS a", missing);
    assertReply("HTTL h FIELD 1 a", missing);
    assertReply(
        "HEXPIRE h 1 FIELDS 0 a", "-ERR Parameter `numFields` should be greater than 0\r\n");
    assertReply(
        "HEXPIRE h 1 FIELDS x a", "-ERR Parameter `numFields` should be greater than 0\r\n");
    assertReply("HTTL h FIELDS 0 a", "-ERR Number of fields must be a positive integer\r\n");
    assertReply("HPERSIST h FIELDS -1 a", "-ERR Number of fields must be a positive integer\r\n");
    String mismatch = "-ERR The `numfields` parameter must match the number of arguments\r\n";
    assertReply("HEXPIRE h 1 FIELDS 2 a", mismatch);
    assertReply("HEXPIRE h 1 FIELDS 1 a b", mismatch);
    assertReply("HTTL h FIELDS 1 a b", mismatch);
    assertReply("HPERSIST h FIELDS 3 a b", mismatch);
    assertReply("HEXPIRE h 1 FIELDS 1", "-ERR wrong number of arguments for 'hexpire' command\r\n");
    assertReply("HTTL h FIELDS 1", "-ERR wrong number of arguments for 'httl' command\r\n");
    String wrongType = "-WRONGTYPE Operation against a key holding the wrong kind of value\r\n";
    assertReply("HEXPIRE s abc FIELDS 1 a", wrongType);
    assertReply("HTTL s FIELDS 1 a", wrongType);
    assertReply("HPERSIST s FIELDS 1 a", wrongType);
  }

  @ParameterizedTest
  @ValueSource(ints = {512, 0})
  void anExpiredFieldIsGoneForWhoeverAsks(int maxListpackEntries) {
    start(maxListpackEntries);
    send("DEBUG SET-ACTIVE-EXPIRE 0");
    send("HSET h a 1 b 2 c 3 d 4 e 5");
    send("HPEXPIRE h 10 FIELDS 4 a b c d");
    advanceMillis(10);
    assertReply("HGET h a", "$1\r\n1\r\n");
    advanceMillis(1);
    followed.take();
    assertReply("HGET h a", "$-1\r\n");
    assertThat(followed.take()).containsExactly("0 HDEL h a");
    assertReply("HLEN h", ":4\r\n");
    assertReply("HGETALL h", "*2\r\n$1\r\ne\r\n$1\r\n5\r\n");
    assertReply("HKEYS h", "*1\r\n$1\r\ne\r\n");
    assertReply("HVALS h", "*1\r\n$1\r\n5\r\n");
    assertReply("HSCAN h 0", "*2\r\n$1\r\n0\r\n*2\r\n$1\r\ne\r\n$1\r\n5\r\n");
    assertIntegers("HTTL h FIELDS 1 b", -2);
    assertThat(followed.take()).isEmpty();
    assertReply("HSETNX h b 7", ":1\r\n");
    assertThat(followed.take()).containsExactly("0 HDEL h b; 0 HSETNX h b 7");
    assertReply("HINCRBY h c 5", ":5\r\n");
    assertThat(followed.take()).containsExactly("0 HDEL h c; 0 HINCRBY h c 5");
    assertIntegers("HTTL h FIELDS 2 b c", -1, -1);
    assertReply("HRANDFIELD h -1 x", "-ERR syntax error\r\n");
    assertThat(server.send("HRANDFIELD", "h", "10")).startsWith("*3\r\n");
    assertThat(followed.take()).containsExactly("0 HDEL h d");
    assertReply("HLEN h", ":3\r\n");
  }

  @ParameterizedTest
  @ValueSource(ints = {512, 0})
  void aHashGoesWithItsLastField(int maxListpackEntries) {
    start(maxListpackEntries);
    send("DEBUG SET-ACTIVE-EXPIRE 0");
    for (String asking :
        new String[] {
          "HMGET h a b",
          "HEXISTS h a",
          "HSTRLEN h a",
          "HRANDFIELD h",
          "HPERSIST h FIELDS 1 a",
          "HEXPIRE h 1 FIELDS 1 a"
        }) {
      send("HSET h a 1");
      send("HPEXPIRE h 10 FIELDS 1 a");
      advanceMillis(11);
      assertReply("EXISTS h", ":1\r\n");
      followed.take();
      send(asking);
      assertThat(followed.takeTouches()).containsExactly("0 h HEXPIRED", "0 h DEL");
      assertReply("EXISTS h", ":0\r\n");
    }
    send("HSET h a 1 b 2");
    assertIntegers("HPEXPIREAT h 1 FIELDS 3 a b c", 2, 2, -2);
    assertReply("EXISTS h", ":0\r\n");
  }

  @ParameterizedTest
  @ValueSource(ints = {512, 0})
  void expiredFieldsGoByThemselves(int maxListpackEntries) {
    start(maxListpackEntries);
    for (int i = 0; i < 3000; i++) {
      send("HSET large f" + i + " v");
      send("HPEXPIRE large " + (i % 2 == 0 ? 100 : 50_000) + " FIELDS 1 f" + i);
    }
    for (int i = 0; i < 40; i++) {
      send("HSET h" + i + " a 1 b 2");
      send("HPEXPIRE h" + i + " " + (100 + i) + " FIELDS 2 a b");
    }
    send("HSET lasting a 1 b 2");
    send("HPEXPIRE lasting 100 FIELDS 1 a");
    send("HSET renamed a 1");
    send("HPEXPIRE renamed 100 FIELDS 1 a");
    send("RENAME renamed moved");
    send("MOVE moved 1");
    send("COPY h0 copied");
    advanceMillis(1000);
    assertReply("HLEN large", ":1500\r\n");
    assertReply("HLEN lasting", ":1\r\n");
    assertReply("DBSIZE", ":2\r\n");
    send("SELECT 1");
    assertReply("DBSIZE", ":0\r\n");
    send("SELECT 0");
    advanceMillis(60_000);
    assertReply("DBSIZE", ":1\r\n");
    assertReply("EXISTS lasting", ":1\r\n");
  }

  @ParameterizedTest
  @ValueSource(ints = {512, 0})
  void followersAreToldDates(int maxListpackEntries) {
    start(maxListpackEntries);
    send("HSET h a 1 b 2 n 5");
    followed.take();
    send("HEXPIRE h 10 NX FIELDS 3 a b nothing");
    assertThat(followed.take())
        .containsExactly("0 HPEXPIREAT h " + (START_MILLIS + 10_000) + " FIELDS 2 a b");
    send("HEXPIRE h 10 NX FIELDS 1 a");
    assertThat(followed.take()).isEmpty();
    send("HINCRBYFLOAT h a 1");
    assertThat(followed.take())
        .containsExactly("0 HSET h a 2; 0 HPEXPIREAT h " + (START_MILLIS + 10_000) + " FIELDS 1 a");
    assertIntegers("HPTTL h FIELDS 1 a", 10_000);
    send("HINCRBY h b 1");
    assertThat(followed.take()).containsExactly("0 HINCRBY h b 1");
    assertIntegers("HPTTL h FIELDS 1 b", 10_000);
    send("HPERSIST h FIELDS 1 a");
    assertThat(followed.take()).containsExactly("0 HPERSIST h FIELDS 1 a");
    send("HEXPIRE h 0 FIELDS 1 a");
    assertThat(followed.take()).containsExactly("0 HDEL h a");
    send("HPEXPIRE h 10 FIELDS 1 b");
    followed.take();
    advanceMillis(200);
    assertThat(followed.take()).containsExactly("0 HDEL h b");
  }
}
