package io.cinnabar.family;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.TestServer;
import io.cinnabar.TestServer.Client;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ServerCommandsTest {

  private static final String OK = "+OK\r\n";
  private static final String SYNTAX = "-ERR syntax error\r\n";

  private final TestServer server = TestServer.start("enable-debug-command local");

  @Test
  void timeIsTheClocks() {
    assertThat(server.send("TIME")).isEqualTo("*2\r\n$10\r\n1709208000\r\n$1\r\n0\r\n");
    server.advance(Duration.ofNanos(1_234_567_000));
    assertThat(server.send("TIME")).isEqualTo("*2\r\n$10\r\n1709208001\r\n$6\r\n234567\r\n");
  }

  @Test
  void shutdownClosesWithoutAReply() {
    Client client = server.connect();
    assertThat(client.send("SHUTDOWN", "NOSAVE", "NOW", "FORCE")).isEmpty();
    assertThat(client.isClosed()).isTrue();
  }

  @Test
  void nothingRunsBehindAShutdown() {
    Client before = server.connect();
    Client stopping = server.connect();
    Client behind = server.connect();
    before.queue("SET key before\r\n");
    stopping.queue("SHUTDOWN\r\nSET key pipelined\r\n");
    behind.queue("SET key behind\r\n");
    assertThat(behind.receive()).isEmpty();
    assertThat(before.receive()).isEqualTo(OK);
    assertThat(stopping.receive()).isEmpty();
    assertThat(behind.isClosed()).isTrue();
    assertThat(before.isClosed()).isTrue();
    assertThat(server.engine().statistics().commandsProcessed)
        .as("what never ends is not counted")
        .isEqualTo(1);
  }

  @Test
  void shutdownRefusesContradictions() {
    assertThat(server.send("SHUTDOWN", "NOSAVE", "SAVE")).isEqualTo(SYNTAX);
    assertThat(server.send("SHUTDOWN", "ABORT", "NOW")).isEqualTo(SYNTAX);
    assertThat(server.send("SHUTDOWN", "later")).isEqualTo(SYNTAX);
    assertThat(server.send("SHUTDOWN", "ABORT")).isEqualTo("-ERR No shutdown in progress.\r\n");
  }

  @Test
  void debugServesThoseWhomTheConfigurationNames() {
    String denied =
        "-ERR DEBUG command not allowed. If the enable-debug-command option is set to \"local\","
            + " you can run it from a local connection, otherwise you need to set this option in"
            + " the configuration file, and then restart the server.\r\n";
    assertThat(TestServer.start().send("DEBUG", "SLEEP", "0")).isEqualTo(denied);
    assertThat(server.send("DEBUG", "SLEEP", "0")).isEqualTo(OK);
    TestServer open = TestServer.start("protected-mode no", "enable-debug-command local");
    assertThat(open.connect("192.0.2.1:1234").send("DEBUG", "SLEEP", "0")).isEqualTo(denied);
    open = TestServer.start("protected-mode no", "enable-debug-command yes");
    assertThat(open.connect("192.0.2.1:1234").send("DEBUG", "SLEEP", "0")).isEqualTo(OK);
  }

  @Test
  void debugSleepLetsTimePassWhileInputQueues() {
    Client other = server.connect();
    server.send("SET", "key", "value", "PX", "1400");
    server.engine().host().network().post(() -> other.queue("TTL key\r\nTIME\r\n"));
    assertThat(server.send("DEBUG", "SLEEP", "1.5")).isEqualTo(OK);
    assertThat(other.receive()).isEqualTo(":-2\r\n*2\r\n$10\r\n1709208001\r\n$6\r\n500000\r\n");
  }

  @Test
  void debugSleepReadsANumberAsFarAsItGoes() {
    for (String none : new String[] {"x", "", "-1", ".", "e5", "+"}) {
      assertThat(server.send("DEBUG", "SLEEP", none)).isEqualTo(OK);
    }
    assertThat(server.send("TIME")).contains("\r\n1709208000\r\n");
    for (String second : new String[] {"1x", "1e0", "1.0e", ".1e+1y"}) {
      assertThat(server.send("DEBUG", "SLEEP", second)).isEqualTo(OK);
    }
    assertThat(server.send("TIME")).contains("\r\n1709208004\r\n");
  }

  @Test
  void debugObjectTellsHowAValueIsStored() {
    server.send("SET", "small", "42");
    server.send("SET", "large", "123456789012");
    server.send("SET", "short", "hello");
    server.send("SET", "long", "0123456789".repeat(7));
    server.advance(Duration.ofSeconds(3));
    String clock = " lru:\\d+ lru_seconds_idle:3\r\n";
    assertThat(server.send("DEBUG", "OBJECT", "small"))
        .matches(
            "\\+Value at:0x[0-9a-f]{12} refcount:2147483647 encoding:int serializedlength:2"
                + clock);
    assertThat(server.send("DEBUG", "OBJECT", "large"))
        .contains(" refcount:1 encoding:int serializedlength:13 ");
    assertThat(server.send("DEBUG", "OBJECT", "short"))
        .contains(" refcount:1 encoding:embstr serializedlength:6 ");
    assertThat(server.send("DEBUG", "OBJECT", "long"))
        .contains(" refcount:1 encoding:raw serializedlength:72 ");
    assertThat(server.send("DEBUG", "OBJECT", "none")).isEqualTo("-ERR no such key\r\n");
    assertThat(server.send("OBJECT", "IDLETIME", "small")).isEqualTo(":3\r\n");
  }

  @Test
  void debugSetActiveExpireStopsTheSearchForExpiredKeys() {
    assertThat(server.send("DEBUG", "SET-ACTIVE-EXPIRE", "0")).isEqualTo(OK);
    server.send("SET", "key", "value", "PX", "1");
    server.advance(Duration.ofSeconds(2));
    assertThat(server.send("DBSIZE")).isEqualTo(":1\r\n");
    assertThat(server.send("DEBUG", "SET-ACTIVE-EXPIRE", "1")).isEqualTo(OK);
    server.advance(Duration.ofSeconds(2));
    assertThat(server.send("DBSIZE")).isEqualTo(":0\r\n");
  }

  @Test
  void debugRefusesTheRest() {
    String unknown =
        "-ERR unknown subcommand or wrong number of arguments for '%s'. Try DEBUG HELP.\r\n";
    assertThat(server.send("DEBUG", "Foo")).isEqualTo(unknown.formatted("Foo"));
    assertThat(server.send("DEBUG", "SLEEP")).isEqualTo(unknown.formatted("SLEEP"));
    assertThat(server.send("DEBUG", "OBJECT", "a", "b")).isEqualTo(unknown.formatted("OBJECT"));
    assertThat(server.send("DEBUG", "HELP", "x")).isEqualTo(unknown.formatted("HELP"));
  }
}
