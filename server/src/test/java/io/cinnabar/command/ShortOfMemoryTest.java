package io.cinnabar.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.TestServer;
import io.cinnabar.TestServer.Client;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A server whose data set has all of the heap that it may have; the virtual one has 256 MiB. */
final class ShortOfMemoryTest {

  private static final String OK = "+OK\r\n";
  private static final String FULL = "-" + CommandError.OUT_OF_MEMORY.line() + "\r\n";
  private static final String LAST_BYTE = "99999999";

  private final TestServer server = TestServer.start();

  @Test
  void writesAreRefusedAndEverythingElseGoesOn() {
    assertThat(server.send("SETRANGE", "a", LAST_BYTE, "x")).isEqualTo(":100000000\r\n");
    assertThat(server.send("SETRANGE", "b", LAST_BYTE, "x")).isEqualTo(":100000000\r\n");
    assertThat(server.send("SETRANGE", "c", LAST_BYTE, "x")).isEqualTo(FULL);
    assertThat(server.send("COPY", "a", "c")).isEqualTo(FULL);
    assertThat(server.send("DBSIZE")).isEqualTo(":2\r\n");
    assertThat(server.send("GETRANGE", "a", LAST_BYTE, "-1")).isEqualTo("$1\r\nx\r\n");
    assertThat(server.send("DEL", "a")).isEqualTo(":1\r\n");
    assertThat(server.send("COPY", "b", "c")).isEqualTo(":1\r\n");
    assertThat(server.send("COPY", "b", "a")).isEqualTo(FULL);
    assertThat(server.send("FLUSHALL")).isEqualTo(OK);
    assertThat(server.send("SETRANGE", "a", LAST_BYTE, "x")).isEqualTo(":100000000\r\n");
    server.engine().keyspace().validate();
  }

  /** What fails leaves no key behind, and that there is as it was. */
  @Test
  void bitmapsThatFindNoRoomAreAsTheyWere() {
    String lastBit = "799999999";
    assertThat(server.send("SETBIT", "a", lastBit, "1")).isEqualTo(":0\r\n");
    assertThat(server.send("SETBIT", "more", lastBit, "1")).isEqualTo(":0\r\n");
    server.send("SET", "b", "text", "EX", "100");
    server.send("SET", "c", "text");
    assertThat(server.send("SETBIT", "b", lastBit, "1")).isEqualTo(FULL);
    assertThat(server.send("SETBIT", "new", lastBit, "1")).isEqualTo(FULL);
    assertThat(server.send("BITFIELD", "new", "SET", "u8", lastBit, "1")).isEqualTo(FULL);
    assertThat(server.send("BITFIELD", "b", "SET", "u8", lastBit, "1")).isEqualTo(FULL);
    for (String target : new String[] {"b", "c", "new"}) {
      assertThat(server.send("BITOP", "NOT", target, "a")).as(target).isEqualTo(FULL);
      assertThat(server.send("BITOP", "OR", target, target, "a")).as(target).isEqualTo(FULL);
    }
    for (String key : new String[] {"b", "c"}) {
      assertThat(server.send("GET", key)).isEqualTo("$4\r\ntext\r\n");
    }
    assertThat(server.send("TTL", "b")).isEqualTo(":100\r\n");
    assertThat(server.send("TTL", "c")).isEqualTo(":-1\r\n");
    assertThat(server.send("DBSIZE")).isEqualTo(":4\r\n");
    assertThat(server.send("BITOP", "NOT", "a", "a")).isEqualTo(":100000000\r\n");
    assertThat(server.send("BITCOUNT", "a")).isEqualTo(":799999999\r\n");
    server.engine().keyspace().validate();
  }

  @Test
  void anExhaustedHeapInThePollDoesNotEndTheServer() {
    Client client = server.connect();
    server
        .host()
        .network()
        .post(
            () -> {
              throw new OutOfMemoryError();
            });
    assertThat(client.send("PING") + client.receive()).isEqualTo("+PONG\r\n");
    assertThat(server.logLines()).anyMatch(line -> line.startsWith("Out of memory while"));
  }

  @Test
  void anExhaustedHeapInThePeriodicWorkDoesNotEndIt() {
    Settings settings = server.engine().settings();
    boolean[] called = {false};
    server
        .engine()
        .unit()
        .listen(
            change -> {
              called[0] = true;
              throw new OutOfMemoryError();
            });
    server.send("SET", "key", "value", "PX", "10");
    assertThat(settings.activeExpire).isTrue();
    called[0] = false;
    server.advance(Duration.ofSeconds(1));
    assertThat(called[0]).isTrue();
    assertThat(server.logLines()).anyMatch(line -> line.startsWith("Out of memory in the"));
    assertThat(server.connect().send("DBSIZE")).isEqualTo(":0\r\n");
  }
}
