package io.cinnabar.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import io.cinnabar.TestServer;
import java.util.HexFormat;

/**
 * Whatever RESTORE is given as type and value, with a right checksum, is refused or makes a value
 * that every command can use. Runs over its corpus, values of each type and encoding; with {@code
 * JAZZER_FUZZ=1} in the environment it searches for more.
 */
final class PayloadFuzzTest {

  private static final TestServer SERVER =
      TestServer.start("enable-debug-command yes", "rdb-version 12");
  private static final PayloadCheck CHECK = new PayloadCheck(SERVER);

  @FuzzTest
  void restore(byte @NotNull [] typeAndValue) {
    String description = HexFormat.of().formatHex(typeAndValue);
    if (CHECK.accepts(typeAndValue, description)) {
      CHECK.use(description);
      assertThat(SERVER.send("FLUSHALL")).isEqualTo("+OK\r\n");
      SERVER.engine().keyspace().validate();
    }
  }
}
