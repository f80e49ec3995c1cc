package io.cinnabar.machine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.host.Log.Level;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SyslogTest {

  private final List<String> messages = new ArrayList<>();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final LogWriter log =
      LogWriter.toStream(
          InstantSource.fixed(Instant.parse("2026-11-02T09:05:03.007Z")),
          TimeZone.getTimeZone("UTC"),
          4711,
          out);

  @ParameterizedTest
  @CsvSource({
    "user, DEBUG, 15",
    "user, WARNING, 12",
    "local0, DEBUG, 135",
    "local0, VERBOSE, 134",
    "local0, NOTICE, 133",
    "local0, WARNING, 132",
    "local7, NOTICE, 189"
  })
  void facilityAndLevelAreOneNumber(String facility, Level level, int number) {
    log.show(Level.DEBUG);
    log.alsoTo(new Syslog(this::receive, "cinnabar", facility, 4711));
    log.log(level, "Grüße");
    assertThat(messages).containsExactly("<" + number + ">Nov  2 09:05:03 cinnabar[4711]: Grüße");
    assertThat(out.toString(UTF_8)).startsWith("4711:C 02 Nov 2026 09:05:03.007 ");
  }

  @Test
  void whatIsNotShownIsNotSent() {
    log.alsoTo(new Syslog(this::receive, "cinnabar", "user", 4711));
    log.show(Level.NOTHING);
    log.warning("x");
    log.signal("x");
    assertThat(messages).isEmpty();
    assertThat(out.size()).isZero();
  }

  @Test
  void aLogThatIsAwayCostsNothing() {
    log.alsoTo(
        new Syslog(
            message -> {
              throw new IOException("nobody there");
            },
            "cinnabar",
            "user",
            4711));
    log.warning("x");
    assertThat(out.toString(UTF_8)).endsWith(" # x\n");
  }

  private void receive(byte[] message) {
    messages.add(new String(message, UTF_8));
  }
}
