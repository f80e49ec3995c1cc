package io.cinnabar.family;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HGETDEL, HGETEX and HSETEX, in small hashes and in large ones. */
final class HashExCommandsTest extends HashExpiryFixture {

  private static final String NOT_AN_INTEGER = "-ERR value is not an integer or out of range\r\n";
  private static final String NEGATIVE = "-ERR invalid expire time, must be >= 0\r\n";

  private void startWithoutActiveExpiry(int maxListpackEntries) {
    start(maxListpackEntries);
    send("DEBUG SET-ACTIVE-EXPIRE 0");
  }

  /** An array; a value of "-" is null. */
  private void assertValues(String command, String... values) {
    StringBuilder expected = new StringBuilder("*" + values.length + "\r\n");
    for (String value : values) {
      expected.append(
          value.equals("-") ? "$-1\r\n" : "$" + value.length() + "\r\n" + value + "\r\n");
    }
    assertReply(command, expected.toString());
  }

  @Test
  void theirDeclarationsAreThoseOfRedis8() {
    assertThat(server.send("COMMAND", "INFO", "HGETDEL"))
        .contains(":-5\r\n*2\r\n+write\r\n+fast\r\n:1\r\n:1\r\n:1\r\n*3\r\n+@write\r\n+@hash\r\n")
        .contains("*3\r\n+RW\r\n+access\r\n+delete\r\n");
    assertThat(server.send("COMMAND", "INFO", "HGETEX"))
        .contains(":-5\r\n*2\r\n+write\r\n+fast\r\n:1\r\n:1\r\n:1\r\n*3\r\n+@write\r\n+@hash\r\n")
        .contains("*3\r\n+RW\r\n+access\r\n+update\r\n");
    assertThat(server.send("COMMAND", "INFO", "HSETEX"))
        .contains(":-6\r\n*3\r\n+write\r\n+denyoom\r\n+fast\r\n:1\r\n:1\r\n:1\r\n*3\r\n+@write\r\n")
        .contains("*2\r\n+RW\r\n+update\r\n");
  }

  // Reading.

  @ParameterizedTest
  @ValueSource(ints = {512, 0})
  void hgetdelTakesFields(int maxListpackEntries) {
    startWithoutActiveExpiry(maxListpackEntries);
    send("HSET h a 1 b 2 c 3 d 4");
    followed.take();
    assertValues("HGETDEL h FIELDS 1 b", "2");
    assertThat(followed.take()).containsExactly("0 HDEL h b");
    assertValues("hgetdel h fields 4 a b nothing a", "1", "-", "-", "-");
    assertThat(followed.takeTouches()).containsExactly("0 h HDEL");
    assertValues("HGETDEL h FIELDS 1 b", "-");
    assertValues("HGETDEL nothing FIELDS 2 a b", "-", "-");
    assertThat(followed.take()).isEmpty();
    assertValues("HGETDEL h FIELDS 3 d nothing c", "4", "-", "3");
    assertReply("EXISTS h", ":0\r\n");
    assertThat(followed.takeTouches()).containsExactly("0 h HDEL", "0 h DEL");
  }

  @ParameterizedTest
  @ValueSource(ints = {512, 0})
  void hgetdelFindsNoFieldThatHasExpired(int maxListpackEntries) {
    startWithoutActiveExpiry(maxListpackEntries);
    send("HSETEX h PX 10 FIELDS 2 a 1 b 2");
    send("HSET h c 3");
    advanceMillis(11);
    followed.take();
    assertValues("HGETDEL h FIELDS 2 a c", "-", "3");
    assertThat(followed.takeTouches()).containsExactly("0 h HEXPIRED", "0 h HDEL");
    assertValues("HGETDEL h FIELDS 1 b", "-");
    assertThat(followed.take()).containsExactly("0 HDEL h b");
    assertReply("EXISTS h", ":0\r\n");
    assertThat(server.send("INFO", "stats")).contains("expired_subkeys:2\r\n");
  }

  @ParameterizedTest
  @ValueSource(ints = {512, 0})
  void hgetexReadsAndChangesTimes(int maxListpackEntries) {
    startWithoutActiveExpiry(maxListpackEntries);
    send("HSET h a 1 b 2 c 3");
    followed.take();
    assertValues("HGETEX h FIELDS 3 a nothing b", "1", "-", "2");
    assertValues("HGETEX nothing EX 10 FIELDS 2 a b", "-", "-");
    assertValues("HGETEX h PERSIST FIELDS 2 a b", "1", "2");
    assertThat(followed.take()).isEmpty();
    assertValues("HGETEX h EX 10 FIELDS 3 a nothing b", "1", "-", "2");
    assertThat(followed.take())
        .containsExactly("0 HPEXPIREAT h " + (START_MILLIS + 10_000) + " FIELDS 2 a b");
    assertIntegers("HPTTL h FIELDS 3 a b c", 10_000, 10_000, -1);
    assertValues("hgetex h px 1500 fields 1 a", "1");
    assertIntegers("HPTTL h FIELDS 2 a b", 1500, 10_000);
    followed.take();
    assertValues("HGETEX h EXAT 4000000000 FIELDS 1 c", "3");
    assertThat(followed.takeTouches()).containsExactly("0 h HEXPIRE");
    assertIntegers("HPEXPIRETIME h FIELDS 1 c", 4_000_000_000_000L);
    assertValues("HGETEX h PXAT 4000000000001 FIELDS 1 c", "3");
    assertThat(followed.take()).containsExactly("0 HPEXPIREAT h 4000000000001 FIELDS 1 c");
    send("HPERSIST h FIELDS 1 b");
    followed.take();
    assertValues("HGETEX h PERSIST FIELDS 4 a b nothing c", "1", "2", "-", "3");
    assertThat(followed.take()).containsExactly("0 HPERSIST h FIELDS 2 a c");
    assertIntegers("HTTL h FIELDS 3 a b c", -1, -1, -1);
    send("HGETEX h PX 100 FIELDS 1 a");
    followed.take();
    send("HGETEX h PERSIST FIELDS 1 a");
    assertThat(followed.takeTouches()).containsExactly("0 h HPERSIST");
  }

  @ParameterizedTest
  @ValueSource(ints = {512, 0})
  void hgetexWithATimeThatIsOverRemoves(int maxListpackEntries) {
    startWithoutActiveExpiry(maxListpackEntries);
    send("HSET h a 1 b 2 c 3");
    followed.take();
    assertValues("HGETEX h PX 0 FIELDS 3 a nothing a", "1", "-", "-");
    assertThat(followed.take()).containsExactly("0 HDEL h a");
    assertValues("HGETEX h PXAT 1 FIELDS 2 b c", "2", "3");
    assertThat(followed.takeTouches()).containsExactly("0 h HDEL", "0 h DEL");
    assertReply("EXISTS h", ":0\r\n");
  }

  @ParameterizedTest
  @ValueSource(ints = {512, 0})
  void hgetexFindsNoFieldThatHasExpired(int maxListpackEntries) {
    startWithoutActiveExpiry(maxListpackEntries);
    send("HSETEX h PX 10 FIELDS 2 a 1 b 2");
    send("HSET h c 3");
    advanceMillis(11);
    followed.take();
    assertValues("HGETEX h EX 100 FIELDS 2 a c", "-", "3");
    assertThat(followed.takeTouches()).containsExactly("0 h HEXPIRED", "0 h HEXPIRE");
    assertReply("HDEL h c", ":1\r\n");
    followed.take();
    assertValues("HGETEX h FIELDS 1 b", "-");
    assertThat(followed.takeTouches()).containsExactly("0 h HEXPIRED", "0 h DEL");
    assertReply("EXISTS h", ":0\r\n");
  }

  // Writing.

  @ParameterizedTest
  @ValueSource(ints = {512, 0})
  void hsetexSetsFieldsAndTimes(int maxListpackEntries) {
    startWithoutActiveExpiry(maxListpackEntries);
    assertReply("HSETEX h FIELDS 2 a 1 b 2", ":1\r\n");
    assertThat(followed.take()).containsExactly("0 HSETEX h FIELDS 2 a 1 b 2");
    assertIntegers("HTTL h FIELDS 2 a b", -1, -1);
    assertReply("hsetex h ex 10 fields 2 b 3 c 4", ":1\r\n");
    assertThat(followed.take())
        .containsExactly("0 hsetex h PXAT " + (START_MILLIS + 10_000) + " fields 2 b 3 c 4");
    assertValues("HMGET h a b c", "1", "3", "4");
    assertIntegers("HPTTL h FIELDS 3 a b c", -1, 10_000, 10_000);
    assertReply("HSETEX h KEEPTTL FIELDS 3 a 5 b 6 d 7", ":1\r\n");
    assertThat(followed.takeTouches()).containsExactly("0 h HSET");
    assertValues("HMGET h a b c d", "5", "6", "4", "7");
    assertIntegers("HPTTL h FIELDS 4 a b c d", -1, 10_000, 10_000, -1);
    assertReply("HSETEX h FIELDS 1 b 8", ":1\r\n");
    assertIntegers("HPTTL h FIELDS 2 b c", -1, 10_000);
    followed.take();
    assertReply("HSETEX h EXAT 4000000000 FIELDS 1 b 9", ":1\r\n");
    assertThat(followed.takeTouches()).containsExactly("0 h HSET", "0 h HEXPIRE");
    assertReply("HSETEX h PXAT 4000000000001 FIELDS 1 c 9", ":1\r\n");
    assertIntegers("HPEXPIRETIME h FIELDS 2 b c", 4_000_000_000_000L, 4_000_000_000_001L);
    assertReply("HSETEX h PX 70 FIELDS 2 twice 1 twice 2", ":1\r\n");
    assertReply("HGET h twice", "$1\r\n2\r\n");
    assertReply("HLEN h", ":5\r\n");
  }

  @ParameterizedTest
  @ValueSource(ints = {512, 0})
  void hsetexHasConditions(int maxListpackEntries) {
    startWithoutActiveExpiry(maxListpackEntries);
    assertReply("HSETEX h FXX FIELDS 1 a 1", ":0\r\n");
    assertReply("EXISTS h", ":0\r\n");
    assertThat(followed.take()).isEmpty();
    assertReply("HSETEX h FNX FIELDS 1 a 1", ":1\r\n");
    assertThat(followed.take()).containsExactly("0 HSETEX h FNX FIELDS 1 a 1");
    assertReply("HSETEX h FNX FIELDS 2 b 2 a 2", ":0\r\n");
    assertReply("HSETEX h FXX FIELDS 2 a 2 b 2", ":0\r\n");
    assertReply("HGETALL h", "*2\r\n$1\r\na\r\n$1\r\n1\r\n");
    assertThat(followed.take()).isEmpty();
    assertReply("HSETEX h PX 5000 fnx FIELDS 2 b 2 c 3", ":1\r\n");
    assertThat(followed.take())
        .containsExactly("0 HSETEX h PXAT " + (START_MILLIS + 5000) + " fnx FIELDS 2 b 2 c 3");
    assertReply("HSETEX h FXX KEEPTTL FIELDS 2 a 4 b 5", ":1\r\n");
    assertValues("HMGET h a b c", "4", "5", "3");
    assertIntegers("HPTTL h FIELDS 3 a b c", -1, 5000, 5000);
  }

  @ParameterizedTest
  @ValueSource(ints = {512, 0})
  void toHsetexWhatHasExpiredIsNotThere(int maxListpackEntries) {
    startWithoutActiveExpiry(maxListpackEntries);
    send("HSETEX h PX 10 FIELDS 1 a 1");
    advanceMillis(11);
    followed.take();
    assertReply("HSETEX h FXX FIELDS 1 a 2", ":0\r\n");
    assertThat(followed.takeTouches()).containsExactly("0 h HEXPIRED", "0 h DEL");
    assertReply("EXISTS h", ":0\r\n");

    send("HSETEX h PX 10 FIELDS 1 a 1");
    advanceMillis(11);
    followed.take();
    assertReply("HSETEX h FNX PX 10 FIELDS 1 a 2", ":1\r\n");
    assertThat(followed.takeTouches()).containsExactly("0 h HEXPIRED", "0 h HSET", "0 h HEXPIRE");
    assertReply("HGET h a", "$1\r\n2\r\n");

    advanceMillis(11);
    followed.take();
    assertReply("HSETEX h KEEPTTL FIELDS 2 a 3 b 4", ":1\r\n");
    assertThat(followed.take()).containsExactly("0 HDEL h a; 0 HSETEX h KEEPTTL FIELDS 2 a 3 b 4");
    assertIntegers("HTTL h FIELDS 2 a b", -1, -1);
    send("HPEXPIRE h 10 FIELDS 1 a");
    advanceMillis(11);
    assertReply("HSETEX h FIELDS 1 a 5", ":1\r\n");
    assertValues("HMGET h a b", "5", "4");
  }

  /** What HSETEX sets at a time that is over has been there, but for nobody to see. */
  @ParameterizedTest
  @ValueSource(ints = {512, 0})
  void hsetexWithATimeThatIsOverRemoves(int maxListpackEntries) {
    startWithoutActiveExpiry(maxListpackEntries);
    send("HSET h a 1 b 2");
    followed.take();
    assertReply("HSETEX h PX 0 FIELDS 2 a 3 c 4", ":1\r\n");
    assertThat(followed.take()).containsExactly("0 HDEL h a c");
    assertReply("HGETALL h", "*2\r\n$1\r\nb\r\n$1\r\n2\r\n");
    assertReply("HSETEX h FXX PXAT 1 FIELDS 1 b 3", ":1\r\n");
    assertThat(followed.takeTouches()).containsExactly("0 h HSET", "0 h HDEL", "0 h DEL");
    assertReply("EXISTS h", ":0\r\n");
    assertReply("HSETEX h FNX EXAT 1 FIELDS 1 a 1", ":1\r\n");
    assertThat(followed.takeTouches()).containsExactly("0 h HSET", "0 h HDEL", "0 h DEL");
    assertReply("HSETEX h FXX EXAT 1 FIELDS 1 a 1", ":0\r\n");
    assertReply("EXISTS h", ":0\r\n");
  }

  @ParameterizedTest
  @ValueSource(ints = {512, 0})
  void fieldsGoByThemselves(int maxListpackEntries) {
    startWithoutActiveExpiry(maxListpackEntries);
    send("DEBUG SET-ACTIVE-EXPIRE 1");
    send("HSETEX created PX 100 FIELDS 2 a 1 b 2");
    send("HSET changed a 1 b 2 c 3");
    send("HSETEX changed PX 100 FIELDS 1 a 1");
    send("HGETEX changed PX 200 FIELDS 1 b");
    advanceMillis(1000);
    assertReply("DBSIZE", ":1\r\n");
    assertReply("HLEN changed", ":1\r\n");
    assertThat(server.send("INFO", "stats")).contains("expired_subkeys:4\r\n");
    send("CONFIG RESETSTAT");
    assertThat(server.send("INFO", "stats")).contains("expired_subkeys:0\r\n");
  }

  // What goes wrong.

  @ParameterizedTest
  @ValueSource(strings = {"HGETDEL", "HGETEX"})
  void whatIsWrongWithReading(String command) {
    send("HSET h a 1");
    send("SET s x");
    String missing = "-ERR Mandatory argument FIELDS is missing or not at the right position\r\n";
    assertReply(command + " h XFIELDX 1 a", missing);
    assertReply(command + " h 1 FIELDS a", missing);
    String count = "-ERR Number of fields must be a positive integer\r\n";
    for (String bad : List.of("0", "-1", "x", "9223372036854775808")) {
      assertReply(command + " h FIELDS " + bad + " a", count);
    }
    String mismatch = "-ERR The `numfields` parameter must match the number of arguments\r\n";
    assertReply(command + " h FIELDS 2 a", mismatch);
    assertReply(command + " h FIELDS 1 a b", mismatch);
    assertReply(
        command + " h FIELDS 1",
        "-ERR wrong number of arguments for '"
            + command.toLowerCase(Locale.ROOT)
            + "' command\r\n");
    assertReply(
        command + " s FIELDS 1 a",
        "-WRONGTYPE Operation against a key holding the wrong kind of value\r\n");
    assertReply("HGETALL h", "*2\r\n$1\r\na\r\n$1\r\n1\r\n");
  }

  @Test
  void whatIsWrongWithTheTimesOfHgetex() {
    send("HSET h a 1");
    String missing = "-ERR Mandatory argument FIELDS is missing or not at the right position\r\n";
    assertReply("HGETEX h PXAT 1 1", missing);
    assertReply("HGETEX h PERSIST 1 FIELDS 1 a", missing);
    assertReply("HGETEX h EX 10 PX 10 FIELDS 1 a", missing);
    assertReply("HGETEX h EX 10 PERSIST FIELDS 1 a", missing);
    assertReply("HGETEX h KEEPTTL FIELDS 1 a", missing);
    assertReply("HGETEX h EX 1 FIELDS", "-ERR Number of fields must be a positive integer\r\n");
    assertReply("HGETEX h EX bla FIELDS 1 a", NOT_AN_INTEGER);
    assertReply("HGETEX h EXAT 9223372036854775808 FIELDS 1 a", NOT_AN_INTEGER);
    assertReply("HGETEX h PX -1 FIELDS 1 a", NEGATIVE);
    String invalid = "-ERR invalid expire time in 'hgetex' command\r\n";
    assertReply("HGETEX h EX 281474976710656 FIELDS 1 a", invalid);
    assertReply("HGETEX h EX 9223372036854775807 FIELDS 1 a", invalid);
    assertReply("HGETEX h PXAT 70368744177664 FIELDS 1 a", invalid);
    assertValues("HGETEX h PXAT 70368744177663 FIELDS 1 a", "1");
  }

  @Test
  void whatIsWrongWithHsetex() {
    send("SET s x");
    String arity = "-ERR wrong number of arguments for 'hsetex' command\r\n";
    for (String wrong :
        List.of(
            "HSETEX h FIELDS 1",
            "HSETEX h FIELDS 2 a b",
            "HSETEX h FIELDS 2 a b c",
            "HSETEX h FIELDS 3 a b c d e f g",
            "HSETEX h FIELDS 1 a b unknown",
            "HSETEX h FXX KEEPTTL FIELDS 1 a",
            "HSETEX h EX 1 FNX FIELDS 1")) {
      assertReply(wrong, arity);
    }
    assertReply("HSETEX h nx FIELDS 1 a b", "-ERR unknown argument: nx\r\n");
    assertReply("HSETEX h EX 1 1 a b", "-ERR unknown argument: 1\r\n");
    assertReply("HSETEX h PERSIST FIELDS 1 a b", "-ERR unknown argument: PERSIST\r\n");
    String conditions = "-ERR Only one of FXX or FNX arguments can be specified\r\n";
    for (String two : List.of("FXX FXX", "FXX FNX", "FNX FXX", "FNX EX 1 FNX")) {
      assertReply("HSETEX h " + two + " FIELDS 1 a b", conditions);
    }
    String times = "-ERR Only one of EX, PX, EXAT, PXAT or KEEPTTL arguments can be specified\r\n";
    for (String two :
        List.of(
            "EX 1 PX 1",
            "EXAT 1 EXAT 1",
            "PXAT 1 EX 1",
            "KEEPTTL PX 1",
            "EX 1 KEEPTTL",
            "KEEPTTL KEEPTTL")) {
      assertReply("HSETEX h " + two + " FIELDS 1 a b", times);
    }
    assertReply("HSETEX h EX FIELDS 1 a b", NOT_AN_INTEGER);
    assertReply("HSETEX h EXAT -1 1 a b", NEGATIVE);
    assertReply("HSETEX h EXAT 281474976710656 1 a b", invalidIn("hsetex"));
    assertReply("HSETEX h PXAT 70368744177664 FIELDS 1 a b", invalidIn("hsetex"));
    String count = "-ERR invalid number of fields\r\n";
    for (String bad : List.of("x", "0", "-1", "9223372036854775808", "4611686018427387905")) {
      assertReply("HSETEX h FIELDS " + bad + " a b", count);
    }
    assertReply("HSETEX h EX 1 FNX FIELDS", count);
    assertReply(
        "HSETEX s FIELDS 1 a b",
        "-WRONGTYPE Operation against a key holding the wrong kind of value\r\n");
    assertReply("HSETEX s FIELDS x a b", count);
    assertReply("EXISTS h", ":0\r\n");
  }

  private static String invalidIn(String command) {
    return "-ERR invalid expire time in '" + command + "' command\r\n";
  }
}
