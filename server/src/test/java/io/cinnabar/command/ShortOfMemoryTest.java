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
