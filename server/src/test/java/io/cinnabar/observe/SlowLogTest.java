package io.cinnabar.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.TestServer;
import io.cinnabar.TestServer.Client;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class SlowLogTest {

  /** The virtual clocks begin here. */
  private static final long START_SECONDS = 1_709_208_000;

  private final TestServer server = TestServer.start("enable-debug-command yes");

  private static String bulk(String text) {
    return "$" + text.length() + "\r\n" + text + "\r\n";
  }

  private static String entry(
      long id, long seconds, long micros, String client, String name, String... arguments) {
    StringBuilder entry = new StringBuilder("*6\r\n");
    entry.append(":" + id + "\r\n:" + seconds + "\r\n:" + micros + "\r\n");
    entry.append("*" + arguments.length + "\r\n");
    for (String argument : arguments) {
      entry.append(bulk(argument));
    }
    return entry.append(bulk(client)).append(bulk(name)).toString();
  }

  @Test
  void tellsWhoRanWhatAndForHowLong() {
    Client client = server.connect();
    client.send("CLIENT", "SETNAME", "turtle");
    client.send("DEBUG", "SLEEP", "0.009999");
    client.send("DEBUG", "SLEEP", "0.01");
    client.send("debug", "sleep", "2.5");
    assertThat(server.send("SLOWLOG", "GET"))
        .isEqualTo(
            "*2\r\n"
                + entry(
                    1,
                    START_SECONDS + 2,
                    2_500_000,
                    client.address(),
                    "turtle",
                    "debug",
                    "sleep",
                    "2.5")
                + entry(
                    0,
                    START_SECONDS,
                    10_000,
                    client.address(),
                    "turtle",
                    "DEBUG",
                    "SLEEP",
                    "0.01"));
    assertThat(server.send("SLOWLOG", "LEN")).isEqualTo(":2\r\n");
    assertThat(server.send("SLOWLOG", "GET", "1")).startsWith("*1\r\n*6\r\n:1\r\n");
    assertThat(server.send("SLOWLOG", "GET", "-1")).startsWith("*2\r\n");
    assertThat(server.send("SLOWLOG", "RESET")).isEqualTo("+OK\r\n");
    assertThat(server.send("SLOWLOG", "GET", "-1")).isEqualTo("*0\r\n");
    client.send("DEBUG", "SLEEP", "1");
    assertThat(server.send("SLOWLOG", "GET")).startsWith("*1\r\n*6\r\n:2\r\n");
  }

  @Test
  void isTurnedOffByANegativeThreshold() {
    server.send("CONFIG", "SET", "slowlog-log-slower-than", "-1");
    server.send("DEBUG", "SLEEP", "100");
    assertThat(server.send("SLOWLOG", "LEN")).isEqualTo(":0\r\n");
  }

  @Test
  void thresholdZeroTakesInEveryCallEvenInAPipeline() {
    Client client = server.connect();
    client.send("CONFIG", "SET", "slowlog-log-slower-than", "0");
    client.send("SLOWLOG", "RESET");
    client.sendRaw("GET a\r\nGET b\r\nGET c\r\nGET\r\nNONE\r\nINCR n\r\n");
    String address = client.address();
    assertThat(server.send("SLOWLOG", "GET"))
        .isEqualTo(
            "*5\r\n"
                + entry(5, START_SECONDS, 0, address, "", "INCR", "n")
                + entry(4, START_SECONDS, 0, address, "", "GET", "c")
                + entry(3, START_SECONDS, 0, address, "", "GET", "b")
                + entry(2, START_SECONDS, 0, address, "", "GET", "a")
                + entry(1, START_SECONDS, 0, address, "", "SLOWLOG", "RESET"));
  }

  @Test
  void eachCommandOfAPipelineHasItsOwnTime() {
    Client client = server.connect();
    client.sendRaw("DEBUG SLEEP 0\r\nDEBUG SLEEP 0.03\r\nDEBUG SLEEP 0\r\nDEBUG SLEEP 0.02\r\n");
    assertThat(server.send("SLOWLOG", "GET"))
        .isEqualTo(
            "*2\r\n"
                + entry(1, START_SECONDS, 20_000, client.address(), "", "DEBUG", "SLEEP", "0.02")
                + entry(0, START_SECONDS, 30_000, client.address(), "", "DEBUG", "SLEEP", "0.03"));
  }

  @Test
  void longArgumentsAndManyAreShortened() {
    server.send("CONFIG", "SET", "slowlog-log-slower-than", "0");
    server.send("ECHO", "x".repeat(128));
    assertThat(server.send("SLOWLOG", "GET", "1")).contains("\r\n" + bulk("x".repeat(128)));
    server.send("ECHO", "x".repeat(130));
    assertThat(server.send("SLOWLOG", "GET", "1"))
        .contains("\r\n" + bulk("x".repeat(128) + "... (2 more bytes)"));
    String[] words = new String[33];
    Arrays.fill(words, "w");
    words[0] = "DEL";
    server.send(words);
    assertThat(server.send("SLOWLOG", "GET", "1"))
        .contains(
            "\r\n*32\r\n$3\r\nDEL\r\n" + bulk("w").repeat(30) + bulk("... (2 more arguments)"));
    server.send(Arrays.copyOf(words, 32));
    assertThat(server.send("SLOWLOG", "GET", "1"))
        .contains("\r\n*32\r\n$3\r\nDEL\r\n" + bulk("w").repeat(31));
  }

  @Test
  void secretsAreHidden() {
    server.send("CONFIG", "SET", "slowlog-log-slower-than", "0");
    server.send("AUTH", "secret");
    server.send("AUTH", "me", "secret");
    server.send("HELLO", "2", "AUTH", "default", "secret", "SETNAME", "x");
    server.send("CONFIG", "SET", "timeout", "0", "RequirePass", "secret");
    server.send("CONFIG", "SET", "requirepass", "", "timeout", "secret");
    String log = server.send("SLOWLOG", "GET", "5");
    assertThat(log)
        .contains("$4\r\nAUTH\r\n$10\r\n(redacted)\r\n")
        .contains("$4\r\nAUTH\r\n$10\r\n(redacted)\r\n$10\r\n(redacted)\r\n")
        .contains("$4\r\nAUTH\r\n$10\r\n(redacted)\r\n$10\r\n(redacted)\r\n$7\r\nSETNAME\r\n")
        .contains("$7\r\ntimeout\r\n$1\r\n0\r\n$11\r\nRequirePass\r\n$10\r\n(redacted)\r\n")
        .contains("$11\r\nrequirepass\r\n$10\r\n(redacted)\r\n$7\r\ntimeout\r\n$6\r\nsecret\r\n");
    assertThat(log.split("secret", -1)).hasSize(2);
  }

  @Test
  void holdsNoMoreThanItsLength() {
    server.send("CONFIG", "SET", "slowlog-log-slower-than", "0", "slowlog-max-len", "3");
    for (int i = 0; i < 10; i++) {
      server.send("PING");
    }
    assertThat(server.send("SLOWLOG", "LEN")).isEqualTo(":3\r\n");
    server.send("CONFIG", "SET", "slowlog-max-len", "1");
    assertThat(server.send("SLOWLOG", "LEN")).isEqualTo(":1\r\n");
    server.send("CONFIG", "SET", "slowlog-max-len", "5");
    server.send("PING");
    server.send("CONFIG", "SET", "slowlog-log-slower-than", "-1", "slowlog-max-len", "0");
    assertThat(server.send("SLOWLOG", "LEN"))
        .as("turned off, it keeps what it has")
        .isEqualTo(":3\r\n");
    server.send("CONFIG", "SET", "slowlog-log-slower-than", "1000000");
    assertThat(server.send("SLOWLOG", "LEN")).isEqualTo(":0\r\n");
  }

  @Test
  void errorsOfTheHandlerAreTakenInAndRejectionsAreNot() {
    server.send("SET", "key", "text");
    server.send("CONFIG", "SET", "slowlog-log-slower-than", "0");
    server.send("INCR", "key");
    server.send("INCR");
    assertThat(server.send("SLOWLOG", "GET", "1")).contains("*2\r\n$4\r\nINCR\r\n$3\r\nkey\r\n");
  }

  @Test
  void aWrongCountIsRefused() {
    String refusal = "-ERR count should be greater than or equal to -1\r\n";
    assertThat(server.send("SLOWLOG", "GET", "-2")).isEqualTo(refusal);
    assertThat(server.send("SLOWLOG", "GET", "many")).isEqualTo(refusal);
    assertThat(server.send("SLOWLOG", "GET", "1", "2"))
        .isEqualTo(
            "-ERR unknown subcommand or wrong number of arguments for 'GET'. Try SLOWLOG HELP.\r\n");
  }
}
