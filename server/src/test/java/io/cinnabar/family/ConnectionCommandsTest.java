package io.cinnabar.family;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.TestServer;
import io.cinnabar.TestServer.Client;
import org.junit.jupiter.api.Test;

final class ConnectionCommandsTest {

  private static final String OK = "+OK\r\n";
  private static final String NULL = "$-1\r\n";
  private static final String PONG = "+PONG\r\n";
  private static final String WRONG_PASSWORD =
      "-WRONGPASS invalid username-password pair or user is disabled.\r\n";
  private static final String NOT_LOGGED_IN = "-NOAUTH Authentication required.\r\n";

  private final TestServer server = TestServer.start();

  @Test
  void pingAnswersPongOrItsArgument() {
    assertThat(server.send("PING")).isEqualTo(PONG);
    assertThat(server.send("ping", "a b")).isEqualTo("$3\r\na b\r\n");
    assertThat(server.send("PING", "a", "b"))
        .isEqualTo("-ERR wrong number of arguments for 'ping' command\r\n");
  }

  @Test
  void echoAnswersItsArgument() {
    assertThat(server.send("ECHO", "")).isEqualTo("$0\r\n\r\n");
    assertThat(server.send("ECHO", "\0\r\n")).isEqualTo("$3\r\n\0\r\n\r\n");
  }

  @Test
  void selectSwitchesThisClientOnly() {
    Client other = server.connect();
    server.send("SET", "key", "in 0");
    assertThat(server.send("SELECT", "15")).isEqualTo(OK);
    assertThat(server.send("GET", "key")).isEqualTo(NULL);
    assertThat(other.send("GET", "key")).isEqualTo("$4\r\nin 0\r\n");
  }

  @Test
  void selectRefusesWhatIsNoDatabase() {
    String outOfRange = "-ERR DB index is out of range\r\n";
    assertThat(server.send("SELECT", "16")).isEqualTo(outOfRange);
    assertThat(server.send("SELECT", "-1")).isEqualTo(outOfRange);
    assertThat(server.send("SELECT", "1.0"))
        .isEqualTo("-ERR value is not an integer or out of range\r\n");
    assertThat(server.send("SELECT", "2147483648"))
        .isEqualTo("-ERR value is out of range, value must between -2147483648 and 2147483647\r\n");
  }

  @Test
  void quitDropsWhatComesBehindIt() {
    Client client = server.connect();
    assertThat(client.sendRaw("PING\r\nQUIT\r\nSET key value\r\n")).isEqualTo(PONG + OK);
    assertThat(client.isClosed()).isTrue();
    assertThat(server.send("EXISTS", "key")).isEqualTo(":0\r\n");
  }

  @Test
  void resetTakesEverythingBackButTheLibrary() {
    Client client = server.connect();
    client.send("HELLO", "3", "SETNAME", "me");
    client.send("CLIENT", "SETINFO", "lib-name", "lib");
    client.send("CLIENT", "NO-EVICT", "on");
    client.send("SELECT", "1");
    client.send("CLIENT", "REPLY", "OFF");

    assertThat(client.send("RESET")).isEqualTo("+RESET\r\n");
    assertThat(client.send("CLIENT", "INFO"))
        .startsWith("$")
        .contains(" name= ", " flags=N ", " db=0 ", " resp=2 ", " lib-name=lib ");
  }

  @Test
  void authWithoutNeedIsAnErrorUnlessTheUserIsNamed() {
    assertThat(server.send("AUTH", "x"))
        .isEqualTo(
            "-ERR AUTH <password> called without any password configured for the default user."
                + " Are you sure your configuration is correct?\r\n");
    assertThat(server.send("AUTH", "default", "x")).isEqualTo(OK);
    assertThat(server.send("AUTH", "other", "x")).isEqualTo(WRONG_PASSWORD);
    assertThat(server.send("AUTH", "a", "b", "c")).isEqualTo("-ERR syntax error\r\n");
  }

  @Test
  void onlyThePasswordOpensTheServer() {
    Client client = TestServer.start("requirepass sesame").connect();
    assertThat(client.send("GET", "key")).isEqualTo(NOT_LOGGED_IN);
    assertThat(client.send("AUTH", "sesam")).isEqualTo(WRONG_PASSWORD);
    assertThat(client.send("AUTH", "")).isEqualTo(WRONG_PASSWORD);
    assertThat(client.send("AUTH", "other", "sesame")).isEqualTo(WRONG_PASSWORD);
    assertThat(client.send("PING")).isEqualTo(NOT_LOGGED_IN);
    assertThat(client.send("AUTH", "sesame")).isEqualTo(OK);
    assertThat(client.send("PING")).isEqualTo(PONG);
    client.send("RESET");
    assertThat(client.send("PING")).isEqualTo(NOT_LOGGED_IN);
    assertThat(client.send("AUTH", "default", "sesame")).isEqualTo(OK);
  }

  @Test
  void helloTellsAboutTheServerInTheProtocolAskedFor() {
    String fields =
        bulks("server", "redis", "version", "7.2.4", "proto")
            + ":%d\r\n"
            + bulks("id")
            + ":1\r\n"
            + bulks("mode", "standalone", "role", "master", "modules")
            + "*0\r\n";
    assertThat(server.send("HELLO")).isEqualTo("*14\r\n" + fields.formatted(2));
    assertThat(server.send("HELLO", "3")).isEqualTo("%7\r\n" + fields.formatted(3));
    assertThat(server.send("GET", "key")).isEqualTo("_\r\n");
    assertThat(server.send("HELLO")).isEqualTo("%7\r\n" + fields.formatted(3));
    assertThat(server.send("HELLO", "2")).isEqualTo("*14\r\n" + fields.formatted(2));
  }

  private static String bulks(String... texts) {
    StringBuilder bulks = new StringBuilder();
    for (String text : texts) {
      bulks.append('$').append(text.length()).append("\r\n").append(text).append("\r\n");
    }
    return bulks.toString();
  }

  @Test
  void helloRefusesOtherVersionsAndOptions() {
    String unsupported = "-NOPROTO unsupported protocol version\r\n";
    assertThat(server.send("HELLO", "1")).isEqualTo(unsupported);
    assertThat(server.send("HELLO", "4")).isEqualTo(unsupported);
    assertThat(server.send("HELLO", "three"))
        .isEqualTo("-ERR Protocol version is not an integer or out of range\r\n");
    assertThat(server.send("HELLO", "2", "AUTH", "default"))
        .isEqualTo("-ERR Syntax error in HELLO option 'AUTH'\r\n");
    assertThat(server.send("HELLO", "2", "SETNAME"))
        .isEqualTo("-ERR Syntax error in HELLO option 'SETNAME'\r\n");
    assertThat(server.send("HELLO", "2", "other"))
        .isEqualTo("-ERR Syntax error in HELLO option 'other'\r\n");
  }

  @Test
  void helloChangesNothingUnlessAllOfItIsRight() {
    Client client = TestServer.start("requirepass sesame").connect();
    String loginFirst =
        "-NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO"
            + " <proto> AUTH <user> <pass> option can be used to authenticate the client and"
            + " select the RESP protocol version at the same time\r\n";
    assertThat(client.send("HELLO")).isEqualTo(loginFirst);
    assertThat(client.send("HELLO", "3", "SETNAME", "me")).isEqualTo(loginFirst);
    assertThat(client.send("HELLO", "3", "AUTH", "default", "no")).isEqualTo(WRONG_PASSWORD);
    assertThat(client.send("HELLO", "3", "AUTH", "default", "sesame", "SETNAME", "a b"))
        .isEqualTo("-ERR Client names cannot contain spaces, newlines or special characters.\r\n");
    assertThat(client.send("PING")).isEqualTo(NOT_LOGGED_IN);
    assertThat(client.send("HELLO", "3", "AUTH", "default", "sesame", "SETNAME", "me"))
        .startsWith("%7\r\n");
    assertThat(client.send("CLIENT", "GETNAME")).isEqualTo("$2\r\nme\r\n");
  }
}
