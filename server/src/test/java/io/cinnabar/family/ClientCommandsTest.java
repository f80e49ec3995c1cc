package io.cinnabar.family;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.TestServer;
import io.cinnabar.TestServer.Client;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ClientCommandsTest {

  private static final String OK = "+OK\r\n";
  private static final String NULL = "$-1\r\n";
  private static final String PONG = "+PONG\r\n";
  private static final String SYNTAX = "-ERR syntax error\r\n";
  private static final String NO_SUCH_CLIENT = "-ERR No such client\r\n";
  private static final String BAD_ID = "-ERR client-id should be greater than 0\r\n";
  private static final String BAD_NAME =
      " cannot contain spaces, newlines or special characters.\r\n";

  private final TestServer server = TestServer.start();

  private static String client(Client client, String... words) {
    String[] all = new String[words.length + 1];
    all[0] = "CLIENT";
    System.arraycopy(words, 0, all, 1, words.length);
    return client.send(all);
  }

  private String client(String... words) {
    return client(self, words);
  }

  /** The second that connects, after the server's own. */
  private final Client self = server.connect();

  @Test
  void idsCountConnections() {
    assertThat(client("ID")).isEqualTo(":2\r\n");
    assertThat(client(server.connect(), "ID")).isEqualTo(":3\r\n");
  }

  @Test
  void infoDescribesTheClient() {
    server.advance(Duration.ofSeconds(7));
    client("SETNAME", "me");
    client("SETINFO", "LIB-NAME", "lib");
    client("SETINFO", "lib-ver", "1.2");
    self.send("SELECT", "3");
    server.advance(Duration.ofSeconds(5));
    assertThat(client("INFO"))
        .endsWith(
            "\r\nid=2 addr=127.0.0.1:40002 laddr=127.0.0.1:6379 fd=9 name=me age=12 idle=0"
                + " flags=N db=3 sub=0 psub=0 ssub=0 multi=-1 qbuf=0 qbuf-free=0 argv-mem=10"
                + " multi-mem=0 rbs=0 rbp=0 obl=0 oll=0 omem=0 tot-mem=1208 events=r"
                + " cmd=client|info user=default redir=-1 resp=2 lib-name=lib lib-ver=1.2\n\r\n");
  }

  @Test
  void infoAndListAreTextInResp3() {
    self.send("HELLO", "3");
    assertThat(client("INFO")).startsWith("=").contains("\r\ntxt:id=2 ").contains(" resp=3 ");
    assertThat(client("LIST")).startsWith("=").contains("\r\ntxt:id=1 ");
  }

  @Test
  void listDescribesAllOrThoseAskedFor() {
    server.send("PING");
    assertThat(client("LIST"))
        .contains("\r\nid=1 ", " argv-mem=0 ", " cmd=ping ")
        .contains("\nid=2 ", " cmd=client|list ");
    assertThat(client("LIST", "TYPE", "Normal")).contains("id=1 ", "id=2 ");
    assertThat(client("LIST", "TYPE", "pubsub")).isEqualTo("$0\r\n\r\n");
    assertThat(client("LIST", "ID", "2", "9", "2"))
        .doesNotContain("id=1 ")
        .containsPattern("(?s)id=2 .*id=2 ");
    assertThat(client("LIST", "ID", "0")).isEqualTo("$0\r\n\r\n");
  }

  @Test
  void listRefusesOtherArguments() {
    assertThat(client("LIST", "ID", "x")).isEqualTo("-ERR Invalid client ID\r\n");
    assertThat(client("LIST", "TYPE", "x")).isEqualTo("-ERR Unknown client type 'x'\r\n");
    assertThat(client("LIST", "TYPE")).isEqualTo(SYNTAX);
    assertThat(client("LIST", "ID")).isEqualTo(SYNTAX);
    assertThat(client("LIST", "TYPE", "normal", "x")).isEqualTo(SYNTAX);
    assertThat(client("LIST", "x", "y")).isEqualTo(SYNTAX);
  }

  @Test
  void namesArePrintableAsciiWithoutSpaces() {
    assertThat(client("GETNAME")).isEqualTo(NULL);
    assertThat(client("SETNAME", "!me~")).isEqualTo(OK);
    for (String bad : new String[] {"a b", "a\n", "\177", "\344"}) {
      assertThat(client("SETNAME", bad)).isEqualTo("-ERR Client names" + BAD_NAME);
    }
    assertThat(client("GETNAME")).isEqualTo("$4\r\n!me~\r\n");
    assertThat(client("SETNAME", "")).isEqualTo(OK);
    assertThat(client("GETNAME")).isEqualTo(NULL);
  }

  @Test
  void setinfoKnowsTwoAttributes() {
    assertThat(client("SETINFO", "Lib-Name", "a b")).isEqualTo("-ERR Lib-Name" + BAD_NAME);
    assertThat(client("SETINFO", "lib", "x")).isEqualTo("-ERR Unrecognized option 'lib'\r\n");
  }

  @Test
  void killByAddressClosesOne() {
    Client other = server.connect();
    assertThat(client("KILL", "127.0.0.1:1")).isEqualTo(NO_SUCH_CLIENT);
    assertThat(client("KILL", other.address())).isEqualTo(OK);
    assertThat(other.isClosed()).isTrue();
    assertThat(client("KILL", self.address())).isEqualTo(OK);
    assertThat(self.isClosed()).isTrue();
  }

  @Test
  void killFiltersNarrowEachOther() {
    Client other = server.connect();
    assertThat(client("KILL", "ID", "3", "ADDR", self.address())).isEqualTo(":0\r\n");
    assertThat(client("KILL", "ID", "3", "TYPE", "pubsub")).isEqualTo(":0\r\n");
    assertThat(client("KILL", "LADDR", "127.0.0.1:1", "ID", "3")).isEqualTo(":0\r\n");
    assertThat(other.isClosed()).isFalse();
    assertThat(
            client(
                "KILL",
                "id",
                "3",
                "type",
                "normal",
                "user",
                "default",
                "addr",
                other.address(),
                "laddr",
                "127.0.0.1:6379"))
        .isEqualTo(":1\r\n");
    assertThat(other.isClosed()).isTrue();
    assertThat(self.isClosed()).isFalse();
  }

  @Test
  void killSparesItsOwnConnectionUnlessToldOtherwise() {
    assertThat(client("KILL", "ID", "2")).isEqualTo(":0\r\n");
    assertThat(client("KILL", "ID", "2", "SKIPME", "yes")).isEqualTo(":0\r\n");
    assertThat(client("KILL", "ID", "2", "SKIPME", "no")).isEqualTo(":1\r\n");
    assertThat(self.isClosed()).isTrue();
  }

  @Test
  void killRefusesOtherArguments() {
    assertThat(client("KILL", "ID")).isEqualTo(NO_SUCH_CLIENT);
    assertThat(client("KILL", "ID", "0", "SKIPME", "no")).isEqualTo(BAD_ID);
    assertThat(client("KILL", "ID", "x", "SKIPME")).isEqualTo(BAD_ID);
    assertThat(client("KILL", "ID", "7", "SKIPME")).isEqualTo(SYNTAX);
    assertThat(client("KILL", "SKIPME", "maybe", "ID", "7")).isEqualTo(SYNTAX);
    assertThat(client("KILL", "MAXAGE", "7", "ID", "7")).isEqualTo(SYNTAX);
    assertThat(client("KILL", "USER", "me", "ID", "7")).isEqualTo("-ERR No such user 'me'\r\n");
    assertThat(client("KILL", "TYPE", "x", "ID", "7"))
        .isEqualTo("-ERR Unknown client type 'x'\r\n");
  }

  @Test
  void whatAKilledClientHasQueuedIsDropped() {
    Client other = server.connect();
    self.queue("CLIENT KILL ID 3 SKIPME yes\r\n");
    other.queue("SET key value\r\n");
    assertThat(server.send("EXISTS", "key")).isEqualTo(":0\r\n");
    assertThat(self.receive()).isEqualTo(":1\r\n");
    assertThat(other.isClosed()).isTrue();
  }

  @Test
  void repliesCanBeTurnedOffAndSkipped() {
    assertThat(client("REPLY", "OFF")).isEmpty();
    assertThat(self.send("PING")).isEmpty();
    assertThat(self.send("GET")).isEmpty();
    assertThat(client("REPLY", "SKIP")).isEmpty();
    assertThat(self.send("PING")).isEmpty();
    assertThat(self.send("PING")).isEmpty();
    assertThat(client("REPLY", "ON")).isEqualTo(OK);
    assertThat(client("REPLY", "SKIP")).isEmpty();
    assertThat(self.send("PING")).isEmpty();
    assertThat(self.send("PING")).isEqualTo(PONG);
    assertThat(client("REPLY", "SKIP")).isEmpty();
    assertThat(client("REPLY", "ON")).isEqualTo(OK);
    assertThat(client("REPLY", "x")).isEqualTo(SYNTAX);
  }

  @Test
  void switchesShowAsFlags() {
    assertThat(client("NO-EVICT", "on")).isEqualTo(OK);
    assertThat(client("NO-TOUCH", "ON")).isEqualTo(OK);
    assertThat(client("INFO")).contains(" flags=eT ");
    assertThat(client("NO-EVICT", "off")).isEqualTo(OK);
    assertThat(client("NO-TOUCH", "off")).isEqualTo(OK);
    assertThat(client("INFO")).contains(" flags=N ");
    assertThat(client("NO-EVICT", "x")).isEqualTo(SYNTAX);
  }

  @Test
  void readsOfAnUntouchingClientLeaveTheKeyIdle() {
    server.send("SET", "key", "value");
    client("NO-TOUCH", "on");
    server.advance(Duration.ofSeconds(60));
    self.send("GET", "key");
    assertThat(server.send("OBJECT", "IDLETIME", "key")).isEqualTo(":60\r\n");
    client("NO-TOUCH", "off");
    self.send("GET", "key");
    assertThat(server.send("OBJECT", "IDLETIME", "key")).isEqualTo(":0\r\n");
  }

  @Test
  void helpListsTheSubcommands() {
    assertThat(client("HELP"))
        .startsWith("*41\r\n+CLIENT <subcommand> [<arg> [value] [opt] ...]. Subcommands are:\r\n")
        .endsWith("+HELP\r\n+    Shows these lines.\r\n");
    assertThat(client("x")).isEqualTo("-ERR unknown subcommand 'x'. Try CLIENT HELP.\r\n");
  }
}
