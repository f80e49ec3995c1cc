package io.cinnabar.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.TestServer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is counted as which error; a script may make up as many codes as it likes. */
final class ErrorStatisticsTest {

  private final TestServer server = TestServer.start();
  private final Statistics statistics = server.engine().statistics();

  private void reply(String code) {
    statistics.errorReply(code, server.engine().log());
  }

  private String errorstats() {
    String reply = server.send("INFO", "errorstats");
    return reply.substring(reply.indexOf('#'));
  }

  @Test
  void tooManyCodesEndTheCounting() {
    for (int i = 1; i <= 128; i++) {
      reply("E" + i);
    }
    reply("E1");
    assertThat(errorstats()).contains("\r\nerrorstat_E1:count=2\r\n", "\r\nerrorstat_E128:");
    int logged = server.logLines().size();
    reply("E129");
    reply("E1");
    assertThat(errorstats())
        .isEqualTo("# Errorstats\r\nerrorstat_ERRORSTATS_DISABLED:count=1\r\n\r\n");
    assertThat(statistics.errorReplies).isEqualTo(131);
    List<String> lines = server.logLines().subList(logged, server.logLines().size());
    assertThat(lines).hasSize(2);
    assertThat(lines.get(0)).startsWith("Errorstats stopped adding new errors because ");
    assertThat(lines.get(1)).startsWith("Current errors code list: E1, E10, E100, ");
    server.send("CONFIG", "RESETSTAT");
    server.send("GET");
    assertThat(errorstats()).isEqualTo("# Errorstats\r\nerrorstat_ERR:count=1\r\n\r\n");
  }

  @Test
  void codesCannotBreakTheLinesOfInfo() {
    reply("A:B#C\nD\r");
    assertThat(errorstats()).isEqualTo("# Errorstats\r\nerrorstat_A_B_C_D_:count=1\r\n\r\n");
  }

  @Test
  void aCodeIsAShortFirstWord() {
    assertThat(new CommandError("WRONGTYPE Operation").code()).isEqualTo("WRONGTYPE");
    assertThat(new CommandError("alone").code()).isEqualTo("ERR");
    assertThat(new CommandError("x".repeat(30) + " text").code()).isEqualTo("x".repeat(30));
    assertThat(new CommandError("x".repeat(31) + " text").code()).isEqualTo("ERR");
  }
}
