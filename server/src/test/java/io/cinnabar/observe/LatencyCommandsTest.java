package io.cinnabar.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.TestServer;
import io.cinnabar.TestServer.Client;
import io.cinnabar.command.LatencyEvent;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class LatencyCommandsTest {

  /** The virtual clocks begin here. */
  private static final long START_SECONDS = 1_709_208_000;

  private final TestServer server =
      TestServer.start("enable-debug-command yes", "latency-monitor-threshold 10");

  private static String lines(String... lines) {
    return String.join("\r\n", lines) + "\r\n";
  }

  private static String sample(long second, long millis) {
    return "*2\r\n:" + second + "\r\n:" + millis + "\r\n";
  }

  @Test
  void delaysFromTheThresholdOnAreTold() {
    server.send("DEBUG", "SLEEP", "0.0099");
    assertThat(server.send("LATENCY", "LATEST")).isEqualTo("*0\r\n");
    server.send("DEBUG", "SLEEP", "0.01");
    server.send("DEBUG", "SLEEP", "0.25");
    server.advance(Duration.ofSeconds(10));
    server.send("DEBUG", "SLEEP", "0.0199");
    assertThat(server.send("LATENCY", "LATEST"))
        .isEqualTo("*1\r\n*4\r\n$7\r\ncommand\r\n:" + (START_SECONDS + 10) + "\r\n:19\r\n:250\r\n");
    assertThat(server.send("LATENCY", "HISTORY", "command"))
        .isEqualTo("*2\r\n" + sample(START_SECONDS, 250) + sample(START_SECONDS + 10, 19));
    assertThat(server.send("LATENCY", "HISTORY", "COMMAND")).isEqualTo("*0\r\n");
    assertThat(server.send("LATENCY", "HISTORY", "fast-command")).isEqualTo("*0\r\n");
  }

  @Test
  void withoutAThresholdNothingIsKept() {
    server.send("CONFIG", "SET", "latency-monitor-threshold", "0");
    server.send("DEBUG", "SLEEP", "100");
    assertThat(server.send("LATENCY", "LATEST")).isEqualTo("*0\r\n");
    assertThat(server.send("LATENCY", "DOCTOR")).contains("latency-monitor-threshold is 0");
  }

  @Test
  void resetForgetsSomeEventsOrAll() {
    server.send("DEBUG", "SLEEP", "1");
    server.engine().slowness().delayed(LatencyEvent.EXPIRE_CYCLE, 25_000_000);
    server.engine().slowness().delayed(LatencyEvent.EVICTION_CYCLE, 30_000_000);
    assertThat(server.send("LATENCY", "LATEST"))
        .startsWith("*3\r\n")
        .contains("$12\r\nexpire-cycle\r\n:" + (START_SECONDS + 1) + "\r\n:25\r\n:25\r\n")
        .contains("$14\r\neviction-cycle\r\n");
    assertThat(server.send("LATENCY", "RESET", "nothing", "expire-cycle", "expire-cycle"))
        .isEqualTo(":1\r\n");
    assertThat(server.send("LATENCY", "RESET")).isEqualTo(":2\r\n");
    assertThat(server.send("LATENCY", "RESET")).isEqualTo(":0\r\n");
  }

  @Test
  void aSlowExpireCycleIsTold() {
    server.send("CONFIG", "SET", "latency-monitor-threshold", "1");
    server.send("SET", "key", "value", "PX", "1");
    server.advance(Duration.ofMillis(500));
    assertThat(server.engine().statistics().expiredKeys).isEqualTo(1);
    assertThat(server.send("LATENCY", "LATEST"))
        .as("virtual time stands still")
        .isEqualTo("*0\r\n");
    server.engine().settings().latencyEventFromNanos = 0;
    server.send("SET", "key", "value", "PX", "1");
    server.advance(Duration.ofMillis(500));
    assertThat(server.send("LATENCY", "HISTORY", "expire-cycle")).isNotEqualTo("*0\r\n");
  }

  @Test
  void graphDrawsOrRefuses() {
    assertThat(server.send("LATENCY", "GRAPH", "command"))
        .isEqualTo("-ERR No samples available for event 'command'\r\n");
    server.send("DEBUG", "SLEEP", "0.5");
    assertThat(server.send("LATENCY", "GRAPH", "command"))
        .startsWith("$")
        .contains("\r\ncommand - high 500 ms, low 500 ms (all time high 500 ms)\n---");
    server.send("HELLO", "3");
    assertThat(server.send("LATENCY", "GRAPH", "command")).startsWith("=").contains("\r\ntxt:comm");
  }

  @Test
  void doctorGivesFiguresAndAdvice() {
    assertThat(server.send("LATENCY", "DOCTOR")).contains("nothing to cure");
    server.send("DEBUG", "SLEEP", "0.1");
    server.advance(Duration.ofSeconds(4));
    server.send("DEBUG", "SLEEP", "0.2");
    server.engine().slowness().delayed(LatencyEvent.FAST_COMMAND, 12_000_000);
    assertThat(server.send("LATENCY", "DOCTOR"))
        .contains(
            "1. command: 2 samples (average 150ms, mean deviation 50ms, one in 2.00 sec). Longest"
                + " ever 200ms.\n")
        .contains("2. fast-command: 1 samples (average 12ms, ")
        .contains("SLOWLOG GET")
        .contains("swapping")
        .doesNotContain("slowlog-log-slower-than");
    server.send("CONFIG", "SET", "slowlog-log-slower-than", "-1");
    assertThat(server.send("LATENCY", "DOCTOR"))
        .contains("CONFIG SET slowlog-log-slower-than 10000");
  }

  @Test
  void histogramCountsCallsUpToEachLimit() {
    for (String seconds : new String[] {"0", "0.000001", "0.0000015", "0.003", "0.5", "70"}) {
      server.send("DEBUG", "SLEEP", seconds);
    }
    server.send("HELLO", "3");
    assertThat(server.send("LATENCY", "HISTOGRAM", "debug", "nothing", "get"))
        .isEqualTo(
            lines("%1", "$5", "debug", "%2", "$5", "calls", ":6", "$14", "histogram_usec", "%5")
                + lines(":1", ":2", ":2", ":3", ":4227", ":4", ":541065", ":5", ":1073741", ":6"));
    assertThat(server.send("LATENCY", "HISTOGRAM"))
        .startsWith("%3\r\n")
        .contains("$17\r\nlatency|histogram\r\n", "$5\r\nhello\r\n", "$5\r\ndebug\r\n");
    assertThat(server.send("LATENCY", "HISTOGRAM", "latency", "LATENCY|HISTOGRAM"))
        .as("a container stands for its subcommands")
        .startsWith("%2\r\n$17\r\nlatency|histogram\r\n");
  }

  @Test
  void aPipelineOfQuickCommandsCountsEachOfThem() {
    Client client = server.connect();
    client.sendRaw("PING\r\n".repeat(1000));
    assertThat(server.send("LATENCY", "HISTOGRAM", "ping"))
        .isEqualTo(
            lines("*2", "$4", "ping", "*4", "$5", "calls", ":1000", "$14", "histogram_usec")
                + lines("*2", ":1", ":1000"));
  }

  @Test
  void trackingCanBeTurnedOff() {
    server.send("CONFIG", "SET", "latency-tracking", "no");
    server.send("PING");
    assertThat(server.send("LATENCY", "HISTOGRAM", "ping")).isEqualTo("*0\r\n");
    server.send("CONFIG", "SET", "latency-tracking", "yes");
    server.send("PING");
    server.send("PING");
    assertThat(server.send("LATENCY", "HISTOGRAM", "ping")).contains("$5\r\ncalls\r\n:2\r\n");
    server.send("CONFIG", "RESETSTAT");
    assertThat(server.send("LATENCY", "HISTOGRAM", "ping")).isEqualTo("*0\r\n");
  }
}
