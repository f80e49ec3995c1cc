package io.cinnabar.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.TestServer;
import io.cinnabar.TestServer.Client;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What MONITOR shows, to whom, and what becomes of those who don't read it. */
final class MonitorTest {

  private static final String OK = "+OK\r\n";
  private static final String PONG = "+PONG\r\n";

  private final TestServer server = TestServer.start("enable-debug-command yes");
  private final Client client = server.connect();
  private final Client monitor = server.connect();

  private void watch() {
    assertThat(monitor.send("MONITOR")).isEqualTo(OK);
  }

  /** What the monitor has got, without the times. */
  private String shown() {
    return shown(monitor);
  }

  private static String shown(Client monitor) {
    return withoutTimes(monitor.receive());
  }

  private static String withoutTimes(String lines) {
    return lines.replaceAll("\\+\\d{10}\\.\\d{6} ", "");
  }

  /** The lines of the client's commands, in database 0. */
  private String lines(String... commands) {
    StringBuilder lines = new StringBuilder();
    for (String command : commands) {
      lines.append("[0 ").append(client.address()).append("] ").append(command).append("\r\n");
    }
    return lines.toString();
  }

  @Test
  void aLineTellsTimeDatabaseAddressAndArguments() {
    watch();
    server.advance(Duration.ofNanos(123_000));
    client.send("set", "key", "a b");
    assertThat(monitor.receive())
        .isEqualTo("+1709208000.000123 [0 " + client.address() + "] \"set\" \"key\" \"a b\"\r\n");
    client.send("SELECT", "3");
    assertThat(shown()).isEqualTo("[3 " + client.address() + "] \"SELECT\" \"3\"\r\n");
  }

  @Test
  void microsecondsHaveSixDigits() {
    watch();
    for (int micros : new int[] {0, 9, 10, 99, 100, 9_999, 10_000, 100_000, 999_999}) {
      server.host().time().setInstant(Instant.ofEpochSecond(1_700_000_000, 1_000L * micros));
      client.send("PING");
      assertThat(monitor.receive())
          .startsWith("+1700000000." + String.format("%06d", micros) + " [");
    }
  }

  @Test
  void argumentsAreQuoted() {
    watch();
    client.send("ECHO", "\r\n\t\b\007\"\\'\0\177\377~ ");
    assertThat(shown()).isEqualTo(lines("\"ECHO\" \"\\r\\n\\t\\b\\a\\\"\\\\'\\x00\\x7f\\xff~ \""));
  }

  @Test
  void whatIsRefusedIsNotShownButWhatFails() {
    watch();
    client.sendRaw("GET\r\nNONE\r\n\r\nSET k v\r\nINCR k\r\nEXPIRE k x\r\n");
    assertThat(shown())
        .isEqualTo(lines("\"SET\" \"k\" \"v\"", "\"INCR\" \"k\"", "\"EXPIRE\" \"k\" \"x\""));
  }

  @Test
  void theOperatorsCommandsAreNotShown() {
    watch();
    client.sendRaw("CONFIG GET port\r\nDEBUG OBJECT k\r\nCLIENT LIST\r\nCLIENT ID\r\nMONITOR\r\n");
    assertThat(shown()).isEqualTo(lines("\"CLIENT\" \"ID\""));
  }

  @Test
  void passwordsAreNotShown() {
    watch();
    for (String command :
        new String[] {
          "AUTH secret",
          "AUTH user secret",
          "HELLO 3 SETNAME n AUTH user secret",
          "HELLO 2 AUTH a b AUTH c d AUTH e f AUTH default x",
          "AUTH a b c"
        }) {
      client.sendRaw(command + "\r\n");
    }
    assertThat(shown())
        .isEqualTo(
            lines(
                "\"AUTH\" \"(redacted)\"",
                "\"AUTH\" \"(redacted)\" \"(redacted)\"",
                "\"HELLO\" \"3\" \"SETNAME\" \"n\" \"AUTH\" \"(redacted)\" \"(redacted)\"",
                "\"HELLO\" \"2\"" + " \"AUTH\" \"(redacted)\" \"(redacted)\"".repeat(4),
                "\"AUTH\" \"a\" \"b\" \"c\""));
    client.send("ECHO", "AUTH");
    assertThat(shown()).isEqualTo(lines("\"ECHO\" \"AUTH\""));
  }

  @Test
  void linesComeInTheOrderOfExecution() {
    watch();
    Client other = server.connect();
    for (int i = 0; i < 300; i++) {
      client.queue("APPEND order c" + i + ",\r\n");
      other.queue("APPEND order o" + i + ",\r\n");
    }
    server.advance(Duration.ofMillis(1));
    StringBuilder order = new StringBuilder();
    shown()
        .lines()
        .forEach(line -> order.append(line, line.lastIndexOf(' ') + 2, line.length() - 1));
    assertThat(order).contains("c299,o").contains("o255,c");
    assertThat(server.send("GET", "order")).endsWith("\r\n" + order + "\r\n");
  }

  /** The line of a monitor's own command comes behind the reply, in the order of its pipeline. */
  @Test
  void aMonitorSeesItsOwnCommands() {
    monitor.sendRaw("MONITOR\r\n");
    String own = "[0 " + monitor.address() + "] ";
    assertThat(withoutTimes(monitor.sendRaw("PING\r\nMONITOR\r\nECHO x\r\nINFO none\r\n")))
        .isEqualTo(
            PONG
                + own
                + "\"PING\"\r\n$1\r\nx\r\n"
                + own
                + "\"ECHO\" \"x\"\r\n$0\r\n\r\n"
                + own
                + "\"INFO\" \"none\"\r\n");
  }

  @Test
  void othersLinesComeBetweenAMonitorsReplies() {
    watch();
    client.queue("ECHO a\r\n");
    monitor.queue("PING\r\nPING\r\n");
    server.advance(Duration.ofMillis(1));
    String own = "[0 " + monitor.address() + "] \"PING\"\r\n";
    assertThat(shown()).isEqualTo(lines("\"ECHO\" \"a\"") + PONG + own + PONG + own);
  }

  @Test
  void aMonitorCanNotTouchTheData() {
    watch();
    String refused = "-ERR Replica can't interact with the keyspace\r\n";
    assertThat(monitor.sendRaw("GET k\r\nSET k v\r\nDBSIZE\r\n")).isEqualTo(refused.repeat(3));
    assertThat(monitor.send("GET")).startsWith("-ERR wrong number");
    assertThat(server.send("INFO", "commandstats"))
        .contains("cmdstat_set:calls=0,usec=0,usec_per_call=0.00,rejected_calls=1,failed_calls=0");
  }

  @Test
  void resetAndQuitEndIt() {
    watch();
    assertThat(monitor.send("CLIENT", "INFO")).contains(" flags=O ");
    assertThat(monitor.send("RESET")).isEqualTo("+RESET\r\n");
    assertThat(monitor.send("CLIENT", "INFO")).contains(" flags=N ");
    client.send("PING");
    assertThat(shown()).isEmpty();
    assertThat(monitor.send("GET", "k")).isEqualTo("$-1\r\n");
    watch();
    assertThat(monitor.send("QUIT")).isEqualTo(OK);
    assertThat(monitor.isClosed()).isTrue();
    client.send("PING");
    assertThat(server.engine().sessions().monitors().isEmpty()).isTrue();
  }

  @Test
  void aMonitorThatHangsUpIsForgotten() {
    watch();
    monitor.abandon();
    client.sendRaw("PING\r\nPING\r\n");
    assertThat(server.engine().sessions().monitors().isEmpty()).isTrue();
    assertThat(client.send("PING")).isEqualTo(PONG);
  }

  @Test
  void aMonitorWithoutRepliesIsShownNothing() {
    watch();
    assertThat(withoutTimes(monitor.sendRaw("CLIENT REPLY SKIP\r\nPING\r\nPING\r\n")))
        .isEqualTo(
            "[0 "
                + monitor.address()
                + "] \"CLIENT\" \"REPLY\" \"SKIP\"\r\n+PONG\r\n[0 "
                + monitor.address()
                + "] \"PING\"\r\n");
    monitor.send("CLIENT", "REPLY", "OFF");
    client.send("PING");
    assertThat(shown()).isEmpty();
    assertThat(withoutTimes(monitor.send("CLIENT", "REPLY", "ON"))).startsWith(OK + "[0 ");
    client.send("PING");
    assertThat(shown()).isEqualTo(lines("\"PING\""));
  }

  @Test
  void inResp3TheLinesAreTheSame() {
    monitor.send("HELLO", "3");
    watch();
    client.send("PING");
    assertThat(monitor.receive()).matches("\\+\\d+\\.\\d{6} \\[0 .*] \"PING\"\r\n");
  }

  @Test
  void monitorsAreNeitherIdleNorMadeToWait() {
    server.send("CONFIG", "SET", "timeout", "1");
    watch();
    server.advance(Duration.ofSeconds(10));
    assertThat(client.isClosed()).isTrue();
    server.connect().send("CLIENT", "PAUSE", "100000");
    assertThat(shown(monitor)).isEmpty();
    assertThat(withoutTimes(monitor.send("PING"))).startsWith(PONG);
    assertThat(monitor.send("CLIENT", "UNPAUSE")).isEqualTo(OK);
  }

  @Test
  void aCommandThatWaitsIsShownWhenItRuns() {
    watch();
    client.send("CLIENT", "PAUSE", "100", "WRITE");
    client.sendRaw("INCR n\r\n");
    assertThat(shown()).isEmpty();
    server.advance(Duration.ofMillis(101));
    assertThat(shown()).isEqualTo(lines("\"INCR\" \"n\""));
  }

  @Test
  void manyMonitorsSeeTheSame() {
    List<Client> monitors = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      monitors.add(server.connect());
      monitors.get(i).send("MONITOR");
    }
    client.sendRaw("PING\r\nECHO x\r\n");
    for (Client each : monitors) {
      assertThat(shown(each)).isEqualTo(lines("\"PING\"", "\"ECHO\" \"x\""));
    }
  }

  /** Ordinary clients have no limit unless one is set; what is pushed needs one. */
  @Test
  void aMonitorThatNeverReadsIsCutAtTheLimitOfThoseThatAreSpokenToUnasked() {
    watch();
    server.host().network().setWindowBytes(0);
    String big = "ECHO " + "x".repeat(60_000) + "\r\n";
    int sent = 0;
    while (!monitor.isClosed() && sent < 1_000) {
      Client sender = server.connect();
      sender.sendRaw(big);
      sender.close();
      sent++;
    }
    assertThat((long) sent * big.length()).isBetween(32L << 20, 33L << 20);
    assertThat(server.logLines())
        .anyMatch(
            line ->
                line.matches(
                    "Client id=3 .* flags=O .* cmd=monitor .* scheduled to be closed ASAP for"
                        + " overcoming of output buffer limits\\."));
    assertThat(server.engine().statistics().outputBufferLimitDisconnections).isEqualTo(1);
  }

  @Test
  void aLimitForOrdinaryClientsHoldsForMonitors() {
    server.send("CONFIG", "SET", "client-output-buffer-limit", "normal 1mb 0 0");
    watch();
    server.host().network().setWindowBytes(0);
    for (int i = 0; i < 20 && !monitor.isClosed(); i++) {
      client.sendRaw("ECHO " + "x".repeat(60_000) + "\r\n");
    }
    assertThat(monitor.isClosed()).isTrue();
  }

  @Test
  void softLimitsCutAMonitorAfterTheirTime() {
    server.send("CONFIG", "SET", "client-output-buffer-limit", "normal 0 1000 2");
    watch();
    server.host().network().setWindowBytes(0);
    client.sendRaw("ECHO " + "x".repeat(20_000) + "\r\n");
    server.advance(Duration.ofSeconds(1));
    assertThat(monitor.isClosed()).isFalse();
    server.advance(Duration.ofSeconds(3));
    assertThat(monitor.isClosed()).isTrue();
  }
}
