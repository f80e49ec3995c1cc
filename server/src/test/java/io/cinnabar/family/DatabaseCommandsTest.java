package io.cinnabar.family;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.TestServer;
import io.cinnabar.TestServer.Client;
import io.cinnabar.command.Told;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DatabaseCommandsTest {

  private static final String OK = "+OK\r\n";
  private static final String SYNTAX = "-ERR syntax error\r\n";

  private final TestServer server = TestServer.start();

  /** What followers are told, one command a line. */
  private List<String> follow() {
    List<String> lines = new ArrayList<>();
    server
        .engine()
        .unit()
        .listen(Told.to(change -> change.commands().forEach(c -> lines.add(c.toString()))));
    return lines;
  }

  @Test
  void flushdbEmptiesOneDatabase() {
    fillTwo();
    assertThat(server.send("DBSIZE")).isEqualTo(":2\r\n");
    List<String> followed = follow();
    assertThat(server.send("FLUSHDB", "async")).isEqualTo(OK);
    assertThat(server.send("DBSIZE")).isEqualTo(":0\r\n");
    server.send("SELECT", "1");
    assertThat(server.send("DBSIZE")).isEqualTo(":1\r\n");
    assertThat(followed).containsExactly("0 FLUSHDB async");
  }

  @Test
  void flushallEmptiesAll() {
    fillTwo();
    long changes = server.engine().unit().changeCount();
    assertThat(server.send("FLUSHALL")).isEqualTo(OK);
    assertThat(server.engine().unit().changeCount()).isEqualTo(changes + 3);
    assertThat(server.send("DBSIZE")).isEqualTo(":0\r\n");
    server.send("SELECT", "1");
    assertThat(server.send("GET", "c")).isEqualTo("$-1\r\n");
  }

  @Test
  void flushesReachTheFollowersEvenWhenNothingWasThere() {
    List<String> followed = follow();
    server.send("FLUSHDB");
    server.send("FLUSHALL", "SYNC");
    assertThat(followed).containsExactly("0 FLUSHDB", "0 FLUSHALL SYNC");
  }

  @Test
  void flushesTakeOneKnownOption() {
    assertThat(server.send("FLUSHDB", "x")).isEqualTo(SYNTAX);
    assertThat(server.send("FLUSHDB", "ASYNC", "SYNC")).isEqualTo(SYNTAX);
    assertThat(server.send("FLUSHALL", "x")).isEqualTo(SYNTAX);
    assertThat(server.send("FLUSHALL", "SYNC", "x")).isEqualTo(SYNTAX);
  }

  @Test
  void swapdbExchangesForEveryClient() {
    fillTwo();
    Client inOne = server.connect();
    inOne.send("SELECT", "1");
    List<String> followed = follow();
    assertThat(server.send("SWAPDB", "0", "1")).isEqualTo(OK);
    assertThat(server.send("GET", "c")).isEqualTo("$1\r\n3\r\n");
    assertThat(inOne.send("GET", "a")).isEqualTo("$1\r\n1\r\n");
    assertThat(followed).containsExactly("0 SWAPDB 0 1");
  }

  @Test
  void swapdbRefusesWhatIsNoDatabase() {
    String first = "-ERR invalid first DB index\r\n";
    String outOfRange = "-ERR DB index is out of range\r\n";
    assertThat(server.send("SWAPDB", "a", "b")).isEqualTo(first);
    assertThat(server.send("SWAPDB", "4294967296", "0")).isEqualTo(first);
    assertThat(server.send("SWAPDB", "0", "b")).isEqualTo("-ERR invalid second DB index\r\n");
    assertThat(server.send("SWAPDB", "16", "0")).isEqualTo(outOfRange);
    assertThat(server.send("SWAPDB", "0", "-1")).isEqualTo(outOfRange);
    assertThat(server.send("SWAPDB", "3", "3")).isEqualTo(OK);
  }

  private void fillTwo() {
    server.send("MSET", "a", "1", "b", "2");
    Client other = server.connect();
    other.send("SELECT", "1");
    other.send("SET", "c", "3");
  }
}
