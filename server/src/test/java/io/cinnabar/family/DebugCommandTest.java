package io.cinnabar.family;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.TestServer;
import io.cinnabar.TestServer.Client;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What of DEBUG a real server can't be asked for: our own, the log, what ends the server. */
final class DebugCommandTest {

  private static final String OK = "+OK\r\n";

  private final TestServer server = TestServer.start("enable-debug-command yes", "timeout 5");

  @Test
  void resp3HasAttributesAndPushes() {
    Client client = server.connect();
    client.send("HELLO", "3");
    assertThat(client.send("DEBUG", "PROTOCOL", "attrib"))
        .startsWith("|1\r\n$14\r\nkey-popularity\r\n*2\r\n$7\r\nkey:123\r\n:90\r\n$39\r\n")
        .endsWith("\r\nSome real reply following the attribute\r\n")
        .hasSize(93);
    assertThat(client.send("DEBUG", "PROTOCOL", "push"))
        .startsWith(">2\r\n$16\r\nserver-cpu-usage\r\n:42\r\n$40\r\n")
        .endsWith("\r\nSome real reply following the push reply\r\n")
        .hasSize(79);
  }

  @ParameterizedTest
  @CsvSource({"h?llo, hello, 1", "h?llo, hllo, 0", "**, x, 1", "'', x, 0", "[^a]b, cb, 1"})
  void patternsAreTried(String pattern, String text, int matches) {
    assertThat(server.send("DEBUG", "STRINGMATCH-LEN", pattern, text))
        .isEqualTo(":" + matches + "\r\n");
  }

  @Test
  void whatAClientLogsIsOneLine() {
    assertThat(server.send("DEBUG", "LOG", "one\r\n4711:M two")).isEqualTo(OK);
    assertThat(server.logLines()).endsWith("DEBUG LOG: one  4711:M two");
  }

  @Test
  void memoryIsToldInTheLog() {
    assertThat(server.send("DEBUG", "JMAP")).isEqualTo(OK);
    assertThat(server.logLines())
        .filteredOn(line -> line.startsWith("DEBUG JMAP: "))
        .hasSize(3)
        .last()
        .isEqualTo("DEBUG JMAP: heap at most 268435456 bytes, process 3145728");
  }

  @Test
  void aNewReplicationIdIsShown() {
    String before = server.send("INFO", "replication");
    assertThat(before).containsPattern("master_replid:[0-9a-f]{40}\r\n");
    assertThat(server.send("DEBUG", "CHANGE-REPL-ID")).isEqualTo(OK);
    assertThat(server.send("INFO", "replication"))
        .containsPattern("master_replid:[0-9a-f]{40}\r\n")
        .isNotEqualTo(before);
  }

  @Test
  void thePeriodicWorkRests() {
    Client idle = server.connect();
    assertThat(server.send("DEBUG", "PAUSE-CRON", "1")).isEqualTo(OK);
    server.advance(Duration.ofSeconds(20));
    assertThat(idle.isClosed()).isFalse();
    assertThat(server.send("DEBUG", "PAUSE-CRON", "0")).isEqualTo(OK);
    server.advance(Duration.ofSeconds(20));
    assertThat(idle.isClosed()).isTrue();
  }

  @Test
  void tablesAreCounted() {
    server.send("DEBUG", "POPULATE", "1000");
    server.send("EXPIRE", "key:1", "100");
    String head = "Hash table 0 stats \\(main hash table\\):";
    assertThat(server.send("DEBUG", "HTSTATS", "0").lines().skip(1))
        .usingElementComparator((line, pattern) -> line.matches(pattern) ? 0 : 1)
        .containsExactly(
            "\\[Dictionary HT\\]",
            head,
            " table size: \\d{4}",
            " number of elements: 1000",
            " number of segments: \\d+",
            "\\[Expires HT\\]",
            head,
            " table size: \\d{4}",
            " number of elements: 1",
            " number of segments: \\d+",
            "");
  }

  @Test
  void populatingIsNoChange() {
    long before = server.engine().unit().changeCount();
    server.send("DEBUG", "POPULATE", "10");
    assertThat(server.engine().unit().changeCount()).isEqualTo(before);
    assertThat(server.send("DEBUG", "POPULATE", "1", "key", "99999999999"))
        .isEqualTo("-ERR value is out of range, must be positive\r\n");
  }

  @ParameterizedTest
  @CsvSource({
    "SEGFAULT, DEBUG SEGFAULT was called, 11",
    "PANIC, Guru Meditation: DEBUG PANIC called at Unix time 1709208000, 6",
    "ASSERT, === ASSERTION FAILED ===, 6",
    "OOM, Out Of Memory allocating 9223372036854775807 bytes!, 6"
  })
  void anEmbeddedServerThatCrashesEndsAlone(String subcommand, String cause, int signal) {
    Client client = server.connect();
    Client other = server.connect();
    client.queue("DEBUG " + subcommand + "\r\nSET key value\r\n");
    assertThat(client.receive()).isEmpty();
    assertThat(client.isClosed()).isTrue();
    assertThat(other.isClosed()).isTrue();
    assertThat(server.logLines()).contains(cause, "Cinnabar 0.1.0 crashed by signal: " + signal);
  }

  @Test
  void helpListsThemAll() {
    assertThat(server.send("DEBUG", "HELP"))
        .startsWith("*61\r\n+DEBUG <subcommand> [<arg> [value] [opt] ...]. Subcommands are:\r\n")
        .contains("+DIGEST-VALUE <key> [<key> ...]\r\n", "+SLEEP <seconds>\r\n+    Holds up");
  }
}
