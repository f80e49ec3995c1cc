package io.cinnabar.command;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.TestServer;
import io.cinnabar.structure.Slice;
import org.junit.jupiter.api.Test;

/** What counts as a call, a rejection and a failure; asked of a real server. */
final class CommandStatisticsTest {

  private final TestServer server = TestServer.start();

  private String line(String command) {
    String info = server.send("INFO", "commandstats");
    int start = info.indexOf("cmdstat_" + command + ":");
    assertThat(start).as(info).isPositive();
    return info.substring(info.indexOf(':', start) + 1, info.indexOf('\r', start));
  }

  @Test
  void aDeniedDebugIsRejected() {
    server.send("DEBUG", "SLEEP", "0");
    server.send("DEBUG", "nonsense", "0");
    assertThat(line("debug"))
        .isEqualTo("calls=0,usec=0,usec_per_call=0.00,rejected_calls=2,failed_calls=0");
    String stats = server.send("INFO", "stats");
    assertThat(stats).contains("total_commands_processed:1\r\n", "total_error_replies:2\r\n");
  }

  @Test
  void anErrorOfTheHandlerIsAFailure() {
    server.send("INCRBY", "key", "x");
    server.send("INCRBY", "key");
    assertThat(line("incrby")).startsWith("calls=1,").endsWith(",rejected_calls=1,failed_calls=1");
  }

  @Test
  void rejectionsTakeNoTime() {
    CommandStatistics statistics = server.engine().statistics().commands;
    Command get = requireNonNull(server.engine().table().find(Slice.of("get")));
    statistics.rejected(get);
    statistics.spent(get, 5000);
    assertThat(statistics.micros(get)).isZero();
    statistics.called(get);
    statistics.spent(get, 7000);
    assertThat(statistics.micros(get)).isEqualTo(7);
  }
}
