package io.cinnabar.machine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cinnabar.host.Log;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LogWriterTest {

  private static final Instant NOW = Instant.parse("2026-11-20T09:05:03.007Z");

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final LogWriter log = writer(NOW, "UTC", 4711);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-11-20T09:05:03.007Z",
        "2024-02-29T23:59:59.999Z",
        "2026-07-01T00:00:00Z",
        "1969-12-31T22:00:00.5Z"
      })
  void timeIsLocal(String instant) {
    Instant now = Instant.parse(instant);
    String expected =
        DateTimeFormatter.ofPattern("dd MMM yyyy HH:mm:ss.SSS", Locale.ENGLISH)
            .format(LocalDateTime.ofInstant(now, ZoneId.of("America/St_Johns")));

    writer(now, "America/St_Johns", 1).notice("x");

    assertThat(lines()).containsExactly("1:C " + expected + " * x");
  }

  @Test
  void eachLevelHasItsMark() {
    log.show(Log.Level.DEBUG);
    log.debug("a");
    log.verbose("b");
    log.notice("c");
    log.warning("d");

    assertThat(lines())
        .extracting(line -> line.substring(line.length() - 3))
        .containsExactly(". a", "- b", "* c", "# d");
  }

  @Test
  void linesBelowTheLevelAreNotShown() {
    log.verbose("by default");
    log.show(Log.Level.WARNING);
    log.notice("hidden");
    log.warning("shown");

    assertThat(lines()).hasSize(1).first().asString().endsWith("# shown");
    assertThat(log.isEnabled(Log.Level.NOTICE)).isFalse();
    assertThat(log.isEnabled(Log.Level.WARNING)).isTrue();
  }

  @Test
  void theRoleIsTheLetterAfterTheProcess() {
    log.become(LogWriter.Role.PRIMARY);
    log.notice("x");

    assertThat(lines().get(0)).startsWith("4711:M ");
  }

  @Test
  void aRotatedFileIsFollowed(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("cinnabar.log");
    Files.writeString(file, "before\n");
    log.appendTo(file.toString());
    log.notice("one");
    Files.move(file, directory.resolve("old.log"));
    log.notice("two");

    assertThat(directory.resolve("old.log")).content().startsWith("before\n").endsWith("* one\n");
    assertThat(file).content().endsWith("* two\n").doesNotContain("one");
    assertThat(lines()).isEmpty();
  }

  @Test
  void aFileThatCannotBeOpenedIsRefusedWithTheReason(@TempDir Path directory) {
    assertThatThrownBy(() -> log.appendTo(directory.resolve("none/x.log").toString()))
        .isInstanceOf(IOException.class)
        .hasMessage("No such file or directory");
    assertThatThrownBy(() -> log.appendTo(directory.toString()))
        .isInstanceOf(IOException.class)
        .hasMessage("Is a directory");
  }

  private LogWriter writer(Instant now, String zone, long processId) {
    return LogWriter.toStream(InstantSource.fixed(now), TimeZone.getTimeZone(zone), processId, out);
  }

  private List<String> lines() {
    return out.toString(UTF_8).lines().toList();
  }
}
