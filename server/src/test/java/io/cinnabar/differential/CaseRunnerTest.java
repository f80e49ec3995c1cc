package io.cinnabar.differential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The bench must notice a server that answers differently, and only that. */
final class CaseRunnerTest {

  @Test
  void aWrongReplyIsReported() throws IOException {
    List<Difference> differences = run("+PONG", "+PANG", "SET k v\nPING");
    assertThat(differences).hasSize(1);
    assertThat(differences.get(0).toString())
        .contains("test.case:3", "PING", "redis", "+PONG", "corrupted", "+PANG");
  }

  @Test
  void equalRepliesInOtherBytesAreReported() throws IOException {
    List<Difference> differences = run("$1\r\nv", "$01\r\nv", "SET k v\nGET k");
    assertThat(differences).hasSize(1);
    assertThat(differences.get(0).toString()).contains("GET k", "$1\\r\\nv", "$01\\r\\nv");
  }

  @Test
  void aReplyTooManyIsReportedAtTheEnd() throws IOException {
    List<Difference> differences = run(":3\r\n", ":3\r\n:3\r\n", "APPEND k abc");
    assertThat(differences).hasSize(1);
    assertThat(differences.get(0).where()).contains("at the end");
  }

  @Test
  void aConnectionThatEndsIsReported() throws IOException {
    List<Difference> differences = run("\r\n", "\r\n", "QUIT #! closes");
    assertThat(differences).isEmpty();
    assertThat(run("-ERR", "+ERR", "@b *x\\r\\n #! raw; closes")).hasSize(1);
  }

  @Test
  void waitingInVainIsReportedAndEndsTheCase() throws IOException {
    String lines = "== title\nPING #! replies 2\nPING #! replies 2";
    List<Difference> differences;
    try (CaseRunner runner = new CaseRunner(RealRedis.shared(), RealRedis.second(), 100)) {
      differences = runner.run(CaseFile.parse("test.case", lines).get(0), Protocol.RESP2);
    }
    assertThat(differences).hasSize(1);
    assertThat(differences.get(0).toString()).contains("test.case:2", "(no reply)");
  }

  @Test
  void aReplyThatComesLaterIsCompared() throws IOException {
    String lines = "@b BLPOP k 0 #! blocks\n@c BRPOP k 0 #! blocks\nRPUSH k v w\n@b\n@c";
    assertThat(run("+x", "+x", lines)).isEmpty();
    List<Difference> differences = run("$1\r\nw", "$1\r\nx", lines);
    assertThat(differences).hasSize(1);
    assertThat(differences.get(0).toString()).contains("test.case:6", "@c", "w", "x");
  }

  @Test
  void whoIsNotBlockedIsReported() throws IOException {
    assertThat(run("flags=b", "flags=N", "@b BLPOP k 0.01 #! blocks")).hasSize(1);
    assertThat(run("+x", "+x", "PING #! blocks")).hasSize(1);
  }

  @Test
  void rulesForgiveOnlyWhatTheyName() throws IOException {
    String fill = "MSET a 1 b 2\n";
    String swapped = "$1\r\nb\r\n$1\r\na\r\n";
    String ordered = "$1\r\na\r\n$1\r\nb\r\n";
    assertThat(run("$1\r\na", "$1\r\nc", fill + "KEYS * #! sorted")).hasSize(1);
    assertThat(run(ordered, swapped, fill + "KEYS * #! sorted")).isEmpty();
    assertThat(run(ordered, swapped, fill + "SCAN 0 #! deep-sorted")).isEmpty();
    assertThat(run(":2\r\n", ":4\r\n", fill + "EXISTS a b #! ±2")).isEmpty();
    assertThat(run(":2\r\n", ":5\r\n", fill + "EXISTS a b #! ±2")).hasSize(1);
    assertThat(run(":-1\r\n", ":-2\r\n", fill + "TTL a #! ±2")).hasSize(1);
    assertThat(run("-ERR", "-FOO", "NONE #! shape")).hasSize(1);
    assertThat(run("$1\r\n1", "$1\r\n2", fill + "MGET a b c #! shape")).isEmpty();
    assertThat(run("$2\r\nid", "$2\r\nie", "HELLO #! mask id version")).hasSize(1);
    assertThat(run("standalone", "sentinalon", "HELLO #! mask id version")).hasSize(1);
    assertThat(run("db=0", "db=1", "CLIENT INFO #! fields name flags")).isEmpty();
    assertThat(run("db=0", "db=1", "CLIENT INFO #! fields name db")).hasSize(1);
  }

  @Test
  void aKnownDifferenceMustBeAnsweredAsTheCaseSays() throws IOException {
    String line = "@b PING #! known-difference client-setinfo: ";
    assertThat(run("+PONG", "+PANG", line + "+PANG", "7.2.4")).isEmpty();
    assertThat(run("+PONG", "+PONG", line + "+PANG", "7.2.4")).hasSize(1);
    assertThat(run("+PONG", "+PONG", line + "+PANG", "7.0.15")).isEmpty();
  }

  @Test
  void aLineThatMakesNoSenseIsNamed() {
    assertThatThrownBy(() -> CaseFile.parse("test.case", "== title\n\nGET k #! sotred"))
        .hasMessageContaining("test.case:3")
        .hasMessageContaining("sotred");
  }

  @Test
  void noCaseDependsOnChance() throws IOException {
    try (CaseRunner runner = new CaseRunner(RealRedis.shared(), RealRedis.second())) {
      for (List<Case> cases : CaseFile.loadAll().values()) {
        for (Case each : cases) {
          assertThat(runner.run(each, Protocol.RESP2)).as("%s", each.title()).isEmpty();
          assertThat(runner.run(each, Protocol.RESP3)).as("%s", each.title()).isEmpty();
        }
      }
    }
  }

  private static List<Difference> run(String original, String corrupted, String lines)
      throws IOException {
    return run(original, corrupted, lines, RealRedis.shared().version());
  }

  private static List<Difference> run(
      String original, String corrupted, String lines, String version) throws IOException {
    Case each = CaseFile.parse("test.case", "== title\n" + lines).get(0);
    try (CorruptingProxy proxy = CorruptingProxy.before(RealRedis.second(), original, corrupted);
        CaseRunner runner = new CaseRunner(RealRedis.shared(), proxy.subject(version))) {
      return runner.run(each, Protocol.RESP2);
    }
  }
}
